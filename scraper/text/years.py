"""What a day without a year needs from outside: its year, with the evidence for it.

The evidence, best first: the row of the list that led to the page, the page's other dates, its
address. Only where none of these states a year and no date of the page contradicts, the time of
receipt: the latest such day that is not after it. The machine's clock is none of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from scraper.clock import SHANGHAI
from scraper.text.dated_addresses import AddressDate
from scraper.text.moments import PUBLICATION, Moment, Yearless, Years, day_of

Evidence = Literal["list", "page", "address", "received"]

_NEAR = dt.timedelta(days=92)
"""A page's day and that of its row, or its address, are of one season."""
_YEAR_LONG = dt.timedelta(days=366)
_LEAP = 8
"""From one 29 February to the next there are at most eight years (1896 to 1904)."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A moment whose year was not written where its day was, and what told the year."""

    moment: Moment
    evidence: Evidence


def completed(
    day: Yearless,
    *,
    listed_on: dt.date | None = None,
    page_days: Iterable[dt.date] = (),
    address: AddressDate | None = None,
    received_at: dt.datetime | None = None,
    years: Years = PUBLICATION,
) -> Completed | None:
    """A day with the year that the evidence tells; None where there is none or it disagrees.

    Args:
        day: what the page states.
        listed_on: the day that the list's row states, in Shanghai.
        page_days: the page's other full dates; where two of them tell different years, they tell none.
        address: what `scraper.text.dated_addresses.read_address` finds.
        received_at: when the page was received, aware; not given where that may be any year after.
        years: the years that are believed.
    """
    stated = list(page_days)
    by_list = _beside(day, [listed_on] if listed_on else [], years)
    if by_list:
        return Completed(by_list, "list")
    if by_page := _beside(day, stated, years):
        return Completed(by_page, "page")
    if address and (by_address := _of_address(day, address, years)):
        return Completed(by_address, "address")
    if received_at is None or listed_on or address:
        return None
    latest = latest_before(day, received_at, years)
    if latest is None or (stated and not _plausible(latest.day, stated)):
        return None
    return Completed(latest, "received")


def latest_before(
    day: Yearless, received_at: dt.datetime, years: Years = PUBLICATION
) -> Moment | None:
    """The latest such day that is not after the day of receipt in Shanghai."""
    last = received_at.astimezone(SHANGHAI).date()
    found = (day.in_year(last.year - back, years) for back in range(_LEAP + 1))
    return next((moment for moment in found if moment and moment.day <= last), None)


def _beside(day: Yearless, stated: list[dt.date], years: Years) -> Moment | None:
    """The day in the year that brings it near one of the stated days; None if two years do."""
    found = {moment for one in stated if (moment := _nearest(day, one, years))}
    same = {moment for moment in found if moment.day in stated}
    chosen = same or found
    return chosen.pop() if len(chosen) == 1 else None


def _nearest(
    day: Yearless, to: dt.date, years: Years, within: dt.timedelta = _NEAR
) -> Moment | None:
    around = (day.in_year(to.year + shift, years) for shift in (0, -1, 1))
    return next((m for m in around if m and abs(m.day - to) <= within), None)


def _of_address(day: Yearless, address: AddressDate, years: Years) -> Moment | None:
    if address.month is None:
        return day.in_year(address.year, years)
    near = day_of(address.year, address.month, address.day or 15)
    return _nearest(day, near, years) if near else None


def _plausible(day: dt.date, stated: list[dt.date]) -> bool:
    """Whether one of a page's days lies within a year of the one that its receipt suggests."""
    return any(abs(day - one) <= _YEAR_LONG for one in stated)
