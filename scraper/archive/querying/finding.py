"""The SQL function ``archive.search`` for callers in Python."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TypeVar

from psycopg import errors
from psycopg.rows import class_row

from scraper.database import Pool, Statements
from scraper.errors import UsageError

_SQL = Statements("export")
_Row = TypeVar("_Row")
COUNT_MILLISECONDS = 5000
"""How long people are kept waiting for a number beside the hits."""


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
    ``dated_at`` is what hits are filtered and sorted by. ``matched_in`` tells where the words stand:
    title, body, file, or recognised (in a picture); None where no word is asked for.
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
    source_name: str
    publisher: str
    matched_in: str | None


@dataclass(frozen=True, slots=True)
class Facet:
    """How many releases of a search have a value; see the comment of ``archive.search_facets``."""

    facet: str
    code: str
    name: str | None
    parent: str | None
    releases: int


@dataclass(frozen=True, slots=True)
class _Total:
    releases: int


async def find(pool: Pool, wanted: Search) -> list[Hit]:
    """The hits, in the order asked for.

    Raises:
        UsageError: the query is longer than a search takes.
    """
    return await _rows(pool, Hit, "search", wanted)


async def facets(pool: Pool, wanted: Search, milliseconds: int | None = None) -> list[Facet]:
    """The hits counted by each facet, the most first.

    Raises:
        UsageError: the query is longer than a search takes, or counting took longer than ``milliseconds``.
    """
    try:
        return await _rows(pool, Facet, "facets", wanted, milliseconds)
    except errors.QueryCanceled as error:
        raise UsageError(
            f"counting so many hits takes longer than {(milliseconds or 0) / 1000:g} s;"
            " ask for fewer, such as those of --since 30d"
        ) from error


async def total(pool: Pool, wanted: Search) -> int | None:
    """How many releases match in all; None where counting takes longer than some seconds."""
    try:
        [counted] = await _rows(pool, _Total, "total", wanted, COUNT_MILLISECONDS)
    except errors.QueryCanceled:
        return None
    return counted.releases


async def require_archived_source(pool: Pool, source_id: str | None) -> None:
    """Accept a source that the archive has: of no other can be said that it brought nothing.

    Raises:
        UsageError: it has none of that id.
    """
    if source_id is None:
        return
    async with pool.connection() as connection:
        found = await (
            await connection.execute(_SQL["has_source"], {"source": source_id})
        ).fetchone()
    if not found or not found[0]:
        raise UsageError(
            f"there is no source {source_id[:80]!r} in this archive; the facets of a search name those that brought it"
        )


async def is_empty(pool: Pool) -> bool:
    """Whether nothing is archived yet."""
    async with pool.connection() as connection:
        row = await (await connection.execute(_SQL["any_release"])).fetchone()
    return row is None


async def _rows(
    pool: Pool, kind: type[_Row], statement: str, wanted: Search, milliseconds: int | None = None
) -> list[_Row]:
    """Rows of a statement.

    Raises:
        UsageError: the search refuses what is asked.
        errors.QueryCanceled: it took longer than so many milliseconds.
    """
    async with (
        pool.connection() as connection,
        connection.transaction(),
        connection.cursor(row_factory=class_row(kind)) as cursor,
    ):
        if milliseconds is not None:
            await connection.execute(f"SET LOCAL statement_timeout = {milliseconds}".encode())
        try:
            await cursor.execute(_SQL[statement], asdict(wanted))
        except errors.InvalidParameterValue as error:
            raise UsageError(str(error).splitlines()[0]) from error
        return await cursor.fetchall()
