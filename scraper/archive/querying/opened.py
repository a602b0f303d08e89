"""The archive for notebooks and scripts: typed rows, no SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from psycopg import errors

from scraper.archive.querying.changes import Change, after
from scraper.archive.querying.finding import Facet, Hit, Search, facets, find
from scraper.archive.querying.histories import Revision, revisions_of
from scraper.archive.querying.reading import (
    Reading,
    ReleaseRecord,
    Selection,
    publications,
    readings,
    show_release,
)
from scraper.database import Pool, open_pool
from scraper.errors import UsageError


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

    async def facets(
        self,
        words: str = "",
        *,
        since: dt.date | None = None,
        until: dt.date | None = None,
        region: str | None = None,
        source: str | None = None,
        kind: str | None = None,
        exact: bool = False,
    ) -> list[Facet]:
        """The same search counted by region, source, 来源, column, kind and month.

        Raises:
            UsageError: the query is longer than a search takes.
        """
        wanted = Search(words, since, until, region, source, kind=kind, exact=exact)
        return await facets(self._pool, wanted)

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

    async def publications(self, selection: Selection) -> AsyncIterator[Reading]:
        """Every publication selected, one after the other, in bounded memory.

        Raises:
            UsageError: ``selection.history``, every text that they had, is asked for with a login that
                only reads; the words or the cursor are refused.
        """
        read = readings if selection.history else publications
        try:
            async for text in read(self._pool, selection):
                yield text
        except errors.InsufficientPrivilege as error:
            raise UsageError(
                "every text of publications is read with the login of the archive's owner;"
                " revisions(ID) gives those of a release"
            ) from error


@asynccontextmanager
async def open_archive(url: str) -> AsyncIterator[OpenArchive]:
    """The archive at an address of PostgreSQL, for reading.

    The login that only reads is enough::

        async with open_archive("postgresql://tonggao_reader_login@db.example/tonggao") as archive:
            hits = await archive.search("供热", count=None)

    Raises:
        DatabaseError: it cannot be reached, is unsuitable, or its schema is another one.
    """
    async with open_pool(url) as pool:
        yield OpenArchive(pool)
