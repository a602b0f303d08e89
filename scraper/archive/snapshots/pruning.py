"""Bytes of old pages deleted by policy; texts, revisions and the record of what was fetched stay."""

from __future__ import annotations

import datetime as dt

from scraper.database import Pool, Statements


async def prune_snapshots(
    pool: Pool, before: dt.datetime, *, also_in_force: bool = False
) -> tuple[int, int]:
    """Delete bytes stored before a time; returns how many pages and bytes that freed.

    Args:
        pool: the archive.
        before: only what was stored earlier.
        also_in_force: also the bytes of pages whose text is in force, which reparsing needs.
    """
    values = {"before": before, "all": also_in_force}
    async with pool.connection() as connection:
        cursor = await connection.execute(Statements("export")["prune_contents"], values)
        sizes = [size for (size,) in await cursor.fetchall()]
    return len(sizes), sum(sizes)
