"""The tasks that workers know, and when a job that failed is put back in line."""

from __future__ import annotations

import asyncio
import datetime as dt

from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job

from scheduler.backfill.step import make_step
from scheduler.crew import DATABASE_TROUBLE, crew_of, hold_of
from scheduler.jobs.reparsing import reparse_source
from scheduler.jobs.slots import serve_slot
from scheduler.schedule.deferring import BACKFILL_STEP, BACKFILLS, REPARSE, VISIT, VISITS

PAUSE_SECONDS = 5
"""How long a job waits after the database failed it."""


class BackInLine(BaseRetryStrategy):
    """A job that was cut short is done again: at once after a stop, soon after the database failed.

    Anything else a job settles itself, by writing down what went wrong.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002
        """Procrastinate asks this of every job that raised."""
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()
        if isinstance(exception, DATABASE_TROUBLE):
            return RetryDecision(retry_in={"seconds": PAUSE_SECONDS})
        return None


def register(app: App) -> None:
    """Make the tasks known to an app."""
    again = BackInLine()
    app.task(name=VISIT, queue=VISITS, pass_context=True, retry=again)(_visit)
    app.task(name=BACKFILL_STEP, queue=BACKFILLS, pass_context=True, retry=again)(_step)
    app.task(name=REPARSE, queue=BACKFILLS, pass_context=True, retry=again)(_reparse)


async def _visit(context: JobContext, *, source_id: str, slot_at: str) -> None:
    slot = dt.datetime.fromisoformat(slot_at)
    await serve_slot(crew_of(context), hold_of(context), source_id, slot)


async def _step(context: JobContext, *, backfill_id: int) -> None:
    await make_step(crew_of(context), hold_of(context), backfill_id)


async def _reparse(context: JobContext, *, source_id: str) -> None:
    await reparse_source(crew_of(context), source_id)
