"""Polls, states and events in the database: each visit is judged in the transaction that closes it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from psycopg import AsyncConnection, errors
from psycopg.rows import class_row, tuple_row
from psycopg.types.json import Jsonb

from scheduler.health.causes import MEND, Cause, State
from scheduler.health.events import EventKind
from scheduler.health.findings import Finding, judge
from scheduler.health.polls import Poll
from scheduler.health.states import Health, step
from scheduler.schedule.habit import Habit, habit_of
from scraper.clock import now as present
from scraper.database import Pool, Statements, with_short_locks
from scraper.log import get_logger

SQL = Statements("health")
BY_MONTH = ("slot", "poll", "attempt")
"""Tables whose rows lie in one partition a month."""
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class HealthRow:
    """One row of ``tonggao.health``."""

    state: State
    cause: str | None
    since: dt.datetime
    leaning: State
    leaning_for: int
    last_news_at: dt.datetime | None
    last_good_at: dt.datetime | None

    @property
    def health(self) -> Health:
        """The state with its inertia."""
        cause = Cause(self.cause) if self.cause else None
        return Health(self.state, cause, self.since, self.leaning, self.leaning_for)


async def record_visit(connection: AsyncConnection, source_id: str, run_id: int) -> None:
    """Write down what a visit saw, and judge its source by it.

    A visit that found its host resting ("busy") saw nothing, so that nothing is judged by it.
    """
    row = await (await connection.execute(SQL["record_poll"], {"run_id": run_id})).fetchone()
    if row is None or row[0] == "busy":
        return
    polls = await recent_polls(connection, source_id)
    await review(connection, source_id, polls, fresh=polls[0] if polls else None)


async def review(
    connection: AsyncConnection,
    source_id: str,
    polls: Sequence[Poll],
    *,
    fresh: Poll | None,
) -> Finding | None:
    """Judge a source and record its state when that changes.

    Args:
        connection: in whose transaction.
        source_id: the source.
        polls: its visits of the last 30 days.
        fresh: the visit that has just ended; None when only time has passed.

    Returns:
        What is wrong.
    """
    now = present()
    row = await _health(connection, source_id)
    news = fresh is not None and fresh.news > 0
    last_news = now if news else row.last_news_at
    finding = judge(polls, await habit(connection, source_id), last_news, now)
    health, changed = step(row.health, finding, now)
    values = {
        "source_id": source_id,
        "state": health.state,
        "cause": health.cause if health.state != "ok" else None,
        "since": health.since or row.since,
        "seen_state": finding.state if finding else "ok",
        "seen_cause": finding.cause if finding else None,
        "leaning": health.leaning,
        "leaning_for": health.leaning_for,
        "good": fresh is not None and fresh.list_read,
        "news": news,
    }
    await connection.execute(SQL["set_health"], values)
    if changed:
        await _tell(connection, source_id, row.state, health, finding)
    return finding


async def _tell(
    connection: AsyncConnection,
    source_id: str,
    before: State,
    health: Health,
    finding: Finding | None,
) -> None:
    sentence = in_words(source_id, health, finding)
    evidence = {**finding.evidence, "page": finding.sample_url} if finding else {}
    await add_event(
        connection,
        kind=EventKind.HEALTH,
        sentence=sentence,
        source_id=source_id,
        old_state=before,
        new_state=health.state,
        cause=health.cause,
        evidence=evidence,
    )
    log.warning("a source changed its state", source=source_id, state=health.state, why=sentence)


def in_words(source_id: str, health: Health, finding: Finding | None) -> str:
    """The sentence that the operator gets."""
    if finding is None or health.cause is None:
        return f"{source_id} is well again"
    return f"{source_id} is {health.state} ({health.cause}): {MEND[health.cause]}"


async def add_event(
    connection: AsyncConnection,
    *,
    kind: EventKind,
    sentence: str,
    source_id: str | None = None,
    old_state: str | None = None,
    new_state: str | None = None,
    cause: str | None = None,
    evidence: dict[str, Any] | None = None,
) -> None:
    """Record something that the operator should know."""
    values = {
        "source_id": source_id,
        "kind": kind,
        "old_state": old_state,
        "new_state": new_state,
        "cause": cause,
        "sentence": sentence,
        "evidence": Jsonb(evidence or {}),
    }
    await connection.execute(SQL["add_event"], values)


async def recent_polls(connection: AsyncConnection, source_id: str) -> Sequence[Poll]:
    """The visits of the last 30 days that are compared, newest first."""
    async with connection.cursor(row_factory=class_row(Poll)) as cursor:
        await cursor.execute(SQL["recent_polls"], {"source_id": source_id})
        return await cursor.fetchall()


async def habit(connection: AsyncConnection, source_id: str) -> Habit:
    """When a source usually has news."""
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(SQL["habit"], {"source_id": source_id})
        row = await cursor.fetchone()
    return habit_of(*row) if row else Habit()


async def _health(connection: AsyncConnection, source_id: str) -> HealthRow:
    async with connection.cursor(row_factory=class_row(HealthRow)) as cursor:
        await cursor.execute(SQL["health"], {"source_id": source_id})
        row = await cursor.fetchone()
    if row is None:
        raise LookupError(f"source {source_id} is not registered")
    return row


async def review_silent(pool: Pool) -> int:
    """Judge sources that were not visited lately: silence is noticed while nothing happens.

    Returns:
        How many were judged.
    """
    async with pool.connection() as connection:
        rows = await (await connection.execute(SQL["unchecked"])).fetchall()
        for (source_id,) in rows:
            polls = await recent_polls(connection, source_id)
            await review(connection, source_id, polls, fresh=None)
    return len(rows)


async def ensure_months(pool: Pool) -> None:
    """Make the partitions of this month and the next two, each in a transaction of its own.

    A month whose table others keep locked is made the next night: they are made two months ahead.
    """
    for parent, ahead in product(BY_MONTH, range(3)):
        await _ensure_month(pool, {"parent": parent, "ahead": ahead})


async def _ensure_month(pool: Pool, values: dict[str, Any]) -> None:
    async def work(connection: AsyncConnection) -> None:
        await connection.execute(SQL["month"], values)

    try:
        await with_short_locks(pool, "a month of {parent}".format(**values), work)
    except errors.LockNotAvailable:
        log.warning("a month could not be made while its table is in use", **values)
