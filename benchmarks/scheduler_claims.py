"""What claiming and dispatching 10 000 sources costs, and how a restart after an hour catches up.

``python -m benchmarks.scheduler_claims [--sources 10000] [--minutes 2]``

Part 1: 10 000 sources at 10-minute intervals. The daemon's own claim runs every two seconds, as in
production, for some minutes; visits are closed at once, outside of what is measured. Counted is the
processor time of the claiming process and of its PostgreSQL backend, as shares of one core.

Part 2: the same after an hour in which nobody claimed: how many visits become due in each second.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

import psycopg
from procrastinate import App

from scheduler.health.store import ensure_months
from scheduler.jobs.queue import open_queue
from scheduler.schedule.claims import ClaimLimits, claim_due, plan_sources
from scheduler.schedule.plan import Plan
from scraper.database import Pool, migrate, open_pool
from scraper.database.embedded import cluster as clusters

INTERVAL = 600.0
TICK = 2.0
LIMITS = ClaimLimits()
_SETTLE = """
WITH gone AS (DELETE FROM queue.procrastinate_jobs RETURNING id),
closed AS (UPDATE tonggao.slot SET state = 'done', finished_at = now() WHERE state = 'open' RETURNING source_id)
UPDATE tonggao.schedule SET open_slot_at = NULL, next_due_at = next_due_at + interval '10 minutes'
WHERE source_id IN (SELECT source_id FROM closed)
"""


def processor_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def prepare(pool: Pool, sources: int) -> None:
    """Register, plan and spread the sources evenly over one interval."""
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO tonggao.source (source_id, name, publisher, kind, lists, enabled) "
            "SELECT 'bench.s' || n, 's', 'p', 'gov-portal', '{}', true FROM generate_series(1, %s) n",
            (sources,),
        )
    plan = Plan("interval", INTERVAL, INTERVAL)
    await plan_sources(pool, {f"bench.s{n}": plan for n in range(1, sources + 1)})
    await ensure_months(pool)
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE tonggao.schedule SET next_due_at = now() + random() * interval '10 minutes'"
        )


async def steady(pool: Pool, settle: Pool, queue: App, minutes: float) -> None:
    """Part 1."""
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT pg_backend_pid()")).fetchone()
    backend = int(row[0]) if row else 0
    began, claimed, used, used_there = time.monotonic(), 0, 0.0, 0.0
    lengths: list[float] = []
    while (now := time.monotonic()) - began < minutes * 60:
        own, there = time.process_time(), processor_seconds(backend)
        claimed += await claim_due(pool, queue, "bench", LIMITS)
        lengths.append(time.monotonic() - now)
        used += time.process_time() - own
        used_there += processor_seconds(backend) - there
        async with settle.connection() as connection:
            await connection.execute(_SETTLE)
        await asyncio.sleep(max(0.0, TICK - (time.monotonic() - now)))
    seconds = time.monotonic() - began
    print(f"{claimed} claims in {seconds:.0f} s ({claimed / seconds:.1f}/s), {len(lengths)} ticks")
    print(f"claiming process      {100 * used / seconds:.2f} % of a core")
    print(f"PostgreSQL backend    {100 * used_there / seconds:.2f} % of a core")
    print(
        f"one tick              median {1000 * statistics.median(lengths):.1f} ms, "
        f"longest {1000 * max(lengths):.1f} ms"
    )


async def catch_up(pool: Pool, settle: Pool, queue: App) -> None:
    """Part 2: claims a second, on the clock of the schedule, after an hour of silence."""
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE tonggao.schedule SET next_due_at = next_due_at - interval '1 hour', "
            "late_slot_at = NULL, open_slot_at = NULL"
        )
    per_step: list[int] = []
    for _ in range(int(INTERVAL / TICK)):
        claimed, last = 0, 1
        while last:
            last = await claim_due(pool, queue, "bench", LIMITS)
            claimed += last
            async with settle.connection() as connection:
                await connection.execute(_SETTLE)
        per_step.append(claimed)
        async with pool.connection() as connection:  # two seconds pass
            await connection.execute(
                "UPDATE tonggao.schedule SET next_due_at = next_due_at - make_interval(secs => %s)",
                (TICK,),
            )
    print(
        f"after an hour: {sum(per_step)} visits within {INTERVAL:.0f} s; in a tick of {TICK:.0f} s "
        f"median {statistics.median(per_step):.0f}, most {max(per_step)}"
    )


def open_folder() -> Path:
    """A folder that the server's user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="tonggao-bench-"))
    folder.chmod(0o755)
    return folder


async def main(sources: int, minutes: float) -> None:
    folder = open_folder()
    cluster = clusters.open_cluster(folder)
    clusters.initialise(cluster)
    clusters.start(cluster)
    with psycopg.connect(clusters.url(cluster, "postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE bench ENCODING 'UTF8' TEMPLATE template0")
    url = clusters.url(cluster, "bench")
    try:
        await migrate(url)
        async with (
            open_pool(url, size=1) as pool,
            open_pool(url, size=1) as settle,
            open_queue(url, size=1) as queue,
        ):
            await prepare(settle, sources)
            await steady(pool, settle, queue, minutes)
            await catch_up(pool, settle, queue)
    finally:
        clusters.stop(cluster)
        shutil.rmtree(folder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--sources", type=int, default=10_000)
    parser.add_argument("--minutes", type=float, default=2.0)
    given = parser.parse_args()
    asyncio.run(main(given.sources, given.minutes))
