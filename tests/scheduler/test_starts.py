"""A job that kills its process is found out among those that die with it, and set aside."""

from __future__ import annotations

import asyncio

import pytest

from scheduler.crew import Crew, SuspectsBusy
from scheduler.daemon.daemon import Daemon, Habits
from scheduler.daemon.vitals import Vitals
from scheduler.health.doctor import diagnose, in_trouble, status_rows
from scheduler.jobs.recovery import Presence, recover
from scheduler.jobs.starts import MOST_STARTS
from scheduler.schedule.claims import ClaimLimits, claim_due
from scheduler.schedule.deferring import host_lock
from scraper.clock import now
from scraper.database import Pool
from scraper.sources.switching import switch_sources
from tests.scheduler.conftest import Site, add_sources, at_work, make_due, rows, until

VISIT = "tonggao.visit"


async def died(pool: Pool, source_id: str, times: int) -> None:
    """As if the source's visit had died with its process so often."""
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO tonggao.job_start (task, subject, starts, worker) VALUES (%s, %s, %s, 'dead')",
            (VISIT, source_id, times),
        )


async def closed(crew: Crew) -> bool:
    return not await rows(crew.pool, "SELECT 1 FROM tonggao.slot WHERE state = 'open'")


async def test_a_job_that_ends_in_order_is_not_counted(crew: Crew, site: Site) -> None:
    async def fail(_: str) -> None:
        assert await rows(crew.pool, "SELECT starts FROM tonggao.job_start") == [(1,)]
        raise ValueError("an error is no death")

    site.on_visit = fail
    await add_sources(crew.pool, "a")
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits())
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert await rows(crew.pool, "SELECT starts FROM tonggao.job_start") == []


async def test_the_third_death_sets_a_visit_aside_until_it_is_enabled_again(
    crew: Crew, site: Site
) -> None:
    await add_sources(crew.pool, "a", "b")
    await died(crew.pool, "a", MOST_STARTS)
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits())
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert [source for source, _ in site.visits] == ["b"]
    states = await rows(crew.pool, "SELECT source_id, state FROM tonggao.slot ORDER BY 1")
    assert states == [("a", "dropped"), ("b", "done")]
    await make_due(crew.pool)
    assert await claim_due(crew.pool, crew.queue, "d", ClaimLimits()) == 1  # b alone
    first = (await status_rows(crew.pool, 5))[0]
    assert (first["source_id"], first["state"], first["cause"]) == ("a", "failing", "set_aside")
    assert await in_trouble(crew.pool) == ("a",)
    diagnosis = await diagnose(crew.pool, "a", now())
    assert "died or hung 3 times" in str(diagnosis.finding)
    assert "sources enable" in diagnosis.mend
    [(sentence,)] = await rows(crew.pool, "SELECT sentence FROM tonggao.event")
    assert "set aside" in sentence
    assert await switch_sources(crew.pool, ["a"], on=True) == ["a"]
    await make_due(crew.pool)
    assert await claim_due(crew.pool, crew.queue, "d", ClaimLimits()) == 1


async def test_what_was_set_aside_is_tried_once_more_after_a_day(crew: Crew, site: Site) -> None:
    await add_sources(crew.pool, "a")
    await died(crew.pool, "a", MOST_STARTS)
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits())
    async with at_work(crew):
        await until(lambda: closed(crew))
    await make_due(crew.pool)
    assert await claim_due(crew.pool, crew.queue, "d", ClaimLimits()) == 0
    async with crew.pool.connection() as connection:
        await connection.execute(
            "UPDATE tonggao.job_start SET set_aside_at = now() - interval '25 hours'"
        )
    assert await claim_due(crew.pool, crew.queue, "d", ClaimLimits()) == 1

    async def look(_: str) -> None:
        found = await rows(crew.pool, "SELECT starts, set_aside_at FROM tonggao.job_start")
        assert found == [(MOST_STARTS, None)]  # one more death, and it is set aside again

    site.on_visit = look
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert await rows(crew.pool, "SELECT starts FROM tonggao.job_start") == []
    assert await rows(crew.pool, "SELECT state FROM tonggao.slot ORDER BY due_at") == [
        ("dropped",),
        ("done",),
    ]


async def test_a_process_that_was_only_slow_takes_its_death_back(crew: Crew) -> None:
    await died(crew.pool, "a", 2)
    crew.suspects.excused.add((VISIT, "a"))
    await recover(crew, Presence("worker", "test"))
    assert await rows(crew.pool, "SELECT starts FROM tonggao.job_start") == [(1,)]
    assert not crew.suspects.excused


async def test_a_killer_is_told_from_those_that_die_beside_it(crew: Crew, site: Site) -> None:
    """Five visits die with each process that the one of them kills; only that one is set aside."""
    ids = [f"s{number}" for number in range(5)]
    await add_sources(crew.pool, *ids)
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits())
    for _ in range(MOST_STARTS + 1):
        dead = asyncio.Event()

        async def visit(source_id: str, dead: asyncio.Event = dead) -> None:
            if source_id == "s0":
                dead.set()
            if dead.is_set():
                await asyncio.Event().wait()

        site.on_visit = visit
        async with asyncio.timeout(20):
            await one_life(crew, dead)
    aside = await rows(
        crew.pool, "SELECT subject FROM tonggao.job_start WHERE set_aside_at IS NOT NULL"
    )
    assert aside == [("s0",)]


async def one_life(crew: Crew, dead: asyncio.Event) -> None:
    """A process works until the killer has killed it, or nothing is left to do."""

    async def over() -> bool:
        return dead.is_set() or await closed(crew)

    async with at_work(crew) as workforce:
        await until(over)
        under_way = await rows(crew.pool, "SELECT task, subject, starts FROM tonggao.job_start")
        workforce.hurry()
    if dead.is_set():  # what it had under way was not taken off: it was killed
        async with crew.pool.connection() as connection, connection.cursor() as cursor:
            await cursor.executemany(
                "INSERT INTO tonggao.job_start (task, subject, starts, worker) "
                "VALUES (%s, %s, %s, 'dead') ON CONFLICT DO NOTHING",
                under_way,
            )


def test_suspects_have_few_places(crew: Crew) -> None:
    with crew.suspects.place(0), crew.suspects.place(2):
        with pytest.raises(SuspectsBusy), crew.suspects.place(2):
            raise AssertionError("two of them at once")
        with crew.suspects.place(0), crew.suspects.place(1):
            pass
    with crew.suspects.place(2):
        pass


async def test_a_visit_that_is_due_already_ends_with_its_sources_watch(
    crew: Crew, site: Site
) -> None:
    await add_sources(crew.pool, "a")
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits())
    await switch_sources(crew.pool, ["a"], on=False)
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert site.visits == []
    assert await rows(crew.pool, "SELECT state, error FROM tonggao.slot") == [
        ("dropped", "the source was disabled")
    ]


async def test_a_job_taken_over_from_the_dead_ends_with_its_sources_watch(
    crew: Crew, site: Site
) -> None:
    await add_sources(crew.pool, "a")
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits())
    async with crew.pool.connection() as connection:
        await connection.execute(
            "WITH dead AS (INSERT INTO queue.procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '1 minute') RETURNING id) "
            "UPDATE queue.procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
        )
        await connection.execute("UPDATE queue.procrastinate_events SET at = at - interval '1 min'")
    await switch_sources(crew.pool, ["a"], on=False)
    assert await recover(crew, Presence("worker", "test")) == 1
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert site.visits == []


async def test_a_visit_under_way_is_cut_short_when_its_source_is_disabled(
    crew: Crew, site: Site
) -> None:
    begun = asyncio.Event()

    async def long(_: str) -> None:
        begun.set()
        await asyncio.Event().wait()

    site.on_visit = long
    await add_sources(crew.pool, "a")
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits())
    daemon = Daemon(
        crew,
        Habits(),
        plans=lambda _: {},
        reload=lambda: None,
        presence=Presence("daemon", "test"),
        vitals=Vitals(),
    )
    async with at_work(crew):
        await begun.wait()
        await daemon._cut_disabled()
        assert not await closed(crew)
        await switch_sources(crew.pool, ["a"], on=False)
        await daemon._cut_disabled()
        await until(lambda: closed(crew))
    assert await rows(crew.pool, "SELECT state FROM tonggao.slot") == [("dropped",)]


def test_columns_of_one_host_have_one_lock() -> None:
    assert (
        host_lock("a", "http://www.a.cn/x/")
        == host_lock("b", "https://www.A.cn:443/y")
        == "host:www.a.cn"
    )
    assert host_lock("a", None) == "source:a"
    assert host_lock("a", "http://[/") == "source:a"


async def test_columns_of_one_host_are_visited_one_after_another(crew: Crew, site: Site) -> None:
    under_way, most = 0, 0

    async def visit(_: str) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0)
        under_way -= 1

    site.on_visit = visit
    await add_sources(crew.pool, "a", "b", "c")
    async with crew.pool.connection() as connection:
        await connection.execute("UPDATE tonggao.source SET lists = '{http://www.a.cn/x/}'")
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits())
    locks = await rows(crew.pool, "SELECT DISTINCT lock FROM queue.procrastinate_jobs")
    assert locks == [("host:www.a.cn",)]
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert (len(site.visits), most) == (3, 1)
