"""Making the roots of days that are over: each once, in order, and none left out.

A root covers everything that was archived by the end of its day and that no earlier root covers. So a value
whose transaction ended after its day was sealed is in the next root; the first root covers all before it. Leaves
are put statement by statement, and stay when the process is killed: the next sealing goes on behind them. Nothing
here holds more of them than are read at once.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from scraper.archive.proof.chain import Root, head_of, root_of
from scraper.archive.proof.merkle import BlockTree
from scraper.archive.proof.rows import last_root, leaves_between, one_value
from scraper.clock import SHANGHAI
from scraper.database import Pool, Statements, alone

_SQL = Statements("proof")
_ARCHIVE = Statements("archive")
PORTION = 20_000
"""Records that are put in one transaction."""
LATE = dt.timedelta(days=7)
"""So long before a day its bytes are looked for too: a transaction may have ended late, or a clock gone wrong."""
_EVER = dt.datetime(1, 1, 2, tzinfo=dt.UTC)


async def seal(pool: Pool, today: dt.date) -> list[Root]:
    """Make the root of each day that is over and has none, the oldest first.

    Nothing is sealed while nothing was archived before. Another process that seals is waited for.

    Args:
        pool: of the owner.
        today: the present day in Asia/Shanghai. Where the server's own day is an earlier one, that counts.
    """
    made: list[Root] = []
    async with alone(pool) as connection:
        await connection.execute(_SQL["lock"])
        try:
            while (root := await _seal_next(connection, today)) is not None:
                made.append(root)
        finally:
            if not connection.broken:
                await connection.execute(_SQL["unlock"])
    return made


async def _seal_next(connection: AsyncConnection, today: dt.date) -> Root | None:
    """Seal the first day that is due; None where none is."""
    last = await last_root(connection)
    today = min(today, await one_value(connection, "present_day"))
    day = today - dt.timedelta(days=1) if last is None else last.day + dt.timedelta(days=1)
    until = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), SHANGHAI)
    if day >= today:
        return None
    if last is None and not await one_value(connection, "any_value", {"until": until}):
        return None
    records_to = await _records_to(connection, last, until)
    await _put_leaves(connection, last, until, records_to)
    return await _close(connection, last, day, records_to)


async def _records_to(connection: AsyncConnection, last: Root | None, until: dt.datetime) -> int:
    values = {"records_to": last.records_to if last else 0, "until": until}
    async with connection.transaction():
        await connection.execute(_ARCHIVE["gate_alone"])
        return int(await one_value(connection, "records_to", values))


async def _put_leaves(
    connection: AsyncConnection, last: Root | None, until: dt.datetime, records_to: int
) -> None:
    since = until - dt.timedelta(days=1) - LATE if last else _EVER
    values = {"since": since, "until": until}
    for statement in ("put_snapshots", "put_files", "put_tombstones"):
        await _put(connection, statement, values)
    number: int | None = last.records_to if last else 0
    while number is not None and number < records_to:
        portion = {"after": number, "last": records_to, "most": PORTION}
        number = await _put(connection, "put_records", portion)
    if last is None:
        await connection.execute(_SQL["analyze"])


async def _put(connection: AsyncConnection, statement: str, values: dict[str, Any]) -> int | None:
    """Put leaves; the greatest number of them, None where none was left to put."""
    async with connection.transaction(), connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(_SQL["by_index"])
        await cursor.execute(_SQL[statement], values, prepare=False)
        return await cursor.fetchone() if cursor.description else None


async def _close(
    connection: AsyncConnection, last: Root | None, day: dt.date, records_to: int
) -> Root:
    """Make the root of all leaves that were put since the last one."""
    before = last.last_place if last else 0
    upper = await one_value(connection, "last_place")
    built = BlockTree()
    async for leaves in leaves_between(connection, before, upper):
        for leaf in leaves:
            built.add(leaf.line().encode())
    tree, blocks = built.finish()
    previous = last.root if last else None
    values = {
        "day": day,
        "root": root_of(head_of(day, built.size, tree, previous)),
        "previous": previous,
        "tree": tree,
        "leaves": built.size,
        "last_place": upper,
        "blocks": b"".join(blocks),
        "records_to": records_to,
    }
    async with connection.cursor(row_factory=class_row(Root)) as cursor:
        await cursor.execute(_SQL["put_root"], values)
        root = await cursor.fetchone()
    if root is None:
        raise AssertionError("an insert returns its row")
    return root
