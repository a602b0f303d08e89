"""Orders from what was typed: days, sources, files of addresses; and what they would amount to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scheduler.backfill.model import Order
from scheduler.crew import ReadPage
from scraper.errors import UsageError
from scraper.sources import Source
from scraper.visit import Tools

Days = tuple[dt.date | None, dt.date | None]
Orders = list[tuple[Order, Sequence[str]]]

DRY_PAGES = 3
"""List pages that a dry run reads."""


def parse_day(option: str, text: str | None) -> dt.date | None:
    """A day as it was typed.

    Raises:
        UsageError: it is none.
    """
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{option} {text!r} is no day; write YYYY-MM-DD") from error


def orders_for_lists(sources: Sequence[Source], days: Days) -> Orders:
    """One order a source: walk its lists."""
    return [(Order(source.id, "lists", *days), ()) for source in sources]


def read_addresses(file: Path) -> list[str]:
    """The addresses of a file, one a line; empty lines and those that begin with # are left out.

    Raises:
        UsageError: the file cannot be read.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--urls {file}: {error}") from error
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def orders_for_urls(
    file: Path, addresses: Sequence[str], sources: Sequence[Source], days: Days
) -> tuple[Orders, list[str]]:
    """One order for each source that accepts some of the addresses.

    Returns:
        The orders with their (normal) addresses, and the addresses that no source accepts.
    """
    by_source: dict[str, list[str]] = {}
    unplaced: list[str] = []
    for address in addresses:
        source = next((each for each in sources if each.accepts(address)), None)
        if source is None:
            unplaced.append(address)
        else:
            by_source.setdefault(source.id, []).append(source.normal_url(address))
    name = str(file.resolve())
    orders: Orders = [
        (Order(source_id, "urls", *days, file=name), urls) for source_id, urls in by_source.items()
    ]
    return orders, unplaced


async def dry_run(source: Source, tools: Tools, read_page: ReadPage, order: Order) -> str:
    """Read the first list pages of an order and tell what is on them; nothing is archived."""
    cursor: Mapping[str, Any] | None = None
    pages = links = known = 0
    days: list[dt.date] = []
    while pages < DRY_PAGES:
        pages += 1
        page = await read_page(source, tools, None, cursor, order.from_date)
        urls = [link.url for link in page.links]
        links += len(urls)
        known += len(await tools.archive.known(urls))
        days += [link.date for link in page.links if link.date]
        cursor = page.cursor
        if cursor is None:
            break
    span = f", dated {min(days)} to {max(days)}" if days else ", without dates"
    more = "and more pages follow" if cursor else "and that is all"
    return f"{source.id}: {links} articles on {pages} list pages{span}, {known} of them archived; {more}"
