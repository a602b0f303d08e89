from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch import Request
from scraper.fetch.redirect import follow, location

HERE = "http://www.xiqing.test/a/b.html"


@pytest.mark.parametrize(
    ("status", "header", "there"),
    [
        (301, "/c.html", "http://www.xiqing.test/c.html"),
        (302, "c.html?x=1#top", "http://www.xiqing.test/a/c.html?x=1"),
        (303, "//b.cn/", "http://b.cn/"),
        (307, "https://b.cn/%E9%80%9A", "https://b.cn/%E9%80%9A"),
        (308, "/通".encode().decode("latin-1"), "http://www.xiqing.test/%E9%80%9A"),
        (302, "/通".encode("gbk").decode("latin-1"), "http://www.xiqing.test/%CD%A8"),
        (302, "http://[", ""),
        (302, "", ""),
        (302, None, ""),
        (200, "/c.html", None),
        (304, "/c.html", None),
    ],
)
def test_where_a_redirect_leads(status: int, header: str | None, there: str | None) -> None:
    assert location(status, header, HERE) == there


@given(st.text(st.characters(max_codepoint=255)))
def test_any_header_leads_somewhere_or_nowhere(header: str) -> None:
    there = location(302, header, HERE)
    assert there is not None
    assert there.isascii()


def test_a_form_goes_along_only_where_the_method_stays() -> None:
    request = Request(url=HERE, form=(("a", "1"),))
    assert follow(request, HERE, 302).form is None
    assert follow(request, HERE, 307).form == request.form
