"""What an address states of a day, by itself and by a source's own pattern; the year it gives a day."""

from __future__ import annotations

import datetime as dt

import pytest

from scraper.clock import SHANGHAI
from scraper.text.moments import Yearless, Years
from scraper.text.years import AddressDate, completed, latest_before, read_address, url_moment

OWN = r"/d(?P<year>\d+)-(?P<month>\w+)-(?P<day>\w*)"


@pytest.mark.parametrize(
    ("path", "stated"),
    [
        ("/d2024-11-16", AddressDate(2024, 11, 16)),
        ("/d2024-11-", AddressDate(2024, 11)),
        ("/d2024-xx-16", AddressDate(2024, None, 16)),
        ("/d20245-11-16", None),  # no year has five figures
        ("/d0-11-16", None),
        ("/2024/11/16/", None),  # the pattern does not fit
    ],
)
def test_a_source_may_know_its_own_addresses(path: str, stated: AddressDate | None) -> None:
    assert read_address(f"http://a.cn{path}", OWN) == stated


def test_a_pattern_need_not_name_all_groups() -> None:
    assert read_address("http://a.cn/y2024/", r"/y(?P<year>\d{4})/") == AddressDate(2024)


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://a.cn/2024/11/16/1.html", "2024-11-16"),
        ("http://a.cn/t20241116_1.html", "2024-11-16"),
        ("http://a.cn/202411/content_1234567.html", None),
        ("http://a.cn/1.html?d=2024/11/16/", None),
        ("http://a.cn/1.html", None),
    ],
)
def test_only_a_whole_day_is_a_moment(url: str, day: str | None) -> None:
    found = url_moment(url)
    assert (found and (found.at.date().isoformat(), found.precision)) == (day and (day, "day"))
    assert found is None or found.at.tzinfo is SHANGHAI


def test_a_moment_by_the_sources_own_pattern() -> None:
    found = url_moment("http://a.cn/d2024-11-16", OWN)
    assert found is not None
    assert found.day == dt.date(2024, 11, 16)
    assert url_moment("http://a.cn/d2024-11-", OWN) is None


LEAP_DAY = Yearless(2, 29)
AT = dt.datetime(2100, 2, 28, 12, tzinfo=SHANGHAI)
ALL = Years(1, 9000)


def test_a_leap_day_may_lie_eight_years_back_and_no_more_is_looked() -> None:
    found = latest_before(LEAP_DAY, AT, ALL)
    assert found is not None
    assert found.day == dt.date(2096, 2, 29)
    longest = latest_before(LEAP_DAY, dt.datetime(2104, 2, 28, tzinfo=SHANGHAI), ALL)
    assert longest is not None
    assert longest.day == dt.date(2096, 2, 29)
    assert latest_before(LEAP_DAY, AT, Years(1990, 2091)) is None
    assert latest_before(Yearless(2, 30), AT, ALL) is None


def test_only_years_that_are_believed_complete_a_day() -> None:
    nineties = Years(1990, 1999)
    day = Yearless(11, 16)
    assert completed(day, address=AddressDate(2024), years=nineties) is None
    assert completed(day, address=AddressDate(2024, 11, 20), years=nineties) is None
    assert completed(day, listed_on=dt.date(2024, 11, 20), years=nineties) is None
    assert completed(day, address=AddressDate(2024, 2, 30)) is None
    assert completed(day, received_at=AT, years=nineties) is None
    found = completed(day, address=AddressDate(2024, 11))
    assert found is not None
    assert (found.moment.day, found.evidence) == (dt.date(2024, 11, 16), "address")


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ([], True),
        ([dt.date(2024, 5, 16)], True),
        ([dt.date(2023, 5, 16)], False),
        ([dt.date(2023, 5, 16), dt.date(2025, 5, 16)], True),
    ],
)
def test_a_receipt_is_believed_where_the_pages_days_lie_within_a_year(
    others: list[dt.date], *, told: bool
) -> None:
    received = dt.datetime(2024, 11, 20, tzinfo=SHANGHAI)
    found = completed(Yearless(11, 16), page_days=others, received_at=received)
    assert (found and (found.moment.day, found.evidence)) == (
        (dt.date(2024, 11, 16), "received") if told else None
    )
