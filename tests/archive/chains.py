"""An archive whose values were archived on days of the past, as tests of the chain need it."""

from __future__ import annotations

import datetime as dt

from scraper.archive.proof.chain import Leaf, LeafKind
from scraper.archive.proof.rows import leaves_between
from scraper.clock import SHANGHAI
from scraper.database import Pool

MONDAY = dt.date(2026, 11, 2)
TUESDAY = dt.date(2026, 11, 3)
WEDNESDAY = dt.date(2026, 11, 4)
THURSDAY = dt.date(2026, 11, 5)
TIMES = (
    ("tonggao.revision", "recorded_at", "NOT EXISTS (SELECT FROM tonggao.leaf l WHERE l.number = t.revision_id AND l.kind = 'record')"),
    ("tonggao.content", "stored_at", "NOT EXISTS (SELECT FROM tonggao.leaf l WHERE l.digest = t.digest)"),
    ("tonggao.file", "stored_at", "NOT EXISTS (SELECT FROM tonggao.leaf l WHERE l.digest = t.digest)"),
    ("tonggao.erasure", "erased_at", "NOT EXISTS (SELECT FROM tonggao.leaf l WHERE l.number = t.erasure_id AND l.kind = 'tombstone')"),
)  # fmt: skip


async def archived_on(pool: Pool, day: dt.date, *, hour: int = 12) -> None:
    """Let everything that no root covers have been archived on a day."""
    moment = dt.datetime.combine(day, dt.time(hour), SHANGHAI)
    for table, column, unsealed in TIMES:
        await tamper(pool, f"UPDATE {table} t SET {column} = %s WHERE {unsealed}", moment)


async def tamper(pool: Pool, statement: str, *values: object) -> int:
    """Change rows as whoever has the owner's password would, past the triggers; how many."""
    async with pool.connection() as connection:
        await connection.execute("SET LOCAL session_replication_role = replica")
        return (await connection.execute(statement.encode(), values)).rowcount


async def leaves(pool: Pool, after: int = 0, last: int = 1_000_000) -> list[Leaf]:
    """Leaves by their places."""
    async with pool.connection() as connection:
        return [leaf async for some in leaves_between(connection, after, last) for leaf in some]


def kinds(found: list[Leaf]) -> dict[str, int]:
    """How many leaves of each kind there are."""
    return {
        kind.value: sum(leaf.kind is kind for leaf in found)
        for kind in LeafKind
        if any(leaf.kind is kind for leaf in found)
    }
