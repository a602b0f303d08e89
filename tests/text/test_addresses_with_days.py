"""What an address states of a day, by itself and by a source's own pattern; the year it gives a day."""

from __future__ import annotations

import datetime as dt

import pytest

from scraper.clock import SHANGHAI
from scraper.text.dated_addresses import AddressDate, read_address, url_moment
from scraper.text.moments import Yearless, Years
from scraper.text.years import completed, latest_before

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


DIGEST = "8beef9686e546e9a0459fa239799ca7"


@pytest.mark.parametrize(
    ("path", "stated"),
    [
        ("/202411/1.html", AddressDate(2024, 11)),
        ("/202411/16.html", AddressDate(2024, 11)),
        ("/202411/01.shtml", AddressDate(2024, 11)),
        ("/c/202411/01.html", AddressDate(2024, 11)),
        ("/2024-11/1.html", AddressDate(2024, 11)),
        ("/2024-11/16.html", AddressDate(2024, 11)),
        ("/2024/11/1.html", AddressDate(2024, 11)),
        ("/2024/11/16.html", AddressDate(2024, 11)),
        ("/2024/11/15_2.html", AddressDate(2024, 11)),  # the second page of number 15
        ("/2024/11/16", AddressDate(2024, 11)),
        ("/2024/5/3.html", AddressDate(2024, 5)),
        ("/2024/11.html", AddressDate(2024)),
        ("/2024/1116.html", AddressDate(2024)),
        ("/202411/t1_50001.html", AddressDate(2024, 11)),
        ("/202411/t16_50001.html", AddressDate(2024, 11)),
        ("/2024/11/t16_50001.html", AddressDate(2024, 11)),
        ("/202411/164177765.shtml", AddressDate(2024, 11)),
        (f"/202310/2{DIGEST}.shtml", AddressDate(2023, 10)),
        (f"/202310/30{DIGEST[1:]}.shtml", AddressDate(2023, 10)),
        (f"/202310/0{DIGEST}.shtml", AddressDate(2023, 10)),
        (f"/yw/20231002{DIGEST[7:]}.shtml", None),
        (f"/yw/be20231002{DIGEST[9:]}.shtml", None),
        ("/16/0721/10/BSG7HOH20001124J.html", None),
        ("/n/2018123199345678901.html", None),  # 19 figures, and 99:34 is no time of day
        ("/thread-202512-1-1.html", None),
        ("/forum-202411-16.html", None),
        ("/show-2024-11-1.html", None),
        ("/show-12-2024-11-16.html", None),
        ("/2024-11-1-1.html", AddressDate(2024, 11)),
        ("/content/post_20241116.html", None),
        ("/content/content_20241116.htm", None),
        ("/2024/11/content_20241003.htm", AddressDate(2024, 11)),
        ("/article/details/20130515", None),
        ("/post20241116.html", None),
        ("/aid_202411.html", None),
    ],
)
def test_a_number_in_a_days_place_is_no_day(path: str, stated: AddressDate | None) -> None:
    assert read_address(f"http://a.cn{path}") == stated
    assert url_moment(f"http://a.cn{path}") is None


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/2024/11/16/", "2024-11-16"),
        ("/2024/5/3/1.html", "2024-05-03"),
        ("/2024/11/1/1.html", "2024-11-01"),
        ("/2021/0520/c1013-30000001.html", "2021-05-20"),
        ("/2022-11/03/content_1.htm", "2022-11-03"),
        ("/202408/25/53faa.html", "2024-08-25"),
        ("/2020/11-26/9347661.shtml", "2020-11-26"),
        ("/2024-11-16.html", "2024-11-16"),
        ("/2020-5-2/1.html", "2020-05-02"),
        ("/news-2024-11-16.html", "2024-11-16"),
        ("/show_2024-11-16.html", "2024-11-16"),
        ("/2024-11-16-1.html", "2024-11-16"),
        ("/article/2024-11-16.html", "2024-11-16"),
        ("/article/20241116/1.html", "2024-11-16"),
        ("/article/2024/11/16/1.html", "2024-11-16"),
        (f"/contents/2020/4/14-1{DIGEST}.html", "2020-04-14"),
        ("/20241116.html", "2024-11-16"),
        ("/20241116A0T6F700.html", "2024-11-16"),
        ("/VRB2024111600763800.html", "2024-11-16"),
        ("/20241116455061.shtml", "2024-11-16"),
        ("/2024111609015153267/index.shtml", "2024-11-16"),
        ("/paper_20241116_2-04.htm", "2024-11-16"),
        ("/%E6%96%B0%E9%97%BB20241116.html", "2024-11-16"),
        ("/image2019/09/20190905_1/1.html", "2019-09-05"),  # not the 20th
        ("/2018/10/20181025163232.html", "2018-10-25"),
        ("/202411/t20241016_1.html", "2024-10-16"),
        ("/16/0721/10/t20160721_20001124J.html", "2016-07-21"),
    ],
)
def test_a_whole_date_is_a_day(path: str, day: str) -> None:
    stated = read_address(f"http://a.cn{path}")
    assert stated is not None
    assert stated.whole == dt.date.fromisoformat(day)


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
