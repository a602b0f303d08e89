"""What a stated time is: a moment, a day without a year, a day whose order is not known."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from scraper.clock import SHANGHAI
from scraper.record.release import Precision


class Years(NamedTuple):
    """The first and the last year, both included, that a time is believed of."""

    first: int
    last: int

    def until(self, last: int) -> Years:
        """The same beginning, another end: the year after that of reading, as the caller knows it."""
        return self._replace(last=last)


PUBLICATION = Years(1990, 2099)
"""No Chinese site is older. A caller that knows the present ends it with the next year."""
DOCUMENT = Years(1949, 2099)
"""Official documents of the People's Republic are put on the web decades after they were written."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A stated time: aware, Asia/Shanghai, with the precision that was written."""

    at: dt.datetime
    precision: Precision

    @property
    def day(self) -> dt.date:
        """The calendar day in Shanghai."""
        return self.at.date()


class Clock(NamedTuple):
    """A time of day; ``second`` is None where it was not written."""

    hour: int
    minute: int
    second: int | None = None


@dataclass(frozen=True, slots=True)
class Yearless:
    """A day without a year, ``5月3日`` or ``05-03 09:30``; `scraper.text.years` completes it."""

    month: int
    day: int
    clock: Clock | None = None

    def in_year(self, year: int, years: Years = PUBLICATION) -> Moment | None:
        """The moment in a year; None on 29 February of a common year and outside ``years``."""
        return moment_of(year, self.month, self.day, self.clock, years)


Order = Literal["month-first", "day-first"]


@dataclass(frozen=True, slots=True)
class Unordered:
    """``06/02/2022``: two figures of which either may be the month."""

    first: int
    second: int
    year: int
    clock: Clock | None = None

    @property
    def order(self) -> Order | None:
        """The order where one of the two can be no month or both are the same; else None."""
        if self.first > 12:
            return "day-first"
        return "month-first" if self.second > 12 or self.first == self.second else None

    def ordered(self, order: Order | None, years: Years = PUBLICATION) -> Moment | None:
        """The moment in its own order, else in the one given; None without any."""
        month_first = (self.order or order) == "month-first"
        if self.order is None and order is None:
            return None
        month, day = (self.first, self.second) if month_first else (self.second, self.first)
        return moment_of(self.year, month, day, self.clock, years)


_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
_MORNING, _NIGHT = ("上午", "凌晨", "清晨", "早", "a"), ("下午", "晚", "夜", "傍晚", "p")


def moment_of(
    year: int, month: int, day: int, clock: Clock | None = None, years: Years = PUBLICATION
) -> Moment | None:
    """The moment of these figures; None where the calendar has no such day or ``years`` ends before.

    A time of day that no clock shows (25:61) leaves the day.
    """
    date = day_of(year, month, day)
    if date is None or not years.first <= year <= years.last:
        return None
    if clock is None or (clock[:2] in {(0, 0), (24, 0)} and not clock.second):
        return at_midnight(date)
    hour, minute, second = clock
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= (second or 0) < 60):
        return at_midnight(date)
    at = dt.datetime(year, month, day, hour, minute, second or 0, tzinfo=SHANGHAI)
    return Moment(at, "minute" if second is None else "second")


def day_of(year: int, month: int, day: int) -> dt.date | None:
    """The day; None where the calendar has none of that name."""
    try:
        return dt.date(year, month, day)
    except (ValueError, OverflowError):
        return None


def at_midnight(day: dt.date | None) -> Moment | None:
    """A day as a moment of day precision: 00:00 in Shanghai."""
    if day is None:
        return None
    return Moment(dt.datetime(day.year, day.month, day.day, tzinfo=SHANGHAI), "day")


def clock_of(found: re.Match[str]) -> Clock | None:
    """The time of day in a match of one of the patterns above, in 24 hours."""
    part = found.groupdict()
    if part.get("minute") is None:
        return None
    hour = hour_of(int(part["hour"]), part.get("noon"), part.get("half"))
    return Clock(hour, int(part["minute"]), int(part["second"]) if part.get("second") else None)


def hour_of(hour: int, noon: str | None, half: str | None) -> int:
    """The hour of 24 that 上午, 下午, AM or PM before or behind it make of one of twelve."""
    word = (noon or half or "").lower()
    if word.startswith("夜") and hour < 6:
        return hour
    if word.startswith(_NIGHT) and hour < 12:
        return hour + 12
    if word.startswith("中午") and hour < 3:
        return hour + 12
    return 0 if word.startswith(_MORNING) and hour == 12 else hour


def numeral(text: str) -> int:
    """``十一``, ``三十``, ``〇五`` as a number; 0 for what is none."""
    if "十" not in text:
        return int("".join(str(_DIGITS.get(sign, 0)) for sign in text) or "0")
    tens, _, ones = text.partition("十")
    return _DIGITS.get(tens, 1 if not tens else 0) * 10 + _DIGITS.get(ones, 0)
