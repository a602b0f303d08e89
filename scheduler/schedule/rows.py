"""Rows of ``tonggao.schedule`` as they come from the database, and what they mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from scheduler.schedule.habit import Habit, habit_of
from scheduler.schedule.plan import Mode, Plan, QuietHours


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """The columns of a schedule that make up its plan."""

    source_id: str
    mode: Mode
    cron: str | None
    minimum_seconds: float
    maximum_seconds: float
    jitter_seconds: float
    quiet_from: dt.time | None
    quiet_to: dt.time | None
    pace_seconds: float

    @property
    def plan(self) -> Plan:
        """The plan."""
        quiet = None
        if self.quiet_from is not None and self.quiet_to is not None:
            quiet = QuietHours(self.quiet_from, self.quiet_to)
        return Plan(
            self.mode,
            self.minimum_seconds,
            self.maximum_seconds,
            self.cron,
            self.jitter_seconds,
            quiet,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(PlanRow):
    """A source that was due and now is ours to visit.

    Attributes:
        slot_at: the due time that the visit serves.
        claimed_at: the server's time of the claim.
    """

    slot_at: dt.datetime
    claimed_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow(PlanRow):
    """A schedule with its habit."""

    habit_news: Sequence[float]
    habit_hours: Sequence[float]
    polled_at: dt.datetime | None
    asked_at: dt.datetime

    @property
    def habit(self) -> Habit:
        """The habit."""
        return habit_of(self.habit_news, self.habit_hours)


def plan_values(plan: Plan) -> dict[str, object]:
    """A plan as parameters of the statement ``plan_source``."""
    return {
        "mode": plan.mode,
        "cron": plan.cron,
        "minimum": plan.minimum,
        "maximum": plan.maximum,
        "jitter": plan.jitter,
        "quiet_from": plan.quiet.start if plan.quiet else None,
        "quiet_to": plan.quiet.end if plan.quiet else None,
    }
