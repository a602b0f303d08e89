"""A crew whose visits are made up by the test, on a real database and a real queue."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from procrastinate import App

from scheduler.crew import Crew, Kept, PageRead
from scheduler.daemon.workforce import Workforce
from scheduler.jobs.queue import open_queue
from scheduler.jobs.recovery import Presence
from scheduler.schedule.claims import plan_sources
from scheduler.schedule.deferring import BACKFILLS, VISITS
from scheduler.schedule.plan import Plan
from scraper.database import Pool
from scraper.errors import UnknownSource
from scraper.listing.model import Link

MINUTELY = Plan("interval", 60.0, 60.0)


@dataclass
class Summary:
    """What a made-up visit tells."""

    run_id: int = 0
    new: int = 0
    copies: int = 0
    error: str | None = None
    cut_short: bool = False


@dataclass
class Site:
    """A made-up site: what is visited, listed and kept is recorded here."""

    visits: list[tuple[str, dt.datetime]] = field(default_factory=list)
    pages: list[tuple[Link, ...]] = field(default_factory=list)
    pages_read: list[int] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    on_visit: Callable[[str], Awaitable[Any]] | None = None
    on_keep: Callable[[str], Awaitable[Any]] | None = None
    unknown: set[str] = field(default_factory=set)

    def find(self, source_id: str) -> Any:
        if source_id in self.unknown:
            raise UnknownSource(f"no source {source_id}")
        return SimpleNamespace(id=source_id)

    async def visit(self, source: Any, _tools: Any, slot_at: dt.datetime) -> Any:
        self.visits.append((source.id, slot_at))
        brought = await self.on_visit(source.id) if self.on_visit else None
        return brought or Summary()

    async def judge(self, _connection: Any, source: Any, _summary: Any) -> None:
        self.judged.append(source.id)

    async def read_page(
        self, _source: Any, _tools: Any, _run: int, cursor: Any, _since: dt.date | None
    ) -> PageRead:
        number = cursor["page"] if cursor else 0
        self.pages_read.append(number)
        following = {"page": number + 1} if number + 1 < len(self.pages) else None
        return PageRead(self.pages[number], following)

    async def keep(self, _source: Any, _tools: Any, _run: int, link: Link) -> Kept:
        if self.on_keep:
            await self.on_keep(link.url)
        self.kept.append(link.url)
        return Kept("new")


@pytest.fixture
async def queue(database_url: str) -> AsyncIterator[App]:
    async with open_queue(database_url) as opened:
        yield opened


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def crew(pool: Pool, queue: App, site: Site) -> Crew:
    return crew_for(pool, queue, site)


def crew_for(pool: Pool, queue: App, site: Site, worker: str = "test:1") -> Crew:
    return Crew(
        pool=pool,
        queue=queue,
        tools=None,  # type: ignore[arg-type]  # made-up visits use none
        find=site.find,
        worker=worker,
        visit=site.visit,
        judge=site.judge,
        read_page=site.read_page,  # type: ignore[arg-type]
        keep=site.keep,
    )


async def add_sources(pool: Pool, *ids: str, plan: Plan = MINUTELY) -> None:
    """Enabled, planned sources that are due."""
    async with pool.connection() as connection, connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO tonggao.source (source_id, name, publisher, kind, lists, enabled) "
            "VALUES (%s, %s, 'p', 'gov-portal', '{}', true)",
            [(source_id, source_id) for source_id in ids],
        )
    await plan_sources(pool, dict.fromkeys(ids, plan))
    await make_due(pool)


async def make_due(pool: Pool, ago: float = 1.0) -> None:
    """Every source that waits has been due for so many seconds."""
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE tonggao.schedule SET next_due_at = now() - make_interval(secs => %s)", (ago,)
        )


async def rows(pool: Pool, query: str, *values: Any) -> list[Any]:
    """What a query gives."""
    async with pool.connection() as connection:
        return await (await connection.execute(query, values)).fetchall()


@asynccontextmanager
async def at_work(crew: Crew, presence: Presence | None = None) -> AsyncIterator[Workforce]:
    """A worker runs while the block does."""
    workforce = Workforce(
        crew,
        presence or Presence("worker", "test"),
        queues=(VISITS, BACKFILLS),
        concurrency=8,
        stop_limit=5.0,
        look=0.05,
    )
    task = asyncio.create_task(workforce.run())
    try:
        yield workforce
    finally:
        workforce.stop()
        await task


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 20.0) -> None:
    """Wait until something that happens elsewhere has happened; fail when it does not."""
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.02)
