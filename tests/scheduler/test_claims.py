"""What is due is claimed once, by one daemon, together with the job that serves it."""

from __future__ import annotations

import asyncio
import datetime as dt

from procrastinate import App

from scheduler.crew import Crew
from scheduler.schedule.claims import ClaimLimits, adopt_lost_slots, claim_due
from scheduler.schedule.plan import Plan
from scraper.database import Pool, open_pool
from tests.scheduler.conftest import add_sources, make_due, rows

LIMITS = ClaimLimits()


async def test_each_due_source_is_claimed_by_one_of_many_daemons(
    database_url: str, pool: Pool, queue: App
) -> None:
    await add_sources(pool, *(f"s{number}" for number in range(60)))
    async with open_pool(database_url, size=6) as other:
        claimed = await asyncio.gather(
            *(claim_due(other, queue, f"d{n}", ClaimLimits(batch=20)) for n in range(6))
        )
    assert sum(claimed) == 60
    slots = await rows(pool, "SELECT source_id, count(*) FROM tonggao.slot GROUP BY 1")
    assert len(slots) == 60
    assert {count for _, count in slots} == {1}
    jobs = await rows(pool, "SELECT count(DISTINCT args), count(*) FROM queue.procrastinate_jobs")
    assert jobs == [(60, 60)]


async def test_a_source_under_way_is_not_due_again(crew: Crew) -> None:
    await add_sources(crew.pool, "a")
    assert await claim_due(crew.pool, crew.queue, "d", LIMITS) == 1
    await make_due(crew.pool)
    assert await claim_due(crew.pool, crew.queue, "d", LIMITS) == 0


async def test_a_source_that_is_not_enabled_is_left_alone(crew: Crew) -> None:
    await add_sources(crew.pool, "a", "b")
    async with crew.pool.connection() as connection:
        await connection.execute("UPDATE tonggao.source SET enabled = false WHERE source_id = 'a'")
    assert await claim_due(crew.pool, crew.queue, "d", LIMITS) == 1
    assert await rows(crew.pool, "SELECT source_id FROM tonggao.slot") == [("b",)]


async def test_no_more_waits_in_the_queue_than_the_backlog(crew: Crew) -> None:
    await add_sources(crew.pool, *"abcdefgh")
    limits = ClaimLimits(backlog=3)
    assert await claim_due(crew.pool, crew.queue, "d", limits) == 3
    assert await claim_due(crew.pool, crew.queue, "d", limits) == 0


async def test_after_a_downtime_one_visit_each_is_spread_over_the_pace(crew: Crew) -> None:
    ids = [f"s{number}" for number in range(100)]
    await add_sources(crew.pool, *ids, plan=Plan("interval", 600.0, 600.0))
    await make_due(crew.pool, ago=3600.0)
    assert await claim_due(crew.pool, crew.queue, "d", LIMITS) < 5
    waits = await rows(
        crew.pool,
        "SELECT extract(epoch FROM next_due_at - now())::float FROM tonggao.schedule "
        "WHERE open_slot_at IS NULL",
    )
    seconds = sorted(wait for (wait,) in waits)
    assert seconds[-1] <= 600
    assert 150 < seconds[len(seconds) // 2] < 450


async def test_the_visit_after_a_downtime_stands_for_those_that_were_missed(crew: Crew) -> None:
    await add_sources(crew.pool, "a", plan=Plan("interval", 600.0, 600.0))
    await make_due(crew.pool, ago=3600.0)
    missed = (await rows(crew.pool, "SELECT next_due_at FROM tonggao.schedule"))[0][0]
    await claim_due(crew.pool, crew.queue, "d", LIMITS)
    async with crew.pool.connection() as connection:
        await connection.execute("UPDATE tonggao.schedule SET next_due_at = now()")
    await claim_due(crew.pool, crew.queue, "d", LIMITS)
    assert await rows(crew.pool, "SELECT due_at, coalesced FROM tonggao.slot") == [(missed, 6)]


async def test_a_slot_whose_job_is_gone_gets_another_one(crew: Crew) -> None:
    await add_sources(crew.pool, "a")
    await claim_due(crew.pool, crew.queue, "d", LIMITS)
    async with crew.pool.connection() as connection:
        await connection.execute(
            "UPDATE tonggao.slot SET claimed_at = %s", (dt.datetime(2026, 1, 1, tzinfo=dt.UTC),)
        )
        await connection.execute("UPDATE queue.procrastinate_jobs SET status = 'aborted'")
    assert await adopt_lost_slots(crew.pool, crew.queue) == 1
    assert await adopt_lost_slots(crew.pool, crew.queue) == 0
    waiting = await rows(crew.pool, "SELECT id FROM queue.procrastinate_jobs WHERE status = 'todo'")
    assert await rows(crew.pool, "SELECT job_id FROM tonggao.slot") == waiting
