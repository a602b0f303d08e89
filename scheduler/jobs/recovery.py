"""Taking over from the dead: jobs whose worker fell silent, slots and backfills that no job serves.

A killed process leaves its jobs ``doing`` with their locks held; a stop past its limit leaves them
``aborted``; a restart of PostgreSQL at the wrong moment leaves a finished job ``doing`` under a worker
that is alive; an older version under a wrong clock leaves one that begins in a year. Each case has its
statement here, and every daemon and worker runs them all.
"""

from __future__ import annotations

import os
import resource
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from scheduler.backfill.store import adopt_lost_backfills
from scheduler.crew import Crew
from scheduler.jobs.starts import settle_excused
from scheduler.jobs.tasks import OPERATOR_SECONDS
from scheduler.schedule.claims import adopt_lost_slots
from scraper.database import Pool, Statements
from scraper.log import get_logger
from scraper.visit import worker_name
from scraper.visit.run import close_silent_runs

SQL = Statements("queue")

SILENCE_SECONDS = 30.0
"""A worker that has not been heard of for so long is taken for dead."""

log = get_logger(__name__)


@dataclass
class Presence:
    """This process in ``tonggao.process`` and, while its worker runs, in the queue's workers."""

    kind: str
    version: str
    process_id: uuid.UUID = field(default_factory=uuid.uuid4)
    queue_worker: int | None = None

    async def beat(self, pool: Pool) -> None:
        """Say that this process is alive.

        The worker's own heartbeat ends when it begins to stop, though its last jobs still run.
        """
        values = {
            "process_id": self.process_id,
            "worker": worker_name(),
            "kind": self.kind,
            "version": self.version,
            "queue_worker": self.queue_worker,
            "memory": resident_bytes(),
        }
        async with pool.connection() as connection:
            await connection.execute(SQL["beat"], values)
            await connection.execute(SQL["keep_worker"], values)

    async def leave(self, pool: Pool) -> None:
        """Take this process off the table."""
        async with pool.connection() as connection:
            await connection.execute(SQL["leave"], {"process_id": self.process_id})


def resident_bytes() -> int:
    """Memory that this process holds at present (at its peak, where there is no /proc)."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return pages * os.sysconf("SC_PAGE_SIZE")


async def recover(crew: Crew, presence: Presence, *, silence: float = SILENCE_SECONDS) -> int:
    """Put every job, slot and backfill that nobody works on back in line.

    Returns:
        How many there were.
    """
    await settle_excused(crew)
    taken = await _take_over(crew, presence, silence)
    slots = await adopt_lost_slots(crew.pool, crew.queue)
    backfills = await adopt_lost_backfills(crew.pool, crew.queue)
    await close_silent_runs(crew.pool)
    if taken or slots or backfills:
        log.warning("took over from the dead", jobs=taken, slots=slots, backfills=backfills)
    return taken + slots + backfills


async def _take_over(crew: Crew, presence: Presence, silence: float) -> int:
    values = {
        "silence": silence,
        "queue_worker": presence.queue_worker,
        "running": list(crew.running),
        "longest": OPERATOR_SECONDS,
    }
    async with crew.pool.connection() as connection:
        stalled = await (await connection.execute(SQL["take_over"], values)).fetchall()
        dropped = await (await connection.execute(SQL["take_back"], values)).fetchall()
        early = await (await connection.execute(SQL["bring_forward"], values)).fetchall()
        await connection.execute(SQL["forget_workers"], values)
        await connection.execute(SQL["forget_processes"])
    return len(stalled) + len(dropped) + len(early)
