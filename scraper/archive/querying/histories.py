"""The texts that a publication had, and what changed from one to the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
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


async def read_from(
    pool: Pool, texts: Iterable[tuple[int | None, int | None]]
) -> dict[int, str | None]:
    """SHA-256, in hex, of the answer that each text was read from, by its number.

    A text that was read from no stored page (an import) has None; one that was erased is left out.

    Args:
        pool: sees schema ``archive``.
        texts: of each the publication and the number of the revision; those without one are passed over.
    """
    wanted = [(publication, text) for publication, text in texts if publication and text]
    values = {
        "publications": sorted({publication for publication, _ in wanted}),
        "revisions": [text for _, text in wanted],
    }
    async with pool.connection() as connection:
        found = await connection.execute(_SQL["read_from"], values)
        return dict(await found.fetchall())
