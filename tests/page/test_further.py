"""Articles on several pages: found, and joined once, in order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scraper.page import join_pages, parse_page
from scraper.record.release import Image, Release

TEXT = "青川市水务局今天上午召开新闻通气会，通报全市汛期以来水库调度和堤防巡查的有关情况。"


def next_pages(url: str, below: str, attributes: str = "") -> tuple[str, ...]:
    html = f"<h1>水务局通报汛情</h1><div id='abody' {attributes}><p>{TEXT}</p></div>{below}"
    return parse_page(html.encode(), url).next_pages


@pytest.mark.parametrize(
    ("url", "below", "expected"),
    [
        (
            "http://a.cn/n1/c100.html",
            '<a href="c100.html">1</a><a href="c100-2.html">2</a><a href="c100-3.html">3</a>',
            ("http://a.cn/n1/c100-2.html", "http://a.cn/n1/c100-3.html"),
        ),
        (
            "http://a.cn/t20240101_1.shtml",
            '<a href="t20240101_1_1.shtml">[2]</a><a href="t20240101_1_2.shtml">下一页</a>',
            ("http://a.cn/t20240101_1_1.shtml", "http://a.cn/t20240101_1_2.shtml"),
        ),
        ("http://a.cn/v?id=5", '<a href="?id=5&page=2">下一页</a>', ("http://a.cn/v?id=5&page=2",)),
        ("http://a.cn/n1/c100.html", '<a href="c101.html">下一页</a>', ()),  # another article
        ("http://a.cn/n1/c100.html", '<a href="http://b.cn/n1/c100-2.html">2</a>', ()),
        (
            "http://a.cn/c/t20240101_9.html",
            '<script>createPageHTML(3, 0, "t20240101_9", "html");</script>',
            ("http://a.cn/c/t20240101_9_1.html", "http://a.cn/c/t20240101_9_2.html"),
        ),
    ],
)
def test_further_pages_are_found(url: str, below: str, expected: tuple[str, ...]) -> None:
    assert next_pages(url, below) == expected


def test_cri_states_them_in_pagedata() -> None:
    url = "http://news.cri.cn/20190321/a.html"
    stated = """pageData='{"allUrl":"/20190321/a-all.html","pages":[]}'"""
    assert next_pages(url, "", stated) == ("http://news.cri.cn/20190321/a-all.html",)
    assert next_pages(url, "", "pageData=''") == ()
    listed = """pageData='[{"url":"/20190321/a-2.html"},{"url":"/20190321/a-3.html"}]'"""
    assert next_pages(url, "", listed) == (
        "http://news.cri.cn/20190321/a-2.html",
        "http://news.cri.cn/20190321/a-3.html",
    )


def release(number: int, *texts: str) -> Release:
    picture = Image(f"http://a.cn/{number}.jpg")
    return Release("题", texts, f"http://a.cn/{number}.html", images=(picture,), next_pages=("x",))


def test_pages_are_joined_in_order_each_once() -> None:
    second = release(2, "丙", "丁")
    joined = join_pages(
        release(1, "甲", "乙"), [second, second, replace(second, url="http://a.cn/3.html")]
    )
    assert joined.paragraphs == ("甲", "乙", "丙", "丁", "丙", "丁")
    assert [image.url for image in joined.images] == ["http://a.cn/1.jpg", "http://a.cn/2.jpg"]
    assert joined.next_pages == ("http://a.cn/2.html", "http://a.cn/3.html")


def test_a_page_with_the_whole_article_replaces_its_beginning() -> None:
    assert join_pages(release(1, "甲"), [release(2, "甲", "乙")]).paragraphs == ("甲", "乙")


@pytest.mark.parametrize(
    ("one", "other", "continued"),
    [
        ("青川夜景", "青川夜景(2)", True),
        ("青川夜景 第1页", "青川夜景 第2页", True),
        ("青川夜景", "青川夜景_2", True),
        ("【组图】青川夜景：灯会今晚开幕", "青川夜景：灯会今晚开幕", True),
        ("青川夜景灯会开幕", "青川早点铺开张", False),
        ("青川夜景", "水务局通报汛情", False),
    ],
)
def test_another_article_is_no_later_page(one: str, other: str, continued: bool) -> None:
    first = replace(release(1, "甲"), title=one)
    joined = join_pages(first, [replace(release(2, "乙"), title=other)])
    assert joined.paragraphs == (("甲", "乙") if continued else ("甲",))


def test_there_is_a_limit() -> None:
    joined = join_pages(release(0, "〇"), [release(n, str(n)) for n in range(1, 100)], limit=3)
    assert joined.paragraphs == ("〇", "1", "2")
