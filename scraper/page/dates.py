"""Dates and times of pages, as `scraper.text` reads them."""

from __future__ import annotations

from scraper.text.moments import Moment, at_midnight
from scraper.text.times import (
    BRIEF,
    MOMENT,
    SHORT,
    moments,
    read_brief,
    read_day,
    read_moment,
    read_split,
)
from scraper.text.years import read_address

__all__ = [
    "BRIEF", "MOMENT", "SHORT", "Moment", "at_midnight", "moments", "read_brief", "read_day",
    "read_moment", "read_split", "url_moment",
]  # fmt: skip


def url_moment(url: str, pattern: str | None = None) -> Moment | None:
    """The day in an article's address (``/2024/11/16/``, ``t20241116_1.html``); day precision."""
    stated = read_address(url, pattern)
    return at_midnight(stated.whole) if stated else None
