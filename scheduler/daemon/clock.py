"""The clock of a process: APScheduler on the event loop, and a guard against jumps of the wall clock.

The clock only says when to look. What is due stands in the database and is measured by the database's
time, so that a clock that is wrong on one machine neither skips nor doubles a visit.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.crew import DATABASE_TROUBLE
from scheduler.daemon.vitals import STALE_SECONDS, Vitals
from scraper.clock import SHANGHAI
from scraper.database import explain
from scraper.log import get_logger

MISFIRE_GRACE_SECONDS = 3600
"""A duty that comes up to an hour late is still done, once; it would be due again soon anyway."""

JUMP_SECONDS = 5.0
_WATCH_SECONDS = 2.0

log = get_logger(__name__)
logging.getLogger("apscheduler").setLevel(logging.ERROR)
# It warns of each round that finds the one before still waiting for the database; we say why instead.


@dataclass(frozen=True, slots=True)
class Duty:
    """Something that a process does again and again.

    Attributes:
        name: for the log.
        work: one round of it.
        every: seconds between two rounds; or
        cron: five fields of crontab, in Asia/Shanghai.
    """

    name: str
    work: Callable[[], Awaitable[object]]
    every: float | None = None
    cron: str | None = None

    def trigger(self) -> IntervalTrigger | CronTrigger:
        """The trigger of APScheduler."""
        if self.cron is not None:
            return CronTrigger.from_crontab(self.cron, timezone=SHANGHAI)
        return IntervalTrigger(seconds=self.every or 60, timezone=SHANGHAI)


class Clock:
    """Runs duties until it is stopped. A duty that fails is logged and comes again."""

    def __init__(self, vitals: Vitals) -> None:
        self._vitals = vitals
        self._scheduler = AsyncIOScheduler(
            timezone=SHANGHAI,
            job_defaults={
                "coalesce": True,
                "max_instances": 1,
                "misfire_grace_time": MISFIRE_GRACE_SECONDS,
            },
        )
        self._watch: asyncio.Task[None] | None = None

    def add(self, duty: Duty) -> None:
        """Take on a duty; those at an interval are done at once for the first time."""
        first = {"next_run_time": dt.datetime.now(SHANGHAI)} if duty.cron is None else {}
        self._scheduler.add_job(
            _guarded, duty.trigger(), args=(duty, self._vitals), id=duty.name, **first
        )

    def start(self) -> None:
        """Begin."""
        self._scheduler.start()
        self._watch = asyncio.create_task(self._watch_jumps(), name="clock watch")

    def stop(self) -> None:
        """End; a duty under way is cut short."""
        if self._watch is not None:
            self._watch.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _watch_jumps(self) -> None:
        """APScheduler waits for wall-clock times: set back by an hour, it would sleep for an hour."""
        offset = time.time() - time.monotonic()
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            self._vitals.well("loop")
            jump = (time.time() - time.monotonic()) - offset
            if abs(jump) > JUMP_SECONDS:
                offset += jump
                log.warning("the wall clock jumped; all duties are set anew", seconds=round(jump))
                self.reset()

    def reset(self) -> None:
        """Set every duty's next time from the present."""
        now = dt.datetime.now(SHANGHAI)
        for job in self._scheduler.get_jobs():
            following = job.trigger.get_next_fire_time(None, now)
            if isinstance(job.trigger, IntervalTrigger):
                following = now
            job.modify(next_run_time=following)


async def _guarded(duty: Duty, vitals: Vitals) -> None:
    try:
        await duty.work()
    except DATABASE_TROUBLE as error:
        log.warning("the database failed a duty", duty=duty.name, error=str(explain(error, "")))
    except Exception:  # a duty is an edge: one that fails must not end the others
        log.exception("a duty failed", duty=duty.name)
    except asyncio.CancelledError:  # the daemon stops; APScheduler would log it as a fault
        log.debug("a duty was cut short", duty=duty.name)
    else:
        if (
            duty.every is not None and duty.every < STALE_SECONDS
        ):  # of rarer ones nothing is told by a minute
            vitals.well(duty.name)
