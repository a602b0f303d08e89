"""The normal form merges what is the same, and never two articles."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.urls import normal_url
from tests.urls.version_1 import normal_url as key_of_version_1

SEGMENT = st.text(alphabet="abcXYZ019-_.~中文%41", min_size=1, max_size=8)
PATH = st.lists(SEGMENT, max_size=5).map(lambda parts: "/" + "/".join(parts))
PAIR = st.tuples(
    st.sampled_from(["id", "from", "page", "utm_source", "spm", "a", "share_token"]),
    st.text(alphabet="abc123中%", max_size=5),
)
QUERY = st.lists(PAIR, max_size=4).map(lambda pairs: "&".join(f"{a}={b}" for a, b in pairs))
HOST = st.sampled_from(["www.tj.gov.cn", "WWW.TJ.GOV.CN", "m.tj.gov.cn:80", "[::1]", "tj.gov.cn."])
URLS = st.builds(
    lambda scheme, host, path, query, mark: f"{scheme}://{host}{path}?{query}#{mark}",
    st.sampled_from(["http", "https", "HTTP"]), HOST, PATH, QUERY, st.sampled_from(["", "top"]),
)  # fmt: skip


@given(URLS)
def test_the_normal_form_is_its_own_normal_form(url: str) -> None:
    assert normal_url(normal_url(url)) == normal_url(url)


@given(URLS)
def test_the_key_of_a_key_of_version_1_is_the_addresss_own(url: str) -> None:
    """What an archive brings over is the old key; its article is listed under its address."""
    assert normal_url(key_of_version_1(url)) == normal_url(url)


@given(st.text())
def test_any_text_is_survived(text: str) -> None:
    assert normal_url(normal_url(text)) == normal_url(text)


@given(PATH, st.lists(st.tuples(st.sampled_from(["id", "aid", "c", "newsid"]), st.integers(0, 99))))
def test_ids_are_kept(path: str, ids: list[tuple[str, int]]) -> None:
    query = "&".join(f"{name}={value}" for name, value in ids)
    assert urlsplit(normal_url(f"http://a.cn{path}?utm_source=x&{query}")).query == query


@given(st.integers(1, 9999), st.integers(1, 9999))
def test_two_articles_never_become_one(one: int, other: int) -> None:
    forms = [
        "http://a.cn/202609/t20260901_{}.html",
        "http://a.cn/show.jsp?id={}&from=timeline",
        "http://a.cn/#/news/{}",
        "http://a.cn/{}/index.html",
    ]
    for form in forms:
        same = normal_url(form.format(one)) == normal_url(form.format(other))
        assert same == (one == other)


@pytest.mark.parametrize(
    ("given_url", "expected"),
    [
        ("HTTP://WWW.TJ.gov.cn:80/a/./b/../c.html#top", "http://www.tj.gov.cn/a/c.html"),
        ("https://www.tj.gov.cn:443", "https://www.tj.gov.cn/"),
        ("https://www.tj.gov.cn:8443/", "https://www.tj.gov.cn:8443/"),
        ("http://a.cn/x/index.html", "http://a.cn/x/"),
        ("http://a.cn/x/index.shtml?spm=1.2", "http://a.cn/x/"),
        ("http://a.cn/index.jsp?id=3", "http://a.cn/index.jsp?id=3"),
        ("http://a.cn/?b=2&utm_medium=m&a=1&isappinstalled=0", "http://a.cn/?b=2&a=1"),
        ("http://a.cn/p?from=singlemessage&id=7", "http://a.cn/p?id=7"),
        ("http://a.cn/p?from=1024", "http://a.cn/p?from=1024"),
        ("http://a.cn/%7Ebo/%e4%b8%ad", "http://a.cn/~bo/%E4%B8%AD"),
        ("http://a.cn/中", "http://a.cn/%E4%B8%AD"),
        ("http://a.cn/p#/news/12", "http://a.cn/p#/news/12"),
        ("mailto:a@b.cn", "mailto:a@b.cn"),
        ("http://a.cn\\b\\c.html", "http://a.cn/b/c.html"),
        ("http:///a.cn/b", "http://a.cn/b"),
        ("http://a.cn/b\t\n.html", "http://a.cn/b.html"),
        ("http://a.cn/b//c///d.html", "http://a.cn/b/c/d.html"),
        ("http://a.cn/\ud83d.html", "http://a.cn/%EF%BF%BD.html"),
        ("http://政务.中国/b", "http://xn--zfr164b.xn--fiqs8s/b"),
        ("http://XN--zfr164b.xn--fiqs8s/b", "http://xn--zfr164b.xn--fiqs8s/b"),
        ("http://a.cn/s.jsp;jsessionid=0A1B!-7?id=1", "http://a.cn/s.jsp?id=1"),
        ("http://a.cn/s.jsp;JSESSIONID=1;v=1?id=1", "http://a.cn/s.jsp;v=1?id=1"),
        ("http://a.cn/b/index.html;jsessionid=1", "http://a.cn/b/"),
        ("http://a.cn/s.jsp;v=1?id=1", "http://a.cn/s.jsp;v=1?id=1"),
        (
            "http://a.cn/s.asp?ASPSESSIONIDQQBRSTCD=AB&id=1&PHPSESSID=x&jsessionid=y",
            "http://a.cn/s.asp?id=1",
        ),
        (
            "http://a.cn/s.aspx?ASP.NET_SessionId=x&sid=1&sessionid=2",
            "http://a.cn/s.aspx?sid=1&sessionid=2",
        ),
        ("http://a.cn/(S(lit3py55t21z5v55vlm25s55))/b.aspx", "http://a.cn/b.aspx"),
        ("http://a.cn/b(S(1))/c.aspx", "http://a.cn/b(S(1))/c.aspx"),
        (
            "http://a.cn/s.asp?class=%D2%AA%CE%C5&id=1",
            "http://a.cn/s.asp?class=%E8%A6%81%E9%97%BB&id=1",
        ),
        ("http://a.cn/s.asp?class=要闻&id=1", "http://a.cn/s.asp?class=%E8%A6%81%E9%97%BB&id=1"),
        ("http://a.cn/s.asp?class=%b5w%c4%bf", "http://a.cn/s.asp?class=%E7%A5%91%E7%9B%AE"),
        ("http://a.cn/s.asp?c=%FF%FE", "http://a.cn/s.asp?c=%FF%FE"),
        ("http://[broken/", "http://[broken/"),
    ],
)
def test_rules(given_url: str, expected: str) -> None:
    assert normal_url(given_url) == expected


def test_twins_stand_for_each_other_only_where_declared() -> None:
    twins = (("m.tj.gov.cn", "www.tj.gov.cn"), ("http://www.tj.gov.cn", "https://www.tj.gov.cn"))
    assert normal_url("http://m.tj.gov.cn/a.html", twins=twins) == "https://www.tj.gov.cn/a.html"
    assert normal_url("http://www.tj.gov.cn/a.html", twins=twins) == "https://www.tj.gov.cn/a.html"
    assert normal_url("http://m.tj.gov.cn/a.html") == "http://m.tj.gov.cn/a.html"
