"""Which sources are watched: a column of the database, changed by name."""

from __future__ import annotations

from collections.abc import Iterable

from scraper.database import Pool, Statements

SQL = Statements("sources")


async def switch_sources(pool: Pool, ids: Iterable[str], *, on: bool) -> list[str]:
    """Enable or disable registered sources.

    Returns:
        Ids of those that were in the other state before.
    """
    async with pool.connection() as connection:
        cursor = await connection.execute(SQL["enable" if on else "disable"], {"ids": list(ids)})
        return sorted(row[0] for row in await cursor.fetchall())
