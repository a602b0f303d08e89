"""When messages of watches go: gathered, not too many a day, and again after a failure. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from scheduler.watches.faults import LASTING, Fault
from scraper.archive.watching.keeping import Every
from scraper.clock import SHANGHAI

MORNING = 8
"""The hour of Asia/Shanghai at which gathered messages go."""
FIRST_WAIT = dt.timedelta(seconds=30)
LONGEST_WAIT = dt.timedelta(hours=1)
PATIENCE = 24
"""Lasting faults in a row, an hour apart, after which a watch rests."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a watch has to tell.

    Attributes:
        oldest: when the first of its matches that no message tells yet was found.
        that_day: messages of the day (Asia/Shanghai) on which that was.
        today: messages of this day.
    """

    watch_id: int
    every: Every
    daily: int
    oldest: dt.datetime
    that_day: int
    today: int

    @property
    def over(self) -> bool:
        """Whether that day had as many messages as it may: the rest comes in one digest."""
        return self.that_day >= self.daily

    def due_at(self) -> dt.datetime:
        """When they are told."""
        return next_morning(self.oldest) if self.over else slot_after(self.every, self.oldest)

    def is_due(self, now: dt.datetime) -> bool:
        """Whether a message is put together now."""
        return now >= self.due_at() and self.today < self.daily


def next_morning(moment: dt.datetime) -> dt.datetime:
    """The morning of the day after."""
    local = moment.astimezone(SHANGHAI)
    return local.replace(hour=MORNING, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)


def slot_after(every: Every, moment: dt.datetime) -> dt.datetime:
    """The first time after a moment at which a watch that gathers tells."""
    local = moment.astimezone(SHANGHAI)
    hour = local.replace(minute=0, second=0, microsecond=0)
    match every:
        case Every.NOW:
            return moment
        case Every.HOUR:
            return hour + dt.timedelta(hours=1)
        case Every.DAY:
            return hour.replace(hour=MORNING) + dt.timedelta(days=local.hour >= MORNING)
        case Every.WEEK:
            monday = hour.replace(hour=MORNING) + dt.timedelta(days=-local.weekday())
            return monday if monday > local else monday + dt.timedelta(days=7)


def wait_after(
    fault: Fault, attempts: int, asked: dt.timedelta | None, chance: float
) -> dt.timedelta:
    """How long a message waits after an attempt that failed.

    Args:
        fault: what went wrong.
        attempts: how often it was tried, this time included.
        asked: what the target said (Retry-After), which may lengthen it, up to the longest wait.
        chance: from 0 to 1; spreads what failed together.
    """
    if fault in LASTING:
        return LONGEST_WAIT
    doubled: dt.timedelta = FIRST_WAIT * (1 << min(attempts - 1, 10))
    spread = min(doubled, LONGEST_WAIT) * (0.5 + chance / 2)
    return min(max(spread, asked or spread), LONGEST_WAIT)


def rests(fault: Fault, failures: int) -> bool:
    """Whether a watch is paused for what its target answers."""
    return fault is Fault.GONE or (fault in LASTING and failures >= PATIENCE)
