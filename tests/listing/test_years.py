"""Days without a year: a heading, the page's own day or the order of the rows tells it, or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.listing import read_listing
from scraper.listing.years import Stated, whole_days
from tests.listing.layouts import COLUMN

Day = str | None


def rows(*days: str) -> str:
    return "".join(
        f"<li><a href='/info/1019/{9000 - n}.htm'>示例市召开第{n}次推进会议部署工作</a><span>{day}</span></li>"
        for n, day in enumerate(days)
    )


def dates(page: str) -> list[Day]:
    listing = read_listing(f"<meta charset=utf-8>{page}".encode(), COLUMN)
    return [link.date.isoformat() if link.date else None for link in listing.links]


def test_without_any_evidence_there_is_no_year() -> None:
    assert dates(f"<ul>{rows('12-28', '12-27', '11-02')}</ul>") == [None, None, None]


@pytest.mark.parametrize(
    "said",
    [
        "<meta name='PubDate' content='2027-01-03 10:00'>",
        "<META NAME=publishdate CONTENT='2027/01/03'>",
        "<p>今天是：2027年1月3日 星期日</p>",
        "<div class=top>2027年1月3日 星期日 多云</div>",
        "<p>更新时间：2027-01-03</p>",
    ],
)
def test_the_pages_own_day_and_the_order(said: str) -> None:
    page = f"{said}<ul>{rows('01-02', '12-31', '12-30', '11-02')}</ul>"
    assert dates(page) == ["2027-01-02", "2026-12-31", "2026-12-30", "2026-11-02"]


@pytest.mark.parametrize(
    "heading",
    ["<h1>2026年新闻发布会</h1>", "<title>2026年新闻发布会-示例市</title>", "<h3>2026年</h3>", "<h2>2026年3月要闻</h2>", "<h3>2026年12件实事</h3>", "<div class=y>2026</div>"],
)  # fmt: skip
def test_the_year_of_a_heading(heading: str) -> None:
    assert dates(f"{heading}<ul>{rows('12-28', '03-02')}</ul>") == ["2026-12-28", "2026-03-02"]


def test_years_that_stand_between_the_rows() -> None:
    page = f"<ul><li class=y>2026年</li>{rows('02-01', '01-03')}<li class=y>2025年</li>{rows('12-30', '11-02')}</ul>"
    page = page.replace(
        "1019/9000.htm'>示例市召开第0次推进会议部署工作</a><span>12-30",
        "1019/8000.htm'>示例市召开第八次推进会议部署工作</a><span>12-30",
    )
    page = page.replace("1019/8999.htm'>示例市召开第1次推进会议部署工作</a><span>11-02", "1019/7999.htm'>示例市召开第九次推进会议部署工作</a><span>11-02")  # fmt: skip
    assert dates(page) == ["2026-02-01", "2026-01-03", "2025-12-30", "2025-11-02"]


def test_a_menu_of_years_is_no_heading() -> None:
    menu = "<div><a href='/y2026/'>2026年</a><a href='/y2025/'>2025年</a></div>"
    assert dates(f"{menu}<ul>{rows('12-28', '12-27', '11-02')}</ul>") == [None, None, None]


@pytest.mark.parametrize(
    "choice",
    [
        "<form><select><option>2026年</option><option>2025年</option></select></form>",
        "<div><span>2026年</span><span>2025年</span></div>",
        "<p>2025—2026年</p>",
        "<select><option>全部</option><option>2026年</option></select>",
    ],
)
def test_a_choice_of_years_is_no_heading(choice: str) -> None:
    assert dates(f"{choice}<ul>{rows('12-28', '12-27', '11-02')}</ul>") == [None, None, None]


@pytest.mark.parametrize(
    "about",
    [
        "<h1>2026年政府工作报告任务分解专栏</h1>",
        "<title>2025年部门预算公开-示例市</title>",
        "<h3>2025年示例市十件大事评选</h3>",
        "<p>示例市2025年统计公报</p>",
        "<h2>2026年中考招生专题</h2>",
    ],
)
def test_the_year_of_a_matter_is_not_the_rows(about: str) -> None:
    assert dates(f"{about}<ul>{rows('12-28', '12-27', '11-02')}</ul>") == [None, None, None]


ACROSS = ("02-10", "01-20", "01-05", "12-28", "12-10", "11-02")
"""A list in order that goes on into the year before."""


def test_a_heading_is_not_for_rows_that_run_into_another_year() -> None:
    assert dates(f"<h1>2026年新闻发布会</h1><ul>{rows(*ACROSS)}</ul>") == [None] * 6


def test_the_pages_own_day_tells_what_the_heading_does_not() -> None:
    made = "<meta name='PubDate' content='2026-02-11 09:00'>"
    found = dates(f"{made}<h1>2026年新闻发布会</h1><ul>{rows(*ACROSS)}</ul>")
    assert found == [*(f"2026-{day}" for day in ACROSS[:3]), *(f"2025-{day}" for day in ACROSS[3:])]


@pytest.mark.parametrize("days", [("01-05", "12-28", "12-27"), ("01-05", "03-10", "12-28")])
def test_a_pinned_row_or_a_list_from_old_to_new_stays_under_its_heading(
    days: Sequence[str],
) -> None:
    assert dates(f"<h1>2026年</h1><ul>{rows(*days)}</ul>") == [f"2026-{day}" for day in days]


@pytest.mark.parametrize("text", ["共2026条", "2025 人次浏览", "第2026期"])
def test_a_count_is_no_heading(text: str) -> None:
    assert dates(f"<p>{text}</p><ul>{rows('12-28', '12-27')}</ul>") == [None, None]


def test_a_lead_about_a_year_is_no_heading() -> None:
    lead = "<p><a href='/info/1019/9999.htm'>2024年经济运行情况发布</a></p>"
    assert dates(f"{lead}<ul>{rows('12-28', '12-27', '11-02')}</ul>")[-3:] == [None, None, None]


def test_only_rows_of_other_years_state_theirs() -> None:
    page = f"<ul>{rows('02-03', '01-20', '2026-12-30', '2026-12-01')}</ul>"
    assert dates(page) == ["2027-02-03", "2027-01-20", "2026-12-30", "2026-12-01"]


def test_an_old_row_pinned_on_top_says_nothing_of_those_below() -> None:
    assert dates(f"<ul>{rows('2024-05-01', '11-28', '11-20')}</ul>") == ["2024-05-01", None, None]


def test_a_day_and_a_month_in_boxes() -> None:
    boxed = rows("<b>28</b><i>12月</i>", "<b>27</b><i>12月</i>", "<b>2</b><i>11月</i>")
    assert dates(f"<h2>2026年</h2><ul>{boxed}</ul>") == ["2026-12-28", "2026-12-27", "2026-11-02"]


def test_the_year_in_an_articles_address_is_surer_than_all() -> None:
    page = f"<h1>2026年要闻</h1><ul>{rows('12-28', '12-27', '11-02')}</ul>".replace(
        "1019/", "2025/"
    )
    assert dates(page) == ["2025-12-28", "2025-12-27", "2025-11-02"]


DATES = st.lists(st.dates(dt.date(2020, 1, 1), dt.date(2027, 1, 1)), min_size=1, max_size=40)


@given(DATES, st.data())
def test_what_is_told_is_never_against_the_order_of_a_sorted_list(
    days: list[dt.date], data: st.DataObject
) -> None:
    days.sort(reverse=True)
    whole = [data.draw(st.booleans()) for _ in days]
    stated = [_stated(day, whole=each) for day, each in zip(days, whole, strict=True)]
    found = whole_days(stated, None)
    for day, each, known in zip(days, found, whole, strict=True):
        assert (
            each == day if known else each is None or (each.month, each.day) == (day.month, day.day)
        )


@given(DATES)
def test_a_dense_list_is_told_whole_by_the_day_of_its_page(days: list[dt.date]) -> None:
    start = max(days)
    dense: Sequence[dt.date] = [start - dt.timedelta(days=20 * n) for n in range(len(days))]
    found = whole_days([_stated(day, whole=False) for day in dense], start)
    assert found == list(dense)


def _stated(day: dt.date, *, whole: bool) -> Stated:
    return Stated(day) if whole else Stated(None, (day.month, day.day))
