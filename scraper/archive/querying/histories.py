"""The texts that a publication had, and what changed from one to the next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from psycopg.rows import class_row

from scraper.database import Pool, Statements

_SQL = Statements("export")


@dataclass(frozen=True, slots=True)
class Revision:
    """One text of a publication; ``number`` counts from 1. Times are aware."""

    revision_id: int
    publication_id: int
    url: str
    number: int
    in_force: bool
    reparsed: bool
    valid_from: dt.datetime
    title: str
    body: str


async def revisions_of(pool: Pool, release_id: int) -> list[Revision]:
    """The texts of all publications of a release, each publication's together and oldest first."""
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(Revision)) as cursor,
    ):
        await cursor.execute(_SQL["revisions"], {"release_id": release_id})
        return await cursor.fetchall()
