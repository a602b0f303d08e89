"""Bringing the search index of an archive that has texts over to folded ones.

One part of the table after the other, the newest first, beside readers and writers. What is done is known
from the server's own catalogue, so a process that dies loses the part it was at, and the next goes on. Until a
part has its index, a search finds in it what it found before; only then the former index goes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from psycopg import AsyncConnection, errors

from scraper.database import Pool, Statements
from scraper.log import get_logger

INDEXES = ("revision_by_folded_words", "revision_by_folded_title")
SMALL = 20_000
"""Texts up to which an archive is brought over at once, within some seconds, whoever opens it."""
PATIENCE = 120
"""How often a lock that readers stand in the way of is asked for, a second each."""
_SQL = Statements("refolding")
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Unfolded:
    """A part whose index is still to be built; ``texts`` as the server last counted them."""

    index: str
    part: str
    texts: int


async def unfolded(pool: Pool) -> list[Unfolded]:
    """What is left to build, in the order in which it is; empty where all is done."""
    async with pool.connection() as connection:
        return await _waiting(connection)


async def refold(pool: Pool, told: Callable[[str], None] | None = None) -> int:
    """Build what is left; quick where nothing is, or where another process is at it.

    Args:
        pool: connections of the tables' owner.
        told: hears of each part before it is built.

    Returns:
        How many indexes of parts were built.

    Raises:
        psycopg.Error: the database failed, or a reader stood in the way of a lock for two minutes;
            what is done stays done.
    """
    async with pool.connection() as connection:
        await connection.set_autocommit(True)
        try:
            if not await _waiting(connection) and not await _former(connection):
                return 0
            if not await _held(connection):
                return 0  # another process is at it
            try:
                built = await _build_all(connection, told)
                await _drop_former(connection)
            finally:
                await connection.execute(_SQL["release"])
        finally:
            await connection.execute("RESET ALL")
            await connection.set_autocommit(False)
    return built


async def refold_small(pool: Pool) -> list[Unfolded]:
    """Build what is left where that takes seconds; what is left then."""
    left = await unfolded(pool)
    if left and sum(each.texts for each in left) <= SMALL:
        await refold(pool)
        return []
    return left


async def _waiting(connection: AsyncConnection) -> list[Unfolded]:
    found = []
    for index in INDEXES:
        rows = await connection.execute(_SQL["waiting"], {"index": index})
        found += [Unfolded(index, part, texts) for part, texts in await rows.fetchall()]
    return found


async def _build_all(connection: AsyncConnection, told: Callable[[str], None] | None) -> int:
    await connection.execute("SET maintenance_work_mem = '256MB'")
    built = 0
    while left := await _waiting(connection):
        if told:
            told(f"{left[0].index} of {left[0].part}, {len(left)} to do")
        await _build(connection, left[0])
        built += 1
    return built


async def _build(connection: AsyncConnection, wanted: Unfolded) -> None:
    """One index: built beside the writers, counted for the planner, and attached."""
    name = f"{wanted.part}_{wanted.index.removeprefix('revision_by_')}"
    row = await (await connection.execute(_SQL["broken"], {"name": name})).fetchone()
    if row and row[0]:
        await connection.execute(f"DROP INDEX CONCURRENTLY tonggao.{name}".encode())
    if row is None or row[0]:
        definition = await connection.execute(_SQL["definition"], {"index": wanted.index})
        how = await definition.fetchone()
        await connection.execute(
            f"CREATE INDEX CONCURRENTLY {name} ON tonggao.{wanted.part} USING {how and how[0]}".encode()
        )
    await _patiently(connection, f"SELECT tonggao.prepare_search('{wanted.part}')")
    await connection.execute(f"ANALYZE tonggao.{wanted.part}".encode())
    await _patiently(
        connection, f"ALTER INDEX tonggao.{wanted.index} ATTACH PARTITION tonggao.{name}"
    )
    _log.info("search index of folded texts is built", part=wanted.part, index=wanted.index)


async def _held(connection: AsyncConnection) -> bool:
    row = await (await connection.execute(_SQL["hold"])).fetchone()
    return bool(row and row[0])


async def _former(connection: AsyncConnection) -> list[str]:
    return [str(row[0]) for row in await (await connection.execute(_SQL["former"])).fetchall()]


async def _drop_former(connection: AsyncConnection) -> None:
    for name in await _former(connection):
        await _patiently(connection, f"DROP INDEX tonggao.{name}")


async def _patiently(connection: AsyncConnection, statement: str) -> None:
    """Ask for a lock shortly and often: who waits for one lets nobody pass."""
    await connection.execute("SET lock_timeout = '200ms'")
    try:
        for left in reversed(range(PATIENCE)):
            try:
                await connection.execute(statement.encode())
            except errors.LockNotAvailable:
                if not left:
                    raise
                await asyncio.sleep(1)
            else:
                return
    finally:
        await connection.execute("RESET lock_timeout")
