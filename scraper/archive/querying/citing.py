"""What a citation of a release needs, from the archive."""

from __future__ import annotations

from scraper.archive.querying.reading import show_release, text_in_force
from scraper.database import Pool, Statements
from scraper.record.citation import Cited

_SQL = Statements("export")


async def cited(pool: Pool, release_id: int, publication_id: int | None = None) -> Cited:
    """The release as its canonical publication tells it, or as another one does.

    Raises:
        UsageError: there is no such release.
    """
    record = await show_release(pool, release_id)
    told = record.reading
    if publication_id is not None and publication_id != told.publication_id:
        told = await text_in_force(pool, record.release_id, publication_id)
    async with pool.connection() as connection:
        seen = await connection.execute(_SQL["seen"], {"publication_id": told.publication_id})
        row = await seen.fetchone()
    seen_at, digest = row or (told.last_seen_at, None)
    return Cited(told.release, told.publisher, record.release_id, seen_at, digest)
