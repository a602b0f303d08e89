"""An address without the session of the visitor to whom it was shown, else as it is written."""

from __future__ import annotations

import pytest

from scraper.urls.normal import normal_url, without_session

S = "/(S(abcdefghijklmnopqrstuvwx))"


@pytest.mark.parametrize(
    ("shown", "left"),
    [
        ("http://a.cn/1.html", "http://a.cn/1.html"),
        ("http://A.cn/x/../1.html?B=1&a=%e4&&", "http://A.cn/x/../1.html?B=1&a=%e4&&"),
        ("http://a.cn/1?", "http://a.cn/1?"),
        ("http://a.cn/s.jsp;jsessionid=0A1B?id=1", "http://a.cn/s.jsp?id=1"),
        ("http://a.cn/s.jsp;jsessionid=0A1B", "http://a.cn/s.jsp"),
        (f"http://a.cn{S}/s.aspx?id=1", "http://a.cn/s.aspx?id=1"),
        ("http://a.cn/s?jsessionid=1", "http://a.cn/s"),
        ("http://a.cn/s?PHPSESSID=x&id=1&jsessionid=y&p=2", "http://a.cn/s?id=1&p=2"),
        ("http://a.cn/s?id=jsessionid", "http://a.cn/s?id=jsessionid"),
        ("http://a.cn/s?id=1?jsessionid=2", "http://a.cn/s?id=1?jsessionid=2"),
    ],
)
def test_only_the_session_goes(shown: str, left: str) -> None:
    assert without_session(shown) == left


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("http://a.cn/s#/news/12", "http://a.cn/s#/news/12"),
        ("http://a.cn/s#!/news", "http://a.cn/s#!/news"),
        ("http://a.cn/s#/", "http://a.cn/s"),
        ("http://a.cn/s#!/", "http://a.cn/s"),
        ("http://a.cn/s#top", "http://a.cn/s"),
        ("http://a.cn./s", "http://a.cn/s"),
        ("http://a.cn", "http://a.cn/"),
        ("http://a.cn/x/..", "http://a.cn/"),
        ("http://a.cn/x/y/.", "http://a.cn/x/y/"),
        ("http://a.cn/x/y/..", "http://a.cn/x/"),
        ("http://a.cn/%7e%41%2f%e4", "http://a.cn/~A%2F%E4"),
        ("http://a.cn/s?w=%D6%D0%CE%C4", "http://a.cn/s?w=%E4%B8%AD%E6%96%87"),
        ("http://a.cn/s?w=%e4%b8%ad", "http://a.cn/s?w=%E4%B8%AD"),
        ("http://a.cn/s?w=%E4%B8%AD@x", "http://a.cn/s?w=%E4%B8%AD@x"),
        ("http://a.cn/s?w=%FF%FF", "http://a.cn/s?w=%FF%FF"),
    ],
)
def test_keys(written: str, key: str) -> None:
    assert normal_url(written) == key
