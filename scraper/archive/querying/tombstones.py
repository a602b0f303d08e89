"""What stays of what was erased, and what is said of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row

from scraper.clock import SHANGHAI
from scraper.database import Pool, Statements

_SQL = Statements("erasure")


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A row of ``archive.erasures``: numbers, address, reason, day, digests; never a text."""

    erasure_id: int
    kind: str
    release_id: int | None
    publication_id: int | None
    url: str | None
    file_digest: str | None
    reason: str
    erased_at: dt.datetime
    erased_by: str
    digests: list[dict[str, Any]]

    def __str__(self) -> str:
        day = self.erased_at.astimezone(SHANGHAI).date()
        what = self.url or f"file {self.file_digest}"
        return f"{what} was erased on {day}: {self.reason}"


async def tombstones(
    pool: Pool,
    *,
    release_id: int | None = None,
    publication_id: int | None = None,
    url: str | None = None,
    source: str | None = None,
    file: str | None = None,
    after: str | None = None,
) -> list[Tombstone]:
    """Tombstones, the oldest first: all, or of a release, a publication, an address, a source, a file's digest, since a cursor."""
    values = {
        "release_id": release_id,
        "publication_id": publication_id,
        "url": url,
        "source": source,
        "file": file,
        "after": after,
    }
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(Tombstone)) as cursor,
    ):
        await cursor.execute(_SQL["tombstones"], values)
        return await cursor.fetchall()
