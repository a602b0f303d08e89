"""The SQL function ``archive.search`` for callers in Python."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass

from psycopg import errors
from psycopg.rows import class_row

from scraper.database import Pool, Statements
from scraper.errors import UsageError


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; see the comment of ``archive.search``. ``count`` None gives all."""

    query: str
    since: dt.date | None = None
    until: dt.date | None = None
    region: str | None = None
    source: str | None = None
    sort: str = "newest"
    count: int | None = 20
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A release that holds the words; ``found_in`` is the publication that does."""

    release_id: int
    publication_id: int
    title: str
    snippet: str
    dated_at: dt.datetime
    source_id: str
    url: str
    copies: int
    rank: float | None
    found_in: int


async def find(pool: Pool, wanted: Search) -> list[Hit]:
    """The hits, in the order asked for.

    Raises:
        UsageError: the query is longer than a search takes.
    """
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(Hit)) as cursor,
    ):
        try:
            await cursor.execute(Statements("export")["search"], asdict(wanted))
        except errors.InvalidParameterValue as error:
            raise UsageError(str(error).splitlines()[0]) from error
        return await cursor.fetchall()
