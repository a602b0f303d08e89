"""Leaves read in their order."""

from __future__ import annotations

from collections.abc import AsyncIterator

from psycopg import AsyncConnection
from psycopg.rows import tuple_row

from scraper.archive.proof.chain import Leaf, LeafKind
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
