"""A day without a year: its year comes from evidence, best first, or there is none."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.clock import SHANGHAI
from scraper.text.dated_addresses import AddressDate, read_address
from scraper.text.times import Clock, Yearless
from scraper.text.years import completed

DAY = dt.date
AT_NOON = dt.datetime(2020, 6, 1, 12, tzinfo=SHANGHAI)
MAY, DECEMBER = Yearless(5, 3, Clock(9, 30)), Yearless(12, 30)


def test_without_evidence_there_is_no_year() -> None:
    assert completed(MAY) is None


@pytest.mark.parametrize(
    ("day", "evidence", "when", "told_by"),
    [
        (MAY, {"received_at": AT_NOON}, DAY(2020, 5, 3), "received"),
        (DECEMBER, {"received_at": AT_NOON}, DAY(2019, 12, 30), "received"),
        (Yearless(6, 1), {"received_at": AT_NOON}, DAY(2020, 6, 1), "received"),
        (Yearless(6, 2), {"received_at": AT_NOON}, DAY(2019, 6, 2), "received"),
        (
            Yearless(2, 29),
            {"received_at": AT_NOON.replace(year=2023)},
            DAY(2020, 2, 29),
            "received",
        ),
        (
            DECEMBER,
            {"listed_on": DAY(2016, 12, 30), "received_at": AT_NOON},
            DAY(2016, 12, 30),
            "list",
        ),
        (
            DECEMBER,
            {"listed_on": DAY(2017, 1, 2), "received_at": AT_NOON},
            DAY(2016, 12, 30),
            "list",
        ),
        (MAY, {"page_days": [DAY(2018, 5, 4)], "received_at": AT_NOON}, DAY(2018, 5, 3), "page"),
        (MAY, {"page_days": [DAY(2018, 5, 3), DAY(2017, 5, 1)]}, DAY(2018, 5, 3), "page"),
        (
            MAY,
            {"page_days": [DAY(2020, 1, 3)], "received_at": AT_NOON},
            DAY(2020, 5, 3),
            "received",
        ),
        (DECEMBER, {"address": AddressDate(2015, 1)}, DAY(2014, 12, 30), "address"),
        (
            DECEMBER,
            {"address": AddressDate(2015), "received_at": AT_NOON},
            DAY(2015, 12, 30),
            "address",
        ),
    ],
)
def test_the_best_evidence_tells_the_year(
    day: Yearless, evidence: dict[str, object], when: dt.date, told_by: str
) -> None:
    found = completed(day, **evidence)  # type: ignore[arg-type]
    assert found is not None
    assert (found.moment.day, found.evidence) == (when, told_by)
    assert found.moment.precision == ("minute" if day.clock else "day")


@pytest.mark.parametrize(
    "evidence",
    [
        {"page_days": [DAY(2018, 5, 1), DAY(2017, 5, 1)]},  # they differ
        {"page_days": [DAY(2012, 1, 1)], "received_at": AT_NOON},  # an old page received late
        {"listed_on": DAY(2016, 10, 1), "received_at": AT_NOON},  # the list says another season
        {"address": AddressDate(2015, 10), "received_at": AT_NOON},
    ],
)
def test_evidence_that_disagrees_leaves_no_year(evidence: dict[str, object]) -> None:
    assert completed(MAY, **evidence) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "stated"),
    [
        ("http://a.gov.cn/yw/202409/t20240918_693227.shtml", AddressDate(2024, 9, 18)),
        ("http://a.gov.cn/art/2023/4/18/art_1201_50001.html", AddressDate(2023, 4, 18)),
        ("http://a.people.com.cn/n1/2021/0520/c1013-30000001.html", AddressDate(2021, 5, 20)),
        ("http://a.cn/html/2022-11/03/content_1.htm", AddressDate(2022, 11, 3)),
        ("http://a.cn/news/202211/1001.html", AddressDate(2022, 11)),
        ("http://a.cn/news/2022-11/1001.html", AddressDate(2022, 11)),
        ("http://a.cn/2022/news/1001.html", AddressDate(2022)),
        ("http://a.cn/news/show.asp?id=20240101", None),
        ("http://a.cn/content/post_20241399.html", None),
        ("http://20240101.cn/a.html", None),
    ],
)
def test_what_an_address_states(url: str, stated: AddressDate | None) -> None:
    assert read_address(url) == stated


@given(
    st.dates(DAY(1990, 1, 1), DAY(2090, 1, 1)),
    st.datetimes(dt.datetime(1999, 1, 1), dt.datetime(2090, 1, 1)),  # noqa: DTZ001
)
def test_receipt_gives_the_latest_such_day_that_is_not_after_it(
    day: dt.date, received: dt.datetime
) -> None:
    received_at = received.replace(tzinfo=SHANGHAI)
    found = completed(Yearless(day.month, day.day), received_at=received_at)
    assert found is not None
    assert found.moment.day <= received_at.date()
    later = Yearless(day.month, day.day).in_year(found.moment.day.year + 1)
    assert later is None or later.day > received_at.date()


@given(st.text(max_size=100))
def test_no_address_makes_the_reader_raise(text: str) -> None:
    read_address(text)
    read_address("http://a.cn/" + text, r"(?P<year>\d+)")
