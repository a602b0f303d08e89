"""Letting go of what the settings do not keep: whole partitions where there are partitions."""

from __future__ import annotations

import datetime as dt

from psycopg import AsyncConnection, errors

from scheduler.health.store import ensure_months
from scraper.archive import ensure_partitions
from scraper.archive.snapshots.pruning import prune_snapshots
from scraper.database import Pool, Statements, with_short_locks
from scraper.fetch import Fetcher
from scraper.log import get_logger

SQL = Statements("retention")
POLL_DAYS = 400
"""Polls and slots are small, and the doctor compares with them: more than a year is kept."""

JOB_HOURS = 48
DROP_TRIES = 3
"""What may wait for the next night is not tried for long."""
log = get_logger(__name__)


async def let_go(pool: Pool, fetcher: Fetcher, *, snapshots_days: int | None) -> None:
    """Make coming partitions and drop what is too old. One process at a time; safe to repeat.

    Args:
        pool: the archive.
        fetcher: lets go of old attempts by its own policy.
        snapshots_days: how long raw pages are kept; None for ever.
    """
    await ensure_months(pool)
    await ensure_partitions(pool)
    async with pool.connection() as connection:
        row = await (await connection.execute(SQL["lock"])).fetchone()
        if not row or not row[0]:
            return
        present = min(row[1], fetcher.clock())  # of two clocks the one that lets go of less
        await connection.execute(SQL["drop_events"])
        await connection.execute(Statements("queue")["delete_done"], {"hours": JOB_HOURS})
    months = await _drop_months(pool, fetcher.policy.keep_attempts / 86_400, present)
    attempts = await fetcher.purge_attempts(present)
    if snapshots_days is not None:
        await prune_snapshots(pool, present - dt.timedelta(days=snapshots_days))
    log.info("let go of what is not kept", months=months, attempts=attempts)


async def _drop_months(pool: Pool, attempts_days: float, present: dt.datetime) -> list[str]:
    """Drop the months that lie wholly before what is kept, each by itself; their names."""
    dropped: list[str] = []
    for parent, days in (("slot", POLL_DAYS), ("poll", POLL_DAYS), ("attempt", attempts_days)):
        values = {"parent": parent, "before": present - dt.timedelta(days=days)}
        async with pool.connection() as connection:
            rows = await (await connection.execute(SQL["months_before"], values)).fetchall()
        dropped += [month for (month,) in rows if await _drop_month(pool, month)]
    return dropped


async def _drop_month(pool: Pool, month: str) -> bool:
    """Drop a month; False where somebody reads it: then the next night does it."""

    async def work(connection: AsyncConnection) -> None:
        await connection.execute(SQL["drop_month"], {"month": month})

    try:
        await with_short_locks(pool, f"letting go of {month}", work, tries=DROP_TRIES)
    except errors.LockNotAvailable:
        log.warning(
            "a month stays for now: a session that is in a transaction uses it", month=month
        )
        return False
    return True
