"""Kept files that nobody could read are read now: with readers, programs or recognition that are here since."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import repeat

from psycopg.rows import class_row

from scraper.archive.observations.file import EMPTY, PICTURED, FileReading
from scraper.archive.observations.file_readings import READER, reading_of_refusal, readings_of
from scraper.archive.writing.file_store import FileArchive
from scraper.database import Pool, Statements
from scraper.errors import FileError
from scraper.fetch.disposition import name_in
from scraper.readers import FileReaders, Recognisers
from scraper.refusal import Refusal

AGAIN = (Refusal.NO_READER, Refusal.NO_PROGRAM, Refusal.NO_LIBRARY, Refusal.TOO_SLOW)
"""Why a file had no text that may have changed since."""

_SQL = Statements("files")


@dataclass(frozen=True, slots=True)
class KeptContent:
    """A content that is to be read, with what is known of its name."""

    digest: str
    content: bytes
    media_type: str | None
    name: str | None
    url: str


async def catch_up(
    pool: Pool,
    readers: FileReaders,
    recogniser: Recognisers | None = None,
    *,
    again: tuple[Refusal, ...] = AGAIN,
    most: int | None = None,
) -> Counter[str]:
    """Read what is kept and has no text; returns how many by the state of what came of it.

    It may be ended at any moment and begun again: each file's text is stored when it is read.

    Args:
        pool: the archive.
        readers: read files.
        recogniser: recognises text in pictures and scanned pages; None leaves those.
        again: what a file was refused for that may be read now.
        most: how many files at most; None reads all.

    Raises:
        FileUnsupported: the recogniser's library is not installed.
    """
    done: Counter[str] = Counter()
    files, after = FileArchive(pool), ""
    for _ in repeat(None) if most is None else repeat(None, most):
        kept = await _next(pool, after, again, pictures=recogniser is not None)
        if kept is None:
            break
        after = kept.digest
        readings = await _read(kept, readers, recogniser)
        await files.put_readings(kept.digest, readings)
        done.update(
            f"{each.state}, recognised" if each.recognised else each.state for each in readings
        )
    return done


async def _next(
    pool: Pool, after: str, again: tuple[Refusal, ...], *, pictures: bool
) -> KeptContent | None:
    values = {"after": after, "pictures": pictures, "pictured": PICTURED, "again": list(again)}
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(KeptContent)) as cursor,
    ):
        await cursor.execute(_SQL["to_read"], values)
        return await cursor.fetchone()


async def _read(
    kept: KeptContent, readers: FileReaders, recogniser: Recognisers | None
) -> tuple[FileReading, ...]:
    name = kept.name or name_in(kept.url)
    try:
        text = await readers.read_file(
            kept.content, kept.url, name=name, media_type=kept.media_type
        )
    except FileError as error:
        return (reading_of_refusal(error),)
    if recogniser is None:
        return readings_of(text)
    if not text.pictured:
        return *readings_of(text), _NO_PICTURES
    try:
        seen = await recogniser.recognise(
            kept.content, kept.url, text, name=name, media_type=kept.media_type
        )
    except FileError as error:
        if error.refusal is Refusal.NO_LIBRARY:
            raise
        return *readings_of(text), reading_of_refusal(error, recognised=True)
    return readings_of(seen)


_NO_PICTURES = FileReading(recognised=True, state=EMPTY, reader=READER)
"""Notes that recognition has nothing to do in a file, so that it is not looked at for it again."""
