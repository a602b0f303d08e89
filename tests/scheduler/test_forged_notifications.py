"""Notifications that anybody can send change nothing: jobs run once, and none is cut short."""

from __future__ import annotations

import asyncio
import json

from procrastinate.manager import get_channel_for_queues

from scheduler.crew import Crew
from scheduler.schedule.deferring import BACKFILLS, VISITS
from tests.scheduler.conftest import Site, at_work, rows, until
from tests.scheduler.test_slots import claim

FORGERIES = 10_000
PAYLOADS = (
    "",
    "no JSON",
    "[]",
    "{}",
    "null",
    json.dumps({"type": "job_inserted"}),
    json.dumps({"type": "abort_job_requested"}),
    json.dumps({"type": "abort_job_requested", "job_id": "x"}),
    json.dumps({"type": "abort_job_requested", "job_id": {}}),
    "\u202e\x1b[2J",
)


async def test_ten_thousand_on_every_channel_change_nothing(crew: Crew, site: Site) -> None:
    released = asyncio.Event()

    async def hold(_: str) -> None:
        await released.wait()

    site.on_visit = hold
    await claim(crew, "a")
    async with at_work(crew):

        async def begun() -> bool:
            return len(site.visits) == 1

        await until(begun)
        [(number,)] = await rows(crew.pool, "SELECT id FROM queue.procrastinate_jobs")
        aimed = json.dumps({"type": "abort_job_requested", "job_id": number})
        for channel in get_channel_for_queues(queues=[VISITS, BACKFILLS]):
            async with crew.pool.connection() as connection:
                await connection.execute(
                    "SELECT pg_notify(%s, payloads[1 + n %% cardinality(payloads)] || repeat(' ', n %% 5000))"
                    " FROM generate_series(1, %s) AS n, (SELECT %s::text[] AS payloads) AS p",
                    (channel, FORGERIES, [*PAYLOADS, aimed]),
                )
        site.on_visit = None
        await claim(crew, "b")

        async def second() -> bool:
            return len(site.visits) == 2

        await until(second)
        released.set()

        async def both() -> bool:
            return await rows(
                crew.pool, "SELECT count(*) FROM tonggao.slot WHERE state = 'done'"
            ) == [(2,)]

        await until(both)
    assert await rows(crew.pool, "SELECT DISTINCT state FROM tonggao.slot") == [("done",)]
    assert [source for source, _ in site.visits] == ["a", "b"]
