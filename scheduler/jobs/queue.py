"""The queue: Procrastinate on connections of its own, with a fence around what a dead job may do.

A process that was suspended, or cut off from the network, may wake up after others took its job over.
Procrastinate would let it finish the job that is theirs now. Here a job is finished or put back only
by the attempt that holds it: the number of attempts is the fencing token.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager, NotificationCallback, get_channel_for_queues
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from scheduler.jobs import tasks
from scraper.database import Statements
from scraper.database.connection import CONNECT_SECONDS, prepare
from scraper.log import get_logger

SQL = Statements("queue")
log = get_logger(__name__)
logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
# It prints a traceback for every connection that breaks; the workforce says the same in one line.


class FencedJobs(JobManager):
    """Jobs that only the attempt which holds them can end."""

    async def listen_for_jobs(
        self, *, on_notification: NotificationCallback, queues: Iterable[str] | None = None
    ) -> None:
        """Be woken by notifications; what they say is not believed.

        Whoever may connect can send any notification on any channel. So each means no more than "look
        whether there is a job"; wishes to abort one are read from the queue's own table.
        """

        async def look(*, channel: str, payload: str) -> None:  # noqa: ARG001  (the caller's names)
            await on_notification(
                channel=channel, notification={"type": "job_inserted", "job_id": 0}
            )

        channels = get_channel_for_queues(queues=queues)
        await self.connector.listen_notify(on_notification=look, channels=channels)

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """End a job, unless another attempt has taken it over."""
        rows = await self.connector.execute_query_all_async(
            query=SQL["finish"].decode(),
            job_id=job.id,
            attempts=job.attempts,
            status=status.value,
            delete_job=delete_job,
        )
        _tell(job, taken=not rows)

    async def retry_job(
        self,
        job: Job,
        retry_at: dt.datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Put a job back in line, unless another attempt has taken it over.

        The queue's times are the server's. What the caller's clock says counts only as a distance from
        its own present, and no pause is longer than the longest there is: a job that a clock 400 days
        ahead puts back would otherwise wait for that day, and its source with it.
        """
        present = dt.datetime.now(dt.UTC)
        pause = ((retry_at or present) - present).total_seconds()
        rows = await self.connector.execute_query_all_async(
            query=SQL["put_back"].decode(),
            job_id=job.id,
            attempts=job.attempts,
            pause=min(max(pause, 0.0), tasks.OPERATOR_SECONDS),
            priority=priority,
            queue=queue,
            lock=lock,
        )
        _tell(job, taken=not rows)


def _tell(job: Job, *, taken: bool) -> None:
    if taken:
        log.warning("a job was taken over by another process; what this one did stays", job=job.id)


@asynccontextmanager
async def open_queue(url: str, *, size: int = 4) -> AsyncIterator[App]:
    """The queue with its tasks registered.

    Args:
        url: the archive's connection string.
        size: most connections; one more listens for new jobs.
    """
    connector = PsycopgConnector(
        conninfo=url,
        min_size=1,
        max_size=size,
        name="tonggao queue",
        configure=_prepare,
        pool_factory=AsyncConnectionPool,
        kwargs={"connect_timeout": CONNECT_SECONDS, "application_name": "tonggao queue"},
    )
    app = App(connector=connector)
    app.job_manager = FencedJobs(connector=connector)
    tasks.register(app)
    async with app.open_async():
        yield app


async def _prepare(connection: AsyncConnection) -> None:
    await prepare(connection)
    await connection.execute("SET search_path TO queue, pg_catalog")
    await connection.commit()
