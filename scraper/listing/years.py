"""The years of days that rows state without one.

A list may write ``12-28`` and leave the year to its reader, who takes it from a heading (2026年 above
some of the rows), from a row nearby that states a whole day, or from the day of the page itself,
knowing that days never become later on the way down a list. Where nothing says it, there is none:
the clock is not asked, for a page may have been kept for years.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from scraper.listing.dates import make_date

_TURNS = 10
"""A list in order changes the year once, and once more for every so many rows at the most."""

_YEAR = dt.timedelta(days=366)
_STEP = dt.timedelta(days=92)
"""How far below a row that states a whole day the next one may lie: a pinned old row says nothing."""
_CLIMB = dt.timedelta(days=183)
"""How far above one: sites write the year only where it is not the present one."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What one row states of its day.

    Attributes:
        day: the whole day, None where the year is missing or nothing is stated.
        month_day: month and day, None where there is none without its year.
        year: that of the heading that the row stands under, None where there is no such heading.
    """

    day: dt.date | None = None
    month_day: tuple[int, int] | None = None
    year: int | None = None


def whole_days(rows: Sequence[Stated], page: dt.date | None) -> list[dt.date | None]:
    """The days of a list's rows, top to bottom; None where nothing tells the year.

    Args:
        rows: what they state.
        page: the day on which the page says that it was made, later than which no row can be.
    """
    if _outruns_headings(rows):
        rows = [replace(row, year=None) for row in rows]
    days = [_under_heading(row) for row in rows]
    if all(day or row.month_day is None for day, row in zip(days, rows, strict=True)):
        return days
    down = _downwards(rows, days, page)
    up = _upwards(rows, days)
    return [_agreed(*each) for each in zip(days, down, up, strict=True)]


def _outruns_headings(rows: Sequence[Stated]) -> bool:
    """Whether a list in order goes on into the year before under one and the same heading.

    Its days fall, rise once by more than half a year, and fall again: the heading is not for all.
    """
    days = [_of_leap_year(row) for row in rows]
    steps = [
        (number, below - above)
        for number, ((row, above), (other, below)) in enumerate(
            pairwise(zip(rows, days, strict=True))
        )
        if row.year == other.year is not None and above and below
    ]
    risen = [(number, step) for number, step in steps if step > dt.timedelta()]
    return len(risen) == 1 and risen[0][0] > 0 and risen[0][1] > _CLIMB


def _of_leap_year(row: Stated) -> dt.date | None:
    return make_date(2000, *row.month_day) if row.month_day and row.day is None else None


def _under_heading(row: Stated) -> dt.date | None:
    if row.day or row.month_day is None or row.year is None:
        return row.day
    return make_date(row.year, *row.month_day)


def _agreed(known: dt.date | None, down: dt.date | None, up: dt.date | None) -> dt.date | None:
    if known or (down and up and down != up):
        return known
    return down or up


def _downwards(
    rows: Sequence[Stated], days: Sequence[dt.date | None], page: dt.date | None
) -> list[dt.date | None]:
    """The latest day of that name that is not after the row above it."""
    found: list[dt.date | None] = []
    limit, reach, turns = page, _YEAR, 0
    for row, known in zip(rows, days, strict=True):
        day = known
        if known is None and limit is not None and row.month_day is not None:
            day = _latest(row.month_day, limit, reach)
            turns += day is not None and day.year < limit.year
        if day is not None:
            limit, reach = day, _YEAR if known is None else _STEP
        found.append(day)
    return found if turns <= 1 + len(rows) // _TURNS else list(days)


def _upwards(rows: Sequence[Stated], days: Sequence[dt.date | None]) -> list[dt.date | None]:
    """The earliest day of that name that is not before the row below it."""
    found: list[dt.date | None] = []
    limit: dt.date | None = None
    turns = 0
    for row, known in zip(reversed(rows), reversed(days), strict=True):
        day = known
        if known is None and limit is not None and row.month_day is not None:
            day = _earliest(row.month_day, limit)
            turns += day is not None and day.year > limit.year
        limit = day or limit
        found.append(day)
    return found[::-1] if turns <= 1 + len(rows) // _TURNS else list(days)


def _latest(month_day: tuple[int, int], limit: dt.date, reach: dt.timedelta) -> dt.date | None:
    tried = (make_date(year, *month_day) for year in (limit.year, limit.year - 1))
    return next((day for day in tried if day and limit - reach <= day <= limit), None)


def _earliest(month_day: tuple[int, int], limit: dt.date) -> dt.date | None:
    tried = (make_date(year, *month_day) for year in (limit.year, limit.year + 1))
    return next((day for day in tried if day and limit <= day <= limit + _CLIMB), None)
