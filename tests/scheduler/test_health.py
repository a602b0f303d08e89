"""Findings and states: the pure rules, and weeks of quiet in which nothing may be found."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.health.causes import (
    MEND,
    OF_ARTICLE,
    OF_LIST,
    Cause,
    cause_of_article,
    cause_of_list,
)
from scheduler.health.findings import Finding, judge
from scheduler.health.polls import Poll, tail
from scheduler.health.states import Health, step
from scheduler.schedule.habit import Habit
from scraper.clock import SHANGHAI
from scraper.fetch import Outcome
from scraper.visit.run import BROKEN_ROWS
from tests.scheduler.quiet import START, Column, Watcher, some_column

NOW = dt.datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)
COLUMNS = int(os.environ.get("TONGGAO_TEST_QUIET_COLUMNS", "6"))
DAYS = 30


def good(hours_ago: float, **changes: object) -> Poll:
    fields = {"published_at": 3, "named_source": 3, "author": 3}
    poll = Poll(
        at=NOW - dt.timedelta(hours=hours_ago),
        listed=20,
        fresh=3,
        news=3,
        articles=3,
        fields=fields,
        characters=800,
    )
    return replace(poll, **changes)  # type: ignore[arg-type]


HISTORY = [good(hours) for hours in range(10, 30)]


def found(*recent: Poll) -> Finding | None:
    return judge([*recent, *HISTORY], Habit(), NOW, NOW)


def test_a_source_that_fares_as_usual_has_nothing() -> None:
    assert found(good(1), good(2)) is None
    assert judge([], Habit(), None, NOW) is None


@pytest.mark.parametrize(("outcome", "cause"), [(o, c) for o, c in OF_LIST.items() if c])
def test_a_list_that_does_not_come_is_failing(outcome: Outcome, cause: Cause) -> None:
    finding = found(good(1, list_outcome=outcome, listed=0, articles=0, news=0))
    assert finding is not None
    assert (finding.state, finding.cause) == ("failing", cause)


def test_a_list_unchanged_is_no_failure() -> None:
    assert found(good(1, list_outcome="not_modified", listed=0, articles=0, news=0)) is None


def test_one_odd_article_is_nothing() -> None:
    odd = good(1, articles=1, news=1, fields={"published_at": 1}, characters=9000)
    assert found(odd) is None
    assert found(good(1, articles=2, failed=1, reasons={"TooShort": 1})) is None


def test_a_field_that_was_rare_before_is_not_missed() -> None:
    rare = [good(hours, fields={"published_at": 3, "author": hours % 2}) for hours in range(10, 30)]
    bare = [good(hours, fields={"published_at": 3}) for hours in (1, 2, 3)]
    assert judge([*bare, *rare], Habit(), NOW, NOW) is None


def test_a_list_that_shrank_is_degraded() -> None:
    finding = found(good(1, listed=3))
    assert finding is not None
    assert (finding.state, finding.cause) == ("degraded", Cause.LIST_SHRUNK)


def test_broken_rows_of_a_list_are_told_while_they_are_there() -> None:
    finding = found(good(1, listed=20, reasons={BROKEN_ROWS: 2}))
    assert finding is not None
    assert (finding.state, finding.cause) == ("degraded", Cause.LIST_BROKEN)
    assert finding.evidence == {"broken": 2, "links": 20}
    assert found(good(1, listed=20), good(2, reasons={BROKEN_ROWS: 2})) is None


@given(hits=st.integers(0, 12), tries=st.integers(0, 12), chance=st.floats(0.001, 0.999))
def test_the_tail_is_a_probability(hits: int, tries: int, chance: float) -> None:
    assert -1e-9 <= tail(hits, tries, chance) <= 1 + 1e-9
    assert tail(hits, tries, chance) >= tail(hits + 1, tries, chance) - 1e-12


def test_every_cause_has_a_mend_and_every_outcome_a_cause() -> None:
    assert set(MEND) == set(Cause)
    assert set(OF_LIST) == set(OF_ARTICLE) == set(Outcome)
    well = {Outcome.OK, Outcome.NOT_MODIFIED, Outcome.BUSY, Outcome.ERASED}
    assert {outcome for outcome, cause in OF_LIST.items() if cause is None} == well
    assert {outcome for outcome, cause in OF_ARTICLE.items() if cause is None} == well


@pytest.mark.parametrize(
    ("word", "cause"),
    [
        ("MissingPage", Cause.SOFT_404),
        ("missing_page", Cause.SOFT_404),
        ("Wall", Cause.WALL),
        ("wall", Cause.WALL),
        ("TooShort", Cause.ARTICLE_LAYOUT),
        ("server_error", Cause.SERVER_ERROR),
        ("never heard of", Cause.OTHER),
    ],
)
def test_reasons_of_earlier_versions_mean_the_same(word: str, cause: Cause) -> None:
    assert cause_of_article(word) is cause


def test_maintenance_is_not_our_asking_too_often() -> None:
    assert cause_of_list("maintenance") is Cause.MAINTENANCE
    assert cause_of_list("rate_limited") is Cause.RATE_LIMITED


FAILING = Finding("failing", Cause.LIST_GONE)
SLOW = Finding("failing", Cause.TIMEOUT)
LATE = Finding("late", Cause.SILENT)


@pytest.mark.parametrize(
    ("findings", "changes"),
    [
        ([FAILING], []),
        ([FAILING, FAILING], ["failing"]),
        ([FAILING, None, FAILING, None], []),
        ([SLOW, SLOW], []),
        ([SLOW, SLOW, SLOW], ["failing"]),
        ([SLOW, FAILING], ["failing"]),
        ([LATE], ["late"]),
        ([FAILING] * 5, ["failing"]),
        ([FAILING, FAILING, None], ["failing"]),
        ([FAILING, FAILING, None, None], ["failing", "ok"]),
        ([FAILING, FAILING, None, FAILING, None, FAILING], ["failing"]),
    ],
)
def test_states_have_inertia_and_each_change_is_told_once(
    findings: list[Finding | None], changes: list[str]
) -> None:
    health, told = Health(), []
    for finding in findings:
        health, changed = step(health, finding, NOW)
        if changed:
            told.append(health.state)
    assert told == changes


@pytest.mark.parametrize("seed", range(COLUMNS))
def test_quiet_weeks_raise_no_alarm(seed: int) -> None:
    watcher = Watcher(some_column(seed))
    watcher.run(DAYS)
    assert watcher.alarms == []


def test_a_source_that_falls_silent_is_late_within_days_of_its_habit() -> None:
    watcher = Watcher(some_column(3))
    watcher.column.rate = 12.0
    watcher.run(21)
    watcher.column.rate = 0.0
    silent = watcher.now
    watcher.run(10)
    assert [health.state for _, health, _ in watcher.alarms] == ["late"]
    assert watcher.alarms[0][0] - silent < dt.timedelta(days=4)


def test_a_holiday_is_not_silence() -> None:
    column = Column(some_column(1).chance, rate=12.0, off=0.0, coverage={}, trouble=0.0)
    watcher = Watcher(column, now=START)
    watcher.run(33)  # over the National Day, 1 to 7 October
    assert watcher.alarms == []
