"""A year of days with how many releases each has, for a heat map of months. Pure."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from scraper.web.rows import DayCount

SHADES = 4
"""Steps of the scale beside none."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day; ``shade`` from 0 (nothing) to ``SHADES`` (as many as the year's fullest day)."""

    date: dt.date
    releases: int
    shade: int


@dataclass(frozen=True, slots=True)
class Month:
    """Weeks from Monday to Sunday; None where a day is another month's."""

    first: dt.date
    weeks: tuple[tuple[Day | None, ...], ...]
    releases: int


def months(year: int, counts: Iterable[DayCount]) -> tuple[Month, ...]:
    """The twelve months of a year; days of other years are left out."""
    found = {each.day: each.count for each in counts if each.day.year == year}
    top = max(found.values(), default=0) or 1
    return tuple(_month(year, number, found, top) for number in range(1, 13))


def _month(year: int, number: int, found: dict[dt.date, int], top: int) -> Month:
    weeks = tuple(
        tuple(_day(dt.date(year, number, day), found, top) if day else None for day in week)
        for week in calendar.monthcalendar(year, number)
    )
    total = sum(day.releases for week in weeks for day in week if day)
    return Month(dt.date(year, number, 1), weeks, total)


def _day(date: dt.date, found: dict[dt.date, int], top: int) -> Day:
    count = found.get(date, 0)
    return Day(date, count, -(-count * SHADES // top))
