"""Stored pages read again by today's parser; what differs becomes a revision marked as reparsed."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from psycopg.rows import class_row

from scraper.archive.observations.observation import Observation, Parse
from scraper.archive.querying.reading import reading
from scraper.archive.writing.rereading import KeptPage, read_again
from scraper.archive.writing.store import Archive
from scraper.clock import SHANGHAI
from scraper.database import Pool, Statements
from scraper.errors import Altered, DocumentRefused, PageError
from scraper.log import get_logger
from scraper.outcome import Outcome
from scraper.record.release import Release

_SQL = Statements("export")
_log = get_logger(__name__)
PAGES_AT_ONCE = 200
_BEGINNING = dt.datetime(1970, 1, 1, tzinfo=SHANGHAI)
_NOT_COMPARED = frozenset({"parser_version", "origins", "url"})


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

    def note(self, url: str, differences: dict[str, tuple[Any, Any]]) -> None:
        """Count one page's differences."""
        self.changed += bool(differences)
        for name, (old, new) in differences.items():
            how = "gained" if not old else "lost" if not new else "changed"
            self.fields.setdefault(name, Counter())[how] += 1
            shown = self.examples.setdefault(name, [])
            if len(shown) < 3:
                shown.append((url, old, new))


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
    archive: Archive, pool: Pool, parse: Parse, request: ReparseRequest, *, dry_run: bool = False
) -> ReparseReport:
    """Read every kept page again that another parser version read.

    A page whose record stays the same leaves no row. An interrupted run goes on after the last page
    it stored; a finished one begins anew and, unless the parser changed, finds nothing to write.
    """
    report = ReparseReport()
    after = (0, _BEGINNING) if dry_run else await _progress(pool, request)
    while group := await _next_pages(pool, after, request):
        read = [await _read(archive, pool, parse, page, report) for page in group]
        after = (group[-1].publication_id, group[-1].valid_from)
        if not dry_run:
            await _store(archive, [item for item in read if item is not None], report)
            place = {"after_publication": after[0], "after_fetched": after[1]}
            await _execute(pool, "keep_reparse_progress", {**request.key(), **place})
    if not dry_run:
        await _execute(pool, "end_reparse", request.key())
    return report


async def _store(archive: Archive, read: list[Observation], report: ReparseReport) -> None:
    for page, answer in zip(read, await archive.store_sound(read) if read else [], strict=True):
        if isinstance(answer, DocumentRefused):
            report.refused[Outcome.UNSTORABLE] += 1
            _log.warning("a stored page is refused now", url=page.url, error=str(answer))


async def _progress(pool: Pool, request: ReparseRequest) -> tuple[int, dt.datetime]:
    async with pool.connection() as connection:
        cursor = await connection.execute(_SQL["reparse_progress"], request.key())
        row = await cursor.fetchone()
    return (row[0], row[1]) if row else (0, _BEGINNING)


async def _execute(pool: Pool, statement: str, values: dict[str, Any]) -> None:
    async with pool.connection() as connection:
        await connection.execute(_SQL[statement], values)


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


async def _read(
    archive: Archive, pool: Pool, parse: Parse, page: KeptPage, report: ReparseReport
) -> Observation | None:
    """The observation to store, None where the record is the same or the page is refused."""
    try:
        again = await read_again(pool, archive.snapshots, parse, page)
    except (PageError, Altered) as error:
        report.pages += 1
        report.refused[error.outcome] += 1
        _log.warning("a stored page is refused now; its text stays", url=page.url, error=str(error))
        return None
    if again is None:
        return None
    report.pages += 1
    found = differences((await reading(pool, page.revision_id)).release, again.release)
    report.note(page.url, found)
    return again if found else None
