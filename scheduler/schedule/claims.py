"""Claiming what is due: any number of daemons, each due time served once.

The whole claim is one transaction: rows of ``tonggao.schedule`` are locked past those that another
daemon holds (``SKIP LOCKED``), the slot is written down, and the job that serves it is put into the
queue. Either all of that happened or none of it. Until the slot is closed its source is not due.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from procrastinate import App
from psycopg import AsyncConnection
from psycopg.rows import class_row

from scheduler.schedule.deferring import defer_visits
from scheduler.schedule.plan import Plan, coalesced, share
from scheduler.schedule.rows import Claim, plan_values
from scraper.database import Pool, Statements

SQL = Statements("scheduling")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLimits:
    """What a claim may do.

    Attributes:
        backlog: most visits that wait in the queue; what is due beyond that stays due.
        batch: most claims in one tick.
        grace: seconds after which a due time counts as missed. A missed one is made up for by
            one visit, at a time spread over ``spread`` seconds (at most the source's own pace).
        spread: see ``grace``.
    """

    backlog: int = 500
    batch: int = 200
    grace: float = 60.0
    spread: float = 600.0


@dataclass(frozen=True, slots=True)
class LostSlot:
    """A slot that no job serves any more."""

    source_id: str
    slot_at: dt.datetime
    job_id: int | None


async def claim_due(pool: Pool, queue: App, worker: str, limits: ClaimLimits) -> int:
    """Claim what is due and put a visit for each into the queue.

    Args:
        pool: connections to the archive.
        queue: where the visits go.
        worker: who claims, for the record.
        limits: how much at once.

    Returns:
        How many sources were claimed.
    """
    async with pool.connection() as connection:
        late = {"grace": limits.grace, "spread": limits.spread}
        await connection.execute(SQL["defer_late"], late)
        room = await _room(connection, limits)
        claims = await _claim(connection, room) if room > 0 else ()
        if claims:
            jobs = await defer_visits(queue, connection, [(c.source_id, c.slot_at) for c in claims])
            await _open_slots(connection, worker, claims, jobs)
    return len(claims)


async def _room(connection: AsyncConnection, limits: ClaimLimits) -> int:
    row = await (await connection.execute(SQL["room"], {"backlog": limits.backlog})).fetchone()
    return min(limits.batch, row[0] if row else 0)


async def _claim(connection: AsyncConnection, room: int) -> Sequence[Claim]:
    async with connection.cursor(row_factory=class_row(Claim)) as cursor:
        await cursor.execute(SQL["claim"], {"room": room})
        return await cursor.fetchall()


async def _open_slots(
    connection: AsyncConnection, worker: str, claims: Sequence[Claim], jobs: Sequence[int]
) -> None:
    slots = [claim.slot_at for claim in claims]
    await connection.execute(SQL["months_for_slots"], {"slots": slots})
    await connection.execute(
        SQL["open_slots"],
        {
            "worker": worker,
            "sources": [claim.source_id for claim in claims],
            "slots": slots,
            "coalesced": [_due_times_missed(claim) for claim in claims],
            "jobs": list(jobs),
        },
    )


def _due_times_missed(claim: Claim) -> int:
    return coalesced(
        claim.plan, claim.source_id, claim.slot_at, claim.claimed_at, pace=claim.pace_seconds
    )


async def plan_sources(pool: Pool, plans: Mapping[str, Plan]) -> None:
    """Write down how the sources are to be visited; new ones get their first due time.

    A first visit is placed within one interval by the source's own share, so that thousands of
    sources enabled together do not start together.
    """
    async with pool.connection() as connection, connection.cursor() as cursor:
        await cursor.executemany(
            SQL["plan_source"],
            [
                {
                    "source_id": source_id,
                    "first": share(source_id) * min(plan.minimum, 60.0),
                    **plan_values(plan),
                }
                for source_id, plan in plans.items()
            ],
        )


async def enabled_sources(pool: Pool) -> tuple[str, ...]:
    """The sources that are to be watched."""
    async with pool.connection() as connection:
        rows = await (await connection.execute(SQL["enabled_sources"])).fetchall()
    return tuple(row[0] for row in rows)


async def adopt_lost_slots(pool: Pool, queue: App) -> int:
    """Give a new job to each slot whose job is gone (aborted, failed, deleted).

    Returns:
        How many there were.
    """
    async with pool.connection() as connection:
        async with connection.cursor(row_factory=class_row(LostSlot)) as cursor:
            await cursor.execute(SQL["lost_slots"])
            lost = await cursor.fetchall()
        if lost:
            wanted = [(slot.source_id, slot.slot_at) for slot in lost]
            jobs = await defer_visits(queue, connection, wanted)
            for slot, job in zip(lost, jobs, strict=True):
                values = {"source_id": slot.source_id, "slot_at": slot.slot_at, "job_id": job}
                await connection.execute(SQL["adopt_slot"], values)
        await connection.execute(SQL["free_orphans"])
    return len(lost)
