"""``tonggao doctor``: why is this source silent? The evidence, side by side, and the mend."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from scheduler.health.causes import MEND, Cause
from scheduler.health.findings import Finding, judge
from scheduler.health.polls import Poll, lengths
from scheduler.health.store import habit, recent_polls
from scheduler.schedule.habit import Habit
from scraper.database import Pool, Statements

SQL = Statements("health")
Row = Mapping[str, Any]
RESTLESS_LOOKS = 3
"""Looks in a row that found another text, from which a page is restless: something in it moves by
itself, and what is kept of it are no edits."""
RESTLESS_NAMED = 20
"""Restless pages that are named, those that changed most first."""


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is known about how a source fares.

    Attributes:
        source_id: the source.
        status: its row as ``tonggao status`` shows it; None when the archive never heard of it.
        finding: what is wrong at present, as ``tonggao status`` says it; None when nothing is.
        daily: how often it has news on an average day.
        expected: news that its habit lets one expect since the last.
        good_page, bad_page: the last page that was read well, and the first that was not.
        lost: rules (field to rule) that gave a field on the good page and not on the bad one.
        runs, attempts, events: the latest of each, newest first.
        usual: figures of the last 30 days.
        restless: its pages whose text changed at three looks in a row or more.
    """

    source_id: str
    status: Row | None
    finding: Finding | None
    daily: float
    expected: float
    good_page: Row | None
    bad_page: Row | None
    lost: Mapping[str, str]
    runs: Sequence[Row]
    attempts: Sequence[Row]
    events: Sequence[Row]
    usual: Mapping[str, Any] = field(default_factory=dict)
    restless: Sequence[Row] = ()

    @property
    def mend(self) -> str:
        """What to do."""
        if self.finding:
            return MEND[self.finding.cause]
        if self.status is None or not self.status["enabled"]:
            return f"it is not watched; `tonggao sources enable {self.source_id}` watches it"
        return "nothing: it fares as usual"


async def diagnose(pool: Pool, source_id: str, now: dt.datetime) -> Diagnosis:
    """Gather what explains the state of a source."""
    async with pool.connection() as connection:
        status = await _status(connection, source_id)
        polls = await recent_polls(connection, source_id)
        ways = await habit(connection, source_id)
        last_news = status["last_news_at"] if status else None
        finding = _present(status, judge(polls, ways, last_news, now))
        since = _ill_since(polls, finding) or (status["since"] if status and finding else None)
        good = await _one(connection, "last_good_page", source_id=source_id, before=since)
        bad = await _bad_page(connection, source_id, since) if finding else None
        return Diagnosis(
            source_id=source_id,
            status=status,
            finding=finding,
            daily=ways.daily(),
            expected=_expected(ways, last_news, now),
            good_page=good,
            bad_page=bad,
            lost=lost_rules(good, bad),
            runs=await _several(connection, "last_runs", source_id=source_id, most=5),
            attempts=await _several(connection, "last_attempts", source_id=source_id, most=8),
            events=await _several(connection, "events", source_id=source_id, most=5),
            usual=usual_figures(polls),
            restless=await _restless(connection, source_id),
        )


async def restless_pages(pool: Pool) -> Sequence[Row]:
    """Pages of any source whose text changed at three looks in a row or more."""
    async with pool.connection() as connection:
        return await _restless(connection, None)


async def _restless(connection: AsyncConnection, source_id: str | None) -> Sequence[Row]:
    values = {"looks": RESTLESS_LOOKS, "source_id": source_id, "most": RESTLESS_NAMED}
    return await _several(connection, "restless", **values)


def _present(status: Row | None, judged: Finding | None) -> Finding | None:
    """What is wrong by ``tonggao.source_state``, which `tonggao status` shows too, with evidence.

    Args:
        status: the source's row.
        judged: what its visits show at this moment; it has figures and a page.
    """
    if status is None or status["state"] == "ok":
        return None
    cause = Cause(status["cause"]) if status["cause"] else Cause.OTHER
    if judged is not None and judged.cause is cause:
        return Finding(status["state"], cause, judged.evidence, judged.sample_url)
    facts = {
        "why": status["set_aside_for"] or status["last_error"],
        "due since": status["overdue_since"],
    }
    return Finding(status["state"], cause, {name: fact for name, fact in facts.items() if fact})


def lost_rules(good: Row | None, bad: Row | None) -> dict[str, str]:
    """Which rules gave a field on the last good page and gave nothing on the first bad one."""
    if not good or not bad or "origins" not in bad:  # a request that failed was never read
        return {}
    before, after = good.get("origins") or {}, bad["origins"] or {}
    return {name: str(rule) for name, rule in before.items() if name not in after}


def usual_figures(polls: Sequence[Poll]) -> dict[str, Any]:
    """What its visits of the last 30 days were like."""
    read = [poll for poll in polls if poll.list_read]
    articles = sum(poll.articles for poll in polls)
    centre = lengths(polls)
    return {
        "visits": len(polls),
        "lists read": len(read),
        "links on the list": max((poll.listed for poll in read), default=0),
        "articles": articles,
        "failed": sum(poll.failed for poll in polls),
        "usual length": round(2.718281828 ** centre[0]) if centre else None,
    }


def _ill_since(polls: Sequence[Poll], finding: Finding | None) -> dt.datetime | None:
    """When the unbroken row of visits without a good outcome began; newest poll first."""
    if finding is None:
        return None
    begin: dt.datetime | None = None
    for poll in polls:
        if poll.list_read and not poll.failed and poll.articles:
            break
        begin = poll.at
    return begin


def _expected(ways: Habit, last_news: dt.datetime | None, now: dt.datetime) -> float:
    return ways.expected(last_news, now) if last_news else 0.0


async def _bad_page(
    connection: AsyncConnection, source_id: str, since: dt.datetime | None
) -> Row | None:
    """The first request that failed; else the first article read since, which lost something."""
    start = since - dt.timedelta(hours=2) if since else None
    failed = await _one(connection, "first_bad_page", source_id=source_id, since=start)
    if failed is not None or since is None:
        return failed
    return await _one(connection, "first_changed_page", source_id=source_id, since=since)


async def _status(connection: AsyncConnection, source_id: str) -> Row | None:
    return await _one(connection, "status_of", source_id=source_id)


async def _one(connection: AsyncConnection, name: str, **values: Any) -> Row | None:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(SQL[name], values)
        return await cursor.fetchone()


async def _several(connection: AsyncConnection, name: str, **values: Any) -> Sequence[Row]:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(SQL[name], values)
        return await cursor.fetchall()


async def status_rows(pool: Pool, most: int) -> Sequence[Row]:
    """The watched sources, those in trouble first."""
    async with pool.connection() as connection:
        return await _several(connection, "status", most=most)


async def in_trouble(pool: Pool) -> tuple[str, ...]:
    """The watched sources that are not ok, those longest in trouble first."""
    async with pool.connection() as connection:
        rows = await (await connection.execute(SQL["in_trouble"])).fetchall()
    return tuple(row[0] for row in rows)


async def needs_somebody(pool: Pool) -> bool:
    """Whether a visit of a watched source is overdue or failing, or a job was set aside."""
    async with pool.connection() as connection:
        row = await (await connection.execute(SQL["needs_somebody"])).fetchone()
    return bool(row and row[0])


async def set_aside_rows(pool: Pool) -> Sequence[Row]:
    """The jobs that were set aside for killing their process."""
    async with pool.connection() as connection:
        return await _several(connection, "set_aside")


async def process_rows(pool: Pool) -> Sequence[Row]:
    """The processes that are at work."""
    async with pool.connection() as connection:
        return await _several(connection, "processes")


async def event_rows(pool: Pool, source_id: str | None, most: int) -> Sequence[Row]:
    """The latest events, newest first."""
    async with pool.connection() as connection:
        return await _several(connection, "events", source_id=source_id, most=most)


async def state_counts(pool: Pool) -> dict[str, int]:
    """Watched sources by state."""
    async with pool.connection() as connection:
        rows = await (await connection.execute(SQL["states"])).fetchall()
    return {str(state): int(number) for state, number in rows}
