"""What is put in line: which queue, which lock, before what; and that nothing stands there twice."""

from __future__ import annotations

import datetime as dt

import pytest
from procrastinate import App

from scheduler.crew import Crew
from scheduler.schedule.claims import ClaimLimits, adopt_lost_slots, claim_due, enabled_sources
from scheduler.schedule.deferring import (
    archived_sources,
    defer_backfill_step,
    defer_reparse,
    defer_visits,
    disabled_jobs,
    host_lock,
)
from scheduler.schedule.plan import Plan
from scraper.clock import SHANGHAI
from scraper.database import Pool
from tests.scheduler.conftest import add_sources, make_due, rows

SLOT = dt.datetime(2024, 11, 16, 9, 0, tzinfo=SHANGHAI)
JOBS = (
    "SELECT id, queue_name, task_name, priority, lock, queueing_lock, args, status::text"
    " FROM queue.procrastinate_jobs ORDER BY id"
)


@pytest.mark.parametrize(
    ("first_list", "lock"),
    [
        ("http://www.a.cn/x/", "host:www.a.cn"),
        ("https://WWW.A.cn:8443/y", "host:www.a.cn"),
        ("http://[::1]/", "host:::1"),
        ("http://[/", "source:a"),
        ("", "source:a"),
        (None, "source:a"),
    ],
)
def test_columns_of_one_host_have_one_lock(first_list: str | None, lock: str) -> None:
    assert host_lock("a", first_list) == lock


async def _with_a_list(pool: Pool, source_id: str) -> None:
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE tonggao.source SET lists = ARRAY['http://www.a.cn/x/'] WHERE source_id = %s",
            (source_id,),
        )


async def test_visits_stand_in_line_by_host_and_slot(pool: Pool, queue: App) -> None:
    await add_sources(pool, "a", "b")
    await _with_a_list(pool, "a")
    async with pool.connection() as connection:
        jobs = await defer_visits(queue, connection, [("a", SLOT), ("b", SLOT), ("gone", SLOT)])
    slot = "2024-11-16T01:00:00+00:00"
    assert await rows(pool, JOBS) == [
        (
            job,
            "visits",
            "tonggao.visit",
            10,
            lock,
            f"visit:{source}:{slot}",
            {"source_id": source, "slot_at": slot},
            "todo",
        )
        for job, source, lock in zip(
            jobs, ("a", "b", "gone"), ("host:www.a.cn", "source:b", "source:gone"), strict=True
        )
    ]


async def test_a_visit_is_in_line_only_if_its_transaction_ends_well(pool: Pool, queue: App) -> None:
    await add_sources(pool, "a")
    async with pool.connection() as connection:
        await defer_visits(queue, connection, [("a", SLOT)])
        await connection.rollback()
    assert await rows(pool, JOBS) == []


async def test_a_step_of_a_backfill_goes_behind_the_visits_of_its_host(
    pool: Pool, queue: App
) -> None:
    await add_sources(pool, "a")
    await _with_a_list(pool, "a")
    async with pool.connection() as connection:
        job = await defer_backfill_step(queue, connection, 7, "a", 3)
    assert await rows(pool, JOBS) == [
        (
            job,
            "backfills",
            "tonggao.backfill_step",
            0,
            "host:www.a.cn",
            "backfill:7:3",
            {"backfill_id": 7},
            "todo",
        )
    ]


async def test_pages_are_read_again_behind_all_else_and_once(pool: Pool, queue: App) -> None:
    assert await defer_reparse(queue, ["a", "b", "a"]) == 2
    assert await defer_reparse(queue, ["b", "c"]) == 1
    assert [row[1:] for row in await rows(pool, JOBS)] == [
        (
            "backfills",
            "tonggao.reparse",
            -10,
            f"reparse:{source}",
            f"reparse:{source}",
            {"source_id": source},
            "todo",
        )
        for source in "abc"
    ]


async def test_only_sources_of_which_something_is_kept_are_archived(pool: Pool) -> None:
    await add_sources(pool, "a", "b")
    assert await archived_sources(pool) == set()


async def test_of_the_running_visits_those_of_disabled_sources_are_named(crew: Crew) -> None:
    await add_sources(crew.pool, "a", "b")
    assert sorted(await enabled_sources(crew.pool)) == ["a", "b"]
    async with crew.pool.connection() as connection:
        jobs = await defer_visits(crew.queue, connection, [("a", SLOT), ("b", SLOT)])
        step = await defer_backfill_step(crew.queue, connection, 1, "a", 0)
        await connection.execute("UPDATE tonggao.source SET enabled = false WHERE source_id = 'a'")
    assert await enabled_sources(crew.pool) == ("b",)
    assert await disabled_jobs(crew.pool, [*jobs, step]) == [jobs[0]]
    assert await disabled_jobs(crew.pool, jobs[1:]) == []


async def test_a_batch_is_no_more_than_the_limit_and_the_rest_stays_due(crew: Crew) -> None:
    await add_sources(crew.pool, *"abcde")
    assert await claim_due(crew.pool, crew.queue, "d", ClaimLimits(batch=3)) == 3
    assert await claim_due(crew.pool, crew.queue, "d", ClaimLimits(batch=3)) == 2
    assert await claim_due(crew.pool, crew.queue, "d", ClaimLimits(batch=3)) == 0


async def test_a_slot_has_its_worker_and_its_job(crew: Crew) -> None:
    await add_sources(crew.pool, "a")
    await claim_due(crew.pool, crew.queue, "d:1", ClaimLimits())
    found = await rows(
        crew.pool,
        "SELECT s.claimed_by, s.job_id = j.id, s.due_at = (j.args->>'slot_at')::timestamptz, s.coalesced"
        " FROM tonggao.slot s, queue.procrastinate_jobs j",
    )
    assert found == [("d:1", True, True, 0)]


@pytest.mark.parametrize(("pace", "missed"), [(600.0, 6), (1200.0, 3)])
async def test_what_one_visit_stands_for_goes_by_the_pace_of_then(
    crew: Crew, pace: float, missed: int
) -> None:
    """Due an hour ago at a pace of ten or twenty minutes."""
    await add_sources(crew.pool, "a", plan=Plan("adaptive", 60.0, 3600.0))
    async with crew.pool.connection() as connection:
        await connection.execute("UPDATE tonggao.schedule SET pace_seconds = %s", (pace,))
    await make_due(crew.pool, ago=3601.0)
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits(grace=7200.0))
    assert await rows(crew.pool, "SELECT coalesced FROM tonggao.slot") == [(missed,)]


async def test_a_slot_whose_job_is_gone_gets_another_once(crew: Crew) -> None:
    await add_sources(crew.pool, "a", "b")
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits())
    async with crew.pool.connection() as connection:
        await connection.execute(
            "DELETE FROM queue.procrastinate_jobs WHERE args->>'source_id' = 'a'"
        )
        await connection.execute("UPDATE tonggao.slot SET claimed_at = now() - interval '6 s'")
    assert await adopt_lost_slots(crew.pool, crew.queue) == 1
    assert await adopt_lost_slots(crew.pool, crew.queue) == 0
    found = await rows(
        crew.pool,
        "SELECT s.source_id, j.args->>'source_id', s.due_at = (j.args->>'slot_at')::timestamptz"
        " FROM tonggao.slot s JOIN queue.procrastinate_jobs j ON j.id = s.job_id ORDER BY 1",
    )
    assert found == [("a", "a", True), ("b", "b", True)]
