"""The days of rows and records, in the forms that people and machines write."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.listing import read_listing
from scraper.listing.dates import date_alone, date_of_row, date_of_text

DAY = dt.date(2026, 9, 24)
URL = "http://www.example.gov.cn/xw/"


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-24", "[2026/09/24]", "（2026.9.24）", "2026年9月24日 10:30", "发布时间：2026-09-24", "２０２６－０９－２４",
        "2026—09—24", "2026−09−24", "2026 - 09 - 24", "26-09-24", "20260924", "20260924093000", "2026-09-23T20:00:00Z",
        "2026-09-24T00:30:00+08:00", "Thu, 24 Sep 2026 09:30:00 +0800", "Thu Sep 24 09:30:00 CST 2026", "2026-09-24 09:30:15.0",
    ],
)  # fmt: skip
def test_a_text_that_is_a_day(text: str) -> None:
    assert date_alone(text) == DAY
    assert date_of_row(["示例市召开会议", text], "示例市召开会议", URL) == DAY


@pytest.mark.parametrize(
    "text", ["2026-09-24 至 2026-09-30", "1790179200", "0512-66123456", "9999-12-31", "1889-01-01", "20261340", "2026-02-30", "第20260924号", "9" * 400]
)  # fmt: skip
def test_a_text_that_is_none(text: str) -> None:
    assert date_alone(text) is None


@pytest.mark.parametrize(
    "value",
    [
        "2026-09-24 16:59", 1790179200, 1790179200000, "1790179200000", "20260924165900", [2026, 9, 24, 16, 59],
        {"time": 1790179200000}, {"$date": "2026-09-24T08:00:00Z"}, "Thu Sep 24 16:59:00 CST 2026", "/Date(1790179200000)/",
    ],
)  # fmt: skip
def test_the_day_of_a_record(value: object) -> None:
    records = [{"title": "示例市召开推进会议", "url": "/a/1.html", "pubDate": value}]
    listing = read_listing(json.dumps(records).encode(), f"{URL}list.json")
    assert [link.date for link in listing.links] == [DAY]


@pytest.mark.parametrize(
    "value", [10**400, 26111119093000, "2611-11-19", True, -1, 1e308, "N/A", {}]
)
def test_a_record_without_a_believable_day(value: object) -> None:
    records = [{"title": "示例市召开推进会议", "url": "/a/1.html", "pubDate": value}]
    listing = read_listing(json.dumps(records).encode(), f"{URL}list.json")
    assert [link.date for link in listing.links] == [None]


@given(st.text(max_size=80))
def test_no_text_makes_the_readers_raise(text: str) -> None:
    date_alone(text)
    date_of_text(text)
    date_of_row([text, text[::2]], text[:9], text)
