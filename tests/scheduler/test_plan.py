"""When a source is due next."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from scheduler.schedule.definitions import plan_of
from scheduler.schedule.plan import COUNTED, Plan, QuietHours, coalesced, next_due, share
from scraper.clock import SHANGHAI
from scraper.sources import Kind, Source

NOW = dt.datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
MOMENTS = st.integers(0, 473_000_000).map(
    lambda seconds: dt.datetime(2020, 1, 1, tzinfo=SHANGHAI) + dt.timedelta(seconds=seconds)
)
LUCK = st.floats(0, 1, exclude_max=True)
NIGHT = QuietHours(dt.time(23), dt.time(6))


@given(now=MOMENTS, step=st.floats(1, 100_000), luck=LUCK, source=st.text("abc.", min_size=1))
def test_an_interval_is_kept_whatever_the_visit_took(
    now: dt.datetime, step: float, luck: float, source: str
) -> None:
    plan = Plan("interval", step, step)
    due = next_due(plan, source, now, pace=step, luck=luck)
    after = next_due(plan, source, due, pace=step, luck=luck)
    assert now < due <= now + dt.timedelta(seconds=step + 0.002)
    assert abs((after - due).total_seconds() - step) < 0.01


@given(now=MOMENTS, luck=LUCK, pace=st.floats(60, 86_400))
def test_nothing_is_due_in_quiet_hours(now: dt.datetime, luck: float, pace: float) -> None:
    plan = Plan("adaptive", 60.0, 86_400.0, quiet=NIGHT)
    due = next_due(plan, "s", now, pace=pace, luck=luck)
    assert now < due
    assert 6 <= due.hour < 23


@given(now=MOMENTS, luck=LUCK)
def test_jitter_only_delays(now: dt.datetime, luck: float) -> None:
    bare = next_due(Plan("adaptive", 60.0, 600.0), "s", now, pace=300.0, luck=luck)
    plan = Plan("adaptive", 60.0, 600.0, jitter=30.0)
    due = next_due(plan, "s", now, pace=300.0, luck=luck)
    assert dt.timedelta() <= due - bare <= dt.timedelta(seconds=30)


def test_quiet_hours_span_midnight() -> None:
    late = dt.datetime(2026, 11, 24, 23, 30, tzinfo=SHANGHAI)
    end = dt.datetime(2026, 11, 25, 6, tzinfo=SHANGHAI)
    assert NIGHT.ends_after(late) == end
    assert NIGHT.ends_after(late + dt.timedelta(hours=3)) == end
    assert NIGHT.ends_after(NOW) is None


def test_crontab_is_read_in_shanghai_time() -> None:
    plan = Plan("cron", 60.0, 60.0, "30 8 * * mon-fri")
    utc = dt.datetime(2026, 11, 27, 1, 0, tzinfo=dt.UTC)  # Friday 09:00 in Shanghai
    due = next_due(plan, "s", utc, pace=60.0, luck=0.0)
    assert due == dt.datetime(2026, 11, 30, 8, 30, tzinfo=SHANGHAI)


def test_missed_due_times_are_counted() -> None:
    hour = dt.timedelta(hours=1)
    every = Plan("interval", 600.0, 600.0)
    assert coalesced(every, "s", NOW - hour, NOW, pace=600.0) == 6
    assert coalesced(every, "s", NOW, NOW, pace=600.0) == 0
    cron = Plan("cron", 60.0, 60.0, "*/10 * * * *")
    assert coalesced(cron, "s", NOW - hour, NOW, pace=60.0) == 6
    year = dt.timedelta(days=365)
    assert coalesced(every, "s", NOW - year, NOW, pace=600.0) == COUNTED
    assert coalesced(cron, "s", NOW - year, NOW, pace=60.0) == COUNTED


def test_shares_are_even() -> None:
    shares = sorted(share(f"source{number}") for number in range(1000))
    assert all(abs(value - number / 1000) < 0.05 for number, value in enumerate(shares))


def test_a_definition_becomes_a_plan() -> None:
    def source(**values: object) -> Source:
        return Source(
            id="a", name="a", publisher="a", kind=Kind.GOV_PORTAL, lists=("http://a.cn/",), **values
        )

    assert plan_of(source()).mode == "adaptive"
    assert (plan_of(source()).minimum, plan_of(source()).maximum) == (1800.0, 86_400.0)
    assert plan_of(source(every="20m")).minimum == 1200.0
    assert plan_of(source(every="20m", cron="0 9 * * *")).cron == "0 9 * * *"
    assert plan_of(source(quiet="23:00-06:00")).quiet == NIGHT
