"""Serving a slot: visit the source, then close the slot and set the next due time, in one transaction."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from contextlib import suppress
from dataclasses import dataclass

from psycopg import AsyncConnection
from psycopg.rows import class_row

from scheduler.crew import DATABASE_TROUBLE, Crew, Hold, Summary
from scheduler.schedule.plan import next_due, soon
from scheduler.schedule.polling import next_pace
from scheduler.schedule.rows import ScheduleRow
from scraper.database import Statements, is_trouble
from scraper.errors import ClockWrong, DatabaseError, TonggaoError
from scraper.log import get_logger

SQL = Statements("scheduling")
CUT_SHORT_SECONDS = 60.0
"""A visit that reached its time limit with progress goes on after so long."""

log = get_logger(__name__)
_random = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A run that ended; a summary of what it brought."""

    run_id: int
    new: int
    copies: int
    error: str | None
    cut_short: bool = False


async def serve_slot(crew: Crew, hold: Hold, source_id: str, slot_at: dt.datetime) -> None:
    """Do the visit that was due, whatever comes of it.

    Nothing happens when another attempt holds the job by now, or the slot was closed before: then a
    process died after its last transaction.
    """
    begun = await _begin(crew, hold, source_id, slot_at)
    if begun is None:
        return
    starts, enabled = begun
    done = await _finished(crew, "finished_run", source_id, slot_at) if starts > 1 else None
    if done is not None:
        await close_slot(crew, hold, source_id, slot_at, summary=done, error=done.error)
        return
    if not enabled:
        await drop_slot(crew, hold, source_id, slot_at, "the source was disabled")
        return
    summary, error = await _visit(crew, hold, source_id, slot_at)
    await close_slot(crew, hold, source_id, slot_at, summary=summary, error=error)


async def _begin(
    crew: Crew, hold: Hold, source_id: str, slot_at: dt.datetime
) -> tuple[int, bool] | None:
    """How often the slot was begun, with this time, and whether its source is enabled."""
    values = {"source_id": source_id, "slot_at": slot_at}
    async with crew.pool.connection() as connection:
        if not await hold.holds(connection):
            return None
        row = await (await connection.execute(SQL["begin_slot"], values)).fetchone()
        if row is not None:
            await connection.execute(SQL["interrupt_runs"], values)
    return (row[0], row[1]) if row else None


async def _finished(
    crew: Crew, statement: str, source_id: str, slot_at: dt.datetime
) -> FinishedRun | None:
    """The run that served the slot: the process died just after it, or its time was over."""
    async with (
        crew.pool.connection() as connection,
        connection.cursor(row_factory=class_row(FinishedRun)) as cursor,
    ):
        await cursor.execute(SQL[statement], {"source_id": source_id, "slot_at": slot_at})
        return await cursor.fetchone()


async def _visit(
    crew: Crew, hold: Hold, source_id: str, slot_at: dt.datetime
) -> tuple[Summary | None, str | None]:
    """The visit's summary, or why there is none. Trouble with the database is not ours to settle."""
    try:
        source = crew.find(source_id)
        async with asyncio.timeout(crew.visit_limit) as limit:
            watch = asyncio.create_task(_give_way(crew, hold, source_id, slot_at, limit))
            try:
                summary = await crew.visit(source, crew.tools, slot_at)
            finally:
                watch.cancel()
    except (DatabaseError, ClockWrong):
        raise
    except TimeoutError:
        cut = await _finished(crew, "cut_run", source_id, slot_at)
        if cut is not None and cut.error is None:
            return cut, None
        return cut, f"stopped after {crew.visit_limit:.0f} s without an article"
    except TonggaoError as error:
        return None, str(error)
    except Exception as error:  # a job is an edge: its slot is closed whatever happens
        if is_trouble(error):
            raise
        log.exception("a visit ended in an error of ours", source=source_id)
        return None, f"{type(error).__name__}: {error}; please report it"
    return summary, summary.error


async def _give_way(
    crew: Crew, hold: Hold, source_id: str, slot_at: dt.datetime, limit: asyncio.Timeout
) -> None:
    """End a visit that had its turn, brought something, and keeps other columns of its host waiting.

    It is due again soon, behind them: so the columns of a host are filled side by side.
    """
    values = {"job_id": hold.job_id, "source_id": source_id, "slot_at": slot_at}
    while True:
        await asyncio.sleep(crew.turn)
        with suppress(*DATABASE_TROUBLE):
            async with crew.pool.connection() as connection:
                row = await (await connection.execute(SQL["has_had_its_turn"], values)).fetchone()
            if row and row[0]:
                limit.reschedule(asyncio.get_running_loop().time())
                return


async def drop_slot(
    crew: Crew, hold: Hold, source_id: str, slot_at: dt.datetime, reason: str
) -> None:
    """Close a slot unserved: its source was disabled, or is set aside."""
    values = {"source_id": source_id, "slot_at": slot_at, "state": "dropped", "error": reason}
    async with crew.pool.connection() as connection:
        if await hold.holds(connection):
            await connection.execute(SQL["close_slot"], {**values, "run_id": None})
            await connection.execute(SQL["interrupt_runs"], values)
            await connection.execute(SQL["forgo"], values)
    log.info("a visit was dropped", source=source_id, why=reason)


async def close_slot(
    crew: Crew,
    hold: Hold,
    source_id: str,
    slot_at: dt.datetime,
    *,
    summary: Summary | None,
    error: str | None,
) -> None:
    """Write down what became of the slot and when the source is due next."""
    values = {
        "source_id": source_id,
        "slot_at": slot_at,
        "state": "failed" if error else "done",
        "run_id": summary.run_id if summary else None,
        "error": error,
    }
    async with crew.pool.connection() as connection:
        if not await hold.holds(connection):
            log.warning("a visit was overtaken by another process", source=source_id)
            return
        await connection.execute(SQL["close_slot"], values)
        await connection.execute(SQL["interrupt_runs"], values)
        await _set_next(connection, values, summary)
        if summary is not None:
            await crew.judge(connection, crew.find(source_id), summary)
    log.info("visited", source=source_id, **_figures(summary, error))


async def _set_next(
    connection: AsyncConnection, values: dict[str, object], summary: Summary | None
) -> None:
    async with connection.cursor(row_factory=class_row(ScheduleRow)) as cursor:
        await cursor.execute(SQL["schedule_of"], values)
        row = await cursor.fetchone()
    if row is not None:
        await connection.execute(SQL["reschedule"], {**values, **following(row, summary)})


def following(row: ScheduleRow, summary: Summary | None) -> dict[str, object]:
    """The next due time, the pace and the habit after a visit.

    Args:
        row: the schedule before; ``asked_at`` is the server's present.
        summary: what the visit brought; None where it failed as a whole.
    """
    failed = summary is None or summary.error is not None
    news = int(summary is not None and summary.new + summary.copies > 0)
    now = row.asked_at
    habit = row.habit if failed else row.habit.after(row.polled_at, now, news)
    pace = next_pace(row.plan, row.pace_seconds, habit, now, news=news, failed=failed)
    if summary is not None and summary.cut_short:
        due = soon(row.plan, now, CUT_SHORT_SECONDS)
    else:
        due = next_due(row.plan, row.source_id, now, pace=pace, luck=_random.random())
    return {
        "next_due_at": due,
        "pace": pace,
        "habit_news": list(habit.news),
        "habit_hours": list(habit.hours),
        "polled_at": row.polled_at if failed else now,
    }


def _figures(summary: Summary | None, error: str | None) -> dict[str, object]:
    figures: dict[str, object] = {"error": error} if error else {}
    if summary is not None:
        figures |= {"run": summary.run_id, "new": summary.new, "copies": summary.copies}
    return figures
