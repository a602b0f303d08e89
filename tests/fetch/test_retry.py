from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch import Decision, FetchPolicy, Outcome, Purpose
from scraper.fetch.exchange import UrlState
from scraper.fetch.retry import again_soon, full_jitter, plan

POLICY = FetchPolicy()
NOW = dt.datetime(2025, 11, 20, 9, 0, tzinfo=dt.UTC)
BAD = [outcome for outcome in Outcome if not outcome.good]


@given(st.integers(0, 5000), st.floats(0, 1))
def test_jitter_is_bounded_and_never_nothing(failures: int, chance: float) -> None:
    assert 2.5 <= full_jitter(5.0, 60.0, failures, chance) <= 60.0


@given(st.sampled_from(BAD), st.sampled_from(Purpose), st.integers(0, 10_000), st.floats(0, 1))
def test_nothing_is_given_up_and_nothing_hammered(
    outcome: Outcome, purpose: Purpose, failures: int, chance: float
) -> None:
    made = plan(POLICY, outcome, purpose, UrlState(failures), NOW, chance=chance)
    assert made.retry_at is not None
    wait = (made.retry_at - NOW).total_seconds()
    assert POLICY.backoff <= wait <= POLICY.url_backoff_cap
    assert made.decision in {Decision.LATER, Decision.CONFIRM, Decision.WITHDRAWN}


@given(st.sampled_from(BAD), st.floats(0, 1))
def test_a_url_that_keeps_failing_is_tried_ever_more_rarely(
    outcome: Outcome, chance: float
) -> None:
    if outcome is Outcome.BUSY:
        return
    state, waits = UrlState(), []
    for _ in range(20):
        made = plan(POLICY, outcome, Purpose.LISTING, state, NOW, chance=chance)
        assert made.retry_at is not None
        waits.append(made.retry_at - NOW)
        state = made.state
    assert waits == sorted(waits)
    assert state.failures == 20


def test_a_wall_is_tried_more_rarely_than_a_server_error() -> None:
    waits = {
        outcome: plan(POLICY, outcome, Purpose.ARTICLE, UrlState(), NOW, chance=0.0).retry_at
        for outcome in (Outcome.WALL, Outcome.SERVER_ERROR)
    }
    assert waits[Outcome.WALL] == NOW + dt.timedelta(minutes=30)
    assert waits[Outcome.SERVER_ERROR] == NOW + dt.timedelta(minutes=2.5)


def test_what_the_server_asks_is_granted() -> None:
    made = plan(
        POLICY, Outcome.RATE_LIMITED, Purpose.ARTICLE, UrlState(), NOW, chance=0.0, asked=9000
    )
    assert made.retry_at == NOW + dt.timedelta(seconds=9000)


def test_busy_says_nothing_about_the_url() -> None:
    made = plan(POLICY, Outcome.BUSY, Purpose.ARTICLE, UrlState(2), NOW, chance=0.5, asked=700)
    assert (made.state, made.retry_at) == (UrlState(2), NOW + dt.timedelta(seconds=700))


def test_sightings_count_only_when_far_enough_apart() -> None:
    at, state, decisions = NOW, UrlState(), []
    for hours in (0, 1, 21, 2, 40):
        at += dt.timedelta(hours=hours)
        made = plan(POLICY, Outcome.GONE, Purpose.ARTICLE, state, at, chance=0.0)
        state = made.state
        decisions.append((made.decision.value, state.sightings))
    assert decisions == [
        ("confirm", 1),
        ("confirm", 1),
        ("confirm", 2),
        ("confirm", 2),
        ("withdrawn", 3),
    ]


@pytest.mark.parametrize(
    ("between", "sightings"),
    [(Outcome.TIMEOUT, 2), (Outcome.WALL, 2), (Outcome.WRONG_TYPE, 0), (Outcome.OK, 0)],
)
def test_what_comes_between_two_sightings(between: Outcome, sightings: int) -> None:
    seen = UrlState(2, 2, NOW - dt.timedelta(days=2))
    assert plan(POLICY, between, Purpose.ARTICLE, seen, NOW, chance=0).state.sightings == sightings


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_what_may_soon_help_is_tried_at_once(outcome: Outcome) -> None:
    wait = again_soon(POLICY, outcome, 1, 1.0)
    assert (wait is not None) == outcome.transient
    assert again_soon(POLICY, outcome, POLICY.attempts, 1.0) is None
