"""Home pages: of many lists, the one that is headed as the news of the place."""

from __future__ import annotations

import pytest

from scraper.listing import read_listing

HOME = "http://www.example.gov.cn/"


def rows(column: str, count: int, *, dated: bool = True) -> str:
    day = "<span>09-{:02}</span>"
    return "".join(
        f"<li><a href='/{column}/202609/t202609{30 - n:02}_{n}.html' title='{column}栏目第{n}条消息的完整标题'>{column}栏目第{n}条消息…</a>"
        f"{day.format(30 - n) if dated else ''}</li>"
        for n in range(count)
    )


def urls(column: str, count: int) -> list[str]:
    return [f"{HOME}{column}/202609/t202609{30 - n:02}_{n}.html" for n in range(count)]


NAV = "<div class=nav><ul><li><a href='/yw/'>本市要闻</a></li><li><a href='/zwgk/'>政务公开</a></li><li><a href='/bs/'>办事服务</a></li></ul></div>"
LINKS = (
    "<div class=link>"
    + "".join(f"<a href='http://x{n}.gov.cn/'>某某县人民政府</a>" for n in range(30))
    + "</div>"
)


def block(heading: str, column: str, count: int, **options: bool) -> str:
    return (
        f"<div class=box><div class=tit><h3><a href='/{column}/'>{heading}</a></h3><a class=more href='/{column}/'>更多&gt;&gt;</a></div>"
        f"<ul>{rows(column, count, **options)}</ul></div>"
    )


def tabs(labels: list[str], panes: list[tuple[str, int]], wrapped: bool) -> str:
    heads = "".join(f"<li><a href='/x{n}/'>{label}</a></li>" for n, label in enumerate(labels))
    lists = [f"<ul class=news>{rows(column, count)}</ul>" for column, count in panes]
    body = "".join(f"<div class=item>{each}</div>" if wrapped else each for each in lists)
    return f"<div class=tab><div class=hd><ul>{heads}</ul></div><div class=bd>{body}</div></div>"


def read(*parts: str, url: str = HOME) -> list[str]:
    page = f"<html><body>{NAV}<div class=main>{''.join(parts)}</div>{LINKS}</body></html>"
    return [link.url for link in read_listing(page.encode(), url).links]


def test_the_news_block_is_taken_though_others_are_longer() -> None:
    found = read(
        block("通知公告", "tz", 9), block("示例要闻", "yw", 6), block("部门动态", "bm", 10)
    )
    assert found == urls("yw", 6)


def test_news_of_others_does_not_count() -> None:
    found = read(
        block("国务院要闻", "gwy", 7), block("市内要闻", "yw", 7), block("公示公告", "gs", 7)
    )
    assert found == urls("yw", 7)


@pytest.mark.parametrize("wrapped", [False, True])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_the_pane_of_the_tab_that_says_so(place: int, wrapped: bool) -> None:
    labels, panes = ["部门动态", "县区动态"], [("bm", 8), ("xq", 9)]
    labels.insert(place, "示例要闻")
    panes.insert(place, ("yw", 7))
    assert read(tabs(labels, panes, wrapped), block("通知公告", "tz", 8)) == urls("yw", 7)


def test_pictures_of_the_same_articles_beside_the_list() -> None:
    slides = "".join(
        f"<li><a href='/yw/202609/t202609{30 - n:02}_{n}.html'><img src='/{n}.jpg' alt='图'></a></li>"
        for n in range(5)
    )
    found = read(
        f"<div class=focus><ul>{slides}</ul></div>",
        block("示例要闻", "yw", 8),
        block("公告", "gg", 8),
    )
    assert found == urls("yw", 8)


def test_a_lead_above_the_list_belongs_to_it() -> None:
    lead = "<div class=top><h2><a href='/yw/202609/t20260930_99.html'>市委全会在示例召开并作出重要部署</a></h2><p>摘要<span>09-30</span></p></div>"
    page = f"<div class=box><div class=tit>示例要闻</div><div class=bd>{lead}<ul>{rows('yw', 7)}</ul></div></div>"
    assert read(page, block("公告", "gg", 9)) == [
        f"{HOME}yw/202609/t20260930_99.html",
        *urls("yw", 7),
    ]


def test_without_any_heading_the_first_of_equal_blocks() -> None:
    assert read(block("甲", "a", 7), block("乙", "b", 7)) == urls("a", 7)


def test_headings_do_not_matter_on_column_pages() -> None:
    found = read(block("热点要闻", "yw", 3), block("通知公告", "tz", 12), url=f"{HOME}tz/")
    assert found == urls("tz", 12)
