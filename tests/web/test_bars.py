"""Charts count everything once."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from scraper.web.bars import FEWEST_BARS, MOST_BARS, by_day, by_time
from scraper.web.rows import Activity, DayCount

FIRST = dt.date(2020, 1, 1)


@given(st.dictionaries(st.integers(0, 4000), st.integers(1, 99), min_size=1))
def test_columns_hold_every_release_once(counts: dict[int, int]) -> None:
    days = [DayCount(FIRST + dt.timedelta(days=d), n) for d, n in sorted(counts.items())]
    chart = by_time(days)
    assert chart.total == sum(counts.values())
    assert FEWEST_BARS <= len(chart.bars) <= MOST_BARS
    assert chart.bars[-1].until == days[-1].day


def test_a_day_without_runs_is_an_empty_column() -> None:
    today = FIRST + dt.timedelta(days=29)
    chart = by_day([Activity("a", today, 5, 1, 1)], today)
    assert [bar.value for bar in chart.bars] == [0] * 29 + [5]
    assert chart.failures == 2
