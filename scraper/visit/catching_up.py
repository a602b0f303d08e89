"""Kept files that nobody could read are read now: with readers, programs or recognition that are here since."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from psycopg.rows import class_row

from scraper.archive.observations.file import PICTURED, FileReading
from scraper.archive.observations.file_readings import reading_of_refusal, readings_of
from scraper.archive.writing.file_store import FileArchive
from scraper.database import Pool, Statements
from scraper.errors import FileError
from scraper.fetch.disposition import name_in
from scraper.readers import FileReaders, Recogniser
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
    pool: Pool, readers: FileReaders, recogniser: Recogniser | None = None
) -> Counter[str]:
    """Read what is kept and has no text; returns how many by the state of what came of it.

    It may be ended at any moment and begun again: each file's text is stored when it is read.

    Args:
        pool: the archive.
        readers: read files.
        recogniser: recognises text in pictures and scanned pages; None leaves those.
    """
    done: Counter[str] = Counter()
    files, after = FileArchive(pool), ""
    while (kept := await _next(pool, after, pictures=recogniser is not None)) is not None:
        after = kept.digest
        readings = await _read(kept, readers, recogniser)
        await files.put_readings(kept.digest, readings)
        done.update(
            f"{each.state}, recognised" if each.recognised else each.state for each in readings
        )
    return done


async def _next(pool: Pool, after: str, *, pictures: bool) -> KeptContent | None:
    values = {"after": after, "pictures": pictures, "pictured": PICTURED, "again": list(AGAIN)}
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(KeptContent)) as cursor,
    ):
        await cursor.execute(_SQL["to_read"], values)
        return await cursor.fetchone()


async def _read(
    kept: KeptContent, readers: FileReaders, recogniser: Recogniser | None
) -> tuple[FileReading, ...]:
    name = kept.name or name_in(kept.url)
    try:
        text = await readers.read_file(
            kept.content, kept.url, name=name, media_type=kept.media_type
        )
        if recogniser is not None and text.pictured:
            text = await recogniser.recognise(
                kept.content, kept.url, text, name=name, media_type=kept.media_type
            )
    except FileError as error:
        return (reading_of_refusal(error),)
    return readings_of(text)
