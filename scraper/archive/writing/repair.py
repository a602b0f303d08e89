"""Mending the times that a wrong clock has left in the future; no text and no revision is touched.

What each time was stays beside it in ``tonggao.mended_time``. A trial does the same and takes it back,
so that what it tells is what would be done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import Rollback
from psycopg.rows import class_row

from scraper.database import Pool, Statements

SQL = Statements("repair")
STEPS = (
    "mend_revisions",
    "mend_fingerprints",
    "mend_snapshots",
    "mend_publications",
    "mend_releases",
    "tell_mended",
    "mend_failing",
    "mend_attempts",
    "mend_files",
)
"""In this order: what hangs on a text's time follows it."""


@dataclass(frozen=True, slots=True)
class MendedColumn:
    """How many times of a column were in the future, and how far they reached."""

    relation: str
    column_name: str
    values: int
    earliest: dt.datetime
    latest: dt.datetime


async def repair_times(pool: Pool, *, apply: bool) -> Sequence[MendedColumn]:
    """Mend the times more than five minutes in the future, by the database's clock.

    Args:
        pool: the archive.
        apply: whether it is done, or only told.

    Raises:
        psycopg.Error: the server refused; nothing was changed.
    """
    mended: Sequence[MendedColumn] = ()
    async with pool.connection() as connection, connection.transaction() as transaction:
        for step in STEPS:
            await connection.execute(SQL[step])
        async with connection.cursor(row_factory=class_row(MendedColumn)) as cursor:
            await cursor.execute(SQL["mended"])
            mended = await cursor.fetchall()
        if not apply:
            raise Rollback(transaction)
    return mended
