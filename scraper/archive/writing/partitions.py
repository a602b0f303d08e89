"""The growing tables are partitioned by quarter; here the quarters are made before they are needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from psycopg import AsyncConnection

from scraper.clock import now
from scraper.database import Pool, Statements, with_short_locks

PARTITIONED = ("revision", "snapshot", "change")
AHEAD = 2
"""Quarters after the present one that the daemon keeps ready."""

_QUARTER = dt.timedelta(days=91)


async def ensure_partitions(pool: Pool, *, ahead: int = AHEAD) -> None:
    """Make this quarter's partitions and those of ``ahead`` quarters to come. Safe to repeat.

    Raises:
        psycopg.errors.LockNotAvailable: others kept a table locked all the while.
    """
    today = now()
    await make_partitions(pool, [today + step * _QUARTER for step in range(ahead + 1)])


async def make_partitions(pool: Pool, moments: Iterable[dt.datetime]) -> None:
    """Make the partitions that these moments fall into, each in a transaction of its own.

    Raises:
        psycopg.errors.LockNotAvailable: others kept a table locked all the while.
    """
    for parent, moment in _needed(moments):
        await _make(pool, parent, moment)


async def _make(pool: Pool, parent: str, moment: dt.datetime) -> None:
    async def work(connection: AsyncConnection) -> None:
        values = {"parent": parent, "moment": moment}
        await connection.execute(Statements("archive")["ensure_partition"], values)

    year, number = quarter(moment)
    await with_short_locks(pool, f"the part {parent}_{year}q{number}", work)


def quarter(moment: dt.datetime) -> tuple[int, int]:
    """Year and quarter, in UTC as the partitions are."""
    utc = moment.astimezone(dt.UTC)
    return utc.year, (utc.month - 1) // 3 + 1


def _needed(moments: Iterable[dt.datetime]) -> Iterator[tuple[str, dt.datetime]]:
    first = {quarter(moment): moment for moment in moments}
    return ((parent, moment) for parent in PARTITIONED for _, moment in sorted(first.items()))
