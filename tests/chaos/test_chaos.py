"""Three daemons, two backfills, 200 sources, and everything that can go wrong, for some minutes.

``make test-chaos``. TONGGAO_TEST_CHAOS_SECONDS sets how long things go wrong (default 150),
TONGGAO_TEST_CHAOS_SEED repeats a course. The table of what was measured is printed at the end.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import socket
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from scheduler.schedule.claims import enabled_sources
from scraper.database import migrate, open_pool
from scraper.database.embedded import cluster as clusters
from scraper.sources import load_catalogue
from scraper.visit import register_sources
from tests.chaos.site import SitePlan
from tests.chaos.stage import DATABASE, HOST_INTERVAL, Stage

pytestmark = pytest.mark.chaos

SECONDS = float(os.environ.get("TONGGAO_TEST_CHAOS_SECONDS", "150"))
SEED = int(os.environ.get("TONGGAO_TEST_CHAOS_SEED", str(time.time_ns() % 100_000)))
SETTLE_SECONDS = 420.0
PLAN = SitePlan(hosts=200, archives=2, first=3, last=7, gap=25.0, past=45)
TOLERANCE = 0.1
"""The log is written when a request arrives; on a busy machine that is a little after its start."""


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with opened_stage(PLAN) as made:
        yield made


@asynccontextmanager
async def opened_stage(plan: SitePlan) -> AsyncIterator[Stage]:
    """A server of its own, and a stage for a site."""
    folder = Path(tempfile.mkdtemp(prefix="tonggao-chaos-"))
    folder.chmod(0o755)
    settings = {"fsync": "off", "full_page_writes": "off", "max_connections": "120"}
    cluster = clusters.open_cluster(folder / "cluster", settings=settings)
    clusters.initialise(cluster)
    clusters.start(cluster)
    with psycopg.connect(clusters.url(cluster, "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    made = Stage(folder, plan, cluster, port)
    try:
        yield made
    finally:
        await made.close()
        clusters.stop(cluster)
        if not os.environ.get("TONGGAO_TEST_KEEP"):
            shutil.rmtree(folder)


async def enable(stage: Stage, every: str) -> None:
    """Define, register and enable one source a host."""
    ids = stage.write_sources(every)
    await migrate(stage.url)
    catalogue = load_catalogue(stage.folder / "sources")
    async with open_pool(stage.url) as pool:
        await register_sources(pool, catalogue.select(ids=ids))
        async with pool.connection() as connection:
            await connection.execute(
                "UPDATE tonggao.source SET enabled = true WHERE source_id = ANY(%s)", (ids,)
            )
        assert len(await enabled_sources(pool)) == stage.plan.hosts


async def wreak(stage: Stage, seconds: float, chance: random.Random) -> None:
    """Let things go wrong, one after the other and some at once."""
    deeds = [stage.kill_one] * 4 + [stage.cut_network, stage.jump_clock, stage.fill_disk]
    deeds += [stage.restart_server, stage.hang_one]  # type: ignore[list-item]
    once = [stage.restart_server, stage.fill_disk, stage.cut_network, stage.jump_clock]
    once.append(stage.hang_one)  # whatever chance brings, each kind happens
    under_way: set[asyncio.Task[None]] = set()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await asyncio.sleep(chance.uniform(2, 7))
        await stage.revive()
        deed = once.pop() if once else chance.choice(deeds)
        task = asyncio.create_task(deed(chance))
        under_way.add(task)
        task.add_done_callback(under_way.discard)
    await asyncio.gather(*under_way)
    await stage.heal()


async def settle(stage: Stage) -> float:
    """Wait until all is archived and both backfills are over; the seconds it took."""
    began = time.monotonic()
    wanted = len(PLAN.articles())
    while time.monotonic() - began < SETTLE_SECONDS:
        await stage.revive()
        await asyncio.sleep(2)
        await stage.take_up_again()
        [(archived, open_backfills)] = await asyncio.to_thread(
            stage.rows,
            "SELECT (SELECT count(*) FROM tonggao.publication), "
            "(SELECT count(*) FROM tonggao.backfill WHERE state <> 'done')",
        )
        if archived == wanted and open_backfills == 0:
            return time.monotonic() - began
    return time.monotonic() - began


async def test_nothing_is_lost_doubled_or_forgotten(stage: Stage) -> None:
    chance = random.Random(SEED)
    await enable(stage, "30s")
    await stage.begin_site()
    for number in range(3):
        await stage.add(f"daemon{number}", "daemon")
    for number in range(PLAN.archives):
        await stage.add(f"backfill{number}", "backfill", f"chaos.h{number:03d}")
    await wreak(stage, SECONDS, chance)
    settled = await settle(stage)
    memory = stage.rows("SELECT worker, memory FROM tonggao.process WHERE kind = 'daemon'")
    codes = [await actor.end() for actor in stage.actors]
    figures = measure(stage)
    figures |= {"seed": SEED, "settled after s": round(settled), "exit codes": codes}
    figures["memory of daemons, MB"] = [round(int(str(m)) / 1e6) for _, m in memory if m]
    show(stage, figures)
    judge(stage, figures)
    assert codes == [0] * len(codes)


def measure(stage: Stage) -> dict[str, object]:
    """What the database and the site's log say."""
    one = {
        "publications": "SELECT count(*) FROM tonggao.publication",
        "texts of one publication, most": (
            "SELECT max(n) FROM (SELECT count(*) AS n FROM tonggao.revision GROUP BY publication_id) x"
        ),
        "slots": "SELECT count(*) FROM tonggao.slot",
        "slots done": "SELECT count(*) FROM tonggao.slot WHERE state = 'done'",
        "slots failed": "SELECT count(*) FROM tonggao.slot WHERE state = 'failed'",
        "slots begun again": "SELECT count(*) FROM tonggao.slot WHERE starts > 1",
        "due times coalesced": "SELECT sum(coalesced) FROM tonggao.slot",
        "slots with two finished runs": (
            "SELECT count(*) FROM (SELECT FROM tonggao.run WHERE slot_at IS NOT NULL "
            "AND state IN ('done', 'failed') GROUP BY source_id, slot_at HAVING count(*) > 1) x"
        ),
        "slots done without a run": (
            "SELECT count(*) FROM tonggao.slot s WHERE state = 'done' AND NOT EXISTS "
            "(SELECT FROM tonggao.run r WHERE r.source_id = s.source_id AND r.slot_at = s.due_at "
            "AND r.state = 'done')"
        ),
        "open slots without a job": (
            "SELECT count(*) FROM tonggao.slot s WHERE state = 'open' AND NOT EXISTS (SELECT FROM "
            "queue.procrastinate_jobs j WHERE j.id = s.job_id AND j.status = 'todo')"
        ),
        "sources held by no open slot": (
            "SELECT count(*) FROM tonggao.schedule c WHERE open_slot_at IS NOT NULL AND NOT EXISTS "
            "(SELECT FROM tonggao.slot s WHERE s.source_id = c.source_id "
            "AND s.due_at = c.open_slot_at AND s.state = 'open')"
        ),
        "jobs stuck": "SELECT count(*) FROM queue.procrastinate_jobs WHERE status = 'doing'",
        "advisory locks": "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'",
        "backfill articles lost": (
            "SELECT count(*) FROM tonggao.backfill_item WHERE outcome IS NULL "
            "OR outcome NOT IN ('new', 'known', 'unchanged')"
        ),
        "backfill list pages": "SELECT array_agg(pages ORDER BY backfill_id) FROM tonggao.backfill",
    }
    figures: dict[str, object] = {name: stage.rows(query)[0][0] for name, query in one.items()}
    archived = {str(url) for (url,) in stage.rows("SELECT url FROM tonggao.publication")}
    figures["missing"] = sorted(PLAN.articles() - archived)[:5]
    figures["not of the site"] = sorted(archived - PLAN.articles())[:5]
    return figures | requests(stage.site_log)


def requests(log: Path) -> dict[str, object]:
    """What the site saw: its log decides about politeness."""
    times: dict[str, list[float]] = defaultdict(list)
    articles: Counter[tuple[str, str]] = Counter()
    for line in log.read_text("ascii").splitlines():
        moment, host, path = line.split(" ")
        times[host].append(float(moment))
        if path.startswith("/art/"):
            articles[host, path] += 1
    gaps = sorted(
        later - sooner
        for moments in times.values()
        for sooner, later in zip(sorted(moments), sorted(moments)[1:], strict=False)
    )
    return {
        "requests": sum(map(len, times.values())),
        "least gap on a host, s": round(gaps[0], 3),
        "gaps below the budget": sum(gap < HOST_INTERVAL - TOLERANCE for gap in gaps),
        "articles asked for again": sum(1 for number in articles.values() if number > 1),
        "most requests for one article": max(articles.values()),
    }


def show(stage: Stage, figures: dict[str, object]) -> None:
    """The table, and what went wrong."""
    print(file=sys.stderr)
    for deed, number in Counter(each.split(" for ")[0] for each in stage.done).most_common():
        print(f"  {number:>3} x {deed}", file=sys.stderr)
    for actor in stage.actors:
        print(f"  {actor.name}: begun {actor.starts} times", file=sys.stderr)
    for name, value in figures.items():
        print(f"{name:<34} {value}", file=sys.stderr)


def judge(stage: Stage, figures: dict[str, object]) -> None:
    """The bars."""
    assert figures["missing"] == figures["not of the site"] == []
    assert figures["publications"] == len(PLAN.articles())
    assert figures["texts of one publication, most"] == 1
    for name in (
        "slots with two finished runs",
        "slots done without a run",
        "open slots without a job",
        "sources held by no open slot",
        "jobs stuck",
        "advisory locks",
        "backfill articles lost",
        "gaps below the budget",
    ):
        assert figures[name] == 0, name
    assert all(int(str(m)) < 400 for m in figures["memory of daemons, MB"])  # type: ignore[attr-defined]
