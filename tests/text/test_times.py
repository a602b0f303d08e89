"""The one reader of dates and times: human and machine forms, years, orders, and hostile texts."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.clock import SHANGHAI
from scraper.text import times
from scraper.text.times import DOCUMENT, PUBLICATION, Clock, Unordered, Yearless

HUMAN = {
    "2024年5月10日 9时30分": "2024-05-10T09:30 minute",
    "2024年5月10日9点30分15秒": "2024-05-10T09:30:15 second",
    "2024-05-10 09:30": "2024-05-10T09:30 minute",
    "2024.5.10": "2024-05-10 day",
    "2024—05—10 16:39": "2024-05-10T16:39 minute",
    "2024–05–10 16∶39": "2024-05-10T16:39 minute",
    "２０２４－０５－１０　１６：３９": "2024-05-10T16:39 minute",
    "2024年5月10日 下午3:05": "2024-05-10T15:05 minute",
    "2024年5月10日 上午10:05": "2024-05-10T10:05 minute",
    "2024年5月10日（星期五）中午1时05分": "2024-05-10T13:05 minute",
    "2024年5月10日 凌晨12:05": "2024-05-10T00:05 minute",
    "2024-05-10 12:05 AM": "2024-05-10T00:05 minute",
    "2024-05-10 12:05 p.m.": "2024-05-10T12:05 minute",
    "2024-05-10 3:05:09 PM": "2024-05-10T15:05:09 second",
    "2024/05/10 上午9:30:00": "2024-05-10T09:30:00 second",
    "2024-05-10 PM 03:05": "2024-05-10T15:05 minute",
    "2024-05-10 15:05 PM": "2024-05-10T15:05 minute",
    "2024年5月10日 3:05下午": "2024-05-10T15:05 minute",
    "2024年5月10日 12:05 上午": "2024-05-10T00:05 minute",
    "2024-05-10 09:30 下午召开": "2024-05-10T09:30 minute",
    "2024-05-10,16:39": "2024-05-10T16:39 minute",
    "2024-05-10 | 16:39": "2024-05-10T16:39 minute",
    "2024-05-10 16︰39": "2024-05-10T16:39 minute",
    "二〇二四年五月十日": "2024-05-10 day",
    "二○二四年五月三十日上午九时三十分": "2024-05-30T09:30 minute",
    "2024-05-10 00:00": "2024-05-10 day",
    "2024-05-10 24:00": "2024-05-10 day",
    "2024-05-10 09:00-11:00": "2024-05-10T09:00 minute",
    "25/12/2022 3:04 PM": "2022-12-25T15:04 minute",
    "12/25/2022": "2022-12-25 day",
    "May 6th, 2019": "2019-05-06 day",
    "06 September 2019": "2019-09-06 day",
}
MACHINE = {
    "20241115093000": "2024-11-15T09:30:00 second",
    "202411150930": "2024-11-15T09:30 minute",
    "2024111509": "2024-11-15T09:00 minute",
    "20241115093000123": "2024-11-15T09:30:00 second",
    "20241115": "2024-11-15 day",
    "1731634200": "2024-11-15T09:30:00 second",
    "1731634200000": "2024-11-15T09:30:00 second",
    "1731634200000000": "2024-11-15T09:30:00 second",
    "1731634200.25": "2024-11-15T09:30:00 second",
    "1.7316342E12": "2024-11-15T09:30:00 second",
    "1731600000": "2024-11-15 day",  # midnight in Shanghai
    "946656000": None,  # nine figures: 1999-12-31T16:00Z, midnight in Shanghai
    "2024-11-15T16:30:00+0000": "2024-11-16T00:30:00 second",
    "2024-11-15T16:30:00.123Z": "2024-11-16T00:30:00 second",
    "2024-11-15T16:30Z": "2024-11-16T00:30 minute",
    "2024-11-15T09:30:00+08:00[Asia/Shanghai]": "2024-11-15T09:30:00 second",
    "2024-11-15T16:30:00Z[UTC]": "2024-11-16T00:30:00 second",
    "2024-11-15 16:30:00 UTC": "2024-11-16T00:30:00 second",
    "2024-11-15 09:30:00 CST": "2024-11-15T09:30:00 second",
    "2024-11-15 09:30:00.0": "2024-11-15T09:30:00 second",
    "2024-11-15T14:00+09:00": "2024-11-15T13:00 minute",
    "2024-11-15T10:00:00+05:30": "2024-11-15T12:30:00 second",
    "2024-11-14T16:00:00Z": "2024-11-15 day",
    "2024-11-15T00:00:00Z": "2024-11-15 day",  # a day that a machine put a zone behind
    "20241115T013000Z": "2024-11-15T09:30:00 second",
    "Fri, 15 Nov 2024 09:30:00 +0800": "2024-11-15T09:30:00 second",
    "Fri, 15 Nov 2024 09:30:00 CST": "2024-11-15T09:30:00 second",
    "Fri, 15 Nov 24 01:30 GMT": "2024-11-15T09:30 minute",
    "15 Nov 2024 20:00 +0900": "2024-11-15T19:00 minute",
    "Fri Nov 15 09:30:00 CST 2024": "2024-11-15T09:30:00 second",
    "Fri Nov 15 01:30:00 UTC 2024": "2024-11-15T09:30:00 second",
    "Fri Nov 15 2024 09:30:00 GMT+0800 (中国标准时间)": "2024-11-15T09:30:00 second",
    "Fri Nov 15 09:30:00 2024": "2024-11-15T09:30:00 second",
    "Nov 15, 2024 9:30:00 AM": "2024-11-15T09:30:00 second",
    "Nov 15 2024  9:30PM": "2024-11-15T21:30 minute",
    "Nov 15 at 09:30 2024": "2024-11-15T09:30 minute",
    "Nov 15 at 9:30 PM 2024": "2024-11-15T21:30 minute",
    "Nov 15, 2024 at 9:30 AM": "2024-11-15T09:30 minute",
    "Friday, 15th of November, 2024 at 09:30": "2024-11-15T09:30 minute",
    "15th of November 2024": "2024-11-15 day",
    "15 of Nov 2024": "2024-11-15 day",
    "On Nov 15, 2024": "2024-11-15 day",
    "09:30 on Nov 15, 2024": "2024-11-15T09:30 minute",
    "On Friday 15 Nov 2024 AT 09:30:15": "2024-11-15T09:30:15 second",
    "Fri, 15 Nov 2024 01:30 UT": "2024-11-15T09:30 minute",
    "15-NOV-24": "2024-11-15 day",
    "15-11月-24": "2024-11-15 day",
    "星期五, 15 十一月 2024 09:30:00 +0800": "2024-11-15T09:30:00 second",
    "/Date(1731634200000+0800)/": "2024-11-15T09:30:00 second",
}


def said(text: str | None) -> tuple[dt.datetime, str] | None:
    if text is None:
        return None
    at, precision = text.split()
    return dt.datetime.fromisoformat(at).replace(tzinfo=SHANGHAI), precision


@pytest.mark.parametrize("text", [*HUMAN, *MACHINE])
def test_every_form_is_read(text: str) -> None:
    stated = (HUMAN | MACHINE)[text] or "2000-01-01 day"
    moment = times.read_value(text)
    assert moment is not None
    assert (moment.at, moment.precision) == said(stated)


@pytest.mark.parametrize("text", sorted(MACHINE))
def test_machine_forms_are_whole_values(text: str) -> None:
    assert times.read_stamp(text) is not None
    assert times.read_stamp(f"第{text}号 文件") is None


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (1731634200, "2024-11-15"),
        (1731634200000, "2024-11-15"),
        (1731634200.5, "2024-11-15"),
        (20241115, "2024-11-15"),
        (20241115093000, "2024-11-15"),
        ([2024, 11, 15, 9, 30], "2024-11-15"),
        ([2024, 11, 15], "2024-11-15"),
        ({"time": 1731634200000, "year": 124, "month": 10}, "2024-11-15"),
        ({"$date": "2024-11-15T16:30:00Z"}, "2024-11-16"),
        ({"$date": {"$numberLong": "1731634200000"}}, "2024-11-15"),
    ],
)
def test_values_of_json_are_read_whatever_their_type(value: object, day: str) -> None:
    moment = times.read_value(value)
    assert moment is not None
    assert moment.day.isoformat() == day


NONE = [
    "", "2小时前", "昨天 12:30", "12:30", "2024-13-40", "26110602", "9999-12-31T23:59:59Z", "9" * 400, "1" * 5000,
    "Mon, 01 Jan 0001 00:00:00 +0000", "Fri, 31 Dec 9999 23:59:59 GMT", "0", "-1", "第20240101号", "0000-00-00 00:00:00",
    "1970-01-01 08:00:00", "1970-01-01T00:00:00Z", "06/02/2022", "May 2019", "30 Feb 2023", "20240230", "电话 0519-86620188",
    "²⁰²⁴", "٢٠٢٤-٠٥-١٠", 0, -5, True, None, 10**400, float("nan"), float("inf"), 1e300, [2024], [2024, 13, 1], ["2024", 1, 2],
    "Nov 15 at 2024", "Nov 15 in 2024", "15 of 11 of 2024", "on 09:30 2024",
    [2024, 5, 10**30], {"time": None}, {"time": {"time": 1}}, {}, [],
]  # fmt: skip


@pytest.mark.parametrize("value", NONE, ids=range(len(NONE)))
def test_what_states_no_believable_time_is_none(value: object) -> None:
    assert times.read_value(value) is None


def test_the_years_that_are_believed_are_an_argument() -> None:
    assert times.read_value("1989-12-31") is None
    assert times.read_value("1990-01-01") is not None
    assert times.read_moment("1951-03-02", years=DOCUMENT) is not None
    assert times.read_day("一九五一年三月二日") == dt.date(1951, 3, 2)
    assert times.read_day("1948-03-02") is None
    assert times.read_value("2028-01-01", PUBLICATION.until(2027)) is None
    assert times.read_value("1830000000", PUBLICATION.until(2027)) is not None  # late in 2027
    assert times.read_value("1831000000", PUBLICATION.until(2027)) is None  # early in 2028


def test_a_day_without_a_year_is_a_value_of_its_own() -> None:
    text = "05-03 09:30 来源：青川日报 5月4日 2024年5月6日 08:30 2024年 6月7日"
    found = [day for _, _, day in times.yearless(text)]
    assert found == [Yearless(5, 3, Clock(9, 30)), Yearless(5, 4)]
    assert times.read_moment("05-03 09:30") is None
    assert times.read_yearless("[05-03]") == Yearless(5, 3)
    assert times.read_yearless("5/3") == Yearless(5, 3)
    assert times.read_yearless("5月3日 下午3:05") == Yearless(5, 3, Clock(15, 5))
    assert times.read_yearless("第5-3号") is None
    assert Yearless(2, 29).in_year(2023) is None


def test_lines_hold_times_with_zones_and_in_numerals() -> None:
    line = "发布 2024-05-10T08:39:05.000Z 修订 二〇二四年五月十一日 施行 2024-05-12 09:00-11:00"
    found = [(moment.at.isoformat(), moment.precision) for _, _, moment in times.moments(line)]
    assert found == [
        ("2024-05-10T16:39:05+08:00", "second"),
        ("2024-05-11T00:00:00+08:00", "day"),
        ("2024-05-12T09:00:00+08:00", "minute"),
    ]


MOTIFS = [
    "2024-",
    "2024年5月",
    "二〇",
    "5月3日 ",
    "06/02/",
    "12:",
    "上午",
    " ",
    "T",
    "星期",
    "1",
    "Nov ",
    "+08:",
    "九",
]


@pytest.mark.parametrize("motif", MOTIFS)
def test_a_long_text_is_read_in_proportion_to_its_length(motif: str) -> None:
    """With a reader that costs the square of the length this does not end."""
    text = motif * (400_000 // len(motif))
    for read in (times.read_value, times.read_day, times.read_yearless, times.read_brief):
        read(text)
    for found in (times.moments, times.yearless, times.unordered):
        for _ in found(text):
            pass


def test_an_order_needs_evidence() -> None:
    page = "06/02/2022 12:30 ... 25/12/2021 ... 7/7/2021"
    days = [day for _, _, day in times.unordered(page)]
    assert days[0] == Unordered(6, 2, 2022, Clock(12, 30))
    assert times.order_of(days) == "day-first"
    assert times.order_of(days[:1]) is None
    assert times.order_of([*days, Unordered(1, 31, 2022)]) is None
    read = times.read_moment("06/02/2022", order="month-first")
    assert read is not None
    assert read.day == dt.date(2022, 6, 2)
    read = times.read_moment("06/02/2022", order="day-first")
    assert read is not None
    assert read.day == dt.date(2022, 2, 6)


@given(st.datetimes(min_value=dt.datetime(1992, 1, 1), max_value=dt.datetime(2099, 1, 1)))  # noqa: DTZ001
def test_what_machines_wrote_is_read(at: dt.datetime) -> None:
    stated = at.replace(microsecond=0, tzinfo=SHANGHAI)
    forms = [
        stated.isoformat(),
        stated.astimezone(dt.UTC).isoformat(),
        stated.strftime("%Y%m%d%H%M%S"),
        stated.strftime("%a, %d %b %Y %H:%M:%S +0800"),
        stated.strftime("%a %b %d %H:%M:%S CST %Y"),
        stated.strftime("%b %d, %Y %I:%M:%S %p"),
        int(stated.timestamp()) * 1000,
    ]
    for form in forms:
        moment = times.read_value(form)
        assert moment is not None, form
        assert moment.day == stated.date(), form
        assert moment.precision == "day" or moment.at == stated, form


FIGURES = st.text(
    alphabet="0123456789０２-/.:：年月日时分秒 上午下PMamTzZ+二〇十星期,()GUNovCS", max_size=80
)


@given(FIGURES | st.text(max_size=80))
def test_no_text_makes_a_reader_raise(text: str) -> None:
    for read in (
        times.read_value,
        times.read_day,
        times.read_yearless,
        times.read_brief,
        times.read_split,
    ):
        read(text)
    for found in (times.moments, times.yearless, times.unordered):
        for start, end, _ in found(text):
            assert 0 <= start < end <= len(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | FIGURES,
    lambda inner: (
        st.lists(inner, max_size=7)
        | st.dictionaries(st.sampled_from(["$date", "time", "x"]), inner)
    ),
    max_leaves=9,
)


@given(JSON)
def test_no_value_makes_the_reader_raise(value: object) -> None:
    moment = times.read_value(value)
    assert moment is None or 1990 <= moment.at.year <= 2099


def test_deep_objects_are_not_followed() -> None:
    assert times.read_value(json.loads('{"time":' * 500 + "1731634200" + "}" * 500)) is None
