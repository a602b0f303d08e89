"""What stands beside a list is not taken for it, least of all where the list is short or empty."""

from __future__ import annotations

import pytest

from scraper.errors import EmptyListing
from scraper.listing import read_listing
from tests.listing.layouts import COLUMN

BOXED = "".join(
    f"<li><a href='/xwzx/bmdt/202609/{8000 + n}.html'>第{n}中学开展校园安全应急演练活动</a>{{day}}</li>"
    for n in range(8)
)


def own(count: int) -> str:
    rows = "".join(
        f"<li><a href='/zwgk/tzgg/{9000 - n}.html'>关于第{n}批农村公路养护工程的公告</a><span>2026-09-{20 - n}</span></li>"
        for n in range(count)
    )
    return f"<div class='list'><ul>{rows}</ul></div>"


def box(heading: str, *, dated: bool) -> str:
    rows = BOXED.format(day="<span>2026-09-10</span>" if dated else "")
    return f"<div class='r'><h3>{heading}</h3><ul>{rows}</ul></div>"


def page(*blocks: str, title: str = "通知公告") -> bytes:
    return f"<meta charset=utf-8><title>{title}-示例市</title>{''.join(blocks)}".encode()


@pytest.mark.parametrize("dated", [False, True], ids=["undated", "dated"])
@pytest.mark.parametrize(
    "heading", ["热点推荐", "相关新闻", "点击排行", "猜你喜欢", "推荐阅读 更多>>"]
)
@pytest.mark.parametrize("count", [1, 2, 5])
def test_a_short_list_is_not_lost_to_a_box(heading: str, count: int, dated: bool) -> None:
    for blocks in (
        (own(count), box(heading, dated=dated)),
        (box(heading, dated=dated), own(count)),
    ):
        links = read_listing(page(*blocks), COLUMN).links
        assert [link.url.rpartition("/")[2] for link in links] == [
            f"{9000 - n}.html" for n in range(count)
        ]


def test_a_box_that_is_what_the_page_is_for_is_its_list() -> None:
    listing = read_listing(page(box("热点新闻", dated=True), title="热点新闻"), COLUMN)
    assert len(listing.links) == 8


def test_a_page_that_has_but_a_box_is_still_read() -> None:
    assert len(read_listing(page(box("热点新闻", dated=True)), COLUMN).links) == 8


@pytest.mark.parametrize("dated", [False, True], ids=["undated", "dated"])
@pytest.mark.parametrize("heading", ["推荐阅读", "最新信息"])
@pytest.mark.parametrize(
    "said", ["暂无信息！", "暂无相关数据", "该栏目下暂无内容", "没有找到相关信息"]
)
def test_an_empty_list_is_empty_whatever_is_recommended_below(
    said: str, heading: str, dated: bool
) -> None:
    blocks = (f"<ul class='list'><li>{said}</li></ul>", box(heading, dated=dated))
    with pytest.raises(EmptyListing):
        read_listing(page(*blocks), COLUMN)


def test_a_full_list_is_read_though_a_box_is_empty() -> None:
    blocks = (own(5), "<div><h3>政策解读</h3><p>暂无信息</p></div>", box("推荐阅读", dated=True))
    assert len(read_listing(page(*blocks), COLUMN).links) == 5


@pytest.mark.parametrize(
    "title", ["404 Not Found", "404", "页面不存在", "您访问的栏目不存在", "抱歉，找不到该页面"]
)
def test_what_came_in_place_of_a_page_has_no_list(title: str) -> None:
    with pytest.raises(EmptyListing):
        read_listing(page(box("热点新闻", dated=True), title=title), COLUMN)


def headed(heading: str, rows: str, *, more: str = "") -> str:
    return f"<div class='b'><div class='hd'><span>{heading}</span>{more}</div>{rows}</div>"


@pytest.mark.parametrize("heading", ["政策解读", "领导活动", "部门动态"])
def test_a_box_of_another_column_is_told_by_the_way_to_it(heading: str) -> None:
    more = "<a href='/zcjd/'>更多&gt;&gt;</a>"
    rows = f"<ul>{BOXED.format(day='<span>2026-09-10</span>')}</ul>"
    listing = read_listing(page(headed(heading, rows, more=more), own(3)), COLUMN)
    assert len(listing.links) == 3


def test_pages_of_boxes_alone_are_read() -> None:
    more = "<a href='/zcjd/'>更多</a>"
    rows = f"<ul>{BOXED.format(day='<span>2026-09-10</span>')}</ul>"
    assert len(read_listing(page(headed("部门动态", rows, more=more)), COLUMN).links) == 8
