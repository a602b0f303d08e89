"""Every reader takes time in proportion to its document, whatever is repeated in it.

TONGGAO_TEST_HOSTILE_BYTES sets the length (``make test-hostile`` takes 2 MB, each within some seconds).
"""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from scraper.errors import TonggaoError
from scraper.fetch.pace import retry_after
from scraper.fetch.redirect import location, stub_of
from scraper.fetch.robots import without_costly_patterns
from scraper.fetch.verdict import http_charset, media_type
from scraper.fetch.walls import name_wall
from scraper.listing import ENGINE_NAMES, read_listing
from scraper.page import parse_page
from scraper.page.layout.charset import decode
from scraper.sources.discovery import columns_on
from tests.readers.hostile import filled, growth

BYTES = int(os.environ.get("TONGGAO_TEST_HOSTILE_BYTES", "12000"))
SUSPECT = max(0.04, BYTES / 1e6)
"""Seconds that a document may take before it is looked at closer: a second for a megabyte."""
WORST = 3.2
LONGEST = 4.0
"""Seconds of processor that no document of 2 MB may take, on a machine that others use, too."""

URL = "http://www.example.gov.cn/yw/"
NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)

MOTIFS = (
    "<!--", "<title>", "<script>", "<style>", "<a href=1>", "<a href='/1/1'>x</a>", "<li>", "<div>", "<td>", "<b>", "<p>",
    "<li><a href='/202609/t20260901_1.html'>第一条新闻的标题</a>", "2026-09-01 ", "<item>", "<entry>", "<url><loc>", "<record>",
    "<record><![CDATA[", "]]>", "<datastore>", "<nextgroup>", '{"a":', "[", '"url":"/1",', "&amp;", "&#", "<option>", "<select>",
    "<table><tr><td>", "countPage=1", "reatePage", "createPageHTML(", "createPageHTML(1,", "setPage(", "totalPage", "下一页", "第",
    "/1", "1/", " ", "\t", "\n", "\u3000", "\x00", "\ufeff", "1", "href=", "'", '"', "<base href=x>", "<meta charset=", "a-",
    "data={", "columnid ", "columnid:", "<img src='/1'>", "<script>var a='", "/*", "\\", "%E4", "<?xml", "<rss>", "<channel>",
    "<urlset>", "<sitemap>", "<loc>", "&lt;", "{", "}", "(", ")", "jsonp(", "channelId", "search/", "来源：", "（记者 ", "责任编辑：",
    "<meta name=PubDate content='2026'>", "<h1>", "。", "附件：", "<", ">", "charset", ";", ",", "=", "window.location=",
)  # fmt: skip
BEGINNINGS = (
    "", "<rss><channel>", "<urlset>", "[", '{"data":[', "<datastore>", "<ul>", "<script>", "x.jpage( columnid data={",
    "channelId search/ ", "<html><body><h1>青川发布</h1><p>",
)  # fmt: skip

READERS: dict[str, Callable[[bytes], object]] = {
    **{
        f"list {name}": lambda body, name=name: read_listing(body, URL, None, name)  # type: ignore[misc]
        for name in ENGINE_NAMES
    },
    "page": lambda body: parse_page(body, "http://www.example.gov.cn/202609/t20260901_1.html"),
    "columns": lambda body: columns_on(body, URL),
    "charset": decode,
    **{
        f"wall {status}": lambda body, status=status: name_wall(status, {}, body)  # type: ignore[misc]
        for status in (200, 202, 403, 412, 521)
    },
    "stub": lambda body: stub_of({"content-type": "text/html"}, body, URL),
    "robots": lambda body: without_costly_patterns(body.decode("utf-8", "replace")),
    "header charset": lambda body: http_charset({"content-type": _head(body)}),
    "header type": lambda body: media_type({"content-type": _head(body)}),
    "header location": lambda body: location(302, _head(body), URL),
    "header retry-after": lambda body: retry_after(_head(body), NOW, 60.0),
}


def _head(body: bytes) -> str:
    """A header's value; httpx hands over Latin-1."""
    return body.decode("latin-1")


def documents(length: int) -> dict[str, bytes]:
    begun = BEGINNINGS if length < 1_000_000 else BEGINNINGS[:1]  # else it takes more than an hour
    behind = {f"{begin!r} + {motif!r}": (begin, motif) for begin in begun for motif in MOTIFS}
    return {
        name: filled(begin, motif, length).encode()[:length]
        for name, (begin, motif) in behind.items()
    }


DOCUMENTS = documents(BYTES)


def read(reader: Callable[[bytes], object], document: bytes) -> float:
    """The processor seconds of one reading; refusals are as good as answers."""
    started = time.process_time()
    with suppress(TonggaoError):
        reader(document)
    return time.process_time() - started


@pytest.mark.parametrize("name", READERS)
def test_time_is_in_proportion_to_the_document(name: str) -> None:
    reader = READERS[name]
    for title, document in DOCUMENTS.items():
        seconds = read(reader, document)
        if seconds <= SUSPECT:
            continue
        if BYTES >= 1_000_000:
            assert seconds < LONGEST * BYTES / 2e6, f"{name} on {title}: {seconds:.1f} s"
            continue
        by_length = {size: documents(size)[title] for size in (BYTES // 2, BYTES, 2 * BYTES)}
        grown = growth(lambda size, made=by_length: read(reader, made[size]), BYTES // 2)  # type: ignore[arg-type, misc]
        assert grown < WORST, f"{name} on {title}: grows {grown:.1f} times a doubling"
