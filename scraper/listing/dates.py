"""Dates as list pages write them.

Forms seen on columns of Chinese sites, 2009 to 2026: ``2026-09-15``, ``[2026/09/15]``,
``2026年9月15日 10:30``, ``(09-15)``, ``26-09-15``, ``20260915``, and the day and the month set in
boxes of their own (``15`` over ``2026-09``). A day without its year takes the year from the
article's address, never from the clock.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from scraper.listing.labels import publication_parts
from scraper.text.dated_addresses import read_address
from scraper.text.moments import PUBLICATION, Unordered, Yearless
from scraper.text.plain import plain
from scraper.text.times import moments, read_moment, read_stamp, read_value, unordered
from scraper.text.years import completed

_DASHES = "-/.．－‒–—―−‐‑"
_LINE = 80
"""Characters of a text that may hold a day anywhere; a longer one only at its end."""
_BOX = 14
"""Characters of a day, a month or a year in a box of its own (September 2026)."""
_LONGEST = 60
"""Characters of a piece of text that is a date and little else."""
_SEP, _SEP2 = rf"\s*[{_DASHES}年]\s*", rf"\s*[{_DASHES}月]\s*"
_FULL = rf"((?:19|20)\d\d){_SEP}(\d{{1,2}}){_SEP2}(\d{{1,2}})(?!\d)"
_TAIL = r"\s*日?\s*(?:[T\s]*\d{1,2}\s*[:：∶时]\s*\d{2}\s*分?(?:[:：∶]?\d{2}秒?)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?"
_LABEL = r"(?:[^\d\s]{0,8}(?:时间|日期|发布|更新|发表|于)[^\d]{0,3})?"
_OPEN, _CLOSE = r"^[\[\(（【〔\s|]*", r"[\]\)）】〕\s|]*$"

_ANY_FULL = re.compile(rf"(?<!\d){_FULL}")
_BEFORE, _BEHIND = re.compile(_OPEN + _LABEL), re.compile(_CLOSE.removeprefix("^"))
_AT_END = re.compile(rf"[\s\[\(（【]({_FULL}){_TAIL}{_CLOSE}")
_CLOCK = r"(?:\s?(?:\d{1,2}[:时]\d{2}分?|[上下中]午(?:\d{1,2}[时点]?)?|凌晨|晚))?"
_GOES_ON = re.compile(
    rf"日?{_CLOCK}(?:\s?\([^()]{{1,12}}\))?{_CLOCK}\s?(?:[,，。;；、]|[~—–-]{{1,2}}\s?\d|[起至到前后止]|以来|(?<=日)[\u4e00-\u9fff])"
)
_RANGE = re.compile(r"[\d日]\s?[至到~—–-]{1,2}\s?$")
_NEAR = 8
"""What follows a day that is told in a sentence (2023年5月6日，县委召开…, 2027-01-01起施行)."""
_STAMP = re.compile(
    r"(?:19|20)\d{6}(?:\d{4}|\d{6})?|.{0,60}\d[T\s]\d\d:\d\d.{0,60}[Z+-].{0,60}|[A-Za-z]{3},? .{0,60}\d{4}.{0,60}"
)
"""What machines write for people: digits alone, a time with its zone, the dates of mail and Java."""
_FIGURE = re.compile(r"\d")
_AT_BEGINNING = re.compile(
    r"(?:[\[（(【]\s?(?:19|20)\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}日?\s?[\]）)】]|(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?=\s))\s*"
)
_HEADLINE = 6
"""Characters that are left of a headline without its date."""
_SHORT_YEAR = re.compile(rf"{_OPEN}(\d\d)[-/.](\d\d)[-/.](\d\d){_CLOSE}")
_MONTH_DAY = re.compile(
    rf"{_OPEN}(0?[1-9]|1[0-2])\s*[-/.月]\s*(0?[1-9]|[12]\d|3[01])日?(?:\s+\d\d[:：]\d\d)?{_CLOSE}"
)
_YEAR_MONTH = re.compile(r"^((?:19|20)\d\d)\s*[-/.年]?\s*(0?[1-9]|1[0-2])\s*月?$")
_MONTH_YEAR = re.compile(r"^(0?[1-9]|1[0-2])\s*[-/.月]\s*((?:19|20)\d\d)\s*年?$")
_DAY = re.compile(r"^(0?[1-9]|[12]\d|3[01])\s*日?$")
_MONTH = re.compile(r"^(0?[1-9]|1[0-2])\s*月$")
_YEAR = re.compile(r"^((?:19|20)\d\d)\s*年?$")
_NAMED_MONTH = re.compile(r"^([A-Za-z]{3,9})[.,\s]{1,3}((?:19|20)\d\d)$")
_PUBLISHED = re.compile(
    rf"(?:发布|发表|公开|發佈|發布)\s{{0,3}}(?:日\s?期|时\s?间|時間|于|於)?[\])】]?[\s:]{{0,4}}[\[(【]?{_FULL}"
)
"""A label before a whole day; a headline that ends in 发布会 (2026年3月1日) is none."""


def make_date(year: str | int, month: str | int, day: str | int) -> dt.date | None:
    """The day; None where the calendar has none of that name, or no site can have published."""
    if not PUBLICATION.first <= int(year) <= PUBLICATION.last:
        return None
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None


def day_in_two_orders(parts: Sequence[str]) -> Unordered | None:
    """The ``28/09/2026`` that a piece of a row's text is, for the list to say which is the month."""
    for line in map(plain, parts):
        for start, end, day in unordered(line) if len(line) <= _LONGEST else ():
            if _BEFORE.fullmatch(line[:start]) and _BEHIND.fullmatch(line[end:]):
                return day
    return None


@lru_cache(maxsize=4096)
def date_alone(text: str) -> dt.date | None:
    """The date that a piece of text is, apart from a label, brackets and a time of day."""
    if len(text) > _LONGEST or not _FIGURE.search(text):
        return None
    line = plain(text).strip()
    if _STAMP.fullmatch(line) and (stamp := read_stamp(line)):
        return stamp.day
    for start, end, moment in moments(line):
        framed = _BEFORE.fullmatch(line[:start]) and _BEHIND.fullmatch(line[end:])
        return moment.day if framed else None
    found = _SHORT_YEAR.match(line)
    return make_date(f"20{found[1]}", found[2], found[3]) if found else None


def is_date_like(text: str) -> bool:
    """Whether a piece of text is a date, or a part of one set in a box of its own."""
    return (
        date_alone(text) is not None
        or _MONTH_DAY.match(text) is not None
        or (
            len(text) <= 8
            and any(form.match(text) for form in (_YEAR_MONTH, _MONTH_YEAR, _DAY, _MONTH, _YEAR))
        )
    )


def is_month_day(text: str) -> bool:
    """Whether a text is a month and a day in figures (``09-15``); 9月15日 may be a headline's."""
    return "月" not in text and _MONTH_DAY.match(text) is not None


def date_of_row(parts: Sequence[str], title: str | None, url: str) -> dt.date | None:
    """The day that a row states.

    Args:
        parts: the row's pieces of text in order, one an element.
        title: the headline, in which dates mean something else.
        url: the article's address, which lends its year to a day without one.
    """
    others = _others(parts, title)
    return (
        _labelled(others)
        or _last(date_alone(part) for part in others)
        or _from_boxes(others)
        or _inside(others, title)
        or _without_year(others, url)
    )


def _others(parts: Sequence[str], title: str | None) -> list[str]:
    """The pieces beside the headline that may state when it was published."""
    return publication_parts([plain(part) for part in parts if part != title])


def date_of_text(text: str) -> dt.date | None:
    """The first whole date in a text (a value of an API, an attribute), in Shanghai."""
    return date_of_value(text) or date_alone(text.strip())


def date_of_value(value: object) -> dt.date | None:
    """The day that a value of JSON states, whatever its type; see `scraper.text.times.read_value`."""
    moment = read_value(value)
    return moment.day if moment else None


def date_of_url(url: str) -> dt.date | None:
    """The day in an article's address (``/202609/t20260915_1.html``, ``/2026/9/15/``), or None."""
    stated = read_address(url)
    return stated.whole if stated else None


def strip_date(text: str) -> str:
    """A headline without the date that stands at its end, or in figures and apart at its beginning."""
    found = _AT_END.search(text)
    if found and found.start() > 1:
        return text[: found.start()].rstrip(" [（(【")
    found = _AT_BEGINNING.match(text)
    return text[found.end() :] if found and len(text) - found.end() >= _HEADLINE else text


def _last(dates: Iterable[dt.date | None]) -> dt.date | None:
    known = [day for day in dates if day]
    return known[-1] if known else None


def _labelled(parts: Sequence[str]) -> dt.date | None:
    for part in parts:
        if ("发" in part or "發" in part or "公开" in part) and (found := _PUBLISHED.search(part)):
            return make_date(*found.groups())
    return None


def _from_boxes(parts: Sequence[str]) -> dt.date | None:
    """Day and month (or month-day and year) that stand in elements of their own."""
    short = [part for part in parts if len(part) <= _BOX]
    for first, second in itertools.pairwise(short):
        for one, other in ((first, second), (second, first)):
            if day := _pair(one, other):
                return day
    return _triple(short)


def _pair(one: str, other: str) -> dt.date | None:
    day = _DAY.match(one)
    if day and (month := _YEAR_MONTH.match(other)):
        return make_date(month[1], month[2], day[1])
    if day and (month := _MONTH_YEAR.match(other)):
        return make_date(month.group(2), month.group(1), day.group(1))
    if day and (named := _NAMED_MONTH.match(other)):
        moment = read_moment(f"{day[1]} {named[1]} {named[2]}")
        return moment.day if moment else None
    both, year = _MONTH_DAY.match(one), _YEAR.match(other)
    return make_date(year[1], both[1], both[2]) if both and year else None


def _triple(short: Sequence[str]) -> dt.date | None:
    for three in zip(short, short[1:], short[2:], strict=False):
        year = next((found for part in three if (found := _YEAR.match(part))), None)
        month = next((found for part in three if (found := _MONTH.match(part))), None)
        day = next(
            (f for part in three if (f := _DAY.match(part)) and not _MONTH.match(part)), None
        )
        if year and month and day:
            return make_date(year.group(1), month.group(1), day.group(1))
    return None


def _inside(parts: Sequence[str], title: str | None) -> dt.date | None:
    for part in reversed(parts):
        if title and part in title:
            continue
        text = part.replace(title, " ") if title else part
        if len(text) <= _LINE and (
            found := [each for each in _ANY_FULL.finditer(text) if _is_apart(text, each)]
        ):
            return make_date(*found[-1].groups())
        if len(text) > _LINE and (found_end := _AT_END.search(text)):
            return make_date(*found_end.group(2, 3, 4))
    return None


def _is_apart(text: str, found: re.Match[str]) -> bool:
    """Whether a day within a text stands for itself: no end of a range, no part of a sentence."""
    ends = _RANGE.search(text[max(0, found.start() - _NEAR) : found.start()])
    return ends is None and _GOES_ON.match(text, found.end()) is None


def month_day_of_row(parts: Sequence[str], title: str | None) -> tuple[int, int] | None:
    """The month and the day that a row states without their year."""
    return _month_day(_others(parts, title))


def _month_day(short: Sequence[str]) -> tuple[int, int] | None:
    found = next((found for part in reversed(short) if (found := _MONTH_DAY.match(part))), None)
    if found:
        return int(found.group(1)), int(found.group(2))
    return next(
        (both for pair in itertools.pairwise(short) if (both := _month_and_day(*pair))), None
    )


def _month_and_day(one: str, other: str) -> tuple[int, int] | None:
    """A day and a month in boxes of their own."""
    for first, second in ((one, other), (other, one)):
        day, month = _DAY.match(first), _MONTH.match(second)
        if day and month and not _MONTH.match(first):
            return int(month.group(1)), int(day.group(1))
    return None


def _without_year(parts: Sequence[str], url: str) -> dt.date | None:
    stated = _month_day(parts)
    found = completed(Yearless(*stated), address=read_address(url)) if stated else None
    return found.moment.day if found else None
