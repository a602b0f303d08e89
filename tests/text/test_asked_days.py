"""Days as people ask for them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import UsageError
from scraper.text.asked_days import read_range, read_span

TODAY = dt.date(2026, 11, 28)  # a Saturday
SPANS = {
    "2026-11-24": ("2026-11-24", "2026-11-24"),
    "2026/11/4": ("2026-11-04", "2026-11-04"),
    "2026年11月24日": ("2026-11-24", "2026-11-24"),
    "2026-11": ("2026-11-01", "2026-11-30"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "2026年2月": ("2026-02-01", "2026-02-28"),
    "2025": ("2025-01-01", "2025-12-31"),
    "7d": ("2026-11-21", "2026-11-28"),
    "2w": ("2026-11-14", "2026-11-28"),
    "9m": ("2026-02-28", "2026-11-28"),
    "3个月": ("2026-08-28", "2026-11-28"),
    "1y": ("2025-11-28", "2026-11-28"),
    "今天": ("2026-11-28", "2026-11-28"),
    "昨天": ("2026-11-27", "2026-11-27"),
    "Yesterday": ("2026-11-27", "2026-11-27"),
    "本周": ("2026-11-23", "2026-11-29"),
    "上周": ("2026-11-16", "2026-11-22"),
    "上个月": ("2026-10-01", "2026-10-31"),
    "去年": ("2025-01-01", "2025-12-31"),
}


@pytest.mark.parametrize("text", SPANS)
def test_spans(text):
    assert tuple(map(str, read_span(text, TODAY))) == SPANS[text]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("2026-13", "has the month 13; there are 12"),
        ("2026-02-30", "has the day 30; 2026-02 has 28"),
        ("0024-01", "has the year 24"),
        ("99999d", None),
        ("99999y", "before the calendar begins"),
        ("next week", "'next week' is no day"),
        ("11月24日", "is no day, month, year or time back"),
        ("", "is no day"),
    ],
)
def test_the_bad_part_is_named(text, part):
    if part is None:
        assert read_span(text, TODAY)[1] == TODAY
        return
    with pytest.raises(UsageError, match=f"^--since: .*{part}"):
        read_span(text, TODAY, "--since")


def test_a_range_ends_with_its_last_day_and_is_not_turned_round():
    names = ("--since", "--until")
    assert read_range("2026-10", "2026-10", TODAY, names) == (
        dt.date(2026, 10, 1),
        dt.date(2026, 10, 31),
    )
    assert read_range(None, "昨天", TODAY, names) == (None, dt.date(2026, 11, 27))
    with pytest.raises(UsageError, match="--since 2026-11-02 is after --until 2026-11-01"):
        read_range("2026-11-02", "2026-11-01", TODAY, names)


@given(st.text("0123456789-年月日dwmy天周个/ ", max_size=12))
def test_any_text_is_read_or_refused(text):
    try:
        first, last = read_span(text, TODAY)
    except UsageError:
        return
    assert first <= last


def test_an_error_names_the_option_that_is_wrong_and_quotes_it() -> None:
    names = ("--since", "--until")
    with pytest.raises(UsageError, match=r"^--since: .*'x1'"):
        read_range("x1", "2026-10", TODAY, names)
    with pytest.raises(UsageError, match=r"^--until: .*'x2'"):
        read_range("2026-10", "x2", TODAY, names)
    with pytest.raises(UsageError, match=r"^the day: .*'x3'"):
        read_span("x3", TODAY)


def test_december_is_a_month() -> None:
    assert read_span("2025-12", TODAY) == (dt.date(2025, 12, 1), dt.date(2025, 12, 31))
    assert read_span("2025-01", TODAY) == (dt.date(2025, 1, 1), dt.date(2025, 1, 31))
