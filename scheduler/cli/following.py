"""Following backfills in a terminal, and working on them meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from scheduler.backfill import store
from scheduler.backfill.progress import in_words, progress_of, seconds_left
from scheduler.cli.context import Invocation
from scheduler.crew import OPEN_VISITS, Crew
from scheduler.daemon.assembly import program_version
from scheduler.daemon.orders import orders
from scheduler.daemon.workforce import Workforce
from scheduler.jobs.recovery import Presence, recover
from scheduler.schedule.deferring import BACKFILLS
from scraper.clock import now
from scraper.database import Pool

LOOK_SECONDS = 1.0
SWEEP_SECONDS = 5.0
STOP_SECONDS = 10.0


class Watch:
    """Shows backfills until all of them have come to rest."""

    def __init__(self, call: Invocation, pool: Pool, numbers: Sequence[int]) -> None:
        self._pool = pool
        self._numbers = list(numbers)
        self._began = time.monotonic()
        self._done_before: dict[int, int] = {}
        self._rows: dict[int, TaskID] = {}
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}"),
            console=call.err,
            disable=not call.err.is_terminal,
        )

    async def until_over(self, stop: asyncio.Event | None = None) -> None:
        """Return when no backfill runs any more, or ``stop`` is set."""
        with self._bar:
            while not (stop and stop.is_set()):
                running = [number for number in self._numbers if await self._look(number)]
                if not running:
                    return
                await asyncio.sleep(LOOK_SECONDS)

    async def _look(self, number: int) -> bool:
        """Bring the row of a backfill up to date; whether it runs."""
        backfill = await store.find(self._pool, number)
        counts = await store.counts(self._pool, number)
        progress = progress_of(backfill, counts, now().date())
        before = self._done_before.setdefault(number, progress.done)
        left = seconds_left(progress, before, time.monotonic() - self._began)
        if number not in self._rows:
            self._rows[number] = self._bar.add_task(backfill.source_id, total=None, left="")
        self._bar.update(
            self._rows[number],
            completed=progress.done,
            total=progress.total,
            left=f"page {backfill.pages}, {in_words(left)} left"
            if backfill.state == "running"
            else backfill.state,
        )
        return backfill.state == "running"


async def follow_here(call: Invocation, crew: Crew, numbers: Sequence[int]) -> None:
    """Work on backfills in this process, beside whatever daemons there are, until they rest.

    Ctrl-C ends the work here after the article in flight; daemons and workers go on with it.
    """
    presence = Presence("backfill", program_version())
    workforce = Workforce(
        crew,
        presence,
        queues=(BACKFILLS,),
        concurrency=OPEN_VISITS,
        stop_limit=STOP_SECONDS,
    )
    work = asyncio.create_task(workforce.run(), name="workforce")
    keep = asyncio.create_task(_keep_well(crew, presence, workforce), name="recovery")
    with orders(stop=crew.stopping.set, hurry=workforce.hurry, reload=lambda: None):
        try:
            await Watch(call, crew.pool, numbers).until_over(crew.stopping)
        finally:
            workforce.stop()
            await work
            keep.cancel()
            await presence.leave(crew.pool)
    if crew.stopping.is_set():
        call.remark("stopped here; a daemon goes on with it, or `tonggao backfill resume NUMBER`")


async def _keep_well(crew: Crew, presence: Presence, workforce: Workforce) -> None:
    """What a daemon's clock does for its work, for the time of a command."""
    while True:
        workforce.report()
        await presence.beat(crew.pool)
        await recover(crew, presence)
        await asyncio.sleep(SWEEP_SECONDS)
