"""The daemon: a clock that claims what is due, and a worker that does it.

``tonggao worker`` is the same without the claims, for further machines. All daemons on a database are equal. Each claims, works, takes over from the dead, and may be killed at
any moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from scheduler.crew import OPEN_VISITS, Crew
from scheduler.daemon import service
from scheduler.daemon.clock import Clock, Duty
from scheduler.daemon.orders import orders
from scheduler.daemon.vitals import Vitals
from scheduler.daemon.workforce import Workforce
from scheduler.jobs.recovery import Presence, recover
from scheduler.schedule.claims import ClaimLimits, claim_due, enabled_sources, plan_sources
from scheduler.schedule.deferring import BACKFILLS, VISITS, disabled_jobs
from scheduler.schedule.plan import Plan
from scraper.database import check_schema
from scraper.errors import SchemaMismatch, TonggaoError
from scraper.log import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a process of ours behaves. Times are seconds.

    Attributes:
        tick: between two looks at what is due.
        sweep: between two looks for what the dead left behind.
        beat: between two signs of life.
        reread: between two looks at which sources are enabled.
        stop_limit: what jobs under way get to finish after a stop.
        visits: most visits and steps of backfills open at once. One of a host is, and most of them
            wait for their host's next slot: how many requests are under way is the fetcher's to
            bound (``FetchPolicy.concurrency``).
        limits: of each claim.
    """

    tick: float = 2.0
    sweep: float = 10.0
    beat: float = 5.0
    reread: float = 30.0
    stop_limit: float = 15.0
    visits: int = OPEN_VISITS
    limits: ClaimLimits = field(default_factory=ClaimLimits)


class Daemon:
    """One process at work.

    Args:
        crew: what jobs work with.
        habits: how it behaves.
        plans: how the given sources are to be visited; unknown ids are left out.
        reload: reads the catalogue anew.
        presence: this process on the table of processes; its kind "worker" claims nothing.
        duties: further things to do at intervals (alarms, retention).
    """

    def __init__(
        self,
        crew: Crew,
        habits: Habits,
        *,
        plans: Callable[[tuple[str, ...]], dict[str, Plan]],
        reload: Callable[[], None],
        presence: Presence,
        vitals: Vitals,
        duties: tuple[Duty, ...] = (),
    ) -> None:
        self._crew = crew
        self._habits = habits
        self._plans = plans
        self._reload = reload
        self._presence = presence
        self._vitals = vitals
        vitals.trouble = crew.trouble
        self._clock = Clock(vitals)
        self._duties = duties
        self._stop = asyncio.Event()
        self._fatal: TonggaoError | None = None
        self._workforce = Workforce(
            crew,
            presence,
            queues=(VISITS, BACKFILLS),
            concurrency=habits.visits,
            stop_limit=habits.stop_limit,
        )

    async def run(self) -> None:
        """Work until a signal says stop.

        Raises:
            SchemaMismatch: a newer version has changed the database; this one must be upgraded.
        """
        with orders(stop=self.stop, hurry=self._workforce.hurry, reload=self.reload):
            self._take_on_duties()
            self._clock.start()
            work = asyncio.create_task(self._workforce.run(), name="workforce")
            service.notify("READY=1", "STATUS=watching")
            log.info("at work", kind=self._presence.kind, worker=self._crew.worker)
            await self._stop.wait()
            await self._leave(work)
        if self._fatal is not None:
            raise self._fatal

    def stop(self) -> None:
        """Stop claiming and working; ``run`` returns when the jobs under way have ended."""
        self._vitals.stopping = True
        self._crew.stopping.set()
        self._stop.set()
        self._workforce.stop()

    def reload(self) -> None:
        """Read the sources anew, and plan them at once."""
        service.reloading()
        try:
            self._reload()
        except TonggaoError as error:
            log.warning("the sources could not be read; the old ones stay", error=str(error))
        else:
            log.info("sources reloaded")
        self._clock.reset()
        service.notify("READY=1")

    async def _leave(self, work: asyncio.Task[None]) -> None:
        service.notify("STOPPING=1")
        try:
            await work
        finally:
            self._clock.stop()
        async with asyncio.timeout(self._habits.beat):
            await self._presence.leave(self._crew.pool)
        log.info("stopped")

    def _take_on_duties(self) -> None:
        habits = self._habits
        own = [
            Duty("database", self._beat, every=habits.beat),
            Duty("recovery", self._recover, every=habits.sweep),
            Duty("disabled", self._cut_disabled, every=habits.tick),
            Duty("schema", self._check_schema, every=30.0),
        ]
        if self._presence.kind == "daemon":
            own.append(Duty("plans", self.plan, every=habits.reread))
            own.append(Duty("claims", self._claim, every=habits.tick))
        if watchdog := service.watchdog_seconds():
            own.append(Duty("watchdog", self._stroke, every=watchdog))
        for duty in (*own, *self._duties):
            self._clock.add(duty)

    async def plan(self) -> None:
        """Give each enabled source its place in the schedule, and changed definitions theirs."""
        await plan_sources(self._crew.pool, self._plans(await enabled_sources(self._crew.pool)))

    async def _claim(self) -> None:
        if not self._vitals.stopping:
            crew = self._crew
            claimed = await claim_due(crew.pool, crew.queue, crew.worker, self._habits.limits)
            if claimed:
                log.debug("claimed", sources=claimed)

    async def _recover(self) -> None:
        await recover(self._crew, self._presence)

    async def _cut_disabled(self) -> None:
        """Visits under way of sources that were disabled end now."""
        running = self._crew.running
        if not running:
            return
        for number in await disabled_jobs(self._crew.pool, list(running)):
            if (job := running.get(number)) is not None:
                log.info("a visit is cut short, for its source was disabled", job=number)
                job.cancel()

    async def _beat(self) -> None:
        self._workforce.report()
        await self._presence.beat(self._crew.pool)

    async def _stroke(self) -> None:
        if self._vitals.alive:
            service.notify("WATCHDOG=1")

    async def _check_schema(self) -> None:
        try:
            async with self._crew.pool.connection() as connection:
                await check_schema(connection)
        except SchemaMismatch as error:
            log.warning("the database was changed by a newer version; this process stops")
            self._fatal = error
            self.stop()
