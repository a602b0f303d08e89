"""When messages go."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.watches.faults import Fault
from scheduler.watches.timing import (
    LONGEST_WAIT,
    PATIENCE,
    Waiting,
    rests,
    slot_after,
    wait_after,
)
from scraper.archive.watching.keeping import Every
from scraper.clock import SHANGHAI


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("every", "found", "told"),
    [
        (Every.NOW, at(24, 9, 5), at(24, 9, 5)),
        (Every.HOUR, at(24, 9, 5), at(24, 10)),
        (Every.HOUR, at(24, 23, 59), at(25, 0)),
        (Every.DAY, at(24, 7, 59), at(24, 8)),
        (Every.DAY, at(24, 8, 0), at(25, 8)),
        (Every.WEEK, at(24, 9), at(30, 8)),
        (Every.WEEK, at(23, 7), at(23, 8)),
        (Every.WEEK, at(23, 8), at(30, 8)),
    ],
)
def test_matches_are_told_at(every: Every, found: dt.datetime, told: dt.datetime) -> None:
    assert slot_after(every, found.astimezone(dt.UTC)) == told


def test_more_than_the_most_of_a_day_wait_for_the_next_morning() -> None:
    full = Waiting(1, Every.NOW, 2, at(24, 9), 2, 2)
    assert full.over
    assert full.due_at() == at(25, 8)
    assert not full.is_due(at(24, 23))
    assert Waiting(1, Every.NOW, 2, at(24, 9), 2, 0).is_due(at(25, 8))
    assert not Waiting(1, Every.HOUR, 2, at(24, 23, 30), 0, 2).is_due(at(25, 1))


@given(
    st.sampled_from(Fault),
    st.integers(1, 10**6),
    st.none() | st.timedeltas(min_value=dt.timedelta()),
    st.floats(0, 1),
)
def test_waits_are_bounded(
    fault: Fault, attempts: int, asked: dt.timedelta | None, chance: float
) -> None:
    assert dt.timedelta(seconds=15) <= wait_after(fault, attempts, asked, chance) <= LONGEST_WAIT


def test_a_watch_rests_for_what_lasts() -> None:
    assert rests(Fault.GONE, 1)
    assert rests(Fault.REFUSED, PATIENCE)
    assert not rests(Fault.REFUSED, PATIENCE - 1)
    assert not rests(Fault.SERVER_ERROR, 10_000)
