"""How often to look: rises slowly while nothing is new, falls at once when something is. Pure."""

from __future__ import annotations

import datetime as dt

from scheduler.schedule.habit import Habit, hour_of
from scheduler.schedule.plan import Plan

RISE = 1.2
"""Factor on the pace after a visit that brought nothing."""

AFTER_FAILURE = 1.5
"""Factor on the pace after a visit that could not read the list."""

PER_ITEM = 4.0
"""Visits for each news that the habit lets one expect: it waits for a quarter of the mean gap."""

KNOWN_HOURS = 72.0
"""With fewer hours watched a habit is not believed yet."""


def next_pace(
    plan: Plan, pace: float, habit: Habit, now: dt.datetime, *, news: int, failed: bool = False
) -> float:
    """The time until the next visit, in seconds, within the plan's bounds.

    Args:
        plan: the bounds; only mode adaptive moves.
        pace: the present time between two visits.
        habit: what the source usually does.
        now: aware; the next hour's habit is asked.
        news: 1 when this visit brought something new, else 0.
        failed: the list could not be read, so that nothing is known about news.
    """
    if plan.mode != "adaptive":
        return plan.minimum
    if failed:
        return _within(plan, pace * AFTER_FAILURE)
    if news > 0:
        return plan.minimum
    return _within(plan, min(pace * RISE, _ceiling(plan, habit, now)))


def _ceiling(plan: Plan, habit: Habit, now: dt.datetime) -> float:
    """No longer than the habit makes worthwhile; a habit not known yet sets no limit."""
    if sum(habit.hours) < KNOWN_HOURS:
        return plan.maximum
    rate = habit.rate(hour_of(now + dt.timedelta(minutes=30)))
    return 3600.0 / (rate * PER_ITEM) if rate > 0 else plan.maximum


def _within(plan: Plan, seconds: float) -> float:
    return max(plan.minimum, min(plan.maximum, seconds))
