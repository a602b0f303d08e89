"""One list page of the past at a time, in a form that can be put down and taken up anywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from scheduler.crew import PageRead
from scraper.errors import FetchError
from scraper.listing.model import Link
from scraper.listing.walk import (
    Cursor,
    ReadListing,
    ReadPage,
    Stop,
    Walkable,
    WalkedPage,
    day_of,
    read_here,
    walk,
)

FAR_BACK = dt.date(1990, 1, 1)
"""Walked to when no first day is named: older than any site."""

_NOTHING_THERE = frozenset({"gone", "client_error", "empty"})


async def read_past_page(
    source: Walkable,
    read_page: ReadPage,
    cursor: Mapping[str, Any] | None,
    since: dt.date | None,
    *,
    read: ReadListing = read_here,
) -> PageRead:
    """Read the list page that a cursor names, or the first one.

    Args:
        source: whose lists.
        read_page: brings a page.
        cursor: of the page read before.
        since: earliest day wanted.
        read: reads a page that was brought.

    Raises:
        ListingError, FetchError: the page cannot be had or read; the same cursor may be tried again.
    """
    start = Cursor.load(cursor["at"]) if cursor else None
    idle = int(cursor["idle"]) if cursor else 0
    try:
        async for page in walk(
            source, read_page, _nothing_known, read=read, since=since or FAR_BACK, cursor=start
        ):
            return _as_read(source, page, start, idle, since or FAR_BACK)
    except FetchError as error:
        if start is None or start.page == 1 or error.outcome not in _NOTHING_THERE:
            raise
    return PageRead((), _next_list(source, start), remark="the list ended")


def _as_read(
    source: Walkable, page: WalkedPage, start: Cursor | None, idle: int, since: dt.date
) -> PageRead:
    days = [day for link in page.listing.links if (day := day_of(link))]
    older = bool(days) and max(days) < since
    idle = idle + 1 if older else 0
    left = page.stop is not None or idle > source.overlap
    otherwise = _next_list(source, start)
    following = otherwise if left else _dump(page.cursor, idle)
    links = tuple(Link(link.url, link.title, day_of(link)) for link in page.fresh)
    return PageRead(links, following, otherwise, _remark(page))


def _remark(page: WalkedPage) -> str | None:
    """What is to be told of a page: that it was the last one allowed, that not all of it was read."""
    told = []
    if page.listing.lost:
        told.append(f"{page.listing.lost} rows of {page.url} are broken and were left out")
    if page.stop is Stop.LIMIT:
        told.append(f"stopped at the limit of {page.number} pages")
    return "; ".join(told) or None


def _next_list(source: Walkable, start: Cursor | None) -> dict[str, Any] | None:
    number = (start.list_number if start else 0) + 1
    return _dump(Cursor(number, source.lists[number], 1), 0) if number < len(source.lists) else None


def _dump(cursor: Cursor | None, idle: int) -> dict[str, Any] | None:
    return None if cursor is None else {"at": cursor.dump(), "idle": idle}


async def _nothing_known(_: Iterable[str]) -> set[str]:
    return set()
