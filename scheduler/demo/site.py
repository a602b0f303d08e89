"""The demo's web site: three publishers under their own host names, on one loopback port."""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import Any, Self

_PAGES = Path(__file__).parent / "pages"
# A one-pixel PNG, for the one article that has a picture.
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c4944415408d763f8ffff3f0005fe02fea1d2a8230000000049454e44ae426082"
)


@dataclass(frozen=True, slots=True)
class Publisher:
    """One site: its host, its list pages' markup, and how its addresses look."""

    host: str
    encoding: str
    list_path: str
    article_path: str
    row: str


PUBLISHERS = {
    "cri": Publisher(
        host="city.cri.example",
        encoding="utf-8",
        list_path="/list/tj",
        article_path="/{day}/{id}.html",
        row='<li><a href="//city.cri.example{path}">{title}</a> <span>{day_cn}</span></li>',
    ),
    "trs": Publisher(
        host="www.qinghe.gov.example",
        encoding="utf-8",
        list_path="/xwfb/jrgz/",
        article_path="/xwfb/jrgz/{month}/{id}.html",
        row='<li><a href="./{month}/{id}.html" title="{title}">{title}</a><span>{iso}</span></li>',
    ),
    "hanweb": Publisher(
        host="www.liuxi.gov.example",
        encoding="gb18030",
        list_path="/col/col9021/index.html",
        article_path="/art/{year}/{m}/{d}/{id}.html",
        row="<record><![CDATA[<li><a href='{path}' title='{title}'>{title}</a>"
        "<b>{iso}</b></li>]]></record>",
    ),
}


@dataclass(frozen=True, slots=True)
class DemoRelease:
    """One article of the demo, as ``releases.toml`` has it."""

    key: str
    site: str
    id: str
    title: str
    source: str
    published: str
    editor: str
    body: str
    column: str
    author: str | None = None
    image: str | None = None
    broken: bool = False
    copy_of: str | None = None
    prefix: str = ""

    @property
    def publisher(self) -> Publisher:
        """The site that has it."""
        return PUBLISHERS[self.site]

    def names(self) -> dict[str, str]:
        """What the templates of addresses and rows are filled with."""
        year, month, day = self.published[:10].split("-")
        known = {"id": self.id, "title": self.title, "iso": self.published[:10], "year": year}
        known |= {"m": str(int(month)), "d": str(int(day)), "month": year + month}
        known |= {"day": year + month + day, "day_cn": f"{year}年{month}月{day}日"}
        return known | {"path": self.publisher.article_path.format(**known)}

    @property
    def path(self) -> str:
        """Where it lies on its site."""
        return self.names()["path"]

    def page(self) -> bytes:
        """The page, in its site's markup and encoding; nothing at all when it is broken."""
        if self.broken:
            return b""
        template = Template((_PAGES / f"{self.site}.html").read_text("utf-8"))
        text = template.substitute(
            title=html.escape(self.title),
            source=self.source,
            published=self.published,
            editor=self.editor,
            figure=self._figure(),
            paragraphs="\n".join(f"<p>　　{line}</p>" for line in self._lines()),
        )
        return text.encode(self.publisher.encoding)

    def _lines(self) -> list[str]:
        lines = (self.prefix + self.body.strip()).splitlines()
        return [*lines[:-1], f"{lines[-1]}（文 {self.author}）"] if self.author else lines

    def _figure(self) -> str:
        if self.image is None:
            return ""
        picture = f'<p style="text-align:center"><img src="/images/{self.id}.png"></p>\n'
        return picture + f'<p style="text-align:center">{self.image}</p>\n'


@dataclass
class DemoSite:
    """The server. Use it as a context; ``address`` is where it listens meanwhile.

    Attributes:
        releases: what is published now, by key.
        requests: how many requests were answered, by status.
        walls: hosts, or paths of articles, that stand behind a JavaScript challenge.
    """

    releases: dict[str, DemoRelease]
    edits: list[dict[str, str]]
    requests: dict[int, int] = field(default_factory=dict)
    walls: set[str] = field(default_factory=set)
    address: str = ""
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_: Any) -> None:
                """The demo shows its own progress."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()

    @property
    def hosts(self) -> Mapping[str, str]:
        """Each publisher's host and the address that serves it."""
        return {publisher.host: self.address for publisher in PUBLISHERS.values()}

    def edit(self) -> None:
        """Silently change an article, as publishers do."""
        for change in self.edits:
            old = self.releases[change["id"]]
            new = replace(old, body=old.body.replace(change["from"], change["to"]))
            self.releases[old.key] = new

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request, conditional ones with 304."""
        host = request.headers.get("Host", "").partition(":")[0]
        found = self._find(host, request.path)
        status, body = (200, found) if found is not None else (404, b"<html>404</html>")
        walled = {host, request.path} & self.walls
        if walled and any(r.path == request.path for r in self.releases.values()):
            status, body = 521, b"<script>document.cookie='__jsl_clearance=1'</script>"
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if status == 200 and request.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        self.requests[status] = self.requests.get(status, 0) + 1
        request.send_response(status)
        request.send_header("ETag", etag)
        kind = "image/png" if request.path.endswith(".png") else "text/html"
        request.send_header("Content-Type", kind)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def _find(self, host: str, path: str) -> bytes | None:
        if path.startswith("/images/"):
            return _PIXEL
        for name, publisher in PUBLISHERS.items():
            if publisher.host == host and publisher.list_path == path:
                return self._listing(name)
        for release in self.releases.values():
            if release.publisher.host == host and release.path == path:
                return release.page()
        return None

    def _listing(self, name: str) -> bytes:
        publisher = PUBLISHERS[name]
        own = [release for release in self.releases.values() if release.site == name]
        newest = sorted(own, key=lambda release: release.published, reverse=True)
        rows = "\n".join(publisher.row.format(**release.names()) for release in newest)
        template = Template((_PAGES / f"{name}_list.html").read_text("utf-8"))
        return template.substitute(rows=rows, count=len(own)).encode(publisher.encoding)


def load_site(today: dt.date) -> DemoSite:
    """The site as it is at first; its articles are a few days old on the day ``today``."""
    content = tomllib.loads((_PAGES / "releases.toml").read_text("utf-8"))
    entries: list[dict[str, Any]] = [_dated(entry, today) for entry in content["release"]]
    bodies = {entry["key"]: entry["body"] for entry in entries}
    for entry in entries:
        entry["body"] = bodies.get(entry.get("copy_of"), entry["body"])
    return DemoSite({entry["key"]: DemoRelease(**entry) for entry in entries}, content["edit"])


def _dated(entry: dict[str, Any], today: dt.date) -> dict[str, Any]:
    """An entry of ``releases.toml`` with its days worked out."""
    day = today - dt.timedelta(days=entry.pop("days_ago"))
    eve = day - dt.timedelta(days=1)
    words = {
        "day": f"{day.month}月{day.day}日",
        "eve": f"{eve.month}月{eve.day}日",
        "ymd": f"{day:%Y%m%d}",
    }
    return {
        **entry,
        "key": entry["id"],
        "id": entry["id"].format(**words),
        "body": entry.get("body", "").format(**words),
        "published": f"{day} {entry['published']}",
    }
