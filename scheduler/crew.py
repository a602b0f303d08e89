"""What every job needs: connections, sources, tools, and the fence that tells it whether it still holds."""

from __future__ import annotations

import asyncio
import datetime as dt
import math
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import psycopg
from procrastinate import App
from procrastinate.job_context import JobContext
from psycopg import AsyncConnection
from psycopg_pool import PoolTimeout

from scraper.database import Pool, Statements, cannot_write
from scraper.errors import DatabaseError
from scraper.listing.model import Link
from scraper.sources import Source
from scraper.visit import Tools

SQL = Statements("scheduling")

OPEN_VISITS = 256
"""Most visits that one process has open at once; waiting for a host's slot costs little."""

DATABASE_TROUBLE = (psycopg.Error, PoolTimeout, DatabaseError)
"""All that the database raises; whose fault it is tells ``scraper.database.fault_of``."""

TROUBLE_LASTS_SECONDS = 120.0
"""Trouble that was not met again for so long is over; jobs that it failed come again within a minute.
That some job ended well proves nothing: little may still fit where much does not."""


SUSPECTS_AT_ONCE = {1: 16, 2: 1}
"""How many jobs that died so often one process has under way at once."""


@dataclass
class Trouble:
    """What keeps the database from writing, as the jobs of this process met it last.

    Attributes:
        sentence: what the server said; empty where nothing was met.
        met_at: when, by the monotonic clock.
    """

    sentence: str = ""
    met_at: float = -math.inf

    def note(self, error: BaseException, at: float) -> None:
        """A job ended with an error. ``at`` is the monotonic clock's present."""
        if cannot_write(error):
            self.sentence, self.met_at = (str(error).splitlines() or [type(error).__name__])[0], at

    def lasts(self, at: float) -> bool:
        """Whether the database still cannot write, as far as is known."""
        return bool(self.sentence) and at - self.met_at < TROUBLE_LASTS_SECONDS


class SuspectsBusy(Exception):
    """Other jobs that died with their process are under way here; this one waits its turn."""


@dataclass
class Suspects:
    """What a process knows of its jobs' deaths.

    Attributes:
        under_way: jobs that died before and run now, by how often they died.
        excused: jobs that ended in order when the database could not be told.
    """

    under_way: Counter[int] = field(default_factory=Counter)
    excused: set[tuple[str, str]] = field(default_factory=set)

    @contextmanager
    def place(self, deaths: int) -> Iterator[None]:
        """A place for a job that died so often.

        Raises:
            SuspectsBusy: there is none at present.
        """
        if deaths and self.under_way[deaths] >= SUSPECTS_AT_ONCE.get(deaths, 1):
            raise SuspectsBusy
        self.under_way[deaths] += 1
        try:
            yield
        finally:
            self.under_way[deaths] -= 1


class Summary(Protocol):
    """What a visit tells: the part of ``scraper.visit.RunSummary`` that the schedule needs."""

    @property
    def run_id(self) -> int:
        """The row of ``tonggao.run``."""

    @property
    def new(self) -> int:
        """Publications that are new releases."""

    @property
    def copies(self) -> int:
        """Publications that are copies of known releases."""

    @property
    def error(self) -> str | None:
        """Why the visit as a whole failed."""

    @property
    def cut_short(self) -> bool:
        """Whether it reached its time limit with more to do."""


@dataclass(frozen=True, slots=True)
class PageRead:
    """What one list page of the past gave.

    Attributes:
        links: its articles, addresses in normal form.
        cursor: where to go on; None at the end of what is wanted.
        otherwise: where to go on if nothing on this page proves new to the walk: then its list
            turns in a circle or repeats its end.
        remark: why a list was left, where it was not simply the last page.
    """

    links: tuple[Link, ...]
    cursor: Mapping[str, Any] | None
    otherwise: Mapping[str, Any] | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one article: an outcome in one word, a sentence where something went wrong."""

    outcome: str
    detail: str | None = None


Visit = Callable[[Source, Tools, dt.datetime], Awaitable[Summary]]
"""One visit of a source, for the slot that was due."""

Judge = Callable[[AsyncConnection, Source, Summary], Awaitable[None]]
"""Called with each finished visit, in the transaction that closes its slot."""

ReadPage = Callable[
    [Source, Tools, int | None, Mapping[str, Any] | None, dt.date | None], Awaitable[PageRead]
]
"""One list page of a source's past: run, where to go on, earliest day wanted."""

Keep = Callable[[Source, Tools, int, Link], Awaitable[Kept]]
"""Fetch, read and archive one article; whatever comes of it is returned, not raised."""


@dataclass(kw_only=True)
class Crew:
    """The surroundings of the jobs of one process.

    Attributes:
        pool: connections to the archive.
        queue: the queue, to put further jobs into.
        tools: what a visit works with.
        find: the source of an id; raises UnknownSource.
        worker: host name and process number.
        visit: what is done when a source is due.
        judge: what is made of the result.
        read_page, keep: the two moves of a backfill.
        visit_limit: seconds after which a visit is stopped; the next one goes on from there.
        turn: seconds after which it gives way to other columns of its host that wait.
        batch: articles that one step of a backfill fetches.
        running: the jobs under way in this process, by their numbers.
        trouble: what keeps the database from writing, if anything does.
        suspects: what is known here of jobs that died with their process.
        stopping: set once the process has been told to stop.
    """

    pool: Pool
    queue: App
    tools: Tools
    find: Callable[[str], Source]
    worker: str
    visit: Visit
    judge: Judge
    read_page: ReadPage
    keep: Keep
    visit_limit: float = 1800.0
    turn: float = 180.0
    batch: int = 20
    running: dict[int, asyncio.Task[Any]] = field(default_factory=dict)
    trouble: Trouble = field(default_factory=Trouble)
    suspects: Suspects = field(default_factory=Suspects)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(frozen=True, slots=True)
class Hold:
    """One attempt at a job: its number and the fencing token."""

    job_id: int
    attempts: int

    async def holds(self, connection: AsyncConnection) -> bool:
        """Whether the job is still this attempt's; locks it until the transaction ends."""
        values = {"job_id": self.job_id, "attempts": self.attempts}
        return await (await connection.execute(SQL["hold_job"], values)).fetchone() is not None


def crew_of(context: JobContext) -> Crew:
    """The crew that a worker was started with."""
    crew = context.additional_context["crew"]
    if not isinstance(crew, Crew):
        raise TypeError("the worker was started without a crew")
    return crew


def hold_of(context: JobContext) -> Hold:
    """The hold of the job that runs."""
    if context.job.id is None:
        raise ValueError("a job that runs has a number")
    return Hold(context.job.id, context.job.attempts)
