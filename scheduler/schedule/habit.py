"""A source's habit: how often it has news in which hour of workdays and of days off. Pure.

News are counted by visits that brought some, not by items: ten items put online together are one
occasion to have looked, and one sign of life.

Days off are Saturdays, Sundays and the holidays of the State Council's yearly notice, with its
working weekends (调休), as the library ``holidays`` keeps them.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from scraper.clock import SHANGHAI

if TYPE_CHECKING:
    import holidays

HOURS = 48
"""0 to 23: the hours of a workday; 24 to 47: those of a day off."""

MEMORY_DAYS = 30.0
"""After so many days what was seen counts 1/e."""

_HOUR = dt.timedelta(hours=1)
_ZEROS = (0.0,) * HOURS


@cache
def _china(year: int) -> holidays.HolidayBase:
    import holidays  # noqa: PLC0415 - 14 MB of calendars, for a visit that is planned

    return holidays.country_holidays("CN", years=year)


def is_day_off(day: dt.date) -> bool:
    """Whether offices in China are closed on ``day``."""
    calendar = _china(day.year)
    return day in calendar or (day.weekday() >= 5 and day not in calendar.weekend_workdays)


def hour_of(moment: dt.datetime) -> int:
    """The place of a moment in a habit: its hour in Asia/Shanghai, plus 24 on days off."""
    local = moment.astimezone(SHANGHAI)
    return local.hour + (24 if is_day_off(local.date()) else 0)


@dataclass(frozen=True, slots=True)
class Habit:
    """What was seen of a source, fading with time.

    Attributes:
        news: visits that brought something, by hour of workday and day off.
        hours: hours watched, likewise.
    """

    news: tuple[float, ...] = _ZEROS
    hours: tuple[float, ...] = _ZEROS

    def after(self, since: dt.datetime | None, now: dt.datetime, news: int) -> Habit:
        """The habit once there was another visit.

        Args:
            since: when the visit before was; None for the first, which teaches nothing, since
                what it brings was published at times that nobody watched.
            now: aware.
            news: 1 when it brought something, else 0.
        """
        if since is None or now <= since:
            return self
        watched = spread_hours(since, now)
        fade = math.exp(-(now - since).total_seconds() / 86_400 / MEMORY_DAYS)
        total = sum(watched)
        return Habit(
            tuple(
                old * fade + news * part / total
                for old, part in zip(self.news, watched, strict=True)
            ),
            tuple(old * fade + part for old, part in zip(self.hours, watched, strict=True)),
        )

    def rate(self, hour: int) -> float:
        """News an hour to expect in one of the 48 hours: what was seen there and beside it.

        Hours that were hardly watched borrow from the whole kind of day, so that a young habit
        does not take silence in one hour for a rule.
        """
        day = range(24) if hour < 24 else range(24, HOURS)
        mean = sum(self.news[h] for h in day) / max(1.0, sum(self.hours[h] for h in day))
        first = day.start
        near = [first + (hour - first + shift) % 24 for shift in (-1, 0, 1)]
        weights = (0.5, 1.0, 0.5)
        news = sum(w * self.news[h] for w, h in zip(weights, near, strict=True))
        hours = sum(w * self.hours[h] for w, h in zip(weights, near, strict=True))
        return (news + mean * 2) / (hours + 2)

    def daily(self) -> float:
        """News a calendar day, over all that was seen."""
        watched = sum(self.hours)
        return 24 * sum(self.news) / watched if watched else 0.0

    def expected(self, since: dt.datetime, now: dt.datetime) -> float:
        """News that the habit lets one expect between two moments."""
        parts = spread_hours(since, now)
        return sum(part * self.rate(hour) for hour, part in enumerate(parts) if part)


def habit_of(news: Sequence[float], hours: Sequence[float]) -> Habit:
    """A habit from the two arrays of a row of ``tonggao.schedule``."""
    return replace(Habit(), news=tuple(news), hours=tuple(hours))


def spread_hours(since: dt.datetime, now: dt.datetime) -> list[float]:
    """How many hours of each of the 48 kinds lie between two moments (at most 60 days of them)."""
    parts = [0.0] * HOURS
    moment = max(since, now - dt.timedelta(days=60)).astimezone(SHANGHAI)
    while moment < now:
        following = moment.replace(minute=0, second=0, microsecond=0) + _HOUR
        end = min(following, now)
        parts[hour_of(moment)] += (end - moment) / _HOUR
        moment = end
    return parts
