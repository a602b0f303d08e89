"""The growing tables are partitioned by quarter; here the quarters are made before they are needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from psycopg import AsyncConnection

from scraper.clock import now
from scraper.database import Pool, Statements

PARTITIONED = ("revision", "snapshot", "change")
AHEAD = 2
"""Quarters after the present one that the daemon keeps ready."""

_QUARTER = dt.timedelta(days=91)


async def ensure_partitions(pool: Pool, *, ahead: int = AHEAD) -> None:
    """Make this quarter's partitions and those of ``ahead`` quarters to come. Safe to repeat.

    It also puts the change log right after a restore on another server.
    """
    today = now()
    async with pool.connection() as connection:
        await make_partitions(connection, [today + step * _QUARTER for step in range(ahead + 1)])
        await connection.execute(Statements("archive")["rebase_changes"])


async def make_partitions(connection: AsyncConnection, moments: Iterable[dt.datetime]) -> None:
    """Make the partitions that these moments fall into, in a transaction of their own."""
    statement = Statements("archive")["ensure_partition"]
    async with connection.transaction():
        for parent, moment in _needed(moments):
            await connection.execute(statement, {"parent": parent, "moment": moment})


def quarter(moment: dt.datetime) -> tuple[int, int]:
    """Year and quarter, in UTC as the partitions are."""
    utc = moment.astimezone(dt.UTC)
    return utc.year, (utc.month - 1) // 3 + 1


def _needed(moments: Iterable[dt.datetime]) -> Iterator[tuple[str, dt.datetime]]:
    first = {quarter(moment): moment for moment in moments}
    return ((parent, moment) for parent in PARTITIONED for _, moment in sorted(first.items()))
