"""Dates and times as China's sites write them, for people and for machines; the one reader of both.

Pages, lists, feeds, sitemaps, JSON and scripts are read by these functions. They read no clock:
what a text does not state comes from an argument, or there is none. No text and no number makes
them raise, and their time grows with a text's length only.

A time without a zone is one of Shanghai; one with a zone (``Z``, ``+0900``, ``GMT``) is moved
there, and ``CST`` is China's. 00:00 is what a CMS writes where no time was given: a day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping

from scraper.text.forms import (
    BARE_DAY,
    BRIEF,
    CLOCK,
    CLOCK_BEFORE,
    CLOCK_OF_TWELVE,
    MOMENT,
    MONTH_FIRST,
    MONTH_NAME,
    NAMED_DAY,
    NUMERALS,
    SHORT,
    SPACED,
    SPLIT_DAY,
    UNORDERED,
    WESTERN,
    YEAR_LAST,
)
from scraper.text.moments import (
    DOCUMENT,
    PUBLICATION,
    Clock,
    Moment,
    Order,
    Unordered,
    Yearless,
    Years,
    at_midnight,
    clock_of,
    day_of,
    hour_of,
    moment_of,
    numeral,
)
from scraper.text.plain import plain
from scraper.text.stamps import in_zone, month_of, read_named_month, read_since_1970, read_stamp

__all__ = [
    "BRIEF", "DOCUMENT", "MOMENT", "PUBLICATION", "SHORT", "Clock", "Moment", "Order", "Unordered", "Yearless",
    "Years", "at_midnight", "day_of", "moment_of", "moments", "order_of", "read_brief", "read_day",
    "read_moment", "read_numerals", "read_split", "read_stamp", "read_value", "read_yearless", "unordered", "yearless",
]  # fmt: skip

_LONGEST, _LINE = 64, 200
_ZONE = re.compile(r"Z(?![A-Za-z])|[+-][01]\d:?[0-5]\d(?!\d)")
"""Behind a time with a ``T``, in a line as in a value."""
_INNER = ("$date", "time", "$numberLong")
"""Where MongoDB and the JSON of old Java put a time's number."""


def moments(text: str, years: Years = PUBLICATION) -> Iterator[tuple[int, int, Moment]]:
    """Every full date in a line that went through `plain`: start, end, moment."""
    found: Iterable[re.Match[str]] = MOMENT.finditer(text)
    if "年" in text and NUMERALS.search(text):
        found = sorted([*found, *NUMERALS.finditer(text)], key=re.Match.start)
    elif MONTH_NAME.search(text) and (western := list(_western(text))):
        found = sorted([*found, *western], key=re.Match.start)
    past = 0
    for one in found:
        told = _told(one, past, years)
        if told is not None:
            past = told[1]
            yield told


def _told(one: re.Match[str], past: int, years: Years) -> tuple[int, int, Moment] | None:
    """Where a date begins and ends, and its moment; a time of day may touch it on either side."""
    start, end, text = one.start(), one.end(), one.string
    if one.re is NUMERALS:
        behind = CLOCK.match(text, end) if one["hour"] is None else None
        moment = _of_numerals(one, years, clock_of(behind) if behind else None)
        end = behind.end() if behind else end
    elif one.re in WESTERN:
        before = CLOCK_OF_TWELVE.search(text[past:start]) if _clock_of_twelve(one) is None else None
        moment = _of_western(one, before, years)
        start = past + before.start() if before else start
    else:
        bare = ":" in text and one["hour"] is None
        before = (
            CLOCK_BEFORE.search(text[max(past, start - _CLOCK_LENGTH) : start]) if bare else None
        )
        date = int(one["year"]), int(one["month"]), int(one["day"])
        moment = moment_of(*date, clock_of(before), years) if before else _matched(one, years)
        start -= len(before[0]) if before else 0
    return (start, end, moment) if moment else None


_CLOCK_LENGTH = 16


def _western(text: str) -> Iterator[re.Match[str]]:
    for form in WESTERN:
        yield from form.finditer(text)


def _of_western(one: re.Match[str], before: re.Match[str] | None, years: Years) -> Moment | None:
    clock = _clock_of_twelve(before or one)
    return moment_of(int(one["year"]), month_of(one["named"]), int(one["day"]), clock, years)


def _clock_of_twelve(found: re.Match[str]) -> Clock | None:
    part = found.groupdict()
    if hour := part.get("hour"):
        second = part.get("second")
        return Clock(
            hour_of(int(hour), part.get("noon"), part.get("half")),
            int(part.get("minute") or 0),
            int(second) if second else None,
        )
    if part.get("hour24") is None:
        return None
    second = part.get("second24")
    return Clock(int(part["hour24"]), int(part["minute24"]), int(second) if second else None)


def yearless(text: str) -> Iterator[tuple[int, int, Yearless]]:
    """Every day without a year in a line that went through `plain`: start, end, day.

    ``5月3日`` with or without a time of day; ``05-03`` only with one, since two figures and a dash
    are mostly something else. What belongs to a full date is left out.
    """
    if "月" not in text and ":" not in text:
        return
    forms = (MOMENT, NAMED_DAY, SHORT)
    past = 0
    for found in sorted((f for form in forms for f in form.finditer(text)), key=re.Match.start):
        if found.start() >= past:
            past = found.end()
            if found.re is not MOMENT:
                yield found.start(), past, _without_year(found)


def read_yearless(text: str) -> Yearless | None:
    """A value that is a day without a year and nothing else: ``05-03``, ``[5/3]``, ``5月3日 09:30``."""
    text = plain(text[:_LONGEST]).strip()
    for form in (BARE_DAY, NAMED_DAY, SHORT):
        if found := form.fullmatch(text.strip("[]()【】 ")):
            return _without_year(found)
    return None


def unordered(text: str) -> Iterator[tuple[int, int, Unordered]]:
    """Every ``06/02/2022`` in a text that went through `plain`: start, end, day."""
    for found in UNORDERED.finditer(text):
        one, other = int(found["one"]), int(found["other"])
        if 1 <= min(one, other) <= 12 and 1 <= max(one, other) <= 31:
            yield (*found.span(), Unordered(one, other, int(found["year"]), clock_of(found)))


def order_of(days: Iterable[Unordered]) -> Order | None:
    """The order that a page writes such days in, by those that have only one; None if they differ."""
    orders = {day.order for day in days if day.order and day.first != day.second}
    return orders.pop() if len(orders) == 1 else None


def read_moment(
    text: str, *, order: Order | None = None, years: Years = PUBLICATION
) -> Moment | None:
    """The first full date of a text, as people or machines write it.

    A day such as ``06/02/2022`` needs ``order``, what `order_of` says of the page. "2小时前" and
    the like tell a time only together with the moment of reading: refused.
    """
    text = plain(text).strip()
    if moment := read_stamp(text, years):
        return moment
    if (found := MOMENT.search(text)) and (stated := _told(found, 0, years)):
        return stated[2]
    if (found := SPACED.search(text)) and (moment := _matched(found, years)):
        return moment
    if MONTH_NAME.search(text[:_LINE]) and (told := next(moments(text[:_LINE], years), None)):
        return told[2]
    day = next(unordered(text), None)
    return day[2].ordered(order, years) if day else None


def read_brief(text: str, years: Years = PUBLICATION) -> Moment | None:
    """A date with a year of two figures, where a line is little else or a label says 日期."""
    found = BRIEF.search(text)
    return _matched(found, years, 2000 + int(found["year"])) if found else None


def read_split(text: str, years: Years = PUBLICATION) -> Moment | None:
    """A day set apart from its year: ``19`` ``2023-05``, or ``05-19`` ``2023``, and nothing else."""
    line = " ".join(text[: 2 * _LONGEST].split())
    for form in (SPLIT_DAY, YEAR_LAST, SPACED):
        if found := form.fullmatch(line):
            return _matched(found, years)
    return read_named_month(line, years)


def read_day(text: str, years: Years = DOCUMENT) -> dt.date | None:
    """A calendar day, in digits or in numerals (成文日期: 二〇二四年十一月十六日)."""
    if moment := read_moment(text, years=years) or read_numerals(text, years):
        return moment.day
    found = MONTH_FIRST.search(text)
    moment = _matched(found, years, month=numeral(found["month"])) if found else None
    return moment.day if moment else None


def read_numerals(text: str, years: Years = PUBLICATION) -> Moment | None:
    """The first date of a text in Chinese numerals, with its time of day if it has one."""
    found = NUMERALS.search(text)
    return _of_numerals(found, years) if found else None


def _of_numerals(found: re.Match[str], years: Years, clock: Clock | None = None) -> Moment | None:
    hour, minute = (numeral(found[name] or "") for name in ("hour", "minute"))
    clock = Clock(hour_of(hour, found["noon"], None), minute) if found["hour"] else clock
    date = numeral(found["year"]), numeral(found["month"]), numeral(found["day"])
    return moment_of(*date, clock, years)


def read_value(value: object, years: Years = PUBLICATION) -> Moment | None:
    """The time that a value of JSON states, whatever its type.

    A text; seconds or milliseconds since 1970; the arrays of Java's ``LocalDateTime``
    (``[2024,11,15,9,30]``); the objects of old Java and MongoDB (``{"time": …}``, ``{"$date": …}``).
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return read_moment(value, years=years) or read_numerals(value[:_LONGEST], years)
    if isinstance(value, int):
        return read_stamp(str(value), years) if 0 < value < 10**19 else None
    if isinstance(value, float):
        return read_since_1970(int(value), years) if 0 < value < 1e19 else None
    return _of_object(value, years)


def _of_object(value: object, years: Years) -> Moment | None:
    if isinstance(value, list) and 3 <= len(value) <= 7 and all(type(n) is int for n in value):
        clock = Clock(value[3], value[4], *value[5:6]) if len(value) > 4 else None
        return moment_of(value[0], value[1], value[2], clock, years)
    inner: object = None
    if isinstance(value, Mapping):
        inner = next((value[name] for name in _INNER if name in value), None)
        if isinstance(inner, Mapping):
            inner = inner.get("$numberLong")
    return read_value(inner, years) if isinstance(inner, str | int | float) else None


def _matched(
    found: re.Match[str], years: Years, year: int | None = None, month: int | None = None
) -> Moment | None:
    clock = clock_of(found)
    zone = _ZONE.match(found.string, found.end()) if clock and "T" in found[0] else None
    date = year or int(found["year"]), month or int(found["month"]), int(found["day"])
    return in_zone(zone[0] if zone else None, date, clock, years)


def _without_year(found: re.Match[str]) -> Yearless:
    return Yearless(int(found["month"]), int(found["day"]), clock_of(found))
