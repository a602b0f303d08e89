"""What a citation of a release needs, from the archive."""

from __future__ import annotations

from scraper.archive.querying.reading import show_release, text_in_force
from scraper.database import Pool, Statements
from scraper.record.citation import Cited
from scraper.record.release import Release

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
    return await cited_as(
        pool, told.publication_id, told.release, told.publisher, record.release_id
    )


async def cited_as(
    pool: Pool, publication_id: int, release: Release, publisher: str, number: int
) -> Cited:
    """The same of a release that is at hand: when its page was last seen, and its snapshot's digest.

    Raises:
        LookupError: there is no such publication.
    """
    async with pool.connection() as connection:
        seen = await connection.execute(_SQL["seen"], {"publication_id": publication_id})
        row = await seen.fetchone()
    if row is None:
        raise LookupError(f"there is no publication {publication_id}")
    return Cited(release, publisher, number, *row)
