"""Sources become known to the database, where runs and publications refer to them."""

from __future__ import annotations

from collections.abc import Iterable

from psycopg.types.json import Jsonb

from scraper.database import Pool
from scraper.sources import Source
from scraper.visit.run import SQL


async def register_sources(pool: Pool, sources: Iterable[Source]) -> None:
    """Write the definitions of sources; whether they are enabled stays as it is."""
    rows = [_row(source) for source in sources]
    async with pool.connection() as connection, connection.cursor() as cursor:
        await cursor.executemany(SQL["register_source"], rows)


def _row(source: Source) -> dict[str, object]:
    return {
        "source_id": source.id,
        "name": source.name,
        "publisher": source.publisher,
        "region": source.region,
        "kind": str(source.kind),
        "lists": list(source.lists),
        "tags": list(source.tags),
        "confidence": str(source.confidence) if source.confidence else None,
        "definition": Jsonb(source.model_dump(mode="json", exclude_defaults=True)),
    }


async def enabled_sources(pool: Pool) -> set[str]:
    """Ids of the sources that somebody enabled."""
    async with pool.connection() as connection:
        cursor = await connection.execute(SQL["enabled_sources"])
        return {row[0] for row in await cursor.fetchall()}
