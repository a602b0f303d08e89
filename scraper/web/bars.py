"""Small bar charts as plain numbers, for templates to draw as inline SVG."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scraper.web.rows import Activity, DayCount

MOST_BARS = 60
FEWEST_BARS = 24
SHOWN_DAYS = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """One column: a share of the chart's height, and what it says."""

    label: str
    value: int
    failed: int = 0
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns of one scale."""

    bars: tuple[Bar, ...]

    @property
    def top(self) -> int:
        """The value of a column that fills the height."""
        return max((bar.value + bar.failed for bar in self.bars), default=0) or 1

    @property
    def total(self) -> int:
        """All values together."""
        return sum(bar.value for bar in self.bars)

    @property
    def failures(self) -> int:
        """All failures together."""
        return sum(bar.failed for bar in self.bars)


def by_time(days: Sequence[DayCount]) -> Chart:
    """Counts of days as at most ``MOST_BARS`` columns of equal length, gaps included."""
    if not days:
        return Chart(())
    last = days[-1].day
    first = min(days[0].day, last - dt.timedelta(days=FEWEST_BARS - 1))
    width = -(-((last - first).days + 1) // MOST_BARS)
    sums = [0] * -(-((last - first).days + 1) // width)
    for day in days:
        sums[(day.day - first).days // width] += day.count
    return Chart(tuple(_span(first, width, place, last, n) for place, n in enumerate(sums)))


def by_day(activity: Iterable[Activity], today: dt.date) -> Chart:
    """What the last thirty days brought to one source."""
    found = {each.day: each for each in activity}
    bars = []
    for back in range(SHOWN_DAYS - 1, -1, -1):
        day = today - dt.timedelta(days=back)
        each = found.get(day)
        failed = each.failed + each.broken if each else 0
        bars.append(Bar(day.isoformat(), each.gained if each else 0, failed))
    return Chart(tuple(bars))


def _span(first: dt.date, width: int, place: int, last: dt.date, count: int) -> Bar:
    since = first + dt.timedelta(days=place * width)
    until = min(since + dt.timedelta(days=width - 1), last)
    label = since.isoformat() if since == until else f"{since} – {until}"
    return Bar(label, count, since=since, until=until)
