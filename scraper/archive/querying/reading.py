"""Rows of the archive as the records that leave it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from psycopg import AsyncCursor, AsyncServerCursor, errors
from psycopg.rows import RowMaker, class_row

from scraper.archive.observations.observation import FurtherPage, headers_of
from scraper.archive.querying.tombstones import tombstones
from scraper.archive.snapshots.storage import SnapshotStore
from scraper.clock import SHANGHAI
from scraper.database import Pool, Statements
from scraper.errors import Altered, Erased, UnknownRelease, UsageError
from scraper.record.release import Release
from scraper.record.serial import column_names, convicts, from_columns, record_digest
from scraper.urls import normal_url

_SQL = Statements("export")
_Row = TypeVar("_Row")
ROWS_AT_ONCE = 500
"""Rows a cursor fetches at a time, so that an export of any size takes the same memory."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What to read: publications of one source or all, from a moment up to and without another.

    With ``words``, ``region`` or ``kind``: what ``archive.search`` finds, each release once, as the
    publication that it shows; so it is with ``named_source`` and ``column_name``, each exactly as the page
    has it, and with ``releases`` where nothing else is asked for. ``after``: only what changed since a cursor of ``archive.changes_since``.
    """

    source: str | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    history: bool = False
    words: str | None = None
    region: str | None = None
    kind: str | None = None
    exact: bool = False
    after: str | None = None
    named_source: str | None = None
    column_name: str | None = None
    releases: bool = False

    @property
    def searched(self) -> bool:
        """Whether it takes a search to know what is selected."""
        stated = self.named_source or self.column_name
        return bool(self.words or self.region or self.kind or stated or self.releases)

    def values(self) -> dict[str, Any]:
        """Parameters of the statements."""
        last = self.until - dt.timedelta(microseconds=1) if self.until else None
        return {
            **asdict(self),
            "searched": self.searched,
            "first_day": self.since.astimezone(SHANGHAI).date() if self.since else None,
            "last_day": last.astimezone(SHANGHAI).date() if last else None,
        }


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page comes from and how it stands, as an export tells it."""

    url: str
    source_id: str
    source_column: str
    publisher: str
    source_region: str | None
    source_kind: str
    last_seen_at: dt.datetime
    withdrawn_at: dt.datetime | None
    withdrawn_for: str | None
    listed_on: dt.date | None


STANDING = {
    "source_id": "source_id",
    "publisher": "publisher",
    "dated_at": "dated_at",
    "fetched_at": "valid_from",
    "withdrawn_at": "withdrawn_at",
    "release_id": "release_id",
    "publication_id": "publication_id",
    "revision_id": "revision_id",
    "canonical": "canonical",
    "listed_on": "listed_on",
    "brought_by": "brought_by",
}
"""What a record has beside the release's fields: each key, and the attribute of ``Reading`` it is."""


@dataclass(frozen=True, slots=True)
class Reading(Origin):
    """A revision with its publication."""

    publication_id: int
    release_id: int
    canonical: bool
    in_force: bool
    revision_id: int
    valid_from: dt.datetime
    dated_at: dt.datetime
    reparsed: bool
    brought_by: str | None
    release: Release

    def record(self) -> dict[str, Any]:
        """One line of an export: the release's fields, then where it stands in the archive."""
        standing = {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in self.standing().items()
        }
        return {**self.release.to_dict(), **standing}

    def standing(self) -> dict[str, Any]:
        """Where it stands in the archive: what an export has beside the release's fields."""
        return {key: getattr(self, name) for key, name in STANDING.items()}


def reading_row(cursor: AsyncCursor[Any]) -> RowMaker[Reading]:
    """Rows of the statements ``readings`` and ``reading``: the record's columns become its release.

    Each is held against its digest: what is altered is not handed on.

    Raises:
        Altered: while rows are read.
    """
    names = [column.name for column in cursor.description or ()]
    columns = frozenset(column_names())

    def make(values: Sequence[Any]) -> Reading:
        row = dict(zip(names, values, strict=True))
        release = from_columns(row["url"], row)
        digest = row.pop("record_digest")
        if convicts(digest, release):
            where = f"record of tonggao.revision {row['revision_id']} ({row['url']})"
            raise Altered(where, digest, record_digest(release).hex())
        others = {name: value for name, value in row.items() if name not in columns}
        return Reading(**others, release=release)

    return make


@dataclass(frozen=True, slots=True)
class StoredPage(Origin):
    """A snapshot with its publication; its bytes are read by digest.

    ``joined_revision`` is the text in force then, where it was joined from several pages.
    """

    publication_id: int
    snapshot_id: int
    fetched_at: dt.datetime
    digest: bytes
    status: int | None
    http_charset: str | None
    headers: list[list[str]]
    joined_revision: int | None


@dataclass(frozen=True, slots=True)
class StoredFurtherPage:
    """A later page that continues a snapshot; ``digest`` is None where its bytes were deleted."""

    url: str
    received_at: dt.datetime
    digest: bytes | None
    status: int | None
    http_charset: str | None
    headers: list[list[str]]


async def readings(
    pool: Pool, selection: Selection, *, without_bytes: bool = False
) -> AsyncIterator[Reading]:
    """Revisions in force, or all of them; ``without_bytes``: only those whose page is not kept."""
    values = {
        **selection.values(),
        "history": selection.history,
        "without_bytes": without_bytes,
    }
    async with (
        pool.connection() as connection,
        connection.cursor("readings", row_factory=reading_row) as cursor,
    ):
        async for row in _asked(cursor, "readings", values):
            yield row


async def publications(pool: Pool, selection: Selection) -> AsyncGenerator[Reading, None]:
    """Texts in force, by what a reader's login may read; ``selection.history`` has no part in it."""
    async with (
        pool.connection() as connection,
        connection.cursor("publications", row_factory=reading_row) as cursor,
    ):
        async for row in _asked(cursor, "publications", selection.values()):
            yield row


async def _asked(
    cursor: AsyncServerCursor[_Row], statement: str, values: dict[str, Any]
) -> AsyncIterator[_Row]:
    """The rows; what the search or the cursor of changes refuses is the asker's matter."""
    cursor.itersize = ROWS_AT_ONCE
    try:
        await cursor.execute(_SQL[statement], values)
        async for row in cursor:
            yield row
    except errors.InvalidParameterValue as error:
        raise UsageError(str(error).splitlines()[0]) from error


async def pages(pool: Pool, selection: Selection) -> AsyncIterator[StoredPage]:
    """Snapshots whose bytes are kept, each publication's together and in time."""
    async with (
        pool.connection() as connection,
        connection.cursor("pages", row_factory=class_row(StoredPage)) as cursor,
    ):
        async for row in _asked(cursor, "pages", selection.values()):
            yield row


async def further_pages(
    pool: Pool, store: SnapshotStore, publication_id: int, fetched_at: dt.datetime
) -> list[FurtherPage] | None:
    """The later pages that continue a snapshot, in order; None where bytes of one were deleted."""
    key = {"publication_id": publication_id, "fetched_at": fetched_at}
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(StoredFurtherPage)) as cursor,
    ):
        await cursor.execute(_SQL["further_pages"], key)
        rows = await cursor.fetchall()
    found = []
    for row in rows:
        body = await store.read(row.digest) if row.digest else None
        if body is None:
            return None
        headers = headers_of(row.headers)
        page = FurtherPage(row.url, row.received_at, body, headers, row.status, row.http_charset)
        found.append(page)
    return found


async def reading(pool: Pool, revision_id: int) -> Reading | None:
    """One revision; None where there is none of this number, or none any more: it was erased."""
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=reading_row) as cursor,
    ):
        await cursor.execute(_SQL["reading"], {"revision_id": revision_id})
        return await cursor.fetchone()


async def text_in_force(pool: Pool, release_id: int, publication_id: int | None = None) -> Reading:
    """What a publication of a release says now; without one, what the canonical one says.

    Raises:
        Erased: its texts, or all of the release, were erased.
        UnknownRelease: it has no text yet.
    """
    for row in await _in_force(pool, [release_id], publication_id):
        return row
    stones = await tombstones(pool, release_id=release_id)
    if found := [each for each in stones if publication_id in (None, each.publication_id)]:
        raise Erased("; ".join([f"release {release_id}", *map(str, found)]))
    raise UnknownRelease(f"release {release_id} has no text yet; try again in a moment")


async def texts_in_force(pool: Pool, release_ids: Sequence[int]) -> list[Reading]:
    """What the canonical publications of these releases say now, in the order of the numbers."""
    found = {row.release_id: row for row in await _in_force(pool, release_ids, None)}
    return [found[number] for number in release_ids if number in found]


async def _in_force(
    pool: Pool, release_ids: Sequence[int], publication_id: int | None
) -> list[Reading]:
    key = {"release_ids": list(release_ids), "publication_id": publication_id}
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=reading_row) as cursor,
    ):
        await cursor.execute(_SQL["in_force"], key)
        return await cursor.fetchall()


@dataclass(frozen=True, slots=True)
class Member:
    """A publication of a release and why it belongs to it; the first is the canonical one.

    ``texts`` tells how many of its texts were brought by a visit, a backfill, an import or a reparse.
    One whose texts were erased has none, no title, and the time of that.
    """

    publication_id: int
    url: str
    source_id: str
    publisher: str
    title: str | None
    named_source: str | None
    published_at: dt.datetime | None
    published_precision: str | None
    first_seen_at: dt.datetime
    withdrawn_at: dt.datetime | None
    ranked_at: dt.datetime
    own_story: bool
    joined_by: str
    joined_to: int | None
    evidence: dict[str, Any]
    canonical: bool
    texts: dict[str, int]
    erased_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A release near another that is not the same."""

    other_id: int
    kind: str
    title: str | None
    evidence: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file that hangs on other releases too, which joins nothing by itself.

    Attributes:
        url: one address of it.
        digest: SHA-256 in hexadecimal.
        main: whether it is the first attachment here.
        releases: how many others have it; ``others`` are some of them.
    """

    url: str
    digest: str
    main: bool
    releases: int
    others: list[int]


@dataclass(frozen=True, slots=True)
class ReleaseRecord:
    """A release: its canonical text, all its publications, its neighbours, files that others share."""

    release_id: int
    reading: Reading
    members: tuple[Member, ...]
    neighbours: tuple[Neighbour, ...]
    shared: tuple[SharedFile, ...] = ()

    def record(self) -> dict[str, Any]:
        """What programs are given: a line of an export, then the publications and the neighbours."""
        return {**self.reading.record(), "members": self.members, "near": self.neighbours}


async def release_named(pool: Pool, named: str) -> int:
    """The number of a release that is named by its number or by the address of a publication.

    Raises:
        UsageError: no article is archived under that address, or it is neither.
    """
    return (await publication_named(pool, named))[0]


async def release_now(pool: Pool, release_id: int) -> int:
    """The release of this number, or the one that took it over; it may be erased.

    Raises:
        UnknownRelease: there is none.
    """
    async with pool.connection() as connection:
        found = await connection.execute(_SQL["release_of"], {"release_id": release_id})
        row = await found.fetchone()
    if row is None:
        raise UnknownRelease(f"there is no release {release_id}; `tonggao search` shows numbers")
    return int(row[0])


async def publication_named(pool: Pool, named: str) -> tuple[int, int | None]:
    """A release's number, and that of the publication where an address named it.

    The address may be any under which the article was ever listed or known.

    Raises:
        UsageError: no article is archived under that address, or it is neither.
    """
    if named.isdecimal() and named.isascii():
        return int(named[:18]), None
    if not named.lower().startswith(("http://", "https://")):
        raise UsageError(f"{named!r} is neither the number of a release nor an address")
    async with pool.connection() as connection:
        values = {"key": normal_url(named), "url": named}
        row = await (await connection.execute(_SQL["publication_at"], values)).fetchone()
    if row is None:
        for stone in await tombstones(pool, url=values["key"]):
            raise Erased(str(stone))
        raise UsageError(f"no article is archived under {named}; `tonggao search` shows numbers")
    return int(row[1]), int(row[0])


async def show_release(pool: Pool, release_id: int) -> ReleaseRecord:
    """The release of this number, or the one that took it over.

    Raises:
        Erased: all its publications were erased; the message has their tombstones.
        UsageError: there is no such release.
    """
    number = await release_now(pool, release_id)
    key = {"release_id": number}
    async with pool.connection() as connection:
        async with connection.cursor(row_factory=class_row(Member)) as cursor:
            await cursor.execute(_SQL["members"], key)
            members = tuple(await cursor.fetchall())
        async with connection.cursor(row_factory=class_row(Neighbour)) as near:
            await near.execute(_SQL["neighbours"], key)
            neighbours = tuple(await near.fetchall())
        async with connection.cursor(row_factory=class_row(SharedFile)) as files:
            await files.execute(_SQL["shared_files"], key)
            shared = tuple(await files.fetchall())
    text = await text_in_force(pool, number)
    return ReleaseRecord(number, text, members, neighbours, shared)
