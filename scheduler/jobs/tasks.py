"""The tasks that workers know, and when a job that failed is put back in line."""

from __future__ import annotations

import asyncio
import datetime as dt

from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job

from scheduler.backfill.step import end_step, make_step
from scheduler.crew import SuspectsBusy, crew_of, hold_of
from scheduler.jobs.reparsing import reparse_source
from scheduler.jobs.slots import drop_slot, serve_slot
from scheduler.jobs.starts import GuardedJob
from scheduler.schedule.deferring import BACKFILL_STEP, BACKFILLS, REPARSE, VISIT, VISITS
from scraper.database import Fault, explain, fault_of
from scraper.errors import ClockWrong
from scraper.log import get_logger

log = get_logger(__name__)

PAUSE_SECONDS = 5
"""How long a job waits after the database failed it; twice as long each further time."""

MOST_PAUSE_SECONDS = 60
"""How long it waits at most for what passes by itself."""

OPERATOR_SECONDS = 300
"""How long it waits for the operator, who is told in the log what to do."""

CLOCK_SECONDS = 60
"""How long a job waits for this machine's clock to be set, or for a machine whose clock is right."""

TURN_SECONDS = 2
"""How long a job that died with its process waits for others like it."""


class BackInLine(BaseRetryStrategy):
    """A job that was cut short is done again: at once after a stop, soon after the database failed.

    Anything else a job settles itself, by writing down what went wrong.
    """

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Procrastinate asks this of every job that raised."""
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()
        if isinstance(exception, SuspectsBusy):
            return RetryDecision(retry_in={"seconds": TURN_SECONDS})
        if isinstance(exception, ClockWrong):
            return RetryDecision(retry_in={"seconds": CLOCK_SECONDS})
        seconds = pause_of(exception, job.attempts)
        if seconds is None:
            return None
        log.warning(
            "the database failed a job, which is done again",
            task=job.task_name,
            work=job.task_kwargs,
            in_seconds=seconds,
            error=str(explain(exception, "")) if isinstance(exception, Exception) else "",
        )
        return RetryDecision(retry_in={"seconds": seconds})


def pause_of(error: BaseException, attempts: int) -> int | None:
    """Seconds until a job is done again that the database failed; None where it is not.

    Args:
        error: what the job ended with.
        attempts: how often it was begun before.
    """
    match fault_of(error, attempt=attempts + 1):
        case Fault.TRANSIENT:
            return min(MOST_PAUSE_SECONDS, PAUSE_SECONDS << min(attempts, 10))
        case Fault.OPERATOR:
            return OPERATOR_SECONDS
        case Fault.DOCUMENT | None:
            return None


def register(app: App) -> None:
    """Make the tasks known to an app."""
    again = BackInLine()
    app.task(name=VISIT, queue=VISITS, pass_context=True, retry=again)(_visit)
    app.task(name=BACKFILL_STEP, queue=BACKFILLS, pass_context=True, retry=again)(_step)
    app.task(name=REPARSE, queue=BACKFILLS, pass_context=True, retry=again)(_reparse)


async def _visit(context: JobContext, *, source_id: str, slot_at: str) -> None:
    crew, hold = crew_of(context), hold_of(context)
    slot = dt.datetime.fromisoformat(slot_at)
    again = f"`tonggao sources enable {source_id}` lets it be visited again"
    await GuardedJob(crew, hold, VISIT, source_id, source_id, again).run(
        lambda: serve_slot(crew, hold, source_id, slot),
        lambda reason: drop_slot(crew, hold, source_id, slot, reason),
    )


async def _step(context: JobContext, *, backfill_id: int) -> None:
    crew, hold = crew_of(context), hold_of(context)
    again = f"`tonggao backfill resume {backfill_id}` tries it again"
    await GuardedJob(crew, hold, BACKFILL_STEP, str(backfill_id), None, again).run(
        lambda: make_step(crew, hold, backfill_id),
        lambda reason: end_step(crew, hold, backfill_id, reason),
    )


async def _reparse(context: JobContext, *, source_id: str) -> None:
    crew, hold = crew_of(context), hold_of(context)
    again = f"`tonggao sources enable {source_id}` and `tonggao reparse` try it again"
    await GuardedJob(crew, hold, REPARSE, source_id, source_id, again).run(
        lambda: reparse_source(crew, source_id), _leave
    )


async def _leave(_reason: str) -> None:
    """What was set aside stays as it is."""
