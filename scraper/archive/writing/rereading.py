"""A new parser is no edit: what it alone explains is told apart from what the page changed.

When a page comes whose stored text another version of the parser read, the stored page is read again
first by the parser of today. What that changes is a ``reparsed`` text; only what still differs then
is an edit. Where the bytes were not kept, the text itself decides: one that says the same in normal
form was not edited.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from psycopg.rows import class_row

from scraper.archive.duplicates.normal_text import normalise
from scraper.archive.observations.observation import (
    BroughtBy,
    FurtherPage,
    Observation,
    PageBytes,
    Parse,
)
from scraper.archive.observations.preparation import Explained, Prepared
from scraper.archive.querying.reading import further_pages
from scraper.archive.snapshots.storage import SnapshotStore
from scraper.clock import SHANGHAI
from scraper.database import Pool, Statements, alone
from scraper.errors import Altered, PageError
from scraper.log import get_logger
from scraper.page import join_pages
from scraper.record.release import Release
from scraper.record.serial import agrees

_SQL = Statements("archive")
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A text of a known publication, and the page it was read from where that is kept.

    Attributes:
        next_pages: how many further pages the text was joined from.
        digest: of the page; None where no page was received (an import of text alone).
    """

    publication_id: int
    url: str
    source_id: str
    listed_on: dt.date | None
    revision_id: int
    valid_from: dt.datetime
    parser_version: str
    published_at: dt.datetime | None
    run_id: int | None
    next_pages: int
    digest: bytes | None
    http_charset: str | None
    record_digest: bytes


@dataclass(frozen=True, slots=True)
class _TextThen(KeptPage):
    """The text in force when an observation was made; ``place`` is the observation's, from 1."""

    place: int
    text_digest: bytes
    title: str


class Rereading:
    """Finds out, before a write, what of it only another parser explains.

    Args:
        pool: the archive.
        snapshots: its pages.
        parse: the parser of today; None where pages cannot be read (then texts alone decide).
    """

    def __init__(self, pool: Pool, snapshots: SnapshotStore, parse: Parse | None) -> None:
        self._pool, self._snapshots, self._parse = pool, snapshots, parse

    async def explain(
        self, prepared: Sequence[Prepared]
    ) -> tuple[list[Observation], list[Prepared]]:
        """Stored pages as today's parser reads them, to be stored first; and the group, marked."""
        anew: list[Observation] = []
        marked = list(prepared)
        for then in await self._texts_then(prepared):
            item = prepared[then.place - 1]
            release = item.observation.release
            if item.observation.reparsed or agrees(bytes(then.record_digest), release):
                continue
            if not item.observation.received_known and await self._was_text(then, release):
                marked[then.place - 1] = replace(item, explained=Explained.SAME_PAGE)
                continue
            if then.parser_version == release.parser_version:
                continue
            again = await self._reread(then, release.parser_version) if item.body_digest else None
            if again is None:
                marked[then.place - 1] = replace(item, explained=_by_text(then, item))
            elif not agrees(bytes(then.record_digest), again.release):
                anew.append(again)
        return anew, marked

    async def _texts_then(self, prepared: Sequence[Prepared]) -> list[_TextThen]:
        wanted = {
            "urls": [item.observation.url for item in prepared],
            "moments": [item.observation.fetched_at for item in prepared],
        }
        async with (
            alone(self._pool) as connection,
            connection.cursor(row_factory=class_row(_TextThen)) as cursor,
        ):
            await cursor.execute(_SQL["texts_then"], wanted)
            return await cursor.fetchall()

    async def _was_text(self, then: _TextThen, release: Release) -> bool:
        """Whether the publication ever had this record: an older file read again is no edit of today."""
        async with self._pool.connection() as connection:
            key = {"publication_id": then.publication_id}
            cursor = await connection.execute(_SQL["record_digests"], key)
            return any([agrees(bytes(digest), release) async for (digest,) in cursor])

    async def _reread(self, then: _TextThen, parser_version: str) -> Observation | None:
        """The stored page read again; None where it cannot be, or not by the wanted parser."""
        if self._parse is None:
            return None
        try:
            again = await read_again(self._pool, self._snapshots, self._parse, then)
        except (PageError, Altered) as error:
            _log.info(
                "a stored page is refused now; its text stays", url=then.url, error=str(error)
            )
            return None
        return again if again and again.release.parser_version == parser_version else None


def _by_text(then: _TextThen, item: Prepared) -> Explained:
    """What is known where the stored page cannot be read again."""
    if item.body_digest is None and item.observation.fetched_at == then.valid_from:
        return Explained.SAME_PAGE
    same_text = bytes(then.text_digest) == item.fingerprint.digest
    if not same_text or normalise(then.title) != normalise(item.observation.release.title):
        return Explained.NOT
    return Explained.SAME_PAGE if item.body_digest is None else Explained.BY_PARSER


async def read_again(
    pool: Pool, snapshots: SnapshotStore, parse: Parse, page: KeptPage
) -> Observation | None:
    """A stored page as this parser reads it; None where its bytes, or a further page's, are gone.

    Raises:
        PageError: the parser refuses it.
    """
    body = await snapshots.read(page.digest) if page.digest else None
    further = await further_pages(pool, snapshots, page.publication_id, page.valid_from)
    if body is None or further is None or len(further) < page.next_pages:
        return None  # half an article is not read again: a policy deleted the rest
    first = FurtherPage(page.url, page.valid_from, body, http_charset=page.http_charset)
    return Observation(
        page.source_id,
        page.url,
        await _joined(parse, [first, *further], page),
        page.valid_from,
        body=body,
        http_charset=page.http_charset,
        run_id=page.run_id,
        brought_by=BroughtBy.REPARSE,
    )


async def _joined(parse: Parse, received: Sequence[FurtherPage], page: KeptPage) -> Release:
    """The record of an article's pages, of which there is mostly one."""
    day = (page.published_at or page.valid_from).astimezone(SHANGHAI).date()
    first, *rest = [
        await parse(
            PageBytes(
                each.body,
                each.url,
                each.http_charset,
                page.source_id,
                day,
                received_at=each.received_at,
                listed_on=page.listed_on,
            )
        )
        for each in received
    ]
    return join_pages(first, rest) if rest else first
