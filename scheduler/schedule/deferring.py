"""The jobs that exist: their names, queues, locks and priorities, and how they are put in line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from procrastinate import App
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from psycopg import AsyncConnection

from scraper.database import Pool, Statements

SQL = Statements("queue")

VISITS = "visits"
BACKFILLS = "backfills"

VISIT = "tonggao.visit"
BACKFILL_STEP = "tonggao.backfill_step"
REPARSE = "tonggao.reparse"

VISIT_PRIORITY = 10
BACKFILL_PRIORITY = 0
REPARSE_PRIORITY = -10


def host_lock(source_id: str, first_list: str | None) -> str:
    """No two jobs with the same lock run at once: columns of one host wait for each other in line.

    A visit that waited for its host's slot beside thirty others would only hold a place that a
    column of another host could use. A source without a list has a lock of its own.
    """
    try:
        host = urlsplit(first_list or "").hostname
    except ValueError:
        host = None
    return f"host:{host}" if host else f"source:{source_id}"


async def _locks(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, str]:
    rows = await connection.execute(SQL["lists_of"], {"ids": list(ids)})
    found = {source_id: host_lock(source_id, first) for source_id, first in await rows.fetchall()}
    return {source_id: found.get(source_id, host_lock(source_id, None)) for source_id in ids}


async def defer_visits(
    queue: App, connection: AsyncConnection, slots: Sequence[tuple[str, dt.datetime]]
) -> list[int]:
    """Put visits into the queue, in the transaction of ``connection``.

    Args:
        queue: the queue.
        connection: whose transaction it becomes part of.
        slots: source and due time.

    Returns:
        The jobs' numbers, in the same order.
    """
    locks = await _locks(connection, [source for source, _ in slots])
    jobs = [_visit(source, slot, locks[source]) for source, slot in slots]
    return await _defer(queue, connection, jobs)


async def defer_backfill_step(
    queue: App, connection: AsyncConnection, backfill_id: int, source_id: str, step: int
) -> int:
    """Put the next step of a backfill into the queue, in the transaction of ``connection``."""
    locks = await _locks(connection, [source_id])
    job = Job(
        queue=BACKFILLS,
        task_name=BACKFILL_STEP,
        priority=BACKFILL_PRIORITY,
        lock=locks[source_id],
        queueing_lock=f"backfill:{backfill_id}:{step}",
        task_kwargs={"backfill_id": backfill_id},
    )
    return (await _defer(queue, connection, [job]))[0]


async def defer_reparse(queue: App, source_ids: Sequence[str]) -> int:
    """Have the stored pages of sources read again by whatever daemons and workers run.

    Returns:
        How many sources; those that wait in line already are not put there twice.
    """
    added = 0
    for source_id in source_ids:
        job = queue.configure_task(
            REPARSE,
            queue=BACKFILLS,
            priority=REPARSE_PRIORITY,
            lock=f"reparse:{source_id}",  # not the source's: visits go on meanwhile
            queueing_lock=f"reparse:{source_id}",
        )
        with suppress(AlreadyEnqueued):
            await job.defer_async(source_id=source_id)
            added += 1
    return added


async def archived_sources(pool: Pool) -> set[str]:
    """The sources of which something is archived."""
    async with pool.connection() as connection:
        rows = await (await connection.execute(SQL["archived_sources"])).fetchall()
    return {row[0] for row in rows}


async def disabled_jobs(pool: Pool, running: list[int]) -> list[int]:
    """Those of the jobs that are visits of sources which are not enabled any more."""
    async with pool.connection() as connection:
        values = {"running": running, "task": VISIT}
        rows = await (await connection.execute(SQL["disabled_jobs"], values)).fetchall()
    return [row[0] for row in rows]


def _visit(source_id: str, slot_at: dt.datetime, lock: str) -> Job:
    slot = slot_at.astimezone(dt.UTC).isoformat()
    return Job(
        queue=VISITS,
        task_name=VISIT,
        priority=VISIT_PRIORITY,
        lock=lock,
        queueing_lock=f"visit:{source_id}:{slot}",
        task_kwargs={"source_id": source_id, "slot_at": slot},
    )


async def _defer(queue: App, connection: AsyncConnection, jobs: list[Job]) -> list[int]:
    await connection.execute("SET LOCAL search_path TO queue, pg_catalog")
    deferred = await queue.job_manager.batch_defer_jobs_async(jobs=jobs, connection=connection)
    return [job.id for job in deferred if job.id is not None]
