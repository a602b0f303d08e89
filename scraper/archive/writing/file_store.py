"""Contents of files go in here, each once, however many pages offer them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from urllib.parse import urlsplit

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row, tuple_row

from scraper.archive.observations.file import (
    DueFile,
    FileChange,
    FileContent,
    FileReading,
    PageFile,
    WantedFile,
)
from scraper.archive.writing.main_files import join_by_main_file
from scraper.archive.writing.partitions import make_partitions
from scraper.batch import Batch
from scraper.clock import SHANGHAI
from scraper.database import Pool, Statements, alone
from scraper.errors import Altered

CLAIMED_FOR = dt.timedelta(minutes=15)
"""So long a file that is being fetched is nobody else's; should its process die, it is due again then."""

_SQL = Statements("files")


class FileArchive:
    """Stores files and answers what is known of them. Safe for many tasks at once."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._asking: Batch[str, DueFile | None] = Batch(self._addresses)
        self._looking: Batch[tuple[str, dt.datetime], None] = Batch(self._look_again)

    async def claim(self, source_id: str, at: dt.datetime, *, host_day: int) -> DueFile | None:
        """An address of the source's files that is to be asked now; None where none is.

        Args:
            source_id: whose articles offer it.
            at: the present; aware.
            host_day: most addresses that are asked of a host on a day of Asia/Shanghai.
        """
        midnight = dt.datetime.combine(at.astimezone(SHANGHAI).date(), dt.time(), SHANGHAI)
        values = {
            "source_id": source_id,
            "now": at,
            "again": at + CLAIMED_FOR,
            "today": midnight,
            "host_day": host_day,
        }
        async with (
            self._pool.connection() as connection,
            connection.cursor(row_factory=class_row(DueFile)) as cursor,
        ):
            await cursor.execute(_SQL["claim_file"], values)
            return await cursor.fetchone()

    async def address(self, url: str) -> DueFile | None:
        """What is known of an address that gave a file; None where it never did."""
        return await self._asking.put(url)

    async def _addresses(self, urls: list[str]) -> Sequence[DueFile | None]:
        async with (
            alone(self._pool) as connection,
            connection.cursor(row_factory=class_row(DueFile)) as cursor,
        ):
            await cursor.execute(_SQL["addresses"], {"urls": urls})
            found = {row.url: row async for row in cursor}
        return [found.get(url) for url in urls]

    async def title_of(self, page_url: str) -> tuple[str | None, str | None]:
        """The headline of a publication as its text in force has it, and the rule that gave it; or None."""
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_SQL["title_of"], {"url": page_url})
            return await cursor.fetchone() or (None, None)

    async def look_again(self, page_url: str, at: dt.datetime) -> None:
        """Make the files of a page due that was looked at, those not asked for a day."""
        await self._looking.put((page_url, at))

    async def _look_again(self, looks: list[tuple[str, dt.datetime]]) -> Sequence[None]:
        urls, moments = zip(*looks, strict=True)
        await self._run("look_again", urls=list(urls), moments=list(moments))
        return [None] * len(looks)

    async def unchanged(self, url: str, at: dt.datetime, outcome: str) -> None:
        """Note that an address gives what it gave before."""
        await self._run("file_unchanged", url=url, at=at, outcome=outcome)

    async def failed(
        self, url: str, at: dt.datetime, outcome: str, detail: str, retry_at: dt.datetime | None
    ) -> None:
        """Note that an address gave nothing, and when it is asked again."""
        said = detail.replace("\x00", "")
        await self._run(
            "file_failed", url=url, at=at, outcome=outcome, detail=said, retry_at=retry_at
        )

    async def is_read(self, digest: str) -> bool:
        """Whether somebody read, or tried to read, what this content says."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=scalar_row)
            await cursor.execute(_SQL["is_read"], {"digest": digest})
            return bool(await cursor.fetchone())

    async def heading(self, digest: str) -> str | None:
        """The title that a content shows, where it was read and shows one."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=scalar_row)
            await cursor.execute(_SQL["heading"], {"digest": digest})
            found: str | None = await cursor.fetchone()
            return found

    async def store(self, content: FileContent) -> FileChange:
        """Store what an address gave, in one transaction; pages that offer it have it from then on.

        A replaced file is told as a change of every publication that offers it. Content that is
        older than what the address gave last is a version of the past, and changes nothing.

        Raises:
            psycopg.Error: the server refused; nothing was stored.
        """
        await make_partitions(self._pool, [dt.datetime.now(dt.UTC)])
        async with self._pool.connection() as connection, connection.transaction():
            return await store_content(connection, content)

    async def put_readings(self, digest: str, readings: Sequence[FileReading]) -> None:
        """Store what a content says."""
        async with self._pool.connection() as connection, connection.transaction():
            await put_readings(connection, digest, readings)

    async def of_page(self, page_url: str) -> list[PageFile]:
        """The files of a page, those to be fetched too."""
        async with (
            self._pool.connection() as connection,
            connection.cursor(row_factory=class_row(PageFile)) as cursor,
        ):
            await cursor.execute(_SQL["files_of_page"], {"page_url": page_url})
            return await cursor.fetchall()

    async def read(self, digest: str) -> bytes | None:
        """The bytes of a content, by its SHA-256 in hexadecimal; None where they are not kept.

        Raises:
            Altered: they are not the bytes that were stored.
        """
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=scalar_row)
            await cursor.execute(_SQL["read_file"], {"digest": digest})
            found: bytes | None = await cursor.fetchone()
        if found is not None and (there := hashlib.sha256(found).hexdigest()) != digest.lower():
            raise Altered("file", bytes.fromhex(digest), there)
        return found

    async def policies(self, source_id: str) -> tuple[str, str] | None:
        """What is done with a source's attachments and images where it does not say itself."""
        async with (
            self._pool.connection() as connection,
            connection.cursor(row_factory=tuple_row) as cursor,
        ):
            await cursor.execute(_SQL["policies"], {"source_id": source_id})
            row = await cursor.fetchone()
            return (str(row[0]), str(row[1])) if row else None

    async def set_policies(
        self, source_ids: Sequence[str], attachments: str | None, images: str | None
    ) -> list[str]:
        """Say what is done with sources' files; None leaves it. Returns the sources that exist."""
        values = {"source_ids": list(source_ids), "attachments": attachments, "images": images}
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=scalar_row)
            await cursor.execute(_SQL["set_policies"], values)
            return [str(each) for each in await cursor.fetchall()]

    async def _run(self, statement: str, **values: object) -> None:
        async with alone(self._pool) as connection:
            await connection.execute(_SQL[statement], values)


def host_of(url: str) -> str:
    """The host of an address in small letters; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


async def note_files(
    connection: AsyncConnection,
    page_url: str,
    source_id: str,
    wanted: Sequence[WantedFile],
    at: dt.datetime,
) -> None:
    """Note what a page offers, within the transaction that stores the page: nothing is forgotten.

    Args:
        connection: in a transaction.
        page_url: normal address of the page.
        source_id: whose article it is.
        wanted: the files that are to be fetched.
        at: the present; aware.
    """
    values = {
        "page_url": page_url,
        "source_id": source_id,
        "now": at,
        "urls": [each.url for each in wanted],
        "hosts": [host_of(each.url) for each in wanted],
        "kinds": [each.kind for each in wanted],
        "places": [each.place for each in wanted],
        "keeps": [each.keep for each in wanted],
    }
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(_SQL["note_files"], values)
        known = [bytes(digest).hex() for digest in await cursor.fetchall()]
    for digest in known:
        await join_by_main_file(connection, digest)


async def store_content(connection: AsyncConnection, content: FileContent) -> FileChange:
    """As `FileArchive.store`, on a connection that is in a transaction."""
    address: dict[str, object] = {"url": content.url, "host": host_of(content.url)}
    address |= {"kind": content.kind, "keep": content.keep}
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(_SQL["hold_address"], address)
        row = await cursor.fetchone()
    before, at = row if row is not None else (None, None)
    await connection.execute(_SQL["store_file"], _file_row(content))
    await put_readings(connection, content.digest, content.readings)
    past = at is not None and content.fetched_at < at
    seen = before == content.digest and not past
    await connection.execute(_SQL["seen_version" if seen else "store_version"], _version(content))
    if past:
        return FileChange.SAME
    row_now = _validators(content)
    await connection.execute(_SQL["address_gave"], row_now)
    await connection.execute(_SQL["pages_gave"], row_now)
    changed = before is not None and before != content.digest
    if changed:
        await connection.execute(_SQL["tell_changed"], {"url": content.url})
    if content.kind == "attachment":
        await join_by_main_file(connection, content.digest)
    if changed:
        return FileChange.CHANGED
    return FileChange.SAME if before else FileChange.FIRST


async def put_readings(
    connection: AsyncConnection, digest: str, readings: Sequence[FileReading]
) -> None:
    """Store what a content says, within a transaction."""
    for each in readings:
        await connection.execute(_SQL["put_text"], _text_row(digest, each))


def _file_row(content: FileContent) -> dict[str, object]:
    return {
        "digest": content.digest,
        "media_type": content.media_type,
        "size": len(content.body),
        "content": content.body if content.keep else None,
        "format": content.format,
    }


def _version(content: FileContent) -> dict[str, object]:
    return {
        "url": content.url,
        "digest": content.digest,
        "first_at": content.fetched_at,
        "last_at": content.fetched_at,
        "name": content.name,
        "media_type": content.media_type,
        "run_id": content.run_id,
        "clock_doubtful": content.clock_doubtful,
    }


def _validators(content: FileContent) -> dict[str, object]:
    return {
        "url": content.url,
        "digest": content.digest,
        "etag": content.etag,
        "last_modified": content.last_modified,
        "fetched_at": content.fetched_at,
    }


def _text_row(digest: str, reading: FileReading) -> dict[str, object]:
    def clean(text: str | None) -> str | None:
        return text.replace("\x00", "") if text else text

    return {
        "digest": digest,
        "recognised": reading.recognised,
        "state": reading.state,
        "detail": clean(reading.detail),
        "body": clean(reading.body) or "",
        "heading": clean(reading.heading),
        "pages": reading.pages,
        "complete": reading.complete,
        "confidence": reading.confidence,
        "reader": reading.reader,
    }
