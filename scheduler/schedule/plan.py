"""When a source is due next: fixed, by crontab, or at a pace; with jitter and quiet hours. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from dataclasses import dataclass
from typing import Literal

from apscheduler.triggers.cron import CronTrigger

from scraper.clock import SHANGHAI

Mode = Literal["adaptive", "interval", "cron"]

COUNTED = 1000
"""Coalesced due times are counted up to here; a longer downtime is told by the slot's own time."""

_EPOCH = dt.datetime(2000, 1, 1, tzinfo=SHANGHAI)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """A part of each day, in Asia/Shanghai, in which a source is left alone; may span midnight."""

    start: dt.time
    end: dt.time

    def ends_after(self, moment: dt.datetime) -> dt.datetime | None:
        """When the quiet hours that ``moment`` lies in are over; None where it lies in none."""
        local = moment.astimezone(SHANGHAI)
        for day in (local.date() - _DAY, local.date()):
            start = dt.datetime.combine(day, self.start, SHANGHAI)
            end = dt.datetime.combine(day, self.end, SHANGHAI)
            end += _DAY if end <= start else dt.timedelta()
            if start <= local < end:
                return end
        return None


@dataclass(frozen=True, slots=True)
class Plan:
    """How a source is to be visited. Lengths of time are seconds.

    Attributes:
        mode: "adaptive" moves between minimum and maximum; "interval" keeps to ``minimum``;
            "cron" follows ``cron``.
        minimum, maximum: bounds of the time between two visits.
        cron: five fields of crontab, in Asia/Shanghai.
        jitter: at most this much is added to each due time.
        quiet: the hours of the day in which it is left alone.
    """

    mode: Mode
    minimum: float
    maximum: float
    cron: str | None = None
    jitter: float = 0.0
    quiet: QuietHours | None = None


def next_due(
    plan: Plan, source_id: str, now: dt.datetime, *, pace: float, luck: float
) -> dt.datetime:
    """The first due time after ``now``.

    Args:
        plan: how the source is to be visited.
        source_id: shifts a fixed interval, so that not all sources are due in the same second.
        now: aware.
        pace: for mode adaptive, the present time between two visits, in seconds.
        luck: a random number in [0, 1); it places the visit within the jitter.
    """
    due = _undisturbed(plan, source_id, now, pace) + dt.timedelta(seconds=plan.jitter * luck)
    quiet_until = plan.quiet.ends_after(due) if plan.quiet else None
    if quiet_until is None:
        return due
    return quiet_until + dt.timedelta(seconds=luck * min(pace, plan.minimum))


def soon(plan: Plan, now: dt.datetime, seconds: float) -> dt.datetime:
    """A due time shortly after ``now``, whatever the mode; quiet hours are kept."""
    due = now + dt.timedelta(seconds=min(seconds, plan.minimum))
    return (plan.quiet.ends_after(due) if plan.quiet else None) or due


def coalesced(
    plan: Plan, source_id: str, slot: dt.datetime, now: dt.datetime, *, pace: float
) -> int:
    """How many due times after ``slot`` have passed by ``now``: the visit stands for them too."""
    if plan.mode != "cron":
        step = plan.minimum if plan.mode == "interval" else pace
        return min(COUNTED, max(0, math.floor((now - slot).total_seconds() / step)))
    count, moment = 0, slot
    while count < COUNTED and (moment := _undisturbed(plan, source_id, moment, pace)) <= now:
        count += 1
    return count


def _undisturbed(plan: Plan, source_id: str, now: dt.datetime, pace: float) -> dt.datetime:
    if plan.mode == "adaptive":
        return now + dt.timedelta(seconds=pace)
    if plan.mode == "interval":
        return _on_grid(plan.minimum, share(source_id), now)
    return _by_cron(plan.cron or "", now)


def _by_cron(text: str, now: dt.datetime) -> dt.datetime:
    trigger = CronTrigger.from_crontab(text, timezone=SHANGHAI)
    after = now.astimezone(SHANGHAI) + dt.timedelta(microseconds=1)
    due: dt.datetime | None = trigger.get_next_fire_time(None, after)
    return due if due is not None else now + dt.timedelta(days=3650)  # a date that never comes


def _on_grid(step: float, shift: float, now: dt.datetime) -> dt.datetime:
    """The next of the times ``shift * step``, ``(shift + 1) * step`` … since 2000."""
    passed = (now - _EPOCH).total_seconds() / step - shift
    due = _EPOCH + dt.timedelta(seconds=(math.floor(passed) + 1 + shift) * step)
    rounded = dt.timedelta(milliseconds=1)  # of microseconds, when now is itself such a time
    return due if due > now + rounded else due + dt.timedelta(seconds=step)


def share(source_id: str) -> float:
    """A number in [0, 1) that is always the same for a source, and even over all sources."""
    digest = hashlib.blake2b(source_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**64
