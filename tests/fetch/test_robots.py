from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.robots import RobotsRules, StoredRobots, without_costly_patterns


def rules(text: str) -> RobotsRules:
    return RobotsRules(StoredRobots("http://a.cn", "rules", text, 200, "", 1.0), "tonggao")


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: tonggao\nAllow: /\nUser-agent: *\nDisallow: /", "/a", True),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
        ("\ufeffUser-agent: *\r\nDisallow: /a\r\n", "/a", False),
        ("<html>404</html>", "/a", True),
        ("", "/a", True),
    ],
)
def test_rules(text: str, path: str, allowed: bool) -> None:
    assert rules(text).ask(f"http://a.cn{path}").allowed is allowed


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 7", 7.0),
        ("User-agent: *\nRequest-rate: 1/20", 20.0),
        ("User-agent: *\nCrawl-delay: 7\nRequest-rate: 1/5", 7.0),
        ("User-agent: *\nCrawl-delay: soon", None),
        ("User-agent: *\nDisallow: /x", None),
    ],
)
def test_delays(text: str, delay: float | None) -> None:
    assert rules(text).ask("http://a.cn/").crawl_delay == delay


def test_many_stars_are_cut_to_forbid_more_and_allow_less() -> None:
    assert without_costly_patterns("Disallow: /*a*b*c*d*e$") == "Disallow:  /*a*b*"
    assert without_costly_patterns("Allow: /*a*b*c*d*e$") == ""
    assert without_costly_patterns("Disallow: /*a*b$") == "Disallow: /*a*b$"


@given(st.text(max_size=300))
def test_any_text_can_be_asked(text: str) -> None:
    assert rules(text).ask("http://a.cn/a/b?c=d").allowed in {True, False}
