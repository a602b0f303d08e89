"""Times inside lines: where they begin and end, times of day on either side, days whose year or order is open."""

from __future__ import annotations

import datetime as dt

import pytest

from scraper.text.moments import Clock, Unordered, Yearless, Years, hour_of, moment_of, numeral
from scraper.text.plain import plain
from scraper.text.times import (
    DOCUMENT,
    Moment,
    moments,
    read_brief,
    read_day,
    read_moment,
    read_split,
    read_stamp,
    read_value,
    unordered,
    yearless,
)

NINETIES = Years(1990, 1999)
"""Years of which none of the days below is believed."""


def said(moment: Moment | None) -> str:
    """``2024-05-03 09:30``, with seconds or without a time of day as far as it was written."""
    if moment is None:
        return ""
    form = {"day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M", "second": "%Y-%m-%d %H:%M:%S"}
    return moment.at.strftime(form[moment.precision])


def told(line: str) -> list[tuple[str, str]]:
    """What of a line is a time, and which."""
    return [(line[start:end].strip(), said(moment)) for start, end, moment in moments(line)]


LINES = {
    "2024年5月3日 09:30 和 2023-01-02": ["2024年5月3日 09:30", "2024-05-03 09:30", "2023-01-02", "2023-01-02"],
    "09:30 2024-05-03": ["09:30 2024-05-03", "2024-05-03 09:30"],
    "发布 9:30:15 2024-05-03": ["9:30:15 2024-05-03", "2024-05-03 09:30:15"],
    "9:30 2024-05-03 10:00": ["2024-05-03 10:00", "2024-05-03 10:00"],
    "时间:12:30   2024-05-03": ["2024-05-03", "2024-05-03"],
    "12:30 2024年5月3日 14:30 2024年5月4日": [
        "2024年5月3日 14:30", "2024-05-03 14:30", "2024年5月4日", "2024-05-04",
    ],
    "二〇二四年五月三日 9:30发布": ["二〇二四年五月三日 9:30", "2024-05-03 09:30"],
    "二〇二四年五月三日，二〇二四年五月四日": [
        "二〇二四年五月三日", "2024-05-03", "二〇二四年五月四日", "2024-05-04",
    ],
    "2024年5月3日,二〇二四年五月四日,2024-05-05": [
        "2024年5月3日", "2024-05-03", "二〇二四年五月四日", "2024-05-04", "2024-05-05", "2024-05-05",
    ],
    "二〇二四年五月三日下午3时30分 2024-05-04": [
        "二〇二四年五月三日下午3时30分", "2024-05-03 15:30", "2024-05-04", "2024-05-04",
    ],
    "10:30 am, May 6, 2019": ["10:30 am, May 6, 2019", "2019-05-06 10:30"],
    "Posted 3 p.m. May 6, 2019": ["3 p.m. May 6, 2019", "2019-05-06 15:00"],
    "15:04:05 May 6, 2019": ["15:04:05 May 6, 2019", "2019-05-06 15:04:05"],
    "May 6, 2019 3:04 pm": ["May 6, 2019 3:04 pm", "2019-05-06 15:04"],
    "May 6, 2019, 3:04:05 PM": ["May 6, 2019, 3:04:05 PM", "2019-05-06 15:04:05"],
    "May 6, 2019 at 15:04:05": ["May 6, 2019 at 15:04:05", "2019-05-06 15:04:05"],
    "May 6, 2019 12 am": ["May 6, 2019 12 am", "2019-05-06"],
    "6 May 2019 10:30": ["6 May 2019 10:30", "2019-05-06 10:30"],
    "Monday, May 6, 2019": ["May 6, 2019", "2019-05-06"],
    "11 pm May 6, 2019 and May 7, 2019": [
        "11 pm May 6, 2019", "2019-05-06 23:00", "May 7, 2019", "2019-05-07",
    ],
    "2019-05-07 and May 6, 2019 and 2019-05-08": [
        "2019-05-07", "2019-05-07", "May 6, 2019", "2019-05-06", "2019-05-08", "2019-05-08",
    ],
    "1989-12-31 and 2024-05-03": ["2024-05-03", "2024-05-03"],
    "5月3日 12:30": [],
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_line_tells_its_times_and_where_they_stand(line: str) -> None:
    found = told(plain(line))
    assert [part for pair in found for part in pair] == [plain(part) for part in LINES[line]]


@pytest.mark.parametrize("line", [line for line, times in LINES.items() if times])
def test_only_years_that_are_believed_are_told(line: str) -> None:
    assert list(moments(plain(line), NINETIES)) == []
    assert read_moment(line, years=NINETIES) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24-05-03", "2024-05-03"),
        ("[24-05-03 09:30]", "2024-05-03 09:30"),
        ("99-05-03", ""),
        ("24-13-03", ""),
        ("无", ""),
    ],
)
def test_a_year_of_two_figures_is_of_this_century(text: str, day: str) -> None:
    assert said(read_brief(text)) == day
    assert read_brief(text, NINETIES) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024年11月16日", dt.date(2024, 11, 16)),
        ("二〇二四年十一月十六日", dt.date(2024, 11, 16)),
        ("十一月 16, 2024", dt.date(2024, 11, 16)),
        ("1960年5月1日", dt.date(1960, 5, 1)),
        ("一九六〇年五月一日", dt.date(1960, 5, 1)),
        ("五月 1, 1960", dt.date(1960, 5, 1)),
        ("1948年5月1日", None),
        ("五月 1, 1948", None),
        ("五月 40, 1960", None),
        ("2024年", None),
    ],
)
def test_documents_are_older_than_sites(text: str, day: dt.date | None) -> None:
    assert read_day(text) == day
    assert read_day(text, NINETIES) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("19 2023-05", "2023-05-19"),
        ("19\n2023.05", "2023-05-19"),
        ("05-19 2023", "2023-05-19"),
        ("2023 05-19", "2023-05-19"),
        ("19 May 2023", "2023-05-19"),
        ("19 2023-05 x", ""),
    ],
)
def test_a_day_set_apart_from_its_year(text: str, day: str) -> None:
    assert said(read_split(text)) == day
    assert read_split(text, NINETIES) is None


@pytest.mark.parametrize(
    ("value", "stated"),
    [
        ([2024, 11, 15, 9, 30], "2024-11-15 09:30"),
        ([2024, 11, 15, 9, 30, 15], "2024-11-15 09:30:15"),
        ([2024, 11, 15, 9, 30, 15, 500000], "2024-11-15 09:30:15"),
        ([2024, 11, 15, 9, 30, 15, 500000, 1], ""),
        ([2024, 11, 15, 9], "2024-11-15"),
        ([2024, 11, 15], "2024-11-15"),
        ([2024, 11], ""),
        (1731634200.5, "2024-11-15 09:30:00"),
        (1731634200, "2024-11-15 09:30:00"),
        (20241115, "2024-11-15"),
        (0.0, ""),
        (1e19, ""),
        ({"$date": "2024-11-15T16:30:00Z"}, "2024-11-16 00:30:00"),
    ],
)
def test_a_value_of_json_states_as_much_as_it_has(value: object, stated: str) -> None:
    assert said(read_value(value)) == stated
    assert read_value(value, NINETIES) is None


def test_the_years_go_along_into_another_zone() -> None:
    assert said(read_stamp("1960-01-02T10:00:00Z", DOCUMENT)) == "1960-01-02 18:00:00"
    assert read_stamp("1960-01-02T10:00:00Z") is None
    assert said(read_stamp("1989-12-31T20:00:00Z")) == "1990-01-01 04:00:00"


def test_the_years_go_along_into_an_object() -> None:
    assert said(read_value({"$date": "1960-01-02T00:00:00Z"}, DOCUMENT)) == "1960-01-02"
    assert read_value({"$date": "1960-01-02T00:00:00Z"}) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("06/02/2022 15:04", [Unordered(6, 2, 2022, Clock(15, 4))]),
        ("06/02/2022 3:04 PM", [Unordered(6, 2, 2022, Clock(15, 4))]),
        ("12/31/2022", [Unordered(12, 31, 2022)]),
        ("31/12/2022", [Unordered(31, 12, 2022)]),
        ("1/1/2022", [Unordered(1, 1, 2022)]),
        ("13/13/2022", []),
        ("13/14/2022", []),
        ("0/5/2022", []),
        ("12/32/2022", []),
    ],
)
def test_two_figures_of_which_either_may_be_the_month(text: str, days: list[Unordered]) -> None:
    assert [day for _, _, day in unordered(text)] == days


def test_a_day_has_its_own_order_or_the_one_of_its_page() -> None:
    may = Unordered(6, 5, 2019)
    assert said(read_moment("06/05/2019", order="day-first")) == "2019-05-06"
    assert read_moment("06/05/2019", order="day-first", years=NINETIES) is None
    assert read_moment("31/05/2019", years=NINETIES) is None
    assert said(may.ordered("month-first")) == "2019-06-05"
    assert said(may.ordered("day-first")) == "2019-05-06"
    assert may.ordered(None) is None
    assert may.ordered("day-first", NINETIES) is None
    assert said(Unordered(31, 5, 2019).ordered("month-first")) == "2019-05-31"
    assert said(Unordered(5, 31, 2019).ordered("day-first")) == "2019-05-31"
    assert said(Unordered(5, 5, 2019).ordered(None)) == "2019-05-05"


@pytest.mark.parametrize(
    ("line", "days"),
    [
        (
            "5月3日 9:30 发布 6月1日",
            {"5月3日 9:30": Yearless(5, 3, Clock(9, 30)), "6月1日": Yearless(6, 1)},
        ),
        ("05-03 09:30", {"05-03 09:30": Yearless(5, 3, Clock(9, 30))}),
        ("05-03", {}),
        ("2024年5月3日 6月1日", {"6月1日": Yearless(6, 1)}),
        (
            "3月2日;2024-01-02 09:00 12-31 08:00",
            {"3月2日": Yearless(3, 2), "12-31 08:00": Yearless(12, 31, Clock(8, 0))},
        ),
    ],
)
def test_days_without_a_year_beside_full_dates(line: str, days: dict[str, Yearless]) -> None:
    assert {line[start:end]: day for start, end, day in yearless(line)} == days


@pytest.mark.parametrize(
    ("text", "stated"),
    [
        ("20241115093061", ""),
        ("20241115093060", ""),
        ("20241115096030", ""),
        ("20241115250000", ""),
        ("20241115240000", "2024-11-15"),
        ("2024111523", "2024-11-15 23:00"),
        ("2024111524", "2034-02-21 13:12:04"),  # as seconds since 1970
        ("20241115T0930+0900", "2024-11-15 08:30"),
        ("2024-11-15T09:30:00+14:00", "2024-11-15 03:30:00"),
        ("2024-11-15T09:30:00+15:00", ""),
        ("2024-11-15T09:30:00-0500", "2024-11-15 22:30:00"),
        ("2024-11-15T09:30:00+9", ""),
        ("2024-11-15T09:30:00GMT+09", "2024-11-15 08:30:00"),
        ("15 Nov 2024 09:30 EST", "2024-11-15 22:30"),
        ("15 Nov 2024 09:30 PDT", "2024-11-16 00:30"),
        ("15 Nov 2024 09:30:15.250 GMT", "2024-11-15 17:30:15"),
        ("Fri, 15 Nov 69 09:30:00 GMT", "2069-11-15 17:30:00"),
        ("Fri, 15 Nov 91 09:30:00 GMT", "1991-11-15 17:30:00"),
        ("15 Nov 70", ""),
        ("15 abc Nov 2024", ""),
        ("15 Nov Dec 2024", ""),
        ("99999999999", ""),
        ("0", ""),
        (f"Friday Nov 15 2024 09:30:00 GMT+0800  ({'a' * 40})", "2024-11-15 09:30:00"),  # 80 signs
        (f"Friday Nov 15 2024 09:30:00 GMT+0800   ({'a' * 40})", ""),
        ("", ""),
        ("2024-11-15" + " " * 118, "2024-11-15"),
        ("2024-11-15" + " " * 119, ""),
    ],
)
def test_what_machines_write_is_a_whole_value(text: str, stated: str) -> None:
    assert said(read_stamp(text)) == stated
    if "91" not in text:
        assert read_stamp(text, NINETIES) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("五", 5),
        ("十", 10),
        ("十一", 11),
        ("三十", 30),
        ("二十九", 29),
        ("〇五", 5),
        ("", 0),
        ("甲", 0),
        ("甲十", 0),
        ("十甲", 10),
        ("二〇二四", 2024),
    ],
)
def test_chinese_numerals(text: str, number: int) -> None:
    assert numeral(text) == number


@pytest.mark.parametrize(
    ("clock", "stated"),
    [
        (Clock(0, 0), "2024-05-03"),
        (Clock(24, 0), "2024-05-03"),
        (Clock(0, 0, 1), "2024-05-03 00:00:01"),
        (Clock(23, 59, 59), "2024-05-03 23:59:59"),
        (Clock(23, 59), "2024-05-03 23:59"),
        (Clock(24, 1), "2024-05-03"),
        (Clock(23, 60), "2024-05-03"),
        (Clock(23, 59, 60), "2024-05-03"),
        (Clock(-1, 0), "2024-05-03"),
        (None, "2024-05-03"),
    ],
)
def test_a_time_of_day_that_no_clock_shows_leaves_the_day(clock: Clock | None, stated: str) -> None:
    assert said(moment_of(2024, 5, 3, clock)) == stated


@pytest.mark.parametrize(
    ("hour", "noon", "half", "of_24"),
    [
        (5, "夜", None, 5),
        (6, "夜", None, 18),
        (9, "夜里", None, 21),
        (1, "中午", None, 13),
        (3, "中午", None, 3),
        (12, "中午", None, 12),
        (12, "凌晨", None, 0),
        (12, "下午", None, 12),
        (6, "傍晚", None, 18),
        (11, "晚上", None, 23),
        (3, None, "PM", 15),
        (12, None, "a.m.", 0),
        (12, None, None, 12),
        (15, "下午", None, 15),
    ],
)
def test_words_of_the_day_make_hours_of_twenty_four(
    hour: int, noon: str | None, half: str | None, of_24: int
) -> None:
    assert hour_of(hour, noon, half) == of_24
