"""Jobs that kill or hang their process: found out, run apart, and set aside after the third time.

A job is written down in ``tonggao.job_start`` when it is begun and taken off when it has ended in
order, well or not. What is found there when a job is begun died with its process. Many jobs die
with a process and one of them killed it: those that died once are begun few at a time, those that
died twice one at a time, so that the third death names the one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from psycopg.rows import class_row

from scheduler.crew import DATABASE_TROUBLE, Crew, Hold
from scheduler.health.events import EventKind
from scheduler.health.store import add_event
from scraper.database import Statements
from scraper.log import get_logger

SQL = Statements("queue")
MOST_STARTS = 3
"""A job whose process died so often during it is set aside, for a human to look at."""

_SETTLE_SECONDS = 5.0
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Begun:
    """A row of ``tonggao.job_start``: how often a job was begun, and why it is set aside if it is."""

    starts: int
    reason: str | None


async def settle_excused(crew: Crew) -> None:
    """Tell the database which jobs of this process have ended in order."""
    excused = crew.suspects.excused
    while excused:
        task, subject = key = excused.pop()
        values = {"task": task, "subject": subject, "worker": crew.worker}
        try:
            async with crew.pool.connection() as connection:
                await connection.execute(SQL["end_start"], values)
        except BaseException:
            excused.add(key)
            raise


@dataclass(frozen=True, slots=True)
class GuardedJob:
    """One job whose starts are counted, so that one which kills its process is set aside.

    Attributes:
        crew: the process.
        hold: the job and its fencing token.
        task: name of the task.
        subject: what it works on.
        source_id: the source it is about.
        again: the command that lets it be tried again.
    """

    crew: Crew
    hold: Hold
    task: str
    subject: str
    source_id: str | None
    again: str

    async def run(
        self, work: Callable[[], Awaitable[None]], give_up: Callable[[str], Awaitable[None]]
    ) -> None:
        """Do the work, unless it killed its process too often: then give it up, with the reason.

        Raises:
            SuspectsBusy: it has to wait for others that died.
        """
        before = await self._find()
        reason = before.reason
        if reason is None and before.starts >= MOST_STARTS:
            reason = await self._set_aside()
        if reason is not None:
            await give_up(reason)
            return
        with self.crew.suspects.place(before.starts):
            if not await self._begin():
                return
            try:
                await work()
            finally:
                await self._end()

    async def _find(self) -> Begun:
        await settle_excused(self.crew)
        async with (
            self.crew.pool.connection() as connection,
            connection.cursor(row_factory=class_row(Begun)) as cursor,
        ):
            await cursor.execute(SQL["find_start"], self._key)
            return await cursor.fetchone() or Begun(0, None)

    async def _begin(self) -> bool:
        values = {**self._key, "worker": self.crew.worker}
        async with self.crew.pool.connection() as connection:
            if not await self.hold.holds(connection):
                return False
            await connection.execute(SQL["begin_start"], values)
        return True

    async def _end(self) -> None:
        """It ended in order; where the database cannot be told so, it is told later."""
        self.crew.suspects.excused.add((self.task, self.subject))
        with suppress(TimeoutError, *DATABASE_TROUBLE):
            async with asyncio.timeout(_SETTLE_SECONDS):
                await settle_excused(self.crew)

    async def _set_aside(self) -> str:
        reason = f"its process died or hung {MOST_STARTS} times during it; {self.again}"
        async with self.crew.pool.connection() as connection:
            await connection.execute(SQL["set_start_aside"], {**self._key, "reason": reason})
            await add_event(
                connection,
                kind=EventKind.JOB,
                source_id=self.source_id,
                new_state="failing",
                cause="set_aside",
                sentence=f"{self.task} of {self.subject} is set aside: {reason}",
            )
        log.error("a job was set aside", task=self.task, subject=self.subject, why=reason)
        return reason

    @property
    def _key(self) -> dict[str, str]:
        return {"task": self.task, "subject": self.subject}
