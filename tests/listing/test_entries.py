"""Feeds and sitemaps as sites write them: what can be read is, and what cannot is counted."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import ListingError
from scraper.listing import Link, Listing, read_listing

SITE = "http://www.qingchuan.test"
ONE, TWO = f"{SITE}/a/1.html", f"{SITE}/a/2.html"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ROWS = f"<url><loc>{ONE}</loc><lastmod>2024-11-15</lastmod></url><url><loc>{TWO}</loc></url>"


def read(text: str, charset: str = "utf-8") -> Listing:
    return read_listing(text.encode(charset), f"{SITE}/sitemap.xml")


def urls(text: str) -> list[str]:
    return [link.url for link in read(text).links]


@pytest.mark.parametrize(
    "charset", ["gb2312", "GBK", "gb18030", "big5", "utf-8", "UTF8", "x-unknown", ""]
)
def test_any_declared_charset(charset: str) -> None:
    codec = charset if charset in {"gb2312", "GBK", "gb18030", "big5"} else "utf-8"
    declared = f"<?xml version='1.0' encoding='{charset}'?>" if charset else ""
    item = f"<item><title>青川城市公告</title><link>{ONE}</link></item>"
    for root, title in (
        (f"<urlset>{ROWS}</urlset>", None),
        (f"<rss><channel>{item}</channel></rss>", "青川城市公告"),
    ):
        listing = read(declared + root, codec)
        assert (listing.links[0].url, listing.links[0].title, listing.lost) == (ONE, title, 0)


@pytest.mark.parametrize(
    "before",
    [
        "\n",
        "  \r\n\t",
        "\ufeff",
        "\ufeff\n",
        "<!-- made by hand -->",
        "<?xml-stylesheet href='a.xsl'?>",
        "<!DOCTYPE urlset>",
    ],
)
def test_blanks_marks_and_notes_before_the_root(before: str) -> None:
    assert urls(f"{before}<?xml version='1.0'?><urlset>{ROWS}</urlset>") == [ONE, TWO]
    assert urls(f"<?xml version='1.0'?>{before}<urlset>{ROWS}</urlset>") == [ONE, TWO]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("?a=1&b=2", "?a=1&b=2"),
        ("?a=1&amp;b=2", "?a=1&b=2"),
        ("?a=1&copy=2", "?a=1&copy=2"),
        ("?a=1&middot;", "?a=1·"),
        ("?a=&#x4e2d;&#1;", "?a=中"),
        ("\x01?a=1\x0b", "?a=1"),
        ("?a=<![CDATA[1&b=2]]>", "?a=1&b=2"),
    ],
)  # fmt: skip
def test_what_is_no_xml_is_read_in_the_one_way_it_can_be(written: str, meant: str) -> None:
    listing = read(
        f"<urlset><url><loc>{ONE}{written}</loc></url><url><loc>{TWO}</loc></url></urlset>"
    )
    assert [link.url for link in listing.links] == [ONE + meant, TWO]
    assert listing.lost == 0


BROKEN = {
    "mismatched": f"<url><loc>{SITE}/b.html</lock></url>",
    "never closed": f"<url><loc>{SITE}/b.html</loc>",
    "a tag inside": f"<url><loc>{SITE}/<b.html</loc></url>",
    "no address": "<url><lastmod>2024-11-15</lastmod></url>",
    "no web address": "<url><loc>ftp://a.cn/1</loc></url>",
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_entries_beside_a_broken_one_are_kept_and_it_is_counted(broken: str) -> None:
    listing = read(
        f"<urlset xmlns='{SITEMAP}'><url><loc>{ONE}</loc></url>{broken}<url><loc>{TWO}</loc></url></urlset>"
    )
    assert [link.url for link in listing.links] == [ONE, TWO]
    assert listing.lost == 1


def test_a_feed_with_a_broken_item_keeps_the_others() -> None:
    good = "<item><title>甲</title><link>/a/{0}.html</link></item>"
    listing = read(
        f"<rss><channel><title>x{good.format(1)}<item><title>乙<b></title></item>{good.format(2)}</channel></rss>"
    )
    assert [link.url for link in listing.links] == [ONE, TWO]
    assert listing.lost == 1


def test_a_document_that_was_cut_off_tells_it() -> None:
    whole = f"<urlset>{ROWS}</urlset>"
    cut = [read(whole[:end]) for end in range(whole.index(TWO), len(whole) - 1)]
    assert all(listing.lost == 1 and listing.links[0].url == ONE for listing in cut)


@pytest.mark.parametrize("prefix", ["", "sm:"])
def test_namespaces_by_whatever_prefix(prefix: str) -> None:
    mark = f":{prefix[:-1]}" if prefix else ""
    rows = f"""<{prefix}url><image:image><image:loc>{SITE}/1.jpg</image:loc><image:title>图</image:title></image:image>
      <n:news><n:publication><n:name>青川网</n:name></n:publication><n:publication_date>2024-11-15</n:publication_date><n:title>甲</n:title></n:news>
      <x:loc>{SITE}/x</x:loc><{prefix}loc>{ONE}</{prefix}loc><{prefix}lastmod>2025-01-01</{prefix}lastmod></{prefix}url>"""
    listing = read(
        f"<{prefix}urlset xmlns{mark}='{SITEMAP}' xmlns:image='http://www.google.com/schemas/sitemap-image/1.1' xmlns:x='urn:x'"
        f" xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>{rows}</{prefix}urlset>"
    )
    assert listing.links == (Link(ONE, "甲", dt.date(2024, 11, 15)),)


def test_prefixes_that_nobody_declared() -> None:
    row = (
        f"<url><image:loc>{SITE}/1.jpg</image:loc><loc>{ONE}</loc><news:title>甲</news:title></url>"
    )
    assert read(f"<urlset>{row}</urlset>").links == (Link(ONE, "甲"),)


def test_gzip_in_several_members_and_a_compressed_feed() -> None:
    parts = f"<urlset><url><loc>{ONE}</loc></url>", f"<url><loc>{TWO}</loc></url></urlset>"
    body = b"".join(gzip.compress(part.encode()) for part in parts) + b"\0" * 8
    assert [link.url for link in read_listing(body, f"{SITE}/s.xml.gz").links] == [ONE, TWO]
    feed = f"<rss><channel><item><title>甲</title><link>{ONE}</link></item></channel></rss>"
    assert read_listing(gzip.compress(feed.encode()), f"{SITE}/f.gz").links == (Link(ONE, "甲"),)


def test_a_sitemap_in_plain_text() -> None:
    listing = read(f"\ufeff{ONE}\r\n{TWO}\r\n\r\nno address\r\n")
    assert (listing.engine, [link.url for link in listing.links], listing.lost) == (
        "sitemap",
        [ONE, TWO],
        1,
    )
    assert urls(ONE) == [ONE]


@pytest.mark.parametrize(
    ("item", "title"),
    [
        (f"<title>甲<b>乙</b>丙</title><link>{ONE}</link>", "甲乙丙"),
        (f"<title><![CDATA[甲&amp;<i>乙</i>]]></title><link>{ONE}</link>", "甲&乙"),
        (f"<title>甲 &lt;b&gt;乙&lt;/b&gt;&nbsp;丙</title><guid>{ONE}</guid>", "甲 乙 丙"),
        (f"<source><title>别处</title><link>{TWO}</link></source><title>甲</title><link/><guid>{ONE}</guid>", "甲"),
        (f"<title>甲</title><atom:link href='{TWO}' rel='self'/><atom:link href='{ONE}'/>", "甲"),
    ],
)  # fmt: skip
def test_titles_and_addresses_of_items(item: str, title: str) -> None:
    listing = read(
        f"<rss xmlns:atom='http://www.w3.org/2005/Atom'><channel><item>{item}</item></channel></rss>"
    )
    assert listing.links == (Link(ONE, title),)


def test_rss_of_1999() -> None:
    feed = f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dublin="http://purl.org/dc/elements/1.1/"><item rdf:about="{ONE}"><title>甲</title><link>{ONE}</link>
      <dublin:date>2024-11-15T01:00:00+08:00</dublin:date></item></rdf:RDF>"""
    assert read(feed).links == (Link(ONE, "甲", dt.date(2024, 11, 15)),)


PIECES = st.sampled_from(
    ["<urlset>", "</urlset>", "<rss>", "<feed>", "<sitemapindex>", "<sm:urlset xmlns:sm='x'>", "<url>", "</url>", "<url/>", "<item>", "</item>",
     "<entry>", f"<loc>{ONE}", "</loc>", "<link href='/1'/>", "<title>", "</title>", "<![CDATA[", "]]>", "&", "&#xd800;", "&nbsp;", "\x01", "<!--",
     "-->", "<a:b>", "<?x?>", "甲", "<loc>http://[x</loc>", "<url xmlns='urn:x'>", "<"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join), st.sampled_from(["feed", "sitemap", "auto"]))
def test_any_markup_ends_in_a_listing_or_in_our_error(text: str, engine: str) -> None:
    try:
        listing = read_listing(text.encode(), f"{SITE}/sitemap.xml", engine=engine)
    except ListingError as error:
        told = str(error)
    else:
        told = f"{listing.lost:d} lost"
    assert "breaks its reader" not in told


@given(st.integers(0, 40), st.integers(0, 40))
def test_each_entry_is_either_read_or_lost(good: int, bad: int) -> None:
    rows = [f"<url><loc>{SITE}/{n}.html</loc></url>" for n in range(good)] + [
        "<url><loc></url>"
    ] * bad
    text = f"<urlset>{''.join(sorted(rows, key=hash))}</urlset>"
    if not good:
        with pytest.raises(ListingError):
            read(text)
        return
    listing = read(text)
    assert (len(listing.links), listing.lost) == (good, bad)
