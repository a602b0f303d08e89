"""Every engine on documents of its kind, written for these tests."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import pytest

from scraper.errors import EmptyListing, ListingError
from scraper.listing import ENGINE_NAMES, Form, Link, ListRules, read_listing

DAY = dt.date(2026, 9, 24)
SITE = "https://www.example.gov.cn"
UUID = "0a1b2c3d-1111-2222-3333-444455556666"


def test_jpage_records_inside_a_column_page() -> None:
    document = """<html><body><ul class=nav><li><a href="/col/col1/index.html">首页</a></li></ul><div id="77">
      <script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=3&path='/'&columnid=9&unitid=77&webname='示例市政府网'&permissiontype=0"></a>]]></nextgroup>
      <recordset><record><![CDATA[<li><a href='/art/2026/9/24/art_9_1.html' title='示例市召开重点项目推进会议'>示例市召开重点项目...</a><b>2026-09-24</b></li>]]></record>
      <table></table><record><![CDATA[<li><a href='/art/2026/9/3/art_9_2.html'>关于A&B两项工作的通知</a><b>[2026-09-03]</b></li>]]></record></recordset></datastore></script></div></body></html>"""
    listing = read_listing(document.encode(), f"{SITE}/col/col9/index.html")
    assert listing.engine == "jpage"
    assert listing.links == (
        Link(f"{SITE}/art/2026/9/24/art_9_1.html", "示例市召开重点项目推进会议", DAY),
        Link(f"{SITE}/art/2026/9/3/art_9_2.html", "关于A&B两项工作的通知", dt.date(2026, 9, 3)),
    )
    assert listing.next_url == (
        f"{SITE}/module/web/jpage/dataproxy.jsp?page=1&appid=1&webid=3&path='/'&columnid=9&unitid=77"
        "&webname='示例市政府网'&permissiontype=0"
    )


def test_jpage_rows_of_a_table_and_the_next_range() -> None:
    record = "<record><![CDATA[<tr><td>{0}</td><td><a href='/art/2026/9/24/art_9_{0}.html'>第{0}号公告</a></td><td>2026-09-24</td></tr>]]></record>"
    document = f"<datastore><totalrecord>100</totalrecord><recordset>{''.join(map(record.format, range(45)))}</recordset></datastore>"
    address = (
        f"{SITE}/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=45&perpage=15&columnid=9"
    )
    listing = read_listing(document.encode(), address)
    assert len(listing.links) == 45
    assert listing.links[0] == Link(f"{SITE}/art/2026/9/24/art_9_0.html", "第0号公告", DAY)
    assert listing.next_url == address.replace("d=1&", "d=46&").replace("d=45", "d=90")


def test_jpage_past_the_end_and_without_rows_points_to_the_proxy() -> None:
    past = f"{SITE}/module/web/jpage/dataproxy.jsp?startrecord=91&endrecord=135&perpage=15"
    with pytest.raises(EmptyListing):
        read_listing(b"<datastore><recordset></recordset></datastore>", past)
    column = "<script>var param_77={col:1,webid:3,path:'/',columnid:9,unitid:'77'};$('#77').jpage({totalRecord:40,perPage:20})</script>"
    listing = read_listing(column.encode(), f"{SITE}/col/col9/index.html")
    assert listing.links == ()
    assert (
        listing.next_url
        == f"{SITE}/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=60&perpage=20"
    )
    assert listing.next_form == Form(
        (("col", "1"), ("webid", "3"), ("path", "/"), ("columnid", "9"), ("unitid", "77"))
    )


def test_jpaas_answers_with_a_fragment_of_html() -> None:
    rows = "".join(
        f'<li><a href="/art/2026/art_{n:032x}.html" title="示例省发布第{n}号通告">示例省发布…</a><span>2026-09-24</span></li>'
        for n in range(15)
    )
    address = f"{SITE}/api-gateway/jpaas-publish-server/front/page/build/unit?parseType=bulidstatic&webId=7&tagId=list"
    answer = json.dumps(
        {"code": "200", "data": {"html": f"<ul>{rows}</ul><div class=page total=31></div>"}}
    )
    listing = read_listing(answer.encode(), address)
    assert listing.engine == "jpaas"
    assert len(listing.links) == 15
    assert listing.links[3] == Link(
        f"{SITE}/art/2026/art_{3:032x}.html", "示例省发布第3号通告", DAY
    )
    assert listing.next_url == f"{address}&paramJson=%7B%22pageNo%22%3A2%2C%22pageSize%22%3A15%7D"


def test_jpaas_column_page_names_its_unit() -> None:
    page = """<div id="list" queryData="{'parseType':'bulidstatic','webId':'7','tagId':'list'}"></div>
    <script>var unitUrl="/api-gateway/jpaas-publish-server/front/page/build/unit";</script>"""
    listing = read_listing(page.encode(), f"{SITE}/col/col9/index.html")
    assert listing.next_url == (
        f"{SITE}/api-gateway/jpaas-publish-server/front/page/build/unit?parseType=bulidstatic&webId=7&tagId=list"
    )


def test_gkmlpt_times_are_unix_seconds_in_shanghai() -> None:
    record = {"id": 7, "title": "关于开展专项检查的通知", "url": f"{SITE}/content/post_7.html",
              "display_publish_time": 1790179200, "create_time": 1600000000}  # fmt: skip
    answer = {"classify": {"post_count": 230}, "articles": [record]}
    address = f"{SITE}/gkmlpt/api/all/3022?page=1&sid=200"
    listing = read_listing(json.dumps(answer).encode(), address)
    assert listing.engine == "gkmlpt"
    assert listing.links == (Link(f"{SITE}/content/post_7.html", "关于开展专项检查的通知", DAY),)
    assert listing.next_url == address.replace("page=1", "page=2")
    last = read_listing(json.dumps(answer).encode(), address.replace("page=1", "page=3"))
    assert last.next_url is None


def test_gkmlpt_index_points_to_its_api() -> None:
    page = b'<script>window._CONFIG = {SID: "200", TREE: []}</script>'
    listing = read_listing(page, f"{SITE}/gkmlpt/index#3022")
    assert listing.next_url == f"{SITE}/gkmlpt/api/all/3022?page=1&sid=200"


def test_ucap_search_and_the_page_that_a_script_fills() -> None:
    channel = "0123456789abcdef0123456789abcdef"
    result = {"title": "<em>成品油</em>价格按机制下调", "url": "http://www.example.gov.cn/a/202609/x.shtml",
              "publishedTimeStr": "2026-09-24 17:18:49"}  # fmt: skip
    answer = {"data": {"channelId": channel, "total": 45, "results": [result] * 1}}
    address = f"{SITE}/search/{channel}?page=1&_pageSize=20&_isJson=true"
    listing = read_listing(json.dumps(answer, ensure_ascii=False).encode(), address)
    assert listing.engine == "ucap"
    assert listing.links == (
        Link("http://www.example.gov.cn/a/202609/x.shtml", "成品油价格按机制下调", DAY),
    )
    assert listing.next_url == address.replace("page=1", "page=2")
    page = f"<meta name='channelId' content='{channel}'><script>$.get('/es-search/search/' + channelId)</script>"
    pointing = read_listing(page.encode(), f"{SITE}/a/list.shtml")
    assert pointing.next_url == (
        f"{SITE}/es-search/search/{channel}?_isAgg=true&_isJson=true&_pageSize=20&_template=index&page=1"
    )


@pytest.mark.parametrize(
    ("title", "address", "day"),
    [
        ("docTitle", "docUrl", "pubTime"),
        ("articleTitle", "articleUrl", "publishTimeStr"),
        ("mainTitle", "accessUrl", "publishedAt"),
        ("news_title", "newsLink", "newsPublishDate"),
        ("artTitle", "artHref", "artReleaseTime"),
        ("manuscriptTitle", "detailUrl", "issueDate"),
    ],
)
def test_json_with_names_made_of_the_usual_ones(title: str, address: str, day: str) -> None:
    row = {"subTitle": "副题", "imgUrl": "/a.jpg", "columnUrl": "/yw/", title: "示例市发布公告", address: "/a/1.html", day: "2026-09-24 10:00"}  # fmt: skip
    listing = read_listing(json.dumps({"data": {"rows": [row]}}).encode(), f"{SITE}/a/A.json")
    assert [(x.url, x.title, str(x.date)) for x in listing.links] == [
        (f"{SITE}/a/1.html", "示例市发布公告", "2026-09-24")
    ]


@pytest.mark.parametrize(
    ("asked", "total", "following"),
    [
        ("start=0&limit=2", 5, "start=2&limit=2"),
        ("offset=2&limit=2&q=a", 5, "offset=4&limit=2&q=a"),
        ("start=4&limit=2", 6, None),
        ("skip=0&limit=2", None, "skip=2&limit=2"),
        ("skip=2&limit=9", None, None),
    ],
)
def test_json_that_is_asked_by_the_number_of_the_first_record(
    asked: str, total: int | None, following: str | None
) -> None:
    rows = [{"title": f"示例市召开第{n}次会议", "url": f"/a/{n}.html"} for n in range(2)]
    answer = json.dumps({"list": rows} | ({"total": total} if total else {}))
    found = read_listing(answer.encode(), f"{SITE}/api/list?{asked}").next_url
    assert found == (f"{SITE}/api/list?{following}" if following else None)


def answered(**more: object) -> list[dict[str, object]]:
    """Three records as APIs have them; ``more`` is what each has besides or instead."""
    return [
        {"title": f"示例市召开第{n}次推进会议", "url": f"/a/{n}.html", "pubDate": "2026-09-24"}
        | more
        for n in range(3)
    ]


@pytest.mark.parametrize(
    "answer",
    [
        {"menus": [{"name": f"栏目{n}", "url": f"/c{n}/"} for n in range(20)], "list": answered()},
        {
            "menus": [{"name": f"栏目{n}", "url": f"/c{n}/", "createTime": "-"} for n in range(20)],
            "list": answered(),
        },
        [{"group": 1, "infolist": answered()[:2]}, {"group": 2, "infolist": answered()[2:]}],
        {"list": answered(pubDate=None, daytime="2026-09-24")},
        {"list": answered(title="示例市召开…", fullTitle="示例市召开第0次推进会议")},
        {"list": answered(url=None, urls='{"common": "/a/0.html"}')},
        {"list": answered(url=None, urls={"pc": "/a/0.html", "mobile": "/m/0.html"})},
    ],
    ids=[
        "a longer menu",
        "a menu without days",
        "groups",
        "daytime",
        "a title cut",
        "urls as text",
        "urls by device",
    ],
)
def test_json_whose_records_say_it_in_their_own_way(answer: object) -> None:
    links = read_listing(json.dumps(answer).encode(), f"{SITE}/api").links
    first = links[0]
    assert len(links) == len({link.url for link in links}) in {1, 3}
    assert first == Link(f"{SITE}/a/0.html", "示例市召开第0次推进会议", DAY)


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("form", ["var list = {};", "var list = JSON.parse('{}');"])
def test_few_rows_that_a_script_keeps_are_rows_where_each_has_its_day(
    form: str, count: int
) -> None:
    rows = json.dumps(answered()[:count], ensure_ascii=False)
    page = f"<meta charset=utf-8><div id=app></div><script>{form.replace('{}', rows)}</script>"
    links = read_listing(page.encode(), f"{SITE}/xw/").links
    assert [link.url for link in links] == [f"{SITE}/a/{n}.html" for n in range(count)]


FRAGMENT = "".join(
    f"<li><a href='/art/2026/9/24/art_33_{n}.html'>示例市召开第{n}次推进会议</a><span>2026-09-24</span></li>"
    for n in range(3)
)
STORE = f"<datastore><totalrecord>3</totalrecord><recordset>{FRAGMENT.replace('<li>', '<record><![CDATA[<li>').replace('</li>', '</li>]]></record>')}</recordset></datastore>"  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        json.dumps({"code": 0, "data": f"<ul>{FRAGMENT}</ul>", "total": 3}),
        json.dumps({"success": True, "msg": "<p>ok</p>", "data": {"html": FRAGMENT}}),
        f"raw({json.dumps({'result': STORE})})",
        json.dumps([{"command": "insert", "data": FRAGMENT}]),
    ],
)
def test_json_that_holds_its_list_as_html(answer: str) -> None:
    listing = read_listing(answer.encode(), f"{SITE}/list.do?page=1")
    assert listing.links == tuple(
        Link(f"{SITE}/art/2026/9/24/art_33_{n}.html", f"示例市召开第{n}次推进会议", DAY)
        for n in range(3)
    )


def test_json_with_the_usual_names_and_with_paths_of_the_source() -> None:
    plain = [
        {
            "TITLE": "会议召开",
            "URL": "https://www.example.gov.cn/a/1.htm",
            "DOCRELPUBTIME": "2026-09-24",
        }
    ]
    listing = read_listing(json.dumps(plain).encode(), f"{SITE}/a/A.json")
    assert listing.links == (Link("https://www.example.gov.cn/a/1.htm", "会议召开", DAY),)
    assert listing.engine == "json"
    own = {"d": {"rows": [{"h": "公告", "k": 7, "t": 1790179200000}]}, "totalCount": 90}
    rules = ListRules(items="d.rows", item_title="h", item_date="t", url_template="/show/{k}.html")
    found = read_listing(
        f"callback({json.dumps(own)});".encode(), f"{SITE}/api?pageNo=2&pageSize=1", rules=rules
    )
    assert found.links == (Link(f"{SITE}/show/7.html", "公告", DAY),)
    assert found.next_url == f"{SITE}/api?pageNo=3&pageSize=1"
    with pytest.raises(ListingError, match="no list at the path"):
        read_listing(b"{}", f"{SITE}/api", rules=rules)


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_rss_in_its_declared_encoding(charset: str) -> None:
    feed = f"""<?xml version="1.0" encoding="{charset}"?><rss version="2.0"><channel><title>示例</title><item>
      <title><![CDATA[示例市发布公告]]></title><link>/a/1.html</link><pubDate>Wed, 23 Sep 2026 16:30:00 GMT</pubDate></item></channel></rss>"""
    listing = read_listing(feed.encode(charset), f"{SITE}/rss.xml")
    assert listing.engine == "feed"
    assert listing.links == (Link(f"{SITE}/a/1.html", "示例市发布公告", DAY),)  # 00:30 in Shanghai


@pytest.mark.parametrize(
    "stated",
    ["2026-09-24 18:30:00", "Thu, 24 Sep 2026 18:30:00", "Thu, 24 Sep 2026 18:30:00 +0800",
     "Wed, 23 Sep 2026 16:30:00 GMT", "2026-09-24T00:30:00+08:00", "2026年9月24日 18:30"],
)  # fmt: skip
def test_days_of_feeds_with_and_without_a_zone(stated: str) -> None:
    item = f"<item><title>甲</title><link>/a/1.html</link><pubDate>{stated}</pubDate></item>"
    listing = read_listing(
        f"<rss version='2.0'><channel>{item}</channel></rss>".encode(), f"{SITE}/r.xml"
    )
    assert listing.links[0].date == DAY


def test_atom_with_a_next_page() -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="/atom?p=2"/><entry><title>甲</title>
      <link href="https://www.example.gov.cn/a/2.html"/><updated>2026-09-24T08:00:00+08:00</updated></entry></feed>"""
    listing = read_listing(feed.encode(), f"{SITE}/atom")
    assert listing.links == (Link(f"{SITE}/a/2.html", "甲", DAY),)
    assert listing.next_url == f"{SITE}/atom?p=2"


NEWS_MAP = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>{SITE}/a/1.html</loc><lastmod>2026-09-30</lastmod><news:news><news:publication><news:name>示例网</news:name>
</news:publication><news:publication_date>2026-09-24T09:00:00+08:00</news:publication_date><news:title>甲事</news:title></news:news></url>
<url><loc>{SITE}/a/2.html</loc></url></urlset>"""


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_news_sitemap(pack) -> None:
    listing = read_listing(pack(NEWS_MAP.encode()), f"{SITE}/news.xml.gz")
    assert listing.engine == "sitemap"
    assert listing.links == (Link(f"{SITE}/a/1.html", "甲事", DAY), Link(f"{SITE}/a/2.html"))


def test_a_sitemap_index_is_followed_from_its_youngest_part() -> None:
    parts = "".join(
        f"<sitemap><loc>{SITE}/{n}.xml</loc><lastmod>2026-0{n}-01</lastmod></sitemap>"
        for n in (7, 9, 8)
    )
    listing = read_listing(f"<sitemapindex>{parts}</sitemapindex>".encode(), f"{SITE}/sitemap.xml")
    assert listing.next_url == f"{SITE}/9.xml"
    assert listing.parts == (f"{SITE}/8.xml", f"{SITE}/7.xml")


def cri_row(number: int) -> str:
    return (
        f'<li><div class="sftx-list-text"><a href="//news.cri.cn/20260924/{UUID[:-4]}{number:04}.html">国际在线报道的第{number}条消息</a>'
        f'</div><div class="sftx-list-time">2026年09月24日 10:30</div></li>'
    )


def test_cri_column_then_fragments() -> None:
    rows = "".join(map(cri_row, range(10)))
    page = f'<div class="list-box"><ul>{rows}</ul></div><script>var more = "/inc/{UUID}-";</script>'
    listing = read_listing(page.encode(), "https://news.cri.cn/list/wmkzg")
    assert listing.engine == "cri"
    assert listing.next_url == f"https://news.cri.cn/inc/{UUID}-2.inc"
    fragment = read_listing(f"<div><ul>{rows}</ul></div>".encode(), listing.next_url)
    assert fragment.links == listing.links
    assert fragment.links[9] == Link(
        f"https://news.cri.cn/20260924/{UUID[:-4]}0009.html", "国际在线报道的第9条消息", DAY
    )
    assert fragment.next_url == f"https://news.cri.cn/inc/{UUID}-3.inc"
    with pytest.raises(EmptyListing):
        read_listing(b"<div><ul></ul></div>", fragment.next_url)


def test_trs_is_told_by_its_pager() -> None:
    rows = "".join(
        f"<li><a href='./202609/t20260924_{n}.html'>示例省召开第{n}次会议</a>2026-09-24</li>"
        for n in range(9)
    )
    page = f"<ul>{rows}</ul><script>createPageHTML(3,0,'index','html')</script>"
    listing = read_listing(page.encode(), f"{SITE}/yw/")
    assert (listing.engine, len(listing.links)) == ("trs", 9)
    assert listing.next_url == f"{SITE}/yw/index_1.html"


def test_selectors_of_a_source_and_what_becomes_of_them_when_the_site_changes() -> None:
    page = "<p><a href='/a.html'>无关链接</a></p><dl class=x><dt data-d='2026-09-24'><a href='/202609/t20260924_1.html'>第一条新闻的标题</a></dt></dl>"
    rules = ListRules(rows="dl.x dt", date="@data-d")
    assert read_listing(page.encode(), SITE, rules=rules).links == (
        Link(f"{SITE}/202609/t20260924_1.html", "第一条新闻的标题", DAY),
    )
    changed = page.replace("dl class=x", "dl class=y")
    assert len(read_listing(changed.encode(), SITE, rules=rules).links) >= 1


def test_a_template_of_the_source_numbers_pages_that_show_no_pager() -> None:
    rows = "".join(
        f"<li><a href='/n2/2026/0924/c1-{n}00000.html'>人民之声第{n}条新闻</a></li>"
        for n in range(9)
    )
    rules = ListRules(page_template="index{page}.html")
    first = read_listing(f"<ul>{rows}</ul>".encode(), f"{SITE}/GB/1/index.html", rules=rules)
    assert first.next_url == f"{SITE}/GB/1/index2.html"
    second = read_listing(f"<ul>{rows}</ul>".encode(), first.next_url, rules=rules)
    assert second.next_url == f"{SITE}/GB/1/index3.html"


def test_every_engine_can_be_named() -> None:
    assert set(ENGINE_NAMES) == {
        "auto", "html", "trs", "cri", "jpage", "jpaas", "gkmlpt", "querylist", "ucap", "json", "feed",
        "sitemap",
    }  # fmt: skip
    with pytest.raises(ListingError, match="no engine 'htlm'"):
        read_listing(b"<a href=x>", SITE, engine="htlm")


def test_rows_that_a_page_keeps_in_a_script() -> None:
    many = [
        {"title": f"示例省第{n}号公告", "url": f"/a/{n}.html", "pubDate": "2026-09-24 10:00"}
        for n in range(5)
    ]
    menu = "<ul><li><a href='/lm1/'>政务公开信息</a></li><li><a href='/lm2/'>办事服务大厅</a></li></ul>"
    page = f"{menu}<script>var x=[1];var articleList={json.dumps(many, ensure_ascii=False)};render()</script>"
    listing = read_listing(page.encode(), f"{SITE}/a/pc/list.html")
    assert len(listing.links) == 5
    assert listing.links[4] == Link(f"{SITE}/a/4.html", "示例省第4号公告", DAY)


def test_of_two_units_on_a_jpage_column_the_larger_is_the_list() -> None:
    def store(first: int, count: int) -> str:
        rows = "".join(
            f"<record><![CDATA[<li><a href='/art/2026/9/24/art_{first}_{n}.html'>第{n}条公告的标题</a>2026-09-24</li>]]></record>"
            for n in range(count)
        )
        group = f"<nextgroup><![CDATA[<a href='/module/web/jpage/dataproxy.jsp?unitid={first}'></a>]]></nextgroup>"
        return f"<script type='text/xml'><datastore>{group}<recordset>{rows}</recordset></datastore></script>"

    listing = read_listing((store(1, 5) + store(2, 15)).encode(), f"{SITE}/col/col2/index.html")
    assert len(listing.links) == 15
    assert listing.next_url == f"{SITE}/module/web/jpage/dataproxy.jsp?unitid=2"
