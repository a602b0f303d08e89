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
    kind: str | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A release that holds the words, shown as the publication that matched.

    That is the canonical one where it matches, which the last three fields tell of in any case.
    ``dated_at`` is what hits are filtered and sorted by.
    """

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
    release_title: str
    release_url: str
    release_dated_at: dt.datetime


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
