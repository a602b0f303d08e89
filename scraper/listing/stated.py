"""What a page says of the years of its rows' days: headings, and the day that it was made."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from itertools import islice

from selectolax.lexbor import LexborNode

from scraper.listing.dates import (
    date_alone,
    date_of_row,
    date_of_text,
    day_in_two_orders,
    make_date,
    month_day_of_row,
)
from scraper.listing.document import Document
from scraper.listing.labels import cells_of, columns_in, columns_over, under_columns
from scraper.listing.model import Link
from scraper.listing.row import Row, is_reference
from scraper.listing.skeleton import Knot, squeeze
from scraper.listing.titles import parts_of
from scraper.listing.years import Stated, whole_days
from scraper.text.times import order_of

_YEAR = re.compile(
    r"^[\W_]{0,4}((?:19|20)\d\d)\s{0,3}(?:年度?\s{0,3}(?:\d{1,2}\s{0,3}月份?)?)?[\W_]{0,4}$"
)
_YEAR_OF_PAGE = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*年(?!\d{3,}|\s*\d{1,2}\s*月\s*\d)")
_TWO_ORDERS = re.compile(r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d(?!\d)")
_ABOUT = re.compile(
    r"报告|规划|计划|预算|决算|总结|纲要|评选|大事|考试|招生|招考|招聘|录用|高考|中考|目标|任务|方案|年报|年鉴|白皮书|普查|统计公报"
)
"""Matters that a year is the year of, whenever what concerns them is published."""
_HEADLINE = re.compile(r"(?:文件|信息|公文|政策)?(?:标\s?题|名\s?称|题名)\Z")
"""The name of the column of headlines."""
_ANY_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TODAY = re.compile(
    r"(?:今天是|今天|今日|当前日期|生成时间|页面更新|最后更新|更新时间|更新日期)[^\d]{0,12}"
    r"(20\d\d)\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?!\d)|(20\d\d)年(\d{1,2})月(\d{1,2})日\s{0,4}(?:星期|周)[一二三四五六日天]"
)
_MADE = frozenset(
    {"pubdate", "publishdate", "publishtime", "lastmodified", "last-modified", "maketime"}
)  # fmt: skip
Said = int | dt.date
"""What a heading says of the rows below it: their year, or their day."""
_BEARING = ("datetime", "title", "data-time", "data-date", "data-timestamp")
_BEARERS = ", ".join(f"[{name}]" for name in _BEARING)
_MOST = 8
"""Elements of a row whose attributes are looked at."""
_CHOICES = frozenset({"a", "select", "form", "option"})
_CHOSEN = "a[href], option"
"""What holds years to choose from, which are none of the rows' below."""
_HEADING = 30
"""Characters of an element that may be the heading of a year."""
_BACK = 3
_LEVELS = 4


def with_whole_days(rows: Sequence[Row], document: Document, page: Document | None = None) -> None:
    """Give rows the days that their attributes state, and short days the year that the page tells.

    Where the list names its columns, a row's day is that of the column of publication.

    Args:
        rows: the rows.
        document: what they stand in.
        page: the page that shows them, where that is another.
    """
    _under_columns(rows, page)
    for row in rows:
        if row.link.date is None and (day := _in_attributes(row)):
            row.link = Link(row.link.url, row.link.title, day)
    if not all(row.states_day for row in rows):
        _in_one_order(rows)
        _lend_heading_days(rows)
    if all(row.month_day is None for row in rows):
        return
    headings = _headed(rows)
    if None in headings:
        above = _said_above(rows[0].knot) or _year_of_page(document)
        headings = [said or above for said in headings]
    stated = [
        Stated(row.link.date, row.month_day, said if isinstance(said, int) else None)
        for row, said in zip(rows, headings, strict=True)
    ]
    for row, day in zip(rows, whole_days(stated, made_on(document)), strict=True):
        row.link = Link(row.link.url, row.link.title, day)


def _under_columns(rows: Sequence[Row], page: Document | None) -> None:
    """Read the rows' days anew where the list has a head that says which of them is which."""
    if not any(row.dated for row in rows):
        return
    names = columns_over(rows[0].knot)
    if names is None and page is not None:
        names = columns_in(page.tree, len(cells_of(rows[0].knot.node)))
    if names is None:
        return
    headline = next((place for place, name in enumerate(names) if _HEADLINE.match(name)), None)
    for row in rows:
        cells = cells_of(row.knot.node)
        if not row.dated or len(cells) != len(names):
            continue
        url, title = row.link.url, row.link.title
        if headline is not None and title and is_reference(title):
            title = cells[headline] or title
        parts = under_columns(cells, names)
        day = date_of_row(parts, title, url)
        row.link = Link(url, title, day)
        row.month_day = None if day else month_day_of_row(parts, title)


def made_on(document: Document) -> dt.date | None:
    """The day on which a page says that it was made; None where it says nothing."""
    if found := _TODAY.search(document.text):
        return make_date(*(each for each in found.groups() if each))
    for node in document.tree.css("meta[content]"):
        attributes = node.attributes
        name = attributes.get("name") or attributes.get("http-equiv") or ""
        if name.lower() in _MADE and (day := date_of_text(attributes.get("content") or "")):
            return day
    return None


def _in_attributes(row: Row) -> dt.date | None:
    """The day in an attribute of the row: what machines read, or a tool tip over 昨天."""
    for node in islice(row.knot.node.css(_BEARERS), _MOST):
        attributes = node.attributes
        values = (attributes.get(name) for name in _BEARING)
        if day := next((day for value in values if value and (day := date_alone(value))), None):
            return day
    return None


def _in_one_order(rows: Sequence[Row]) -> None:
    """Read ``28/09/2026`` where the days of the list show whether the day or the month is first."""
    bare = [row for row in rows if not row.states_day and _TWO_ORDERS.search(row.knot.node.text())]
    days = [day_in_two_orders(parts_of(row.knot.node)) for row in bare]
    order = order_of(day for day in days if day)
    for row, day in zip(bare, days, strict=True):
        if order and day and (moment := day.ordered(order)):
            row.link = Link(row.link.url, row.link.title, moment.day)


def _lend_heading_days(rows: Sequence[Row]) -> None:
    """Give rows the day that they stand under, where each stands under one, and none contradicts."""
    days = [said if isinstance(said, dt.date) else None for said in _headed(rows)]
    pairs = list(zip(rows, days, strict=True))
    if all(day and row.link.date in {None, day} and not row.month_day for row, day in pairs):
        for row, day in pairs:
            row.link = Link(row.link.url, row.link.title, day)


def _headed(rows: Sequence[Row]) -> list[Said | None]:
    """The year or the day that stands over each row, between it and the row before."""
    taken = {row.knot.node.mem_id for row in rows}
    headings: list[Said | None] = []
    parent: Knot | None = None
    said: Said | None = None
    for row in rows:
        if row.knot.parent is not parent:
            parent, said = row.knot.parent, _said_above(row.knot)
        said = _said_between(row.knot.node, taken) or said
        headings.append(said)
    return headings


def _said_between(node: LexborNode, taken: set[int]) -> Said | None:
    before = node.prev
    while before is not None and before.mem_id not in taken:
        if said := _said_in(before):
            return said
        before = before.prev
    return None


def _said_above(knot: Knot) -> Said | None:
    """The year or day in a heading before the list, or before an element around it."""
    for around in islice(knot.ancestors(), _LEVELS):
        before, seen = around.node.prev, 0
        while before is not None and seen < _BACK:
            if before.is_element_node:
                seen += 1
                if said := _said_in(before):
                    return said
            before = before.prev
    return None


def _said_in(node: LexborNode) -> Said | None:
    """The year or the day of a heading; links that mention one are headlines and menus."""
    if not node.is_element_node or node.tag in {"script", "style"}:
        return None
    text = node.text(deep=True)
    if len(text) > 4 * _HEADING or len(text := squeeze(text)) > _HEADING:
        return None
    if found := _YEAR.match(text):
        return int(found.group(1))
    if day := date_alone(text):
        return day
    return None if node.tag in _CHOICES or node.css_first(_CHOSEN) else _only_year(text)


def _year_of_page(document: Document) -> int | None:
    """The year in the page's own heading or title."""
    texts = (squeeze(node.text(deep=True)) for node in document.tree.css("h1, title"))
    return next((year for text in texts if (year := _only_year(text))), None)


def _only_year(text: str) -> int | None:
    """The year that a text names, where it names no other: a choice of years is no heading."""
    found = _YEAR_OF_PAGE.search(text)
    if _ABOUT.search(text):
        return None
    return int(found[1]) if found and set(_ANY_YEAR.findall(text)) == {found[1]} else None
