"""Keeping the counts of releases by region, source, month and so on (migration 0042).

Who writes only marks what has to be counted anew; questions add what is marked by themselves. So the
counting may be late, and is done in portions by whoever has time for it.
"""

from __future__ import annotations

from scraper.database import Pool, Statements, alone

PORTION = 2000
"""Marks that are counted in one transaction; a release that is new has two or three."""
EVERY_SECONDS = 60.0

_SQL = Statements("counting")


async def count_anew(pool: Pool, *, portions: int | None = None) -> int:
    """Count what was marked until nothing is, or for so many portions; how many marks that were."""
    done = 0
    while portions is None or portions > 0:
        async with alone(pool) as connection:
            cursor = await connection.execute(_SQL["count_anew"], {"most": PORTION})
            row = await cursor.fetchone()
        counted: int = row[0] if row else 0
        done += counted
        if counted < PORTION:
            break
        portions = portions and portions - 1
    return done
