from __future__ import annotations

import datetime as dt
import email.utils

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch import FetchPolicy, HostRules, Outcome
from scraper.fetch.pace import Pace, base_interval, next_pace, pause, retry_after

POLICY = FetchPolicy()
NOW = dt.datetime(2025, 11, 20, 9, 0, tzinfo=dt.UTC)
CHANCE = st.floats(0, 1)


@pytest.mark.parametrize(
    ("rules", "crawl_delay", "interval"),
    [
        (HostRules(), None, 3.0),
        (HostRules(), 1.0, 3.0),
        (HostRules(), 10.0, 10.0),
        (HostRules(), 1e9, POLICY.crawl_delay_cap),
        (HostRules(minimum_interval=1.0), None, 3.0),
        (HostRules(minimum_interval=8.0), 5.0, 8.0),
        (HostRules(minimum_interval=1.0, override_interval=True), 10.0, 1.0),
        (HostRules(minimum_interval=0.0, override_interval=True), None, 0.0),
        (HostRules(override_interval=True), 10.0, 10.0),
    ],
)
def test_the_interval_only_grows_unless_overridden(
    rules: HostRules, crawl_delay: float | None, interval: float
) -> None:
    assert base_interval(POLICY, rules, crawl_delay) == interval


@given(st.floats(0.1, 600), st.sampled_from(Outcome), st.floats(0, 90), CHANCE, st.integers(1, 30))
def test_no_pause_is_shorter_than_the_interval(
    base: float, outcome: Outcome, response: float, chance: float, times: int
) -> None:
    pace = Pace()
    for _ in range(times):
        pace = next_pace(pace, outcome, response)
    length = pause(POLICY, base, pace, chance)
    assert base <= length <= max(base, POLICY.maximum_interval) + POLICY.jitter


def test_a_strained_host_recovers_by_and_by() -> None:
    pace = next_pace(next_pace(Pace(), Outcome.RATE_LIMITED, 0.1), Outcome.RATE_LIMITED, 0.1)
    factors = []
    for _ in range(12):
        pace = next_pace(pace, Outcome.OK, 0.1)
        factors.append(pace.factor)
    assert factors == sorted(factors, reverse=True)
    assert (factors[0], factors[-1]) == (pytest.approx(3.2), 1.0)  # type: ignore[comparison-overlap]


def test_even_an_overridden_host_is_spared_when_it_is_strained() -> None:
    assert pause(POLICY, 0.0, Pace(), 1.0) == 0.0
    assert pause(POLICY, 0.0, next_pace(Pace(), Outcome.RATE_LIMITED, None), 1.0) == 2.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("9" * 400, 1000.0),
        (email.utils.format_datetime(NOW + dt.timedelta(seconds=90), usegmt=True), 90.0),
        (email.utils.format_datetime(NOW - dt.timedelta(days=1), usegmt=True), 0.0),
        (email.utils.format_datetime(NOW + dt.timedelta(days=9), usegmt=True), 1000.0),
        ("Thu, 20 Nov 2025 09:00:30", 30.0),
        ("soon", None),
        ("Thu, 20 Nov 99999999999999 09:00:30 GMT", None),
        ("Thu, 20 Nov 2025 09:00:30 +99999999999999", None),
        ("-5", None),
        ("", None),
        (None, None),
        ("٣", None),
    ],
)
def test_retry_after(text: str | None, seconds: float | None) -> None:
    assert retry_after(text, NOW, 1000.0) == seconds


@given(st.text(max_size=40))
def test_retry_after_reads_or_ignores(text: str) -> None:
    seconds = retry_after(text, NOW, 1000.0)
    assert seconds is None or 0 <= seconds <= 1000
