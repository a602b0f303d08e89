"""Dates and times of pages: `scraper.text.times` with the page's year for days without one."""

from __future__ import annotations

import datetime as dt

from scraper.text.moments import Moment, at_midnight
from scraper.text.plain import plain
from scraper.text.times import (
    BRIEF,
    MOMENT,
    SHORT,
    Order,
    moments,
    read_brief,
    read_day,
    read_split,
    yearless,
)
from scraper.text.times import read_moment as read_full
from scraper.text.years import read_address

__all__ = [
    "BRIEF", "MOMENT", "SHORT", "Moment", "at_midnight", "moments", "read_brief", "read_day",
    "read_moment", "read_split", "url_moment",
]  # fmt: skip


def read_moment(
    text: str, *, year_of: dt.date | None = None, order: Order | None = None
) -> Moment | None:
    """The first date of a text; ``MM-DD HH:mm`` gets its year from ``year_of``."""
    if moment := read_full(text, order=order):
        return moment
    text = plain(text)
    if year_of is None or not SHORT.search(text):
        return None
    day = next((day for _, _, day in yearless(text) if day.clock), None)
    return day.in_year(year_of.year) if day else None


def url_moment(url: str, pattern: str | None = None) -> Moment | None:
    """The day in an article's address (``/2024/11/16/``, ``t20241116_1.html``); day precision."""
    stated = read_address(url, pattern)
    return at_midnight(stated.whole) if stated else None
