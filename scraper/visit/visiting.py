"""One visit of a source: read its lists, bring what is new, look again at what is recent."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
from psycopg.rows import class_row
from psycopg_pool import PoolTimeout

from scraper.archive import Known
from scraper.database import Fault, explain, fault_of
from scraper.errors import ClockWrong, FetchError, ListingError, PageError
from scraper.fetch import Outcome, Request
from scraper.fetch.exchange import Purpose
from scraper.listing import Link
from scraper.listing.walk import FormFields, walk
from scraper.log import get_logger
from scraper.sources import Source
from scraper.sources.file_rules import FileRules
from scraper.visit.article import ArticleResult, archive_article
from scraper.visit.files import FileVisit
from scraper.visit.run import SQL, Failure, RunSummary, close_run, note_progress, open_run
from scraper.visit.tools import Tools

log = get_logger(__name__)

_LIST_ALONE = frozenset(
    {
        Outcome.GONE,
        Outcome.CLIENT_ERROR,
        Outcome.OFF_LIST,
        Outcome.BAD_REDIRECT,
        Outcome.WRONG_TYPE,
        Outcome.EMPTY,
    }
)
"""Outcomes of a list page that say nothing against asking its host for articles."""

AGAIN_AT_ONCE = 20
"""Most articles that failed in earlier visits and are tried again in one."""

WITHDRAWN_AT_ONCE = 5
WITHDRAWN_REST = dt.timedelta(days=30)
"""Most withdrawn articles that nothing else has looked at, and how long after their withdrawal."""

TOLD_EVERY = 1.0
"""Least seconds between two notes of a visit's progress in the database."""


class HostWantsRest(FetchError):
    """The host of a source is to be left alone for the rest of a visit."""


Progress = Callable[[RunSummary, ArticleResult | None], None]
"""Called after each list page (without a result) and after each article."""


def _tell_nobody(_summary: RunSummary, _result: ArticleResult | None) -> None:
    """For callers who do not ask how it goes."""


async def visit(
    source: Source,
    tools: Tools,
    *,
    kind: str = "manual",
    slot_at: dt.datetime | None = None,
    progress: Progress = _tell_nobody,
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
        psycopg.OperationalError, psycopg_pool.PoolTimeout: the database is away; whatever else ends
            a visit is told by its summary.
        ClockWrong: this machine's clock is more than a day off.
    """
    await tools.check_clock()
    summary = await open_run(tools.pool, source.id, kind, slot_at)
    visiting = _Visit(source, tools, summary, progress, again=kind == "manual")
    try:
        await visiting.all()
    except (asyncio.CancelledError, ClockWrong):
        await close_run(tools.pool, summary, "interrupted")
        raise
    except Exception as error:  # a visit is an edge: the ledger has what ended it
        match fault_of(error):
            case Fault.TRANSIENT:
                visiting.fail(error, Failure.DATABASE)
                with suppress(
                    psycopg.Error, PoolTimeout
                ):  # else who looks for silent runs closes it
                    await close_run(tools.pool, summary, "interrupted")
                raise
            case Fault.OPERATOR:
                visiting.fail(explain(error, ""), Failure.DATABASE)
            case Fault.DOCUMENT | None:
                log.exception("a visit ended in an error of ours", source=source.id)
                visiting.fail(error, Failure.PROGRAM)
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
    walls: int = 0
    told_at: float = -math.inf
    file_rules: FileRules | None = None

    async def all(self) -> None:
        """Lists, then what failed before, then what is to be looked at again; files come last.

        A list that came and was none, or that is gone, keeps nobody from asking for the articles.
        """
        try:
            if await self._lists_read():
                await self.try_again()
                await self.recheck()
                await self.files()
        except HostWantsRest as error:
            self.fail(error, Failure.HOST)

    async def _lists_read(self) -> bool:
        """Read the lists; False where the host is to be left alone now."""
        try:
            await self.lists()
        except (ListingError, PageError) as error:
            self.fail(error, Failure.LIST)
        except HostWantsRest:
            raise
        except FetchError as error:
            self.fail(error, Failure.LIST)
            return error.outcome in _LIST_ALONE
        return True

    def fail(self, error: Exception, failure: Failure) -> None:
        """Note why the visit as a whole failed; the first reason stays."""
        if self.summary.error is None:
            text = " ".join(str(error).split())
            ours = failure is Failure.PROGRAM
            self.summary.error = (
                f"{type(error).__name__}: {text}; please report it" if ours else text
            )
            self.summary.failure = failure
        log.warning("a source could not be visited", source=self.source.id, error=str(error))

    async def lists(self) -> None:
        """Read the list pages; bring each page's articles before the next page is read."""
        read = self.tools.workers.read_listing
        async for page in walk(self.source, self.read_page, self.known, read=read):
            self.summary.count_list(page.accepted, page.listing.lost)
            await self._report(None)
            await self._note(page.fresh)
            for link in page.fresh:
                await self._article(link)
            await self._look_again(page.listing.links)

    async def _note(self, fresh: Sequence[Link]) -> None:
        """Write down what the list shows before it is asked for: the visit may be cut short."""
        links = [
            (self.source.normal_url(link.url), link.url, link.date, link.title) for link in fresh
        ]
        if links:
            await self.tools.fetcher.ledger.note_listed(self.source.id, links)

    async def try_again(self) -> None:
        """Try articles that failed in earlier visits and whose time has come, listed or not."""
        due = await self.tools.fetcher.ledger.due(self.source.id, most=AGAIN_AT_ONCE)
        left = [each for each in due if each.url not in self.done]
        self.remembered.update(await self.tools.archive.known([each.url for each in left]))
        for each in left:
            if (known := self.remembered.get(each.url)) and known.erased:
                continue
            link = Link(each.address or each.url, each.listed_title, each.listed_on)
            await self._article(link, again=each.failures > 0)

    async def recheck(self) -> None:
        """Look again at the recent articles whose time has come, and at withdrawn ones, rarely."""
        policy = self.tools.recheck
        present = self.tools.fetcher.clock()
        values = {"source_id": self.source.id, "now": present, "done": list(self.done)}
        recent = {"at_once": policy.at_once, "span": policy.span, "gap": policy.gap}
        withdrawn = {"at_once": WITHDRAWN_AT_ONCE, "gap": WITHDRAWN_REST}
        async with (
            self.tools.pool.connection() as connection,
            connection.cursor(row_factory=class_row(Known)) as cursor,
        ):
            await cursor.execute(SQL["due_for_recheck"], values | recent)
            due = await cursor.fetchall()
            await cursor.execute(SQL["withdrawn_unwatched"], values | withdrawn)
            due += await cursor.fetchall()
        for known in due:
            if known.url not in self.done:
                self.remembered[known.url] = known
                await self._article(Link(known.address or known.url))

    async def files(self) -> None:
        """Download the files of its articles that are due."""
        tools = self.tools
        if not (await self._file_rules()).fetches:
            return
        bringing = FileVisit(
            self.source, tools.files, tools.fetcher, tools.file_readers, self.summary.run_id
        )

        async def told() -> None:
            await tools.check_clock()
            await note_progress(tools.pool, self.summary)

        await bringing.all(told)

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
        fetcher = self.tools.fetcher
        listed = fetcher.policy.listed_backoff_cap
        return set(found) | await fetcher.ledger.not_due(wanted, most=listed)

    async def _look_again(self, links: Sequence[Link]) -> None:
        """At what a list shows and the archive has: all of it in a manual visit, else withdrawn ones.

        A list that shows a withdrawn article says that it may be back.
        """
        shown = {self.source.normal_url(link.url): link for link in reversed(links)}
        wanted = [
            url
            for url in reversed(shown)
            if (known := self.remembered.get(url))
            and not known.erased
            and (self.again or known.withdrawn_at)
        ]
        gone = [url for url in wanted if self.remembered[url].withdrawn_at]
        resting: set[str] = set()
        if gone:
            fetcher = self.tools.fetcher
            resting = await fetcher.ledger.not_due(gone, most=fetcher.policy.gone_spacing)
        for url in wanted:
            if url not in self.done and url not in resting:
                await self._article(shown[url])

    async def _article(self, link: Link, *, again: bool = False) -> None:
        await self.tools.check_clock()
        url = self.source.normal_url(link.url)
        self.done.add(url)
        result = await archive_article(
            self.source,
            link,
            self.tools,
            self.summary.run_id,
            known=self.remembered.get(url),
            file_rules=await self._file_rules(),
            wall_rest=None if self.walls else 0.0,
        )
        self.summary.count(result, again=again)
        self.walls += result.reason is Outcome.WALL  # the second in a visit is the host's
        await self._report(result)
        if result.reason and (result.reason.rests_host or self.walls > 1):
            raise HostWantsRest(
                f"source {self.source.id}: the visit was stopped, for the host wants rest: "
                f"{result.reason} at {url} ({result.detail}); the next visit goes on from there",
                outcome=result.reason,
                url=url,
            )

    async def _file_rules(self) -> FileRules:
        """Asked of the archive once a visit."""
        self.file_rules = self.file_rules or await self.tools.file_rules(self.source)
        return self.file_rules

    async def _report(self, result: ArticleResult | None) -> None:
        """Tell how it goes; to the database once a second at most, which is often enough there."""
        moment = asyncio.get_running_loop().time()
        if moment - self.told_at >= TOLD_EVERY:
            self.told_at = moment
            await note_progress(self.tools.pool, self.summary)
        self.progress(self.summary, result)


async def read_list_page(
    source: Source, tools: Tools, run_id: int | None, url: str, form: FormFields | None
) -> tuple[bytes, str, str | None]:
    """Bring a list page: its bytes, its final address, the charset that the server states.

    Raises:
        FetchError: it did not come; the message says why.
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
