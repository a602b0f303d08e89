"""Leaves, roots and timestamps as they are stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row, tuple_row

from scraper.archive.proof.chain import Leaf, LeafKind, Root, Timestamp
from scraper.database import Statements

_SQL = Statements("proof")
READ = 4000
"""Leaves that are read at once; hashing so many takes some 10 ms."""


async def leaves_between(
    connection: AsyncConnection, after: int, last: int
) -> AsyncIterator[list[Leaf]]:
    """Leaves by their places, some thousand at a time."""
    while after < last:
        values = {"after": after, "last": last, "most": READ}
        async with connection.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(_SQL["leaves"], values)
            rows = await cursor.fetchall()
        if not rows:
            return
        yield [Leaf(place, LeafKind(kind), number, digest) for place, kind, number, digest in rows]
        after = rows[-1][0]


async def roots_between(
    connection: AsyncConnection, first: dt.date | None = None, last: dt.date | None = None
) -> list[Root]:
    """The roots of days, the oldest first; None: from the first, to the last."""
    async with connection.cursor(row_factory=class_row(Root)) as cursor:
        await cursor.execute(_SQL["roots"], {"first": first, "last": last})
        return await cursor.fetchall()


async def last_root(connection: AsyncConnection) -> Root | None:
    """The newest root; None where no day is sealed."""
    async with connection.cursor(row_factory=class_row(Root)) as cursor:
        await cursor.execute(_SQL["last_root"])
        return await cursor.fetchone()


async def timestamps_between(
    connection: AsyncConnection, first: Root, last: Root
) -> dict[dt.date, Timestamp]:
    """The timestamps that these roots and those between them have, by the day."""
    async with connection.cursor(row_factory=class_row(Timestamp)) as cursor:
        await cursor.execute(_SQL["timestamps"], {"first": first.day, "last": last.day})
        return {each.day: each async for each in cursor}


async def one_value(
    connection: AsyncConnection, statement: str, values: dict[str, Any] | None = None
) -> Any:
    """What a statement of the chain gives that has one row of one column."""
    cursor = connection.cursor(row_factory=scalar_row)
    await cursor.execute(_SQL[statement], values)
    return await cursor.fetchone()
