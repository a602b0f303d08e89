"""Times as pages write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.clock import SHANGHAI
from scraper.text.dated_addresses import url_moment
from scraper.text.times import read_day, read_moment


@pytest.mark.parametrize(
    ("text", "moment", "precision"),
    [
        ("2024-11-16 15:17:29", "2024-11-16 15:17:29", "second"),
        ("2024年11月16日15:17", "2024-11-16 15:17:00", "minute"),
        ("发布时间：２０２４－１１－１６　１５：１７", "2024-11-16 15:17:00", "minute"),
        ("2023-08-19 10∶08", "2023-08-19 10:08:00", "minute"),
        ("2024/1/6  9:05", "2024-01-06 09:05:00", "minute"),
        ("2024.11.16", "2024-11-16 00:00:00", "day"),
        ("2023-11-06 00:00", "2023-11-06 00:00:00", "day"),  # what a CMS writes for "not given"
        ("2024-11-16T07:17:29Z", "2024-11-16 15:17:29", "second"),
        ("2024-11-16T15:17:29+08:00", "2024-11-16 15:17:29", "second"),
        ("2019年06月15日（星期六）08时18分", "2019-06-15 08:18:00", "minute"),
        ("2024年3月5日 下午3:20", "2024-03-05 15:20:00", "minute"),
        ("11/16/2024 15:17", "2024-11-16 15:17:00", "minute"),
        ("1731741449", "2024-11-16 15:17:29", "second"),
        ("1731741449000", "2024-11-16 15:17:29", "second"),
    ],
)
def test_written_times(text: str, moment: str, precision: str) -> None:
    found = read_moment(text)
    assert found is not None
    assert found.at == dt.datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    assert found.precision == precision


@pytest.mark.parametrize(
    "text",
    ["2小时前", "昨天 12:30", "2024-13-40", "电话 0519-86620188", "第20240101号", "", "12:30"],
)
def test_what_is_no_time_of_its_own_is_refused(text: str) -> None:
    assert read_moment(text) is None


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://a.gov.cn/yw/202409/t20240918_693227.shtml", "2024-09-18"),
        ("http://a.gov.cn/art/2023/4/18/art_1201_50001.html", "2023-04-18"),
        ("http://news.cri.cn/20190321/cd01-5f.html", "2019-03-21"),
        ("http://a.people.com.cn/n1/2021/0520/c1013-30000001.html", "2021-05-20"),
        ("http://a.cn/html/2022-11/03/content_1.htm", "2022-11-03"),
        ("http://a.cn/news/show.asp?id=20240101", None),
        ("http://a.cn/content/post_20241399.html", None),
        ("http://20240101.cn/a.html", None),
    ],
)
def test_days_in_addresses(url: str, day: str | None) -> None:
    found = url_moment(url)
    assert (found and found.day.isoformat()) == day


def test_a_source_may_say_where_the_date_is_in_its_addresses() -> None:
    found = url_moment(
        "http://a.cn/x-16112024.html", r"-(?P<day>\d\d)(?P<month>\d\d)(?P<year>\d{4})"
    )
    assert found is not None
    assert found.day == dt.date(2024, 11, 16)


def test_days_in_numerals() -> None:
    assert read_day("二〇二四年十一月十六日") == dt.date(2024, 11, 16)
    assert read_day("二○二二年三月三十一日") == dt.date(2022, 3, 31)
    assert read_day("二〇二四年十三月一日") is None


@given(
    st.datetimes(min_value=dt.datetime(1990, 1, 1), max_value=dt.datetime(2090, 1, 1)),  # noqa: DTZ001
    st.sampled_from(["%Y-%m-%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y/%m/%d %H:%M:%S"]),
)
def test_what_was_written_is_read(at: dt.datetime, form: str) -> None:
    at = at.replace(microsecond=0)
    found = read_moment(f"来源：新华社 {at.strftime(form)} 字体")
    assert found is not None
    assert found.at == at.replace(tzinfo=SHANGHAI)


@given(st.text(alphabet="0123456789-/.:年月日时分 上下午Tz+", max_size=60))
def test_any_figures_are_read_or_refused(text: str) -> None:
    read_moment(text)
    read_day(text)
    url_moment("http://a.cn/" + text)
