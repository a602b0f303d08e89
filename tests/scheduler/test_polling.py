"""Habits, and the pace that follows from them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.schedule.habit import HOURS, Habit, is_day_off, spread_hours
from scheduler.schedule.plan import Plan
from scheduler.schedule.polling import next_pace
from scraper.clock import SHANGHAI

PLAN = Plan("adaptive", 600.0, 21_600.0)
MONDAY = dt.datetime(2026, 11, 23, tzinfo=SHANGHAI)
HOUR = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("day", "off"),
    [
        (dt.date(2026, 11, 23), False),
        (dt.date(2026, 11, 28), True),
        (dt.date(2026, 10, 1), True),
        (dt.date(2026, 10, 10), False),  # a Saturday worked for the National Day
        (dt.date(2026, 2, 17), True),
    ],
)
def test_days_off_are_those_of_the_state_council(day: dt.date, off: bool) -> None:
    assert is_day_off(day) is off


@given(since=st.integers(0, 500_000), minutes=st.integers(0, 20_000))
def test_hours_add_up(since: int, minutes: int) -> None:
    start = dt.datetime(2026, 1, 1, tzinfo=SHANGHAI) + dt.timedelta(minutes=since)
    parts = spread_hours(start, start + dt.timedelta(minutes=minutes))
    assert sum(parts) == pytest.approx(minutes / 60)
    assert len(parts) == HOURS


def watched(days: int, *, news_at: int = 10) -> Habit:
    """A source that has news once each workday, at ``news_at`` o'clock, watched every hour."""
    habit, moment = Habit(), MONDAY - days * 24 * HOUR
    while moment < MONDAY:
        moment += HOUR
        news = moment.hour == news_at + 1 and not is_day_off(moment.date())
        habit = habit.after(moment - HOUR, moment, int(news))
    return habit


def test_a_habit_knows_its_hours_and_its_days() -> None:
    habit = watched(28)
    assert habit.rate(10) > 5 * habit.rate(20)
    assert habit.rate(10) > 5 * habit.rate(24 + 10)
    assert habit.daily() == pytest.approx(5 / 7, rel=0.2)
    week = habit.expected(MONDAY, MONDAY + 7 * 24 * HOUR)
    assert week == pytest.approx(5, rel=0.25)


def test_the_first_visit_teaches_nothing() -> None:
    assert Habit().after(None, MONDAY, 1) == Habit()


def test_old_habits_fade() -> None:
    habit = watched(28)
    later = habit.after(MONDAY, MONDAY + 60 * 24 * HOUR, 0)
    assert sum(later.news) < sum(habit.news) * 0.2


@given(pace=st.floats(600, 21_600), news=st.integers(0, 1), failed=st.booleans())
def test_the_pace_stays_within_its_bounds(pace: float, news: int, failed: bool) -> None:
    paced = next_pace(PLAN, pace, watched(7), MONDAY, news=news, failed=failed)
    assert 600 <= paced <= 21_600


def test_it_rises_slowly_and_falls_at_once() -> None:
    pace, steps = 600.0, 0
    while pace < 21_600:
        pace = next_pace(PLAN, pace, Habit(), MONDAY, news=0)
        steps += 1
    assert steps > 15
    assert next_pace(PLAN, pace, Habit(), MONDAY, news=1) == 600.0


def test_a_known_habit_keeps_it_short_when_news_are_usual() -> None:
    habit = watched(28)
    at_ten = next_pace(PLAN, 21_600.0, habit, MONDAY + 9.6 * HOUR, news=0)
    at_night = next_pace(PLAN, 21_600.0, habit, MONDAY + 2 * HOUR, news=0)
    assert at_ten < 3600 < at_night


def test_a_fixed_interval_does_not_move() -> None:
    plan = Plan("interval", 900.0, 900.0)
    assert next_pace(plan, 900.0, Habit(), MONDAY, news=0) == 900.0
    assert next_pace(plan, 900.0, Habit(), MONDAY, news=0, failed=True) == 900.0


def test_what_cannot_be_read_is_asked_less_often() -> None:
    assert next_pace(PLAN, 1000.0, Habit(), MONDAY, news=0, failed=True) == 1500.0
