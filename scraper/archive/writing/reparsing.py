"""Stored pages read again by today's parser; what differs becomes a revision marked as reparsed."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

from psycopg.rows import class_row

from scraper.ahead import READ_AT_ONCE, in_order, one_behind
from scraper.archive.observations.observation import Observation, Parse
from scraper.archive.querying.reading import reading
from scraper.archive.writing.rereading import KeptPage, read_again
from scraper.archive.writing.store import Archive, Ready
from scraper.clock import SHANGHAI
from scraper.database import Pool, Statements
from scraper.errors import AddressErased, Altered, DocumentRefused, PageError
from scraper.log import get_logger
from scraper.outcome import Outcome
from scraper.record.release import Release
from scraper.record.serial import agrees

_SQL = Statements("export")
_log = get_logger(__name__)
PAGES_AT_ONCE = 200
_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=SHANGHAI)
_NOT_COMPARED = frozenset({"parser_version", "origins", "url"})


@dataclass(frozen=True, slots=True)
class _Read:
    """A kept page read again, or not where its bytes are ``gone``; ``again`` where it differs."""

    page: KeptPage
    again: Observation | None = None
    differences: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    refused: str | None = None
    gone: bool = False


_ReadyGroup = tuple[Sequence[_Read], Ready]


@dataclass(slots=True)
class ReparseReport:
    """What today's parser reads differently.

    Attributes:
        pages: pages read; changed: those whose record differs; refused: by verdict.
        fields: for each field how often it came, went, or changed.
        examples: for each field the first pages where it differs, with both values.
    """

    pages: int = 0
    changed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    fields: dict[str, Counter[str]] = field(default_factory=dict)
    examples: dict[str, list[tuple[str, Any, Any]]] = field(default_factory=dict)

    def count(self, read: _Read) -> None:
        """Add one page: refused, the same as before, or with its differences."""
        if read.refused is not None:
            self.refused[read.refused] += 1
        self.pages += not read.gone
        self.changed += bool(read.differences)
        for name, (old, new) in read.differences.items():
            how = "gained" if not old else "lost" if not new else "changed"
            self.fields.setdefault(name, Counter())[how] += 1
            shown = self.examples.setdefault(name, [])
            if len(shown) < 3:
                shown.append((read.page.url, old, new))


def differences(old: Release, new: Release) -> dict[str, tuple[Any, Any]]:
    """Field to its two values, where they differ."""
    before, after = old.to_dict(), new.to_dict()
    return {
        name: (before[name], after[name])
        for name in before
        if name not in _NOT_COMPARED and before[name] != after[name]
    }


@dataclass(frozen=True, slots=True)
class ReparseRequest:
    """Which pages to read again, and by which parser version."""

    parser_version: str
    source: str | None = None
    since: dt.datetime | None = None

    def key(self) -> dict[str, Any]:
        """Under which the progress is kept."""
        since = self.since.isoformat() if self.since else ""
        return {"parser_version": self.parser_version, "selection": f"{self.source or ''} {since}"}


async def reparse(
    archive: Archive,
    pool: Pool,
    parse: Parse,
    request: ReparseRequest,
    *,
    dry_run: bool = False,
    tell: Callable[[], None] = lambda: None,
) -> ReparseReport:
    """Read every kept page again that another parser version read.

    A page whose record stays the same leaves no row. Several pages are read at once, while some are
    made ready and some stored. An interrupted run goes on after the last page it stored; a finished one begins anew
    and, unless the parser changed, finds nothing to write. ``tell`` is called after each page.
    """
    report = ReparseReport()
    after = (0, _BEGINNING) if dry_run else await _progress(pool, request)

    async def pieces() -> AsyncGenerator[Coroutine[Any, Any, _Read]]:
        async with aclosing(_pages(pool, after, request)) as pages:
            async for page in pages:
                yield _read(archive, pool, parse, page)

    async def groups() -> AsyncGenerator[Coroutine[Any, Any, _ReadyGroup]]:
        group = list[_Read]()
        async with aclosing(in_order(pieces(), READ_AT_ONCE)) as results:
            async for read in results:
                report.count(read)
                tell()
                group.append(read)
                if len(group) >= PAGES_AT_ONCE:
                    yield _ready(archive, group)
                    group = []
        if group:
            yield _ready(archive, group)

    async with one_behind() as begin, aclosing(in_order(groups(), 2)) as ready:
        async for group, differing in ready:
            if not dry_run:
                await begin(_store(archive, pool, differing, report, request, group[-1].page))
    await archive.settle()
    if not dry_run:
        await _execute(pool, "end_reparse", request.key())
    return report


async def _ready(archive: Archive, group: Sequence[_Read]) -> _ReadyGroup:
    differing = [read.again for read in group if read.again]
    return group, await archive.ready(differing)


async def _store(
    archive: Archive,
    pool: Pool,
    ready: Ready,
    report: ReparseReport,
    request: ReparseRequest,
    last: KeptPage,
) -> None:
    """Store what differs, and note up to which page everything is stored."""
    stored = await archive.store_sound(ready)
    for page, answer in zip(ready.observations, stored, strict=True):
        if isinstance(answer, DocumentRefused):
            erased = isinstance(answer, AddressErased)
            report.refused[Outcome.ERASED if erased else Outcome.UNSTORABLE] += 1
            _log.warning("a stored page is refused now", url=page.url, error=str(answer))
    progress = {"after_publication": last.publication_id, "after_fetched": last.valid_from}
    await _execute(pool, "keep_reparse_progress", {**request.key(), **progress})


async def _progress(pool: Pool, request: ReparseRequest) -> tuple[int, dt.datetime]:
    async with pool.connection() as connection:
        cursor = await connection.execute(_SQL["reparse_progress"], request.key())
        row = await cursor.fetchone()
    return (row[0], row[1]) if row else (0, _BEGINNING)


async def _execute(pool: Pool, statement: str, values: dict[str, Any]) -> None:
    async with pool.connection() as connection:
        await connection.execute(_SQL[statement], values)


async def _pages(
    pool: Pool, after: tuple[int, dt.datetime], request: ReparseRequest
) -> AsyncGenerator[KeptPage]:
    """The pages to be read, the next of them asked for while those before are read."""
    following = asyncio.create_task(_next_pages(pool, after, request))
    try:
        while group := await following:
            after = (group[-1].publication_id, group[-1].valid_from)
            following = asyncio.create_task(_next_pages(pool, after, request))
            for page in group:
                yield page
    finally:
        following.cancel()
        await asyncio.gather(following, return_exceptions=True)


async def _next_pages(
    pool: Pool, after: tuple[int, dt.datetime], request: ReparseRequest
) -> list[KeptPage]:
    values = {
        "after_publication": after[0],
        "after_fetched": after[1],
        "parser_version": request.parser_version,
        "source": request.source,
        "since": request.since,
        "count": PAGES_AT_ONCE,
    }
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(KeptPage)) as cursor,
    ):
        await cursor.execute(_SQL["pages_to_reparse"], values)
        return await cursor.fetchall()


async def _read(archive: Archive, pool: Pool, parse: Parse, page: KeptPage) -> _Read:
    """The page as it is read today, and where that differs from its stored record."""
    try:
        again = await read_again(pool, archive.snapshots, parse, page)
    except (PageError, Altered) as error:
        _log.warning("a stored page is refused now; its text stays", url=page.url, error=str(error))
        return _Read(page, refused=error.outcome)
    if again is None:
        return _Read(page, gone=True)
    if agrees(bytes(page.record_digest), again.release):
        return _Read(page)
    stored = await reading(pool, page.revision_id)
    if stored is None:
        return _Read(page, refused=Outcome.ERASED)
    differing = differences(stored.release, again.release)
    return _Read(page, again if differing else None, differing)
