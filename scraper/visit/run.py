"""The row of ``tonggao.run`` that stands for a visit."""

from __future__ import annotations

import datetime as dt
import os
import socket
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from psycopg.types.json import Jsonb

from scraper.database import Pool, Statements, alone

if TYPE_CHECKING:
    from scraper.visit.article import ArticleResult

SQL = Statements("visiting")
_COUNTED = {
    "new": "new",
    "copy": "copies",
    "revision": "revisions",
    "reparsed": "unchanged",
    "unchanged": "unchanged",
    "withdrawn": "withdrawn",
    "failed": "failed",
}


class Failure(StrEnum):
    """What made a visit as a whole fail; the same words stand in ``tonggao.run.failure``."""

    LIST = "list"
    """A list page did not come, or was none."""
    HOST = "host"
    """The host wants rest: a wall, a limit, a slot too far ahead."""
    DATABASE = "database"
    """The database was away, or refused."""
    PROGRAM = "program"
    """An error of ours."""


BROKEN_ROWS = "broken_rows"
"""Among the reasons of a run: rows of its lists that are there and could not be read."""


def worker_name() -> str:
    """Host name and process number of this process."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(slots=True)
class RunSummary:
    """What a visit has done so far; at its end, what it did.

    Attributes:
        run_id: the row of ``tonggao.run``.
        source_id: the source visited.
        listed: article links on the list pages read.
        pages: list pages read.
        fetched … failed: articles, by what became of them.
        reasons: failures by outcome or verdict; ``BROKEN_ROWS`` of its lists.
        error: why the visit as a whole failed, None otherwise.
        retried: articles tried again that had failed in earlier visits; those that failed once
            more are no failures of this visit.
        failure: what kind of thing ``error`` is, None without one.
        cut_short: whether it reached its time limit with more to do.
    """

    run_id: int
    source_id: str
    listed: int = 0
    pages: int = 0
    fetched: int = 0
    new: int = 0
    copies: int = 0
    revisions: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    failed: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    error: str | None = None
    retried: int = 0
    failure: Failure | None = None
    cut_short: bool = False

    def count(self, result: ArticleResult, *, again: bool = False) -> None:
        """Add an article; ``again``: it had failed in an earlier visit."""
        self.retried += again
        if again and result.change == "failed":
            return
        name = _COUNTED[result.change]
        setattr(self, name, getattr(self, name) + 1)
        self.fetched += result.fetched
        if result.reason is not None and result.change == "failed":
            self.reasons[result.reason] = self.reasons.get(result.reason, 0) + 1

    def count_list(self, accepted: int, broken: int) -> None:
        """Add a list page: its links that belong to the source, its rows that could not be read."""
        self.pages += 1
        self.listed += accepted
        if broken:
            self.reasons[BROKEN_ROWS] = self.reasons.get(BROKEN_ROWS, 0) + broken

    def values(self) -> dict[str, object]:
        """As the statements take it."""
        names = ("run_id", "listed", "pages", "fetched", *_COUNTED.values(), "error", "failure")
        return {name: getattr(self, name) for name in names} | {"reasons": Jsonb(self.reasons)}


async def open_run(
    pool: Pool, source_id: str, kind: str, slot_at: dt.datetime | None
) -> RunSummary:
    """Begin a run; runs of the source whose process has died are closed as interrupted.

    Raises:
        psycopg.errors.ForeignKeyViolation: the source was never registered.
    """
    values = {"source_id": source_id, "kind": kind, "slot_at": slot_at, "worker": worker_name()}
    async with pool.connection() as connection:
        await connection.execute(SQL["interrupt_silent_runs"], values)
        row = await (await connection.execute(SQL["open_run"], values)).fetchone()
    if row is None:
        raise AssertionError("INSERT … RETURNING gives a row")
    return RunSummary(row[0], source_id)


async def note_progress(pool: Pool, summary: RunSummary) -> None:
    """Write the counts so far, and that the process is alive."""
    async with alone(pool) as connection:
        await connection.execute(SQL["note_progress"], summary.values())


async def close_run(pool: Pool, summary: RunSummary, state: str) -> None:
    """End a run as ``done``, ``failed`` or ``interrupted``."""
    async with pool.connection() as connection:
        await connection.execute(SQL["close_run"], {**summary.values(), "state": state})


async def close_silent_runs(pool: Pool) -> None:
    """Close the runs of every source whose process has died without saying so."""
    async with pool.connection() as connection:
        await connection.execute(SQL["close_silent_runs"])
