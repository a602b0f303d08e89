"""What a language model can ask, each answer with what it takes to check it.

All of it is asked as the reader's login, which sees schema ``archive`` and can write nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Annotated, Any

from pydantic import Field

from scraper.archive.querying.changes import latest
from scraper.archive.querying.citing import cited, seen
from scraper.archive.querying.finding import Hit, facets, require_archived_source, total
from scraper.archive.querying.histories import read_from, revisions_of
from scraper.archive.querying.paging import page_of
from scraper.archive.querying.reading import show_release, text_in_force
from scraper.clock import now
from scraper.database import Pool
from scraper.errors import UsageError
from scraper.mcp.asking import ask
from scraper.mcp.quoting import locate
from scraper.record.citation import Style, cite
from scraper.web.api.parameters import (
    Cursor,
    Filters,
    InStyle,
    Latest,
    OneChange,
    Region,
    Since,
    Source,
    Until,
    Words,
)

MOST_TEXT = 60_000
"""Characters of a text in one answer; the next part is asked for by its first paragraph.

A paragraph that alone is longer is cut, and ``cut`` of the answer has its number.
"""
MOST_VALUES = 50
"""Of a facet in one answer."""
Number = Annotated[int, Field(ge=1, le=(1 << 63) - 1, description="Number of the release.")]
Few = Annotated[int, Field(ge=1, le=50, description="How many at most.")]


@dataclass(frozen=True, slots=True)
class Tools:
    """The tools over one archive.

    Attributes:
        pool: of the reader's login, in sessions that write nothing.
        url: of the same login, for statements that a program wrote.
        reader: address of the web reader, without a slash at the end.
    """

    pool: Pool
    url: str
    reader: str

    async def search(
        self,
        words: Words = "",
        since: Since = None,
        until: Until = None,
        region: Region = None,
        source: Source = None,
        count: Few = 10,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """Find releases that hold words, the newest first; each hit with where its words stand."""
        await require_archived_source(self.pool, source)
        filters = _filters(words, since, until, region, source)
        wanted = filters.search(now().date(), count=count)
        hits, following = await page_of(self.pool, wanted, cursor)
        items = [await self._hit(hit) for hit in hits]
        return {"items": items, "next_cursor": following}

    async def release(
        self,
        release_id: Number,
        from_paragraph: Annotated[int, Field(ge=0, description="Counted from 0.")] = 0,
    ) -> dict[str, Any]:
        """Read a release: every field that its page states, its paragraphs, who carried it."""
        found = await show_release(self.pool, release_id)
        record = found.reading.record()
        whole = found.reading.release.paragraphs
        if from_paragraph and from_paragraph >= len(whole):
            raise UsageError(
                f"the text has {len(whole)} paragraphs; from_paragraph is less than that"
            )
        given, end = _part(whole, from_paragraph)
        cut = [number for number, text in enumerate(given, from_paragraph) if len(text) > MOST_TEXT]
        checks = await self._checks(found.release_id, found.reading.publication_id, record["url"])
        return {
            **record,
            "paragraphs": [text[:MOST_TEXT] for text in given],
            "first_paragraph": from_paragraph,
            "next_paragraph": end,
            "cut": cut,
            "copies": len(found.members) - 1,
            "near": [
                {**asdict(each), "reader": self._reader(each.other_id)} for each in found.neighbours
            ],
            **checks,
        }

    async def revisions(self, release_id: Number) -> dict[str, Any]:
        """The texts that the publications of a release had, oldest first: what was edited, and when."""
        found = await show_release(self.pool, release_id)
        texts = await revisions_of(self.pool, found.release_id)
        pages = await read_from(
            self.pool, [(text.publication_id, text.revision_id) for text in texts]
        )
        left, items = MOST_TEXT, []
        for text in texts:
            items.append(
                {
                    **asdict(text),
                    "body": text.body[:left],
                    "complete": len(text.body) <= left,
                    "permalink": text.url,
                    "reader": self._reader(found.release_id),
                    "snapshot_sha256": pages.get(text.revision_id),
                }
            )
            left = max(0, left - len(text.body))
        return {"items": items}

    async def copies(self, release_id: Number) -> dict[str, Any]:
        """Who carried a release, and the evidence that each copy is one; the first is the canonical one."""
        found = await show_release(self.pool, release_id)
        items = [
            {
                **asdict(member),
                **await self._checks(found.release_id, member.publication_id, member.url),
            }
            for member in found.members
        ]
        return {"items": items}

    async def changes(
        self,
        kind: OneChange = None,
        words: Words = "",
        since: Since = None,
        until: Until = None,
        region: Region = None,
        source: Source = None,
        count: Few = 10,
        cursor: Cursor = None,
    ) -> dict[str, Any]:
        """What happened last: new, edited (with the lines that went and came), withdrawn, restored, copied."""
        await require_archived_source(self.pool, source)
        asked = Latest(
            q=words, since=since, until=until, region=region, source=source,
            change=kind, count=count, cursor=cursor,
        )  # fmt: skip
        found = await latest(self.pool, asked.asked(now().date()))
        shown = found[:count]
        pages = await read_from(
            self.pool, [(each.publication_id, each.revision_id) for each in shown]
        )
        items = [
            {
                **asdict(each),
                "permalink": each.url,
                "reader": self._reader(each.release_id),
                "snapshot_sha256": pages.get(each.revision_id or 0),
            }
            for each in shown
        ]
        more = len(found) > count
        return {"items": items, "next_cursor": items[-1]["cursor"] if more and items else None}

    async def counts(
        self,
        words: Words = "",
        since: Since = None,
        until: Until = None,
        region: Region = None,
        source: Source = None,
    ) -> dict[str, Any]:
        """How many releases match, in all and by region, source, column, kind and month."""
        await require_archived_source(self.pool, source)
        wanted = _filters(words, since, until, region, source).search(now().date())
        found = groupby(await facets(self.pool, wanted), key=lambda facet: facet.facet)
        by = {name: [asdict(each) for each in values] for name, values in found}
        cut = sorted(name for name, values in by.items() if len(values) > MOST_VALUES)
        shown = {name: values[:MOST_VALUES] for name, values in by.items()}
        return {"releases": await total(self.pool, wanted), "by": shown, "cut": cut}

    async def cite(
        self,
        release_id: Number,
        style: InStyle = Style.gbt7714,
    ) -> dict[str, Any]:
        """Cite a release: address, the day it was last seen, digest of the stored page."""
        told = await cited(self.pool, release_id)
        return {
            "citation": cite(told, style),
            "release_id": told.number,
            "permalink": told.release.url,
            "reader": self._reader(told.number),
            "snapshot_sha256": told.digest,
            "last_seen_at": told.seen_at,
        }

    async def sql(
        self, statement: Annotated[str, Field(description="One SELECT on schema archive.")]
    ) -> dict[str, Any]:
        """Run one SELECT on the views of schema archive; at most 1000 rows, 400 kB, 15 seconds.

        archive.releases, archive.publications, archive.revisions, archive.copies, archive.sources and others;
        `SELECT * FROM archive.search('words')` searches. Columns with their meanings:
        `SELECT column_name, col_description(('archive.' || table_name)::regclass, ordinal_position)
        FROM information_schema.columns WHERE table_schema = 'archive' AND table_name = 'releases'`.
        """
        return asdict(await ask(self.url, statement))

    async def _hit(self, hit: Hit) -> dict[str, Any]:
        text = await text_in_force(self.pool, hit.release_id, hit.publication_id)
        checks = await self._checks(hit.release_id, hit.publication_id, hit.url)
        return {**asdict(hit), "quotes": locate(hit.snippet, text.release.paragraphs), **checks}

    async def _checks(self, release_id: int, publication_id: int, url: str) -> dict[str, Any]:
        """What shows that an answer is true: both addresses, and the stored page's digest."""
        seen_at, digest = await seen(self.pool, publication_id)
        return {
            "permalink": url,
            "reader": self._reader(release_id),
            "snapshot_sha256": digest,
            "last_seen_at": seen_at,
        }

    def _reader(self, release_id: int) -> str:
        return f"{self.reader}/release/{release_id}"


def _filters(
    words: str, since: str | None, until: str | None, region: str | None, source: str | None
) -> Filters:
    return Filters(q=words, since=since, until=until, region=region, source=source)


def _part(paragraphs: Sequence[str], first: int) -> tuple[list[str], int | None]:
    """As many paragraphs as an answer holds, one at least, and where the next part begins."""
    given, room = list[str](), MOST_TEXT
    for paragraph in paragraphs[first:]:
        if given and len(paragraph) > room:
            return given, first + len(given)
        given.append(paragraph)
        room -= len(paragraph)
    return given, None
