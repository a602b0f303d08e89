"""Hostile documents end within the stated limits, with a clear error."""

from __future__ import annotations

import datetime as dt
import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.errors import EmptyListing, ListingError, ListingTooLarge
from scraper.listing import Link, read_listing
from scraper.listing.engines import ENGINE_NAMES
from scraper.listing.limits import MAX_BYTES

URL = "http://www.example.gov.cn/yw/"
BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'


def test_too_many_bytes() -> None:
    with pytest.raises(ListingTooLarge, match="more than the limit"):
        read_listing(b" " * (MAX_BYTES + 1), URL)


def test_a_million_links() -> None:
    with pytest.raises(ListingTooLarge, match="1000000 links"):
        read_listing(b"<a href=/1>1" * 1_000_000, URL)


@pytest.mark.parametrize("element", ["div", "b", "ul><li", "table><tr><td"])
def test_bottomless_nesting(element: str) -> None:
    page = f"<{element}>" * 100_000 + "<a href='/202609/t20260901_1.html'>一条新闻的标题</a>"
    with pytest.raises(ListingTooLarge, match="nested"):
        read_listing(page.encode(), URL)


@pytest.mark.parametrize(
    "root", ["<rss><channel><item><title>&c;</title><link>/1</link></item></channel></rss>",
             "<urlset><url><loc>http://a.cn/&c;</loc></url></urlset>"]
)  # fmt: skip
def test_xml_bombs_are_refused(root: str) -> None:
    with pytest.raises(ListingError, match="entities"):
        read_listing(f'<?xml version="1.0"?>{BOMB}{root}'.encode(), URL)


def test_entities_in_records_are_not_expanded() -> None:
    record = "<record><![CDATA[<a href='/art/1.html'>&c;这是一条新闻的标题</a>]]></record>"
    listing = read_listing(f"{BOMB}<datastore>{record}</datastore>".encode(), URL)
    assert listing.links[0].title == "&c;这是一条新闻的标题"


def test_external_entities_are_not_fetched() -> None:
    page = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><urlset><url><loc>&e;</loc></url></urlset>'
    with pytest.raises(ListingError, match="entities"):
        read_listing(page.encode(), URL)


def test_a_sitemap_that_unpacks_without_end() -> None:
    body = gzip.compress(b"<urlset>" + b" " * (65 << 20))
    with pytest.raises(ListingTooLarge, match="unpacks"):
        read_listing(body, URL)


def test_a_broken_gzip() -> None:
    with pytest.raises(ListingError, match="gzip"):
        read_listing(b"\x1f\x8b" + b"\x00" * 40, URL)


def test_a_sitemap_with_too_many_addresses() -> None:
    body = b"<urlset>" + b"<url><loc>http://a.cn/1</loc></url>" * 50_001
    with pytest.raises(ListingTooLarge, match="50001 links"):
        read_listing(body, URL)


@pytest.mark.parametrize("depth", [50, 100_000])
def test_json_nested_without_end(depth: int) -> None:
    with pytest.raises(ListingError):
        read_listing(b"[" * depth + b"]" * depth, URL)


@pytest.mark.parametrize(
    "page",
    [
        "",
        " ",
        "<html></html>",
        "<a href='javascript:go()'>x</a>",
        "{}",
        "[]",
        "<rss></rss>",
        "\ufeff",
    ],
)
def test_nothing_is_an_empty_listing(page: str) -> None:
    with pytest.raises(EmptyListing):
        read_listing(page.encode(), URL)


def test_a_page_of_nothing_but_menus_and_licences_has_no_list() -> None:
    menu = "".join(f"<li><a href='/lm{n}/'>栏目{n}</a></li>" for n in range(9))
    foot = "<div><a href='http://beian.example.com/'>某公网安备 42011102000076号</a></div>"
    with pytest.raises(EmptyListing):
        read_listing(f"<ul>{menu}</ul><div id=list></div>{foot}".encode(), URL)


def test_links_to_the_list_itself_are_no_articles() -> None:
    page = "<ul>" + "<li><a href='./'>本栏目自己的链接标题</a></li>" * 20 + "</ul>"
    with pytest.raises(EmptyListing):
        read_listing(page.encode(), URL)


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_bytes_end_in_a_listing_or_in_our_errors(body: bytes) -> None:
    survive(body)


PIECES = st.sampled_from([
    "<ul>", "<li>", "</li>", "<a href='/1'>", "</a>", "<a href='http://[x'>", "2026-09-01", "createPageHTML(", "1,0,'index','html')",
    "<record>", "<![CDATA[", "]]>", "</record>", "<datastore>", "<nextgroup>", '{"data":', '"results":[', "}]", "<table>", "<tr>", "下一页",
    "<rss>", "<item>", "<urlset>", "\x00", "\ufffd", "第一条新闻的标题写在这里", "<script>", "totalPage:5", "&#x110000;", "<base href='x'>",
])  # fmt: skip


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_pieces_of_lists_in_any_order_do_no_harm(text: str) -> None:
    survive(text.encode())


def survive(body: bytes, engine: str = "auto", url: str = URL) -> None:
    try:
        listing = read_listing(body, url, engine=engine)
    except ListingError as error:
        if "breaks its reader" in str(error):
            raise
        return
    for link in listing.links:
        assert link.url.startswith(("http://", "https://"))
        f"{link.url}{link.title}".encode()
    (listing.next_url or "").encode()


ODD = st.sampled_from(
    ["9999-12-31T23:59:59Z", "10000-01-01", "0000-00-00", "2026-02-31", "9" * 400, "1" * 5000, "-1", "\ud83d", "/a\udc00.html", "http://[x",
     "\x01", "二〇二六年", "", " ", "http:///a.cn", "\\a\\1.html", "９９９９", "①②", "http://a.cn:99999/1"]
)  # fmt: skip
VALUES = (
    ODD
    | st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.just(10**400)
    | st.just([9999, 12, 31, 23, 59])
)
NAMES = st.sampled_from(
    [
        "title",
        "url",
        "link",
        "urls",
        "date",
        "pubDate",
        "time",
        "total",
        "pageSize",
        "list",
        "results",
        "data",
        "source",
    ]
)
RECORDS = st.lists(st.dictionaries(NAMES, VALUES, max_size=6), max_size=4)
ENGINES = st.sampled_from(ENGINE_NAMES)
PAGE_URLS = st.sampled_from(
    [URL, "", f"{URL}?page={'9' * 400}&pageSize={'9' * 50}", f"{URL}?startrecord={'9' * 400}&endrecord={'8' * 400}", f"{URL}?pageNo=²&pageSize=x",
     "http://news.cri.cn/inc/9f-99999999999999999999.inc", "http://[x/"]
)  # fmt: skip


@given(ENGINES, RECORDS, NAMES, PAGE_URLS)
@settings(max_examples=400, deadline=None)
def test_odd_values_in_records_do_no_harm_to_any_engine(
    engine: str, records: list[dict[str, object]], name: str, url: str
) -> None:
    survive(json.dumps({name: records}).encode(), engine, url)


@given(ENGINES, st.lists(PIECES | ODD, max_size=30).map("".join), PAGE_URLS)
@settings(max_examples=400, deadline=None)
def test_odd_pieces_do_no_harm_to_any_engine(engine: str, text: str, url: str) -> None:
    survive(text.encode("utf-8", "surrogatepass"), engine, url)


@given(ODD)
def test_a_bad_row_costs_that_row(odd: str) -> None:
    good = {"title": "第一条新闻的标题", "url": "/1.html", "date": "2026-09-01"}
    records = [{"title": f"坏{odd}", "url": odd, "date": odd}, good]
    wanted = Link("http://www.example.gov.cn/1.html", "第一条新闻的标题", dt.date(2026, 9, 1))
    assert wanted in read_listing(json.dumps(records).encode(), URL).links


@pytest.mark.parametrize(
    "piece", ["<record>", "<a href='/202609/t20260901_1.html'>" + "." * 900, "createPageHTML(1,", "/inc/", "{'columnid':", " 2026-"]
)  # fmt: skip
def test_patterns_stay_linear(piece: str) -> None:
    """Would run for hours if a pattern looked back over what it had read."""
    survive((piece * 15_000).encode())
