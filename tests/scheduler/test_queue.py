"""The queue: the schema we ship is the library's, and only who holds a job can end it."""

from __future__ import annotations

import datetime as dt
import re
from importlib import resources

import pytest
import time_machine
from procrastinate import App
from procrastinate.jobs import Job, Status

from scheduler.jobs.queue import FencedJobs
from scheduler.jobs.tasks import CLOCK_SECONDS, BackInLine
from scraper.database import Pool, sql_folder
from scraper.errors import ClockWrong
from tests.scheduler.conftest import rows


def test_the_schema_is_that_of_the_installed_library() -> None:
    theirs = (resources.files("procrastinate.sql") / "schema.sql").read_text("utf-8")
    ours = (sql_folder() / "migrations" / "0007_queue.sql").read_text("utf-8")
    body = theirs[theirs.index("-- Enums") :].strip()
    assert body in ours, "the library has another schema: add a migration that brings ours to it"


async def test_its_functions_find_their_tables_in_any_session(pool: Pool) -> None:
    settings = await rows(
        pool,
        "SELECT proname, proconfig FROM pg_proc WHERE pronamespace = 'queue'::regnamespace",
    )
    assert len(settings) > 15
    assert all(config == ["search_path=queue"] for _, config in settings)


async def test_only_the_attempt_that_holds_a_job_ends_it(pool: Pool, queue: App) -> None:
    manager = FencedJobs(connector=queue.connector)
    job = await manager.defer_job_async(
        Job(queue="q", task_name="t", lock=None, queueing_lock=None)
    )
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE queue.procrastinate_jobs SET status = 'doing', attempts = 1"
        )
    await manager.finish_job(job, Status.SUCCEEDED, delete_job=False)
    await manager.retry_job(job)
    state = "SELECT status::text, attempts FROM queue.procrastinate_jobs"
    assert await rows(pool, state) == [("doing", 1)]
    await manager.finish_job(job.evolve(attempts=1), Status.SUCCEEDED, delete_job=False)
    assert await rows(pool, state) == [("succeeded", 2)]


@pytest.mark.parametrize("days", [400, 0, -3])
async def test_a_wrong_clock_puts_no_job_off(pool: Pool, queue: App, days: int) -> None:
    manager = FencedJobs(connector=queue.connector)
    job = await manager.defer_job_async(
        Job(queue="q", task_name="t", lock=None, queueing_lock=None)
    )
    async with pool.connection() as connection:
        await connection.execute("UPDATE queue.procrastinate_jobs SET status = 'doing'")
    there = dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    with time_machine.travel(there, tick=True):
        decision = BackInLine().get_retry_decision(exception=ClockWrong(""), job=job)
        assert decision is not None
        await manager.retry_job(job, retry_at=decision.retry_at)
    [(wait,)] = await rows(
        pool,
        "SELECT extract(epoch FROM scheduled_at - now())::float8 FROM queue.procrastinate_jobs",
    )
    assert CLOCK_SECONDS - 30 < wait <= CLOCK_SECONDS


def test_our_own_schema_is_not_public() -> None:
    text = (sql_folder() / "migrations" / "0007_queue.sql").read_text("utf-8")
    assert re.search(r"^SET LOCAL search_path TO queue;$", text, re.MULTILINE)
