"""Work that locks a table: it waits for a lock shortly and tries again, so that nobody waits behind it.

PostgreSQL serves locks in the order in which they were asked for. A statement that waits for a reader who
sits idle in a transaction makes everybody wait who comes after it: other readers, too.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from psycopg import AsyncConnection, errors

from scraper.database.connection import Pool
from scraper.database.statements import Statements
from scraper.log import get_logger

LOCK_MILLISECONDS = 300
"""How long one try waits for its locks, and so how long others may have to wait behind it."""
LOCK_TRIES = 12
"""Tries before it is given up; with the pauses between them some twenty seconds."""

_PAUSE_SECONDS = 0.5
_random = random.SystemRandom()
_log = get_logger(__name__)
_Result = TypeVar("_Result")


async def with_short_locks(
    pool: Pool,
    what: str,
    work: Callable[[AsyncConnection], Awaitable[_Result]],
    *,
    tries: int = LOCK_TRIES,
) -> _Result:
    """Do ``work`` in a transaction of its own, which waits shortly for locks; again where it got none.

    Args:
        pool: the archive.
        what: what is done, for the log, e.g. ``the part revision_2027q1``.
        work: does it; it must be safe to repeat.
        tries: how often it is tried.

    Raises:
        psycopg.errors.LockNotAvailable: the last try got no lock either; nothing was changed.
    """
    for attempt in range(1, tries + 1):
        try:
            async with pool.connection() as connection, connection.transaction():
                await connection.execute(
                    Statements("locking")["lock_timeout"], {"limit": f"{LOCK_MILLISECONDS}ms"}
                )
                return await work(connection)
        except (errors.LockNotAvailable, errors.DeadlockDetected):
            if attempt == tries:
                raise
            _log.info("a table is in use; it is tried again", what=what, attempt=attempt)
        await asyncio.sleep(_PAUSE_SECONDS * min(attempt, 4) * (0.5 + _random.random()))
    raise AssertionError("unreachable: the last try returns or raises")
