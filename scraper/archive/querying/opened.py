"""The archive for notebooks and scripts: typed rows, no SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from scraper.archive.querying.changes import Change, after
from scraper.archive.querying.finding import Facet, Hit, Search, facets, find
from scraper.archive.querying.histories import Revision, revisions_of
from scraper.archive.querying.reading import (
    Reading,
    ReleaseRecord,
    Selection,
    readings,
    show_release,
)
from scraper.database import Pool, open_pool


class OpenArchive:
    """What can be asked; see :func:`open_archive`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def search(
        self,
        words: str = "",
        *,
        since: dt.date | None = None,
        until: dt.date | None = None,
        region: str | None = None,
        source: str | None = None,
        kind: str | None = None,
        exact: bool = False,
        sort: str = "newest",
        count: int | None = 20,
        skip: int = 0,
    ) -> list[Hit]:
        """Releases that hold the words, as ``archive.search`` has it; ``count`` None gives all.

        Raises:
            UsageError: the query is longer than a search takes, or ``sort`` is unknown.
        """
        return await find(
            self._pool,
            Search(words, since, until, region, source, sort, count, skip, kind, exact),
        )

    async def facets(self, words: str = "") -> list[Facet]:
        """The same search counted by region, source, column, kind and month."""
        return await facets(self._pool, Search(words))

    async def release(self, release_id: int) -> ReleaseRecord:
        """A release with all its publications.

        Raises:
            UsageError: there is none of this number.
        """
        return await show_release(self._pool, release_id)

    async def revisions(self, release_id: int) -> list[Revision]:
        """The texts that its publications had, oldest first."""
        return await revisions_of(self._pool, release_id)

    async def changes(self, cursor: str | None = None, count: int | None = 1000) -> list[Change]:
        """What is new or changed after a cursor, in the order of commits; keep the last row's to go on from.

        Raises:
            UsageError: the cursor is none.
        """
        return await after(self._pool, cursor, count)

    def publications(self, selection: Selection) -> AsyncIterator[Reading]:
        """Every publication selected, one after the other, in bounded memory."""
        return readings(self._pool, selection)


@asynccontextmanager
async def open_archive(url: str) -> AsyncIterator[OpenArchive]:
    """The archive at an address of PostgreSQL, for reading.

    As its owner, who reads the base tables too::

        async with open_archive("postgresql://db.example/tonggao") as archive:
            hits = await archive.search("供热", count=None)

    Raises:
        DatabaseError: it cannot be reached, is unsuitable, or its schema is another one.
    """
    async with open_pool(url) as pool:
        yield OpenArchive(pool)
