"""Sorting the near-duplicate keys of new texts into their large index (migration 0046).

Who writes puts keys into a small table beside it, and look-ups ask both. So the sorting may be late, and is
done in portions by whoever has time for it. Killed in the midst, it has moved whole portions.
"""

from __future__ import annotations

from scraper.database import Pool, Statements, alone

PORTION = 50_000
"""Keys that are moved in one transaction at most; a text has up to 33. The usual slice has 20 000."""
EVERY_SECONDS = 60.0

_SQL = Statements("fresh_keys")


async def sort_in_keys(pool: Pool, *, portions: int | None = None) -> int:
    """Sort in the slices that are due, or so many of them; how many keys that were."""
    done = 0
    while portions is None or portions > 0:
        async with alone(pool) as connection:
            cursor = await connection.execute(_SQL["sort_in"], {"most": PORTION})
            row = await cursor.fetchone()
        moved: int = row[0] if row else 0
        if moved == 0:
            break
        done += moved
        portions = portions and portions - 1
    return done
