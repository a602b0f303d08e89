"""A slot is served once and closed, whatever becomes of the process that serves it."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from scheduler.crew import Crew, Hold
from scheduler.jobs.recovery import Presence, recover
from scheduler.jobs.slots import serve_slot
from scheduler.jobs.tasks import OPERATOR_SECONDS
from scheduler.schedule.claims import ClaimLimits, claim_due
from scheduler.schedule.plan import Plan
from scraper.visit.run import close_run, note_progress, open_run
from tests.scheduler.conftest import Site, Summary, add_sources, at_work, rows, until


async def closed(crew: Crew) -> bool:
    return not await rows(crew.pool, "SELECT 1 FROM tonggao.slot WHERE state = 'open'")


async def claim(crew: Crew, *ids: str) -> None:
    await add_sources(crew.pool, *ids)
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits())


async def test_a_visit_closes_its_slot_and_sets_the_next(crew: Crew, site: Site) -> None:
    await claim(crew, "a", "b")
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert sorted(source for source, _ in site.visits) == ["a", "b"]
    assert sorted(site.judged) == ["a", "b"]
    states = await rows(crew.pool, "SELECT state, starts FROM tonggao.slot")
    assert states == [("done", 1), ("done", 1)]
    waiting = await rows(
        crew.pool, "SELECT open_slot_at, next_due_at > now(), polled_at FROM tonggao.schedule"
    )
    assert all(row[0] is None and row[1] and row[2] is not None for row in waiting)


@pytest.mark.parametrize("error", [ValueError("bug"), OSError("odd")])
async def test_an_error_of_ours_fails_the_slot_and_not_the_source(
    crew: Crew, site: Site, error: Exception
) -> None:
    async def fail(_: str) -> None:
        raise error

    site.on_visit = fail
    await claim(crew, "a")
    async with at_work(crew):
        await until(lambda: closed(crew))
    [(state, text)] = await rows(crew.pool, "SELECT state, error FROM tonggao.slot")
    assert (state, str(error) in text) == ("failed", True)
    assert await rows(crew.pool, "SELECT open_slot_at FROM tonggao.schedule") == [(None,)]


async def test_a_source_that_left_the_catalogue_fails_its_slot(crew: Crew, site: Site) -> None:
    site.unknown = {"a"}
    await claim(crew, "a")
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert await rows(crew.pool, "SELECT state FROM tonggao.slot") == [("failed",)]


async def test_a_visit_that_takes_too_long_is_stopped(crew: Crew, site: Site) -> None:
    crew.visit_limit = 0.05
    site.on_visit = lambda _: asyncio.Event().wait()
    await claim(crew, "a")
    async with at_work(crew):
        await until(lambda: closed(crew))
    [(state, error)] = await rows(crew.pool, "SELECT state, error FROM tonggao.slot")
    assert state == "failed"
    assert "stopped after" in error


async def test_a_visit_that_reached_its_limit_with_progress_is_done_and_soon_due_again(
    crew: Crew, site: Site
) -> None:
    crew.visit_limit = 0.2

    async def long(source_id: str) -> None:
        summary = await open_run(crew.pool, source_id, "scheduled", site.visits[-1][1])
        summary.fetched, summary.new = 7, 5
        try:
            await asyncio.Event().wait()
        finally:
            await close_run(crew.pool, summary, "interrupted")

    site.on_visit = long
    await add_sources(crew.pool, "a", plan=Plan("adaptive", 600.0, 86_400.0))
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits())
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert await rows(crew.pool, "SELECT state, error FROM tonggao.slot") == [("done", None)]
    assert await rows(crew.pool, "SELECT state, new FROM tonggao.run") == [("done", 5)]
    assert site.judged == ["a"]
    soon = "SELECT next_due_at < now() + interval '61 seconds', pace_seconds FROM tonggao.schedule"
    assert await rows(crew.pool, soon) == [(True, 600.0)]


async def test_a_visit_that_had_its_turn_gives_way_to_the_other_columns_of_its_host(
    crew: Crew, site: Site
) -> None:
    crew.turn = 0.05

    async def long(source_id: str) -> None:
        if source_id == "b":
            return
        summary = await open_run(crew.pool, source_id, "scheduled", site.visits[-1][1])
        summary.fetched = 7
        await note_progress(crew.pool, summary)
        try:
            await asyncio.Event().wait()
        finally:
            await close_run(crew.pool, summary, "interrupted")

    site.on_visit = long
    await add_sources(crew.pool, "a", "b")
    async with crew.pool.connection() as connection:
        await connection.execute("UPDATE tonggao.source SET lists = '{http://www.a.cn/x/}'")
        await connection.execute(
            "UPDATE tonggao.schedule SET next_due_at = next_due_at - interval '1 s' WHERE source_id = 'a'"
        )
    await claim_due(crew.pool, crew.queue, "d", ClaimLimits())
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert [source for source, _ in site.visits] == ["a", "b"]
    states = await rows(crew.pool, "SELECT source_id, state FROM tonggao.slot ORDER BY 1")
    assert states == [("a", "done"), ("b", "done")]


async def test_trouble_with_the_database_puts_the_job_back_in_line(crew: Crew, site: Site) -> None:
    async def fail(_: str) -> None:
        raise psycopg.OperationalError("gone")

    site.on_visit = fail
    await claim(crew, "a")

    async def waits() -> bool:
        jobs = await rows(crew.pool, "SELECT status::text, attempts FROM queue.procrastinate_jobs")
        return jobs == [("todo", 1)]

    async with at_work(crew):
        await until(waits)
    assert await rows(crew.pool, "SELECT state FROM tonggao.slot") == [("open",)]


async def test_a_stop_past_its_limit_puts_the_job_back_in_line(crew: Crew, site: Site) -> None:
    begun = asyncio.Event()

    async def hang(_: str) -> None:
        begun.set()
        await asyncio.Event().wait()

    site.on_visit = hang
    await claim(crew, "a")
    async with at_work(crew) as workforce:
        await begun.wait()
        workforce.hurry()
    jobs = await rows(crew.pool, "SELECT status::text FROM queue.procrastinate_jobs")
    assert jobs == [("todo",)]
    site.on_visit = None
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert len(site.visits) == 2


async def test_jobs_of_a_dead_worker_are_taken_over(crew: Crew, site: Site) -> None:
    await claim(crew, "a")
    async with crew.pool.connection() as connection:
        await connection.execute(
            "WITH dead AS (INSERT INTO queue.procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '1 minute') RETURNING id) "
            "UPDATE queue.procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead"
        )
        await connection.execute("UPDATE queue.procrastinate_events SET at = at - interval '1 min'")
    assert await recover(crew, Presence("worker", "test")) == 1
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert len(site.visits) == 1


async def test_a_job_that_this_process_lost_sight_of_is_taken_back(crew: Crew) -> None:
    await claim(crew, "a")
    async with crew.pool.connection() as connection:
        row = await connection.execute(
            "INSERT INTO queue.procrastinate_workers DEFAULT VALUES RETURNING id"
        )
        number = (await row.fetchone())[0]
        await connection.execute(
            "UPDATE queue.procrastinate_jobs SET status = 'doing', worker_id = %s", (number,)
        )
        await connection.execute("UPDATE queue.procrastinate_events SET at = at - interval '1 min'")
    presence = Presence("worker", "test", queue_worker=number)
    [(job,)] = await rows(crew.pool, "SELECT id FROM queue.procrastinate_jobs")
    crew.running[job] = asyncio.current_task()  # type: ignore[assignment]
    assert await recover(crew, presence) == 0
    crew.running.clear()
    assert await recover(crew, presence) == 1


async def test_a_job_put_off_by_a_wrong_clock_is_brought_forward(crew: Crew, site: Site) -> None:
    await claim(crew, "a")
    presence = Presence("worker", "test")
    later = "UPDATE queue.procrastinate_jobs SET scheduled_at = now() + make_interval(secs => %s)"
    async with crew.pool.connection() as connection:
        await connection.execute(later, (OPERATOR_SECONDS - 30,))
    assert await recover(crew, presence) == 0, "a pause that there is"
    async with crew.pool.connection() as connection:
        await connection.execute(later, (400 * 86_400,))
    assert await recover(crew, presence) == 1
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert len(site.visits) == 1


async def test_who_was_overtaken_closes_nothing(crew: Crew, site: Site) -> None:
    await claim(crew, "a")
    [(job, slot)] = await rows(crew.pool, "SELECT job_id, due_at FROM tonggao.slot")
    async with crew.pool.connection() as connection:
        await connection.execute("UPDATE queue.procrastinate_jobs SET status = 'doing'")

    async def overtake(_: str) -> None:
        async with crew.pool.connection() as connection:
            await connection.execute("UPDATE queue.procrastinate_jobs SET attempts = 1")

    site.on_visit = overtake
    await serve_slot(crew, Hold(job, 0), "a", slot)
    assert await rows(crew.pool, "SELECT state FROM tonggao.slot") == [("open",)]
    assert site.judged == []
    site.on_visit = None
    await serve_slot(crew, Hold(job, 1), "a", slot)
    assert await rows(crew.pool, "SELECT state, starts FROM tonggao.slot") == [("done", 2)]


async def test_a_run_that_was_cut_short_is_marked(crew: Crew, site: Site) -> None:
    await claim(crew, "a")
    [(slot,)] = await rows(crew.pool, "SELECT due_at FROM tonggao.slot")
    async with crew.pool.connection() as connection:
        await connection.execute(
            "INSERT INTO tonggao.run (source_id, kind, worker, slot_at) "
            "VALUES ('a', 'scheduled', 'dead', %s)",
            (slot,),
        )
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert await rows(crew.pool, "SELECT state FROM tonggao.run") == [("interrupted",)]


async def test_what_a_visit_brings_sets_the_pace(crew: Crew, site: Site) -> None:
    async def news(_: str) -> Summary:
        return Summary(new=2)

    site.on_visit = news
    await claim(crew, "a")
    async with at_work(crew):
        await until(lambda: closed(crew))
    assert await rows(crew.pool, "SELECT pace_seconds FROM tonggao.schedule") == [(60.0,)]
