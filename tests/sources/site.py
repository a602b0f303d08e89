"""A web site with a column for every engine, served from memory under host names of its own."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "www.qinghe.gov.example"
CRI = "news.cri.cn.example"
SITE = f"http://{HOST}"
UUID = "0a1b2c3d-1111-2222-3333-444455556666"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit?parseType=bulidstatic&webId=7"
RANGE = "/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=15&perpage=5 columnid=9&unitid=77"
FORM = (
    "current={page}&perPage=10&pageSize=10&unitid=77&webSiteCode=qh&channelCode=col7&showMode=normal"
    "&searchstart=1&sort=sortNum&order=desc"
)
WALL = "/walled/"
PROXY = "/module/web/jpage/dataproxy.jsp?page=1&columnid=9&unitid=77"


@dataclass
class Site:
    """Pages by host and path; what was asked for is remembered."""

    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def put(self, path: str, text: str | bytes, kind: str = "text/html; charset=utf-8") -> None:
        self.pages[path] = (kind, text if isinstance(text, bytes) else text.encode())

    @property
    def hosts(self) -> dict[str, str]:
        return dict.fromkeys((HOST, CRI, "other.gov.example"), f"127.0.0.1:{self.port}")


@contextmanager
def serve(site: Site) -> Iterator[Site]:
    """Serve a site on loopback while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            form = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.path = f"{self.path} {form}"
            self.do_GET()

        def do_GET(self) -> None:
            site.asked.append(self.path)
            kind, body = site.pages.get(self.path, ("text/html", b"<h1>404</h1>"))
            self.send_response(
                521 if self.path == WALL else 200 if self.path in site.pages else 404
            )
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    site.port = server.server_port
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def path(number: int) -> str:
    return f"/yw/202609/t202609{30 - number:02}_{1000 + number}.html"


def title(number: int) -> str:
    return f"清河市部署第{number}项重点工作"


def day(number: int) -> str:
    return f"2026-09-{30 - number:02}"


def article(number: int) -> str:
    text = "会议强调，要聚焦重点任务，细化工作举措，压实工作责任，确保各项部署落到实处，见到实效。"
    return f"""<html><head><title>{title(number)}-清河市人民政府</title><meta name="ArticleTitle" content="{title(number)}">
<meta name="PubDate" content="{day(number)} 09:30"><meta name="ContentSource" content="清河日报"></head><body>
<h1>{title(number)}</h1><div class="info">发布时间：{day(number)} 09:30　来源：清河日报</div>
<div class="TRS_Editor"><p>　　{text}</p><p>　　{text[::1]}第{number}次会议还研究了其他事项。</p></div></body></html>"""


def row(number: int) -> str:
    return f'<li><a href="{path(number)}" title="{title(number)}">{title(number)}</a><span>{day(number)}</span></li>'


def rows(numbers: range) -> str:
    return f"<ul class='list'>{''.join(map(row, numbers))}</ul>"


def records(numbers: range, following: str) -> str:
    group = f'<nextgroup><![CDATA[<a href="{following}"></a>]]></nextgroup>' if following else ""
    cells = "".join(f"<record><![CDATA[{row(number)}]]></record>" for number in numbers)
    return f"<datastore>{group}<recordset>{cells}</recordset></datastore>"


def items(numbers: range) -> list[dict[str, str]]:
    return [{"title": title(n), "url": SITE + path(n), "publishedTimeStr": day(n)} for n in numbers]


FIRST, SECOND = range(10), range(10, 20)
LAST = "<span>尾页</span>"


def build() -> Site:
    """All columns, each of two pages with ten articles, but the feed and the sitemap."""
    site = Site()
    for number in range(20):
        site.put(path(number), article(number))
    site.put("/html/", rows(FIRST) + "<a href='?page=2'>下一页</a>")
    site.put("/html/?page=2", rows(SECOND) + LAST)
    site.put("/trs/", rows(FIRST) + "<script>createPageHTML(2,0,'index','shtml')</script>")
    site.put(
        "/trs/index_1.shtml", rows(SECOND) + "<script>createPageHTML(2,1,'index','shtml')</script>"
    )
    site.put("/cri/list", rows(FIRST) + f"<script>var m='/inc/{UUID}-'</script>")
    site.put(f"/inc/{UUID}-2.inc", rows(SECOND))
    site.put(f"/inc/{UUID}-3.inc", "<div><ul></ul></div>")
    script = f'<script type="text/xml">{records(FIRST, PROXY)}</script>'
    site.put("/col/col9/index.html", f"<div id=77>{script}</div>")
    site.put(PROXY, records(SECOND, ""), "text/xml; charset=utf-8")
    site.put(
        WALL,
        "<script>document.cookie=('__jsl_clearance_s=1');location.href=location.pathname</script>",
    )
    script = "var param_77={columnid:9,unitid:77};$('#77').jpage({totalRecord:10,perPage:5})"
    site.put("/col/col8/index.html", f"<div id=77></div><script>{script}</script>")
    site.put(RANGE, records(FIRST, ""), "text/xml; charset=utf-8")
    _apis(site)
    _query_list(site)
    _xml(site)
    return site


def _json(site: Site, path_: str, value: object) -> None:
    site.put(path_, json.dumps(value, ensure_ascii=False), "application/json")


def _apis(site: Site) -> None:
    second = UNIT + "&paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A10%7D"
    _json(site, UNIT, {"data": {"html": rows(FIRST) + "<i total=20></i>"}})
    _json(site, second, {"data": {"html": rows(SECOND) + "<i total=20></i>"}})
    times = {
        n: 1_790_733_600 - n * 86_400 for n in range(20)
    }  # 2026-09-30 10:00 in Shanghai, and back
    for page, numbers in ((1, FIRST), (2, SECOND)):
        many = [
            {"title": title(n), "url": SITE + path(n), "display_publish_time": times[n]}
            for n in numbers
        ]
        _json(
            site,
            f"/gkmlpt/api/all/30?page={page}&sid=2",
            {"classify": {"post_count": 200}, "articles": many},
        )
        results = {"data": {"channelId": "c", "total": 20, "results": items(numbers)}}
        _json(site, f"/common/search/c?page={page}&_pageSize=10", results)
        _json(site, f"/api/list?pageNo={page}&pageSize=10", {"total": 20, "rows": items(numbers)})


def _query_list(site: Site) -> None:
    """A column whose page holds its first rows in a script and posts a form for the others."""
    articles = [
        {"title": title(n), "pubDate": f"{day(n)} 16:59", "urls": json.dumps({"pc": path(n)})}
        for n in range(20)
    ]
    kept = json.dumps(articles[:10], ensure_ascii=False)
    asked = "current: 1, unitid: '77', webSiteCode: ['qh'], channelCode: ['col7'], perPage: '10', showMode: 'normal'"
    script = f"var listData = {{ articleList: {kept} }}; var params = {{ {asked}, titleMax: '34' }}; loadPageData(params, '77');"
    site.put("/qh/col/col7/index.html", f"<div id=77></div><script>{script}</script>")
    results = [{"source": each} for each in articles[10:]]
    answer = {"code": 200, "data": {"total": 20, "results": results}}
    _json(site, f"/queryList {FORM.format(page=2)}", answer)


def _xml(site: Site) -> None:
    entries = "".join(
        f"<item><title>{title(n)}</title><link>{SITE}{path(n)}</link><pubDate>{30 - n} Sep 2026 01:30:00 GMT</pubDate></item>"
        for n in range(20)
    )
    site.put(
        "/rss.xml", f"<rss version='2.0'><channel>{entries}</channel></rss>", "application/rss+xml"
    )
    for name, numbers in (("a", FIRST), ("b", SECOND)):
        urls = "".join(
            f"<url><loc>{SITE}{path(n)}</loc><lastmod>{day(n)}</lastmod></url>" for n in numbers
        )
        site.put(
            f"/{name}.xml.gz",
            gzip.compress(f"<urlset>{urls}</urlset>".encode()),
            "application/gzip",
        )
    parts = "".join(
        f"<sitemap><loc>{SITE}/{name}.xml.gz</loc><lastmod>2026-09-{end}</lastmod></sitemap>"
        for name, end in (("b", 20), ("a", 30))
    )
    site.put("/sitemap.xml", f"<sitemapindex>{parts}</sitemapindex>", "application/xml")


LISTS = {
    "html": "/html/",
    "trs": "/trs/",
    "cri": "/cri/list",
    "jpage": "/col/col9/index.html",
    "jpaas": UNIT,
    "gkmlpt": "/gkmlpt/api/all/30?page=1&sid=2",
    "querylist": "/qh/col/col7/index.html",
    "ucap": "/common/search/c?page=1&_pageSize=10",
    "json": "/api/list?pageNo=1&pageSize=10",
    "feed": "/rss.xml",
    "sitemap": "/sitemap.xml",
}
"""Engine to the address of its column."""
