"""What a habit says, in figures that can be reckoned by hand."""

from __future__ import annotations

import datetime as dt
import math
import time

import pytest

from scheduler.schedule.claims import plan_sources
from scheduler.schedule.deferring import _visit
from scheduler.schedule.definitions import plan_of
from scheduler.schedule.habit import HOURS, Habit, habit_of, hour_of, spread_hours
from scheduler.schedule.plan import Plan, QuietHours, coalesced, next_due, share, soon
from scheduler.schedule.polling import AFTER_FAILURE, RISE, next_pace
from scheduler.schedule.rows import PlanRow, plan_values
from scraper.clock import SHANGHAI
from scraper.database import Pool
from scraper.sources import Kind, Source
from tests.scheduler.conftest import add_sources, rows

MONDAY = dt.datetime(2026, 11, 23, tzinfo=SHANGHAI)
SATURDAY = MONDAY + dt.timedelta(days=5)
HOUR = dt.timedelta(hours=1)


def hours(**given: float) -> tuple[float, ...]:
    """48 hours, all without a value but the named ones: ``h9=2.0``."""
    return tuple(given.get(f"h{place}", 0.0) for place in range(HOURS))


def test_the_place_of_a_moment_is_that_of_shanghai() -> None:
    assert hour_of(dt.datetime(2026, 11, 23, 1, 59, tzinfo=dt.UTC)) == 9
    assert hour_of(SATURDAY) == 24
    assert hour_of(SATURDAY - dt.timedelta(seconds=1)) == 23
    assert hour_of(dt.datetime(2026, 11, 29, 15, 59, tzinfo=dt.UTC)) == 47


def test_a_stretch_is_cut_at_full_hours() -> None:
    start = MONDAY + dt.timedelta(hours=9, minutes=45, seconds=36, microseconds=9)
    parts = spread_hours(start, MONDAY + dt.timedelta(hours=11, minutes=15))
    assert parts[10] == 1.0
    assert parts[11] == 0.25
    assert parts[9] == pytest.approx(0.24, abs=1e-8)
    assert sum(parts) == pytest.approx(1.49, abs=1e-8)
    assert spread_hours(MONDAY, MONDAY) == [0.0] * HOURS


def test_no_more_than_sixty_days_are_looked_back() -> None:
    assert sum(spread_hours(MONDAY - dt.timedelta(days=400), MONDAY)) == pytest.approx(60 * 24)


def test_what_was_seen_fades_to_a_share_of_e_in_thirty_days() -> None:
    before = Habit(hours(h0=3.0), hours(h0=10.0))
    after = before.after(MONDAY, MONDAY + dt.timedelta(days=30), 0)
    assert after.news == pytest.approx(hours(h0=3.0 / math.e), rel=1e-12)
    lived = spread_hours(MONDAY, MONDAY + dt.timedelta(days=30))
    assert after.hours[0] == pytest.approx(lived[0] + 10.0 / math.e, rel=1e-12)
    assert after.hours[1] == lived[1]


def test_news_are_spread_over_the_time_that_was_watched() -> None:
    start = MONDAY + dt.timedelta(hours=9, minutes=30)
    seen = Habit().after(start, start + 2 * HOUR, 1)
    assert seen.news == pytest.approx(hours(h9=0.25, h10=0.5, h11=0.25))
    assert seen.hours == pytest.approx(hours(h9=0.5, h10=1.0, h11=0.5))


def test_the_first_visit_and_a_clock_set_back_teach_nothing() -> None:
    assert Habit().after(None, MONDAY, 1) == Habit()
    assert Habit().after(MONDAY, MONDAY, 1) == Habit()
    assert Habit().after(MONDAY + HOUR, MONDAY, 1) == Habit()


def test_an_hour_is_expected_by_itself_its_neighbours_and_the_kind_of_day() -> None:
    """(0.5 · 2 + 4 + 0.5 · 1 + 2 · 7/30) / (0.5 · 10 + 10 + 0.5 · 10 + 2)"""
    habit = Habit(
        hours(h8=2.0, h9=4.0, h10=1.0, h33=9.0), hours(h8=10.0, h9=10.0, h10=10.0, h33=3.0)
    )
    assert habit.rate(9) == pytest.approx((5.5 + 2 * 7 / 30) / 22)
    assert habit.rate(33) == pytest.approx((9.0 + 2 * 9 / 3) / 5)
    assert habit.rate(0) == pytest.approx((2 * 7 / 30) / 2)
    assert Habit().rate(0) == 0.0


def test_hours_beside_midnight_are_those_of_the_same_kind_of_day() -> None:
    habit = Habit(hours(h23=6.0, h24=5.0, h47=8.0), hours(h23=1.0, h24=1.0, h47=1.0))
    assert habit.rate(0) == pytest.approx((0.5 * 6 + 2 * 6 / 1) / (0.5 + 2))
    assert habit.rate(47) == pytest.approx((8 + 0.5 * 5 + 2 * 13 / 2) / (1 + 0.5 + 2))
    assert habit.rate(24) == pytest.approx((5 + 0.5 * 8 + 2 * 13 / 2) / (1 + 0.5 + 2))


def test_hardly_an_hour_watched_counts_as_one() -> None:
    habit = Habit(hours(h9=1.0), hours(h9=0.5))
    assert habit.rate(20) == pytest.approx(2 * 1.0 / 1.0 / 2)


def test_news_of_a_day_and_of_a_stretch() -> None:
    habit = Habit(hours(h9=3.0), hours(h9=12.0, h10=24.0))
    assert habit.daily() == pytest.approx(24 * 3 / 36)
    assert Habit().daily() == 0.0
    start = MONDAY + 9 * HOUR
    assert habit.expected(start, start + HOUR * 1.5) == pytest.approx(
        habit.rate(9) + habit.rate(10) / 2
    )
    assert habit.expected(start, start) == 0.0


def test_a_habit_comes_back_from_its_row() -> None:
    assert habit_of([1.0] * HOURS, [2.0] * HOURS) == Habit((1.0,) * HOURS, (2.0,) * HOURS)


PLAN = Plan("adaptive", 600.0, 21_600.0)
KNOWN = Habit(hours(h9=5.0), (2.0,) * HOURS)


def test_the_pace_after_each_kind_of_visit() -> None:
    new = Habit()
    assert next_pace(PLAN, 1000.0, new, MONDAY, news=0) == 1000.0 * RISE
    assert next_pace(PLAN, 1000.0, new, MONDAY, news=1) == 600.0
    assert next_pace(PLAN, 1000.0, new, MONDAY, news=1, failed=True) == 1000.0 * AFTER_FAILURE
    assert next_pace(PLAN, 21_000.0, new, MONDAY, news=0) == 21_600.0
    assert next_pace(PLAN, 100.0, new, MONDAY, news=0, failed=True) == 600.0
    assert next_pace(Plan("interval", 300.0, 900.0), 800.0, new, MONDAY, news=0) == 300.0


def test_the_pace_waits_for_a_quarter_of_the_mean_gap_once_the_habit_is_known() -> None:
    rate = KNOWN.rate(9)
    at_half_past = MONDAY + 8 * HOUR + dt.timedelta(minutes=30)
    assert next_pace(PLAN, 20_000.0, KNOWN, at_half_past, news=0) == pytest.approx(900.0 / rate)
    almost = at_half_past - dt.timedelta(minutes=1)
    assert next_pace(PLAN, 20_000.0, KNOWN, almost, news=0) == pytest.approx(900.0 / KNOWN.rate(8))
    young = Habit(KNOWN.news, (71.9 / HOURS,) * HOURS)
    assert next_pace(PLAN, 20_000.0, young, at_half_past, news=0) == 21_600.0
    silent = Habit(hours(), (2.0,) * HOURS)
    assert next_pace(PLAN, 20_000.0, silent, at_half_past, news=0) == 21_600.0


def source(**values: object) -> Source:
    return Source(
        id="a", name="a", publisher="a", kind=Kind.GOV_PORTAL, lists=("http://a.cn/",), **values
    )


@pytest.mark.parametrize(
    ("given", "plan"),
    [
        ({}, Plan("adaptive", 1800.0, 86_400.0, None, 180.0)),
        ({"jitter": "30s"}, Plan("adaptive", 1800.0, 86_400.0, None, 30.0)),
        ({"fastest": "2d"}, Plan("adaptive", 172_800.0, 172_800.0, None, 300.0)),
        ({"every": "20m"}, Plan("interval", 1200.0, 1200.0, None, 120.0)),
        ({"every": "1s", "jitter": "1h"}, Plan("interval", 1.0, 1.0, None, 0.1)),
        ({"every": "20m", "cron": "0 9 * * *", "jitter": "1h"}, Plan("cron", 60.0, 86_400.0, "0 9 * * *", 3600.0)),
    ],
)  # fmt: skip
def test_a_definition_says_when(given: dict[str, object], plan: Plan) -> None:
    assert plan_of(source(**given)) == plan


QUIET = QuietHours(dt.time(23), dt.time(6))


def test_quiet_hours_begin_and_end_on_the_minute() -> None:
    end = MONDAY + dt.timedelta(hours=6)
    assert QUIET.ends_after(end) is None
    assert QUIET.ends_after(end - dt.timedelta(microseconds=1)) == end
    assert QUIET.ends_after(MONDAY - HOUR) == end
    assert QUIET.ends_after(MONDAY - HOUR - dt.timedelta(microseconds=1)) is None
    by_day = QuietHours(dt.time(12), dt.time(13))
    assert by_day.ends_after(MONDAY + 12 * HOUR) == MONDAY + 13 * HOUR
    assert by_day.ends_after(MONDAY + 13 * HOUR) is None
    always = QuietHours(dt.time(6), dt.time(6))
    assert always.ends_after(end) == end + dt.timedelta(days=1)


def test_a_visit_that_is_wanted_soon_comes_soon_and_not_at_night() -> None:
    noon = MONDAY + 12 * HOUR
    assert soon(PLAN, noon, 90.0) == noon + dt.timedelta(seconds=90)
    assert soon(PLAN, noon, 9000.0) == noon + dt.timedelta(seconds=600)
    quiet = Plan("adaptive", 600.0, 21_600.0, quiet=QUIET)
    assert soon(quiet, noon, 90.0) == noon + dt.timedelta(seconds=90)
    assert soon(quiet, MONDAY, 90.0) == MONDAY + 6 * HOUR


def test_behind_quiet_hours_visits_are_spread_over_the_pace_at_most() -> None:
    quiet = Plan("adaptive", 600.0, 21_600.0, quiet=QUIET)
    assert next_due(quiet, "a", MONDAY, pace=3600.0, luck=0.5) == MONDAY + dt.timedelta(
        hours=6, seconds=300
    )
    assert next_due(quiet, "a", MONDAY, pace=60.0, luck=0.5) == MONDAY + dt.timedelta(
        hours=6, seconds=30
    )


def test_a_date_that_never_comes_is_ten_years_off() -> None:
    never = Plan("cron", 60.0, 86_400.0, "0 0 31 2 *")
    assert next_due(never, "a", MONDAY, pace=60.0, luck=0.0) == MONDAY + dt.timedelta(days=3650)
    assert coalesced(never, "a", MONDAY, MONDAY + dt.timedelta(days=400), pace=60.0) == 0


def test_crontab_fires_again_only_after_its_own_minute() -> None:
    nine = Plan("cron", 60.0, 86_400.0, "0 9 * * *")
    at_nine = MONDAY + 9 * HOUR
    assert next_due(nine, "a", at_nine, pace=60.0, luck=0.0) == at_nine + dt.timedelta(days=1)
    just_before = (at_nine - dt.timedelta(seconds=1)).astimezone(dt.UTC)
    assert next_due(nine, "a", just_before, pace=60.0, luck=0.0) == at_nine


def test_the_zone_of_the_machine_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    nine = Plan("cron", 60.0, 86_400.0, "0 9 * * *")
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "America/New_York")
        time.tzset()
        due = next_due(nine, "a", MONDAY, pace=60.0, luck=0.0)
        job = _visit("a", MONDAY, "lock")
    time.tzset()
    assert due == MONDAY + 9 * HOUR
    assert due.utcoffset() == dt.timedelta(hours=8)
    assert job.queueing_lock == "visit:a:2026-11-22T16:00:00+00:00"


def test_what_passed_goes_by_the_interval_else_by_the_pace() -> None:
    fixed = Plan("interval", 600.0, 600.0)
    assert coalesced(fixed, "a", MONDAY, MONDAY + HOUR, pace=60.0) == 6
    assert coalesced(PLAN, "a", MONDAY, MONDAY + HOUR, pace=1200.0) == 3
    assert coalesced(PLAN, "a", MONDAY, MONDAY - HOUR, pace=1200.0) == 0


def test_a_plan_goes_through_its_row() -> None:
    plan = Plan("cron", 60.0, 86_400.0, "0 9 * * *", 5.0, QUIET)
    values = plan_values(plan)
    row = PlanRow(
        source_id="a", mode="cron", cron="0 9 * * *", minimum_seconds=60.0, maximum_seconds=86_400.0,
        jitter_seconds=5.0, quiet_from=dt.time(23), quiet_to=dt.time(6), pace_seconds=60.0,
    )  # fmt: skip
    assert row.plan == plan
    assert values == {
        "mode": "cron", "cron": "0 9 * * *", "minimum": 60.0, "maximum": 86_400.0, "jitter": 5.0,
        "quiet_from": dt.time(23), "quiet_to": dt.time(6),
    }  # fmt: skip
    assert plan_values(PLAN)["quiet_from"] is None


async def test_a_new_source_has_its_first_turn_within_a_minute_by_its_share(pool: Pool) -> None:
    await add_sources(pool, "slow", "fast")
    async with pool.connection() as connection:
        await connection.execute("DELETE FROM tonggao.schedule")
    [(begun,)] = await rows(pool, "SELECT extract(epoch FROM clock_timestamp())::float8")
    await plan_sources(
        pool, {"slow": Plan("interval", 600.0, 600.0), "fast": Plan("interval", 10.0, 10.0)}
    )
    placed = await rows(
        pool,
        "SELECT source_id, extract(epoch FROM next_due_at)::float8, (SELECT extract(epoch FROM clock_timestamp())::float8)"
        " FROM tonggao.schedule",
    )
    for source_id, due, after in placed:
        at_most = {"slow": 60.0, "fast": 10.0}[source_id]
        assert begun <= due - share(source_id) * at_most <= after
