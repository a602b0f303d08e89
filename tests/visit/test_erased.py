"""A daemon and its backfill pass by what was erased, and archive the same text at another address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from scheduler.crew import Crew
from scheduler.daemon.daemon import Daemon, Habits
from scheduler.daemon.vitals import Vitals
from scheduler.demo.site import DemoSite
from scheduler.health.store import ensure_months
from scheduler.jobs import moves
from scheduler.jobs.queue import open_queue
from scheduler.jobs.recovery import Presence
from scheduler.schedule.claims import plan_sources
from scheduler.schedule.plan import Plan
from scraper.archive.erasure.erasing import erase, named
from scraper.database import Pool
from scraper.sources import Source
from scraper.visit import Tools
from tests.scheduler.conftest import make_due, rows, until

QUICK = Habits(tick=0.05, sweep=0.2, beat=0.1, reread=0.2, stop_limit=5.0)
HOURLY = Plan("interval", 3600.0, 3600.0)


async def test_a_daemon_does_not_bring_back_what_was_erased(
    pool: Pool, database_url: str, sources: dict[str, Source], tools: Tools, site: DemoSite
) -> None:
    source = sources["qinghe"]
    await rows(pool, "UPDATE tonggao.source SET enabled = source_id = %s RETURNING 1", source.id)
    await ensure_months(pool)
    await plan_sources(pool, {source.id: HOURLY})
    async with open_queue(database_url) as queue:
        crew = Crew(
            pool=pool, queue=queue, tools=tools, find=lambda _: source, worker="test:1", visit=moves.visit,
            judge=moves.judge, read_page=moves.read_page, keep=moves.keep,
        )  # fmt: skip
        process = Daemon(
            crew, QUICK, plans=lambda ids: dict.fromkeys(ids, HOURLY), reload=lambda: None,
            presence=Presence("daemon", "test"), vitals=Vitals(),
        )  # fmt: skip
        async with _running(process):
            await _visited(pool, 1)
            [(url, title)] = await rows(
                pool, "SELECT url, title FROM archive.publications ORDER BY url LIMIT 1"
            )
            await erase(pool, await named(pool, url), "court order")
            site.edit()
            site.requests.clear()
            await _visited(pool, 2)
    assert site.requests == {200: 1, 304: 1}  # the list, and the other article
    assert await rows(pool, "SELECT 1 FROM tonggao.revision WHERE title = %s", title) == []
    runs = await rows(pool, "SELECT state, error FROM tonggao.run ORDER BY run_id")
    assert runs == [("done", None), ("done", None)]
    erased = await rows(pool, "SELECT 1 FROM tonggao.url_state WHERE url = %s", url)
    assert erased == []  # not remembered as something to ask for


@asynccontextmanager
async def _running(process: Daemon) -> AsyncIterator[None]:
    """The daemon works while the block runs, and is told to stop however that ends."""
    running = asyncio.create_task(process.run())
    try:
        yield
    finally:
        process.stop()
        await running


async def _visited(pool: Pool, times: int) -> None:
    await make_due(pool)

    async def done() -> bool:
        slots = await rows(pool, "SELECT FROM tonggao.slot WHERE state <> 'open'")
        return len(slots) >= times

    await until(done, 60)
