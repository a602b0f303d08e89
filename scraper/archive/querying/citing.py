"""What a citation of a release needs, from the archive."""

from __future__ import annotations

import datetime as dt

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
    return Cited(release, publisher, number, *await seen(pool, publication_id))


async def seen(pool: Pool, publication_id: int) -> tuple[dt.datetime, str | None]:
    """When a publication was last seen, and SHA-256, in hex, of the answer that its text was read from.

    None where it was read from none: an import of text alone has no page, though an earlier visit may have stored one.

    Raises:
        LookupError: there is no such publication.
    """
    async with pool.connection() as connection:
        found = await connection.execute(_SQL["seen"], {"publication_id": publication_id})
        row: tuple[dt.datetime, str | None] | None = await found.fetchone()
    if row is None:
        raise LookupError(f"there is no publication {publication_id}")
    return row
