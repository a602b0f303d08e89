"""Keeping a Procrastinate worker at work: it ends when the database goes away, and is begun again."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence

from procrastinate.job_context import JobContext
from procrastinate.worker import Worker

from scheduler.crew import Crew
from scheduler.jobs.recovery import SILENCE_SECONDS, Presence
from scraper.log import get_logger

MOST_PAUSE_SECONDS = 15.0
POLL_SECONDS = 1.0
"""A job whose lock was held when it was announced is found by looking: chains wait so long."""
_random = random.SystemRandom()
log = get_logger(__name__)


class Workforce:
    """The worker of this process.

    Args:
        crew: what its jobs work with.
        presence: told the worker's number, so that it is kept alive and missed when it dies.
        queues: the queues it serves.
        concurrency: most jobs at once.
        look: seconds between two looks for jobs; what is announced is found at once.
        stop_limit: seconds that jobs get to finish after ``stop``; then they are put back in line.
    """

    def __init__(
        self,
        crew: Crew,
        presence: Presence,
        *,
        queues: Sequence[str],
        concurrency: int,
        stop_limit: float,
        look: float = POLL_SECONDS,
    ) -> None:
        self._crew = crew
        self._presence = presence
        self._queues = list(queues)
        self._concurrency = concurrency
        self._stop_limit = stop_limit
        self._look = look
        self._worker: Worker | None = None
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Work until ``stop``."""
        pause = 0.5
        while not self._stopped.is_set():
            began = asyncio.get_running_loop().time()
            try:
                await self._run_one_worker()
                if not self._stopped.is_set():
                    log.warning("the worker lost the database and is begun again")
            except Exception as error:  # noqa: BLE001  whatever ended it, there must be a worker again
                log.warning(
                    "the worker ended and is begun again", error=str(error.__cause__ or error)
                )
            if asyncio.get_running_loop().time() - began > 60:
                pause = 0.5
            await self._wait(pause * (0.5 + _random.random()))
            pause = min(MOST_PAUSE_SECONDS, pause * 2)

    async def _run_one_worker(self) -> None:
        self._worker = Worker(
            app=self._crew.queue,
            queues=self._queues,
            name="tonggao",
            concurrency=self._concurrency,
            shutdown_graceful_timeout=self._stop_limit,
            install_signal_handlers=False,
            additional_context={"crew": self._crew},
            update_heartbeat_interval=SILENCE_SECONDS / 5,
            stalled_worker_timeout=SILENCE_SECONDS,
            delete_jobs="successful",
            fetch_job_polling_interval=self._look,
            worker_middleware=[self._noted],
        )
        try:
            await self._worker.run()
        finally:
            self._presence.queue_worker = None
            self._worker = None

    async def _noted(
        self, call_next: Callable[[], Awaitable[object]], context: JobContext, worker: Worker
    ) -> object:
        """Around every job: what runs here is known, so that what does not can be taken back."""
        self._presence.queue_worker = worker.worker_id
        number = context.job.id or 0
        task = asyncio.current_task()
        if task is not None:
            self._crew.running[number] = task
        try:
            return await call_next()
        except BaseException as error:
            self._crew.trouble.note(error, time.monotonic())
            raise
        finally:
            self._crew.running.pop(number, None)

    def stop(self) -> None:
        """Take no more jobs; ``run`` returns once those under way are done or the limit is over."""
        self._stopped.set()
        if self._worker is not None:
            self._worker.stop()

    def hurry(self) -> None:
        """Cut the jobs under way short; they are put back in line."""
        self.stop()
        for job in self._crew.running.values():
            job.cancel()

    def report(self) -> None:
        """Tell the presence which worker runs; called with every heartbeat."""
        self._presence.queue_worker = self._worker.worker_id if self._worker else None

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopped.wait()
        except TimeoutError:
            return
