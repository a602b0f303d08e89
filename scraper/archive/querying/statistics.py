"""Figures of the whole archive: how much there is, by day, by region, by source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeVar

from psycopg.rows import class_row

from scraper.database import Pool, Statements

_SQL = Statements("stats")
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Totals:
    """The whole archive; ``oldest`` and ``newest`` are None while it is empty.

    ``erased``: publications whose texts were erased; the other figures are without them.
    """

    releases: int
    publications: int
    revisions: int
    withdrawn: int
    sources: int
    oldest: dt.datetime | None
    newest: dt.datetime | None
    erased: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """What is dated on a day of Asia/Shanghai."""

    day: dt.date
    releases: int
    copies: int


@dataclass(frozen=True, slots=True)
class Share:
    """How many fall to a region (releases) or a source (publications)."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Everything that ``tonggao stats`` tells."""

    days: int
    totals: Totals
    per_day: list[Day]
    per_region: list[Share]
    per_source: list[Share]


async def statistics(pool: Pool, *, days: int, most: int) -> Statistics:
    """Read the figures.

    Args:
        pool: the archive.
        days: how many days back the parts go, today included.
        most: how many regions and sources are named.
    """
    values = {"days": days, "most": most}
    return Statistics(
        days,
        await count_totals(pool),
        await _all(pool, Day, "per_day", values),
        await _all(pool, Share, "per_region", values),
        await _all(pool, Share, "per_source", values),
    )


async def count_totals(pool: Pool) -> Totals:
    """How much there is, counted."""
    return (await _all(pool, Totals, "totals", {}))[0]


async def _all(pool: Pool, kind: type[_Row], statement: str, values: dict[str, Any]) -> list[_Row]:
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(kind)) as cursor,
    ):
        await cursor.execute(_SQL[statement], values)
        return await cursor.fetchall()
