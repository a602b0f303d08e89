"""One visit of a source: read its lists, bring what is new, look again at what is recent."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import structlog
from psycopg.rows import class_row

from scraper.archive import Known
from scraper.clock import now
from scraper.errors import FetchError, ListingError, PageError, TonggaoError
from scraper.fetch import Outcome, Request
from scraper.fetch.exchange import Purpose
from scraper.listing import Link
from scraper.listing.walk import FormFields, walk
from scraper.sources import Source
from scraper.visit.article import ArticleResult, archive_article
from scraper.visit.run import SQL, RunSummary, close_run, note_progress, open_run
from scraper.visit.tools import Tools

log = structlog.get_logger()

_REST = frozenset({"wall", "rate_limited", "busy", "Wall"})
"""Reasons of a failure that are about the host and not the article: no more of it in this visit."""

Progress = Callable[[RunSummary, ArticleResult | None], None]
"""Called after each list page (without a result) and after each article."""


def _silent(_summary: RunSummary, _result: ArticleResult | None) -> None:
    """Nobody watches."""


async def visit(
    source: Source,
    tools: Tools,
    *,
    kind: str = "manual",
    slot_at: dt.datetime | None = None,
    progress: Progress = _silent,
) -> RunSummary:
    """Visit a source once.

    What is archived before a crash is known to the next visit, which goes on from there. A manual
    visit also looks again at every known article that its list pages show; a scheduled one only at
    those whose time has come (``Recheck``).

    Args:
        source: what to visit; it must be registered.
        tools: the surroundings.
        kind: "scheduled" or "manual", for the ledger.
        slot_at: when a scheduled visit was due.
        progress: is told how it goes.

    Returns:
        What was done. ``error`` says why the list could not be used, if it could not.

    Raises:
        psycopg.Error: the database failed.
    """
    summary = await open_run(tools.pool, source.id, kind, slot_at)
    visiting = _Visit(source, tools, summary, progress, again=kind == "manual")
    try:
        await visiting.all()
    except FetchError as error:
        visiting.fail(error)
    except asyncio.CancelledError:
        await close_run(tools.pool, summary, "interrupted")
        raise
    await close_run(tools.pool, summary, "failed" if summary.error else "done")
    return summary


@dataclass(slots=True)
class _Visit:
    """A visit under way. ``done`` holds the addresses that were looked at in it."""

    source: Source
    tools: Tools
    summary: RunSummary
    progress: Progress
    again: bool
    remembered: dict[str, Known] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    async def all(self) -> None:
        """Lists, then what is to be looked at again: also when a list came and was none.

        Raises:
            FetchError: a list did not come, or the host wants rest.
        """
        try:
            await self.lists()
        except (ListingError, PageError) as error:
            self.fail(error)
        await self.recheck()

    def fail(self, error: TonggaoError) -> None:
        """Note why the visit as a whole failed; the first reason stays."""
        self.summary.error = self.summary.error or str(error)
        log.warning("a source could not be visited", source=self.source.id, error=str(error))

    async def lists(self) -> None:
        """Read the list pages; bring each page's articles before the next page is read."""
        async for page in walk(self.source, self.read_page, self.known):
            self.summary.pages += 1
            self.summary.listed += page.accepted
            await self._report(None)
            for link in page.fresh:
                await self._article(link)
            if self.again:
                for link in page.listing.links:
                    await self._look_again(link)

    async def recheck(self) -> None:
        """Look again at the recent articles whose time has come."""
        policy = self.tools.recheck
        values = {"source_id": self.source.id, "now": now(), "at_once": policy.at_once}
        values |= {"span": policy.span, "gap": policy.gap}
        async with (
            self.tools.pool.connection() as connection,
            connection.cursor(row_factory=class_row(Known)) as cursor,
        ):
            await cursor.execute(SQL["due_for_recheck"], values)
            due = await cursor.fetchall()
        resting = await self.tools.fetcher.ledger.not_due([known.url for known in due])
        for known in due:
            if known.url not in resting and known.url not in self.done:
                self.remembered[known.url] = known
                await self._article(Link(known.address or known.url))

    async def read_page(self, url: str, form: FormFields | None) -> tuple[bytes, str, str | None]:
        """Bring a list page.

        Raises:
            FetchError: it did not come.
        """
        return await read_list_page(self.source, self.tools, self.summary.run_id, url, form)

    async def known(self, urls: Iterable[str]) -> set[str]:
        """Which addresses need not be brought: archived ones, and failing ones not yet due."""
        wanted = list(urls)
        found = await self.tools.archive.known(wanted)
        self.remembered.update(found)
        return set(found) | await self.tools.fetcher.ledger.not_due(wanted)

    async def _look_again(self, link: Link) -> None:
        url = self.source.normal_url(link.url)
        if url in self.remembered and url not in self.done:
            await self._article(link)

    async def _article(self, link: Link) -> None:
        url = self.source.normal_url(link.url)
        self.done.add(url)
        known = self.remembered.get(url)
        result = await archive_article(
            self.source, link, self.tools, self.summary.run_id, known=known
        )
        self.summary.count(result)
        await self._report(result)
        if result.reason in _REST:
            raise FetchError(
                f"source {self.source.id}: the visit was stopped, for the host wants rest: "
                f"{result.reason} at {url} ({result.detail}); the next visit goes on from there",
                outcome=result.reason,
                url=url,
            )

    async def _report(self, result: ArticleResult | None) -> None:
        await note_progress(self.tools.pool, self.summary)
        self.progress(self.summary, result)


async def read_list_page(
    source: Source, tools: Tools, run_id: int | None, url: str, form: FormFields | None
) -> tuple[bytes, str, str | None]:
    """Bring a list page: its bytes, its final address, the charset that the server states.

    Raises:
        FetchError: it did not come; the message says why and when it is due again.
    """
    request = Request(
        url=url,
        purpose=Purpose.LISTING,
        source_id=source.id,
        run_id=run_id,
        rules=source.host_rules,
        form=form,
    )
    answer = (await tools.fetcher.fetch(request)).require()
    if answer.outcome is Outcome.NOT_MODIFIED:
        raise AssertionError("a request without validators is never answered by not_modified")
    return answer.body, answer.url, answer.http_charset
