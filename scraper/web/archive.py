"""The archive as the web reader sees it: through role tonggao_reader, and raw pages beside it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from psycopg import errors
from psycopg.rows import class_row

from scraper.archive.exchange.exporting import line_out
from scraper.archive.querying.changes import NOT_EDITED, Asked, Change, latest
from scraper.archive.querying.citing import cited_as
from scraper.archive.querying.finding import Facet
from scraper.archive.querying.reading import Reading as Text
from scraper.archive.querying.reading import publications
from scraper.archive.querying.tombstones import Tombstone, tombstones
from scraper.archive.snapshots.storage import SnapshotStore
from scraper.archive.writing.file_store import FileArchive
from scraper.database import Pool, Statements, open_pool
from scraper.database.readers import reading_only
from scraper.record.citation import Cited
from scraper.record.serial import from_columns
from scraper.web import rows
from scraper.web.api.endpoints import Served
from scraper.web.query import PAGE_SIZE, Query

_SQL, _CHANGES = Statements("web"), Statements("changes")
_Row = TypeVar("_Row")
_NOT_EDITED = sorted(NOT_EDITED)
_LARGEST_ID = (1 << 63) - 1
COUNT_MILLISECONDS = 700
"""How long each of a search's counts may take: a page never waits longer for a decoration."""
EXPORTS_AT_ONCE = 2
"""Files that are written at a time; each holds a connection meanwhile."""


class Reading:
    """Everything that pages ask of the archive."""

    def __init__(
        self, pool: Pool, snapshots: SnapshotStore, files: FileArchive, keeper: Pool
    ) -> None:
        self.served = Served(pool, keeper, files)
        """What programs are given."""
        self._pool = pool
        self._snapshots = snapshots
        self._files = files
        self.exporting = asyncio.Semaphore(EXPORTS_AT_ONCE)

    async def search(self, query: Query) -> tuple[list[rows.Hit], bool]:
        """One page of a search, and whether there are more."""
        values = query.values(PAGE_SIZE + 1)
        hits = await self._all(rows.Hit, "search", **values, not_edited=_NOT_EDITED)
        return hits[:PAGE_SIZE], len(hits) > PAGE_SIZE

    async def feed(self, query: Query, count: int) -> list[rows.Entry]:
        """The newest releases of a search."""
        return await self._all(rows.Entry, "feed", **query.values(count))

    async def days(self, query: Query) -> list[rows.DayCount] | None:
        """How many releases each day has; None when counting them would take too long."""
        return await self._counted(rows.DayCount, "days", query)

    async def facets(self, query: Query) -> list[Facet] | None:
        """What a search can be narrowed by; None when counting would take too long."""
        return await self._counted(Facet, "facets", query)

    async def total(self, query: Query) -> int:
        """How many releases a search finds."""
        found = await self._one(rows.Total, "total", **query.values())
        return found.releases if found else 0

    def texts(self, query: Query) -> AsyncGenerator[Text, None]:
        """The texts that a search shows, each release once, as an export has them."""
        return publications(self._pool, query.selection())

    async def line(self, text: Text) -> str:
        """A text as a line of an export, with what its files say."""
        return await line_out(self.served.keeper, text)

    async def cited(self, found: rows.Publication) -> Cited:
        """What a citation of a release needs."""
        return await cited_as(
            self._pool,
            found.publication_id,
            from_columns(found.url, found.columns),
            found.publisher,
            found.release_id,
        )

    async def feed_identity(self) -> rows.FeedIdentity:
        """By what the entries of feeds are known."""
        found = await self._one(rows.FeedIdentity, "feed_identity")
        assert found is not None  # noqa: S101 - a migration made the row
        return found

    async def release(self, release_id: int) -> rows.Publication | None:
        """A release's canonical publication."""
        if not 0 < release_id <= _LARGEST_ID:
            return None
        async with (
            self._pool.connection() as connection,
            connection.cursor(row_factory=rows.publication_row) as cursor,
        ):
            await cursor.execute(_SQL["release"], {"release_id": release_id})
            return await cursor.fetchone()

    async def stones(
        self,
        *,
        release_id: int | None = None,
        publication_id: int | None = None,
        file: str | None = None,
    ) -> list[Tombstone]:
        """What was erased of a release, of a publication, or under a file's digest; none where nothing was."""
        if max(release_id or 0, publication_id or 0) > _LARGEST_ID:
            return []
        return await tombstones(
            self._pool, release_id=release_id, publication_id=publication_id, file=file
        )

    async def merged_into(self, release_id: int) -> int | None:
        """The release that took this one over, None where none did."""
        found = await self._one(rows.Merged, "merged_into", release_id=release_id)
        return found.merged_into if found else None

    async def copies(self, release_id: int) -> list[rows.Copy]:
        """All publications of a release, earliest first."""
        return await self._all(rows.Copy, "copies", release_id=release_id, not_edited=_NOT_EDITED)

    async def related(self, release_id: int) -> list[rows.Related]:
        """Releases near this one."""
        return await self._all(rows.Related, "related", release_id=release_id)

    async def revisions(self, publication_id: int) -> list[rows.Revision]:
        """The texts of a publication, oldest first."""
        return await self._all(rows.Revision, "revisions", publication_id=publication_id)

    async def changes(self, asked: Asked) -> list[Change]:
        """The newest changes.

        Raises:
            UsageError: the cursor is none, or the words cannot be used.
        """
        return await latest(self._pool, asked)

    async def watch_feed(self, feed: str, count: int) -> list[rows.WatchEntry]:
        """What a watch matched, the newest first; one row without a match where it matched nothing."""
        return await self._all(rows.WatchEntry, "watch_feed", feed=feed, count=count)

    async def most_carried(self, days: int, count: int) -> list[rows.Carried]:
        """The releases of the last days that most publications carried."""
        return await self._rows(rows.Carried, _CHANGES["most_carried"], days=days, count=count)

    async def who_copies_whom(self, days: int, count: int) -> list[rows.Pair]:
        """Which publisher carried whose releases of the last days, and how many."""
        return await self._rows(rows.Pair, _CHANGES["who_copies_whom"], days=days, count=count)

    async def snapshots(self, publication_id: int) -> list[rows.Snapshot]:
        """The answers kept of a publication, oldest first."""
        return await self._all(rows.Snapshot, "snapshots", publication_id=publication_id)

    async def snapshot(self, snapshot_id: int) -> rows.Snapshot | None:
        """One answer, without its bytes."""
        return await self._one(rows.Snapshot, "snapshot", snapshot_id=snapshot_id)

    async def page(self, snapshot: rows.Snapshot) -> bytes | None:
        """An answer's bytes; None where a policy deleted them."""
        return await self._snapshots.read(bytes.fromhex(snapshot.digest))

    async def files(self, release_id: int) -> list[rows.File]:
        """The files of a release's canonical publication, without what they say."""
        return await self._all(rows.File, "files", release_id=release_id)

    async def file(self, digest: str) -> rows.File | None:
        """A content by its digest in hexadecimal, with what it says."""
        return await self._one(rows.File, "file", digest=digest.lower()[:64])

    async def file_bytes(self, digest: str) -> bytes | None:
        """A kept file's bytes; None where they are not kept."""
        return await self._files.read(digest)

    async def provinces(self) -> list[rows.RegionName]:
        """The divisions of the first level."""
        return await self._all(rows.RegionName, "provinces")

    async def region_names(self, codes: list[str]) -> list[rows.RegionName]:
        """The names of these divisions, in the order given."""
        found = {r.code: r for r in await self._all(rows.RegionName, "region_names", codes=codes)}
        return [found[code] for code in codes if code in found]

    async def region(self, code: str) -> rows.RegionPlace | None:
        """One division."""
        return await self._one(rows.RegionPlace, "region", code=code)

    async def regions(self, parent: str | None) -> list[rows.Region]:
        """The divisions of one, or those of the first level, with how many releases name them."""
        return await self._all(rows.Region, "regions", parent=parent)

    async def sources(self) -> list[rows.SourceName]:
        """All sources that the archive knows."""
        return await self._all(rows.SourceName, "sources")

    async def health(self, source: str | None = None) -> list[rows.Health]:
        """How the sources, or one, do."""
        return await self._all(rows.Health, "health", source=source)

    async def activity(self, source: str | None = None) -> list[rows.Activity]:
        """What the last thirty days' runs brought."""
        return await self._all(rows.Activity, "activity", source=source)

    async def runs(self, source: str) -> list[rows.Run]:
        """The last runs of a source."""
        return await self._all(rows.Run, "runs", source=source)

    async def _counted(self, row: type[_Row], statement: str, query: Query) -> list[_Row] | None:
        """Counts of a search; None where they would keep its page waiting."""
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(f"SET LOCAL statement_timeout = {COUNT_MILLISECONDS}".encode())
            async with connection.cursor(row_factory=class_row(row)) as cursor:
                try:
                    async with connection.transaction():
                        await cursor.execute(_SQL[statement], query.values())
                        return await cursor.fetchall()
                except errors.QueryCanceled:
                    return None

    async def _all(self, row: type[_Row], statement: str, /, **values: Any) -> list[_Row]:
        if any(isinstance(value, int) and value > _LARGEST_ID for value in values.values()):
            return []
        return await self._rows(row, _SQL[statement], **values)

    async def _rows(self, row: type[_Row], query: bytes, /, **values: Any) -> list[_Row]:
        async with (
            self._pool.connection() as connection,
            connection.cursor(row_factory=class_row(row)) as cursor,
        ):
            await cursor.execute(query, values)
            return await cursor.fetchall()

    async def _one(self, row: type[_Row], statement: str, /, **values: Any) -> _Row | None:
        found = await self._all(row, statement, **values)
        return found[0] if found else None


@asynccontextmanager
async def open_reading(url: str, *, size: int = 4, seconds: int = 15) -> AsyncIterator[Reading]:
    """The archive, for reading only.

    Views are read as tonggao_reader. That role does not see the bytes of snapshots, which are
    hostile and large: they and whole records come through connections of their own that refuse to write.

    Args:
        url: connection string of a role that may become tonggao_reader.
        size: most connections for views, and as many for what they do not show.
        seconds: longest a statement may take.
    """
    reader = reading_only(url, seconds=seconds, role="tonggao_reader")
    keeper = reading_only(url, seconds=seconds)
    async with (
        open_pool(reader, size=size, name="tonggao-web") as pool,
        open_pool(keeper, size=size, name="tonggao-web-snapshots") as snapshots,
    ):
        yield Reading(pool, SnapshotStore(snapshots), FileArchive(snapshots), snapshots)
