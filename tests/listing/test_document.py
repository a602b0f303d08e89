"""Addresses: the short way that most links take gives what the long way gives."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.listing.document import Document, absolute, open_document
from scraper.listing.skeleton import read_anchors

BASE = "https://www.example.gov.cn/xw/bdyw/index_2.html?x=1"
PIECES = st.sampled_from(
    ["/", "./", "../", "a", "b-c", "202609", "t20260924_1", ".html", ".", "?id=1", "&p=2", "#x", "//m.cn/", "http://a.cn",
     "https://b.gov.cn/", ":", "中", " ", "%20", "\n", "@", "_"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=7).map("".join))
def test_the_short_way_is_the_long_way(href: str) -> None:
    assert Document(BASE, "").absolute(href) == absolute(BASE, href)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("./202609/t1.html", "https://www.example.gov.cn/xw/bdyw/202609/t1.html"),
        ("//m.cn/1.html", "https://m.cn/1.html"),
        ("../a.html#top", "https://www.example.gov.cn/xw/a.html"),
        ("?page=3", "https://www.example.gov.cn/xw/bdyw/index_2.html?page=3"),
        ("javascript:void(0)", None),
        ("mailto:a@b.cn", None),
        ("#", None),
        ("http://[x", None),
    ],
)
def test_addresses(href: str, expected: str | None) -> None:
    assert Document(BASE, "").absolute(href) == expected


def test_base_href() -> None:
    page = "<head><base href='/other/'></head><a href='1.html'>x</a>"
    assert Document(BASE, page).absolute("1.html") == "https://www.example.gov.cn/other/1.html"


def test_without_an_address_only_whole_references_are_addresses() -> None:
    assert Document("", "").absolute("https://a.cn/1.html") == "https://a.cn/1.html"
    assert Document("", "").absolute("/1.html") is None


def test_a_link_with_an_address_and_a_script_is_one_link() -> None:
    page = "<a name=top></a><a href=/1.html onclick=\"count('/2.html')\">一</a><a onclick=\"go('3.html')\">三</a>"
    document = open_document(page.encode(), "http://a.cn/")
    urls = [anchor.url for anchor in read_anchors(document, document.tree)]
    assert urls == ["http://a.cn/1.html", "http://a.cn/3.html"]
