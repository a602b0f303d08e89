"""Files of releases, as people ask for them."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from psycopg.rows import class_row

from scraper.archive.observations.file import FileReading
from scraper.archive.querying.reading import release_named
from scraper.database import Pool, Statements
from scraper.errors import UsageError

_SQL = Statements("files")
_DIGEST = re.compile(r"[0-9a-f]{8,64}")
_UNFIT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a publication; the fields are those of ``archive.files``, texts as their length."""

    release_id: int
    publication_id: int
    kind: str
    place: int | None
    url: str
    name: str | None
    offered: bool
    main: bool | None
    digest: str | None
    served_name: str | None
    media_type: str | None
    format: str | None
    size: int | None
    kept: bool
    text_state: str | None
    text_detail: str | None
    characters: int | None
    heading: str | None
    pages: int | None
    complete: bool | None
    reader: str | None
    recognised_characters: int | None
    confidence: float | None
    first_at: dt.datetime | None
    checked_at: dt.datetime | None
    outcome: str | None
    next_try_at: dt.datetime | None
    versions: int

    @property
    def state(self) -> str:
        """How it stands in one word: of its text, else of its last request; ``waiting`` before that."""
        return self.text_state or self.outcome or "waiting"

    @property
    def file_name(self) -> str:
        """A name to save it under, that is no path: the server's, the page's, or its digest."""
        for name in (self.served_name, self.name):
            bare = _UNFIT.sub("_", name or "").strip(". ")
            if bare:
                return bare[:150]
        suffix = f".{self.format}" if self.format and self.format.isalnum() else ""
        return f"{(self.digest or 'file')[:16]}{suffix}"


@dataclass(frozen=True, slots=True)
class FileSelection:
    """Which files: of a release, a content (the beginning of its digest), an address, a source, a state."""

    release_id: int | None = None
    digest: str | None = None
    url: str | None = None
    source: str | None = None
    state: str | None = None
    count: int = 1000


async def list_files(pool: Pool, wanted: FileSelection) -> list[FileRow]:
    """Files with the publications that offer them, each publication's together."""
    values = {name: getattr(wanted, name) for name in FileSelection.__slots__}
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(FileRow)) as cursor,
    ):
        await cursor.execute(_SQL["list_files"], values)
        return await cursor.fetchall()


async def files_named(pool: Pool, named: str) -> list[FileRow]:
    """The files that a word stands for: a release's number, a digest, a file's or an article's address.

    Raises:
        UsageError: there is none; the message says what would be one.
    """
    found: list[FileRow] = []
    if named.lower().startswith(("http://", "https://")):
        found = await list_files(pool, FileSelection(url=named))
    elif not named.isdecimal() and _DIGEST.fullmatch(named.lower()):
        found = await list_files(pool, FileSelection(digest=named.lower()))
    if not found and (named.isdecimal() or "://" in named):
        release = await release_named(pool, named)
        found = await list_files(pool, FileSelection(release_id=release))
    if not found:
        raise UsageError(
            f"{named!r} names no file: give a release's number, eight or more digits of a digest, or the "
            "address of a file or an article; `tonggao files list` shows them"
        )
    return found


async def readings_of_content(pool: Pool, digest: str) -> list[FileReading]:
    """What a content says: what it states first, then what was recognised."""
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(FileReading)) as cursor,
    ):
        await cursor.execute(_SQL["texts_of"], {"digest": digest})
        return await cursor.fetchall()
