"""Whatever the bytes: a record or a page error, and nothing else."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import random
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper import parse_release
from scraper.clock import SHANGHAI
from scraper.errors import PageError
from scraper.page import FieldRules, parse_page
from scraper.record.release import Release
from tests.page.golden import NOW, fixtures
from tests.page.hostile import broken

URLS = st.sampled_from(
    ["http://a.cn/1.html", "http://[::1", "", "not a url", "http://a.cn/t20241399_1.html"]
)
PAGES = [page.read_bytes() for page in fixtures()]


def check(release: Release) -> None:
    """What must hold for every record."""
    assert release.title
    assert all(isinstance(text, str) and text.strip() for text in release.paragraphs)
    assert release.published_at is None or release.published_at <= NOW + dt.timedelta(days=1)
    assert (release.published_at is None) == (release.published_precision is None)
    assert all(image.url.startswith(("http://", "https://")) for image in release.images)
    for field in dataclasses.fields(release):
        value = getattr(release, field.name)
        assert value is None or not isinstance(value, str) or "\x1f" not in value


@given(st.binary(max_size=600), URLS, st.text(max_size=12) | st.none())
def test_any_bytes(page: bytes, url: str, charset: str | None) -> None:
    try:
        check(parse_page(page, url, charset, received_at=NOW))
    except PageError:
        return


@settings(max_examples=300)
@given(st.integers(min_value=0), URLS)
def test_any_damage_to_real_markup(seed: int, url: str) -> None:
    page = broken(random.Random(seed), PAGES)
    try:
        check(parse_page(page, url, received_at=NOW))
    except PageError:
        return


@given(
    st.lists(st.sampled_from([p.decode("utf-8", "ignore") for p in PAGES]), max_size=2),
    st.integers(0, 9),
)
def test_reading_twice_gives_the_same(pages: list[str], cut: int) -> None:
    page = "".join(pages).encode()[cut:]
    try:
        first = parse_page(page, "http://a.cn/1.html", received_at=NOW)
    except PageError:
        return
    assert parse_page(page, "http://a.cn/1.html", received_at=NOW) == first


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in fixtures()])
def test_nothing_is_invented(page: bytes) -> None:
    """Every value of a record stands in the page, letter by letter."""
    rules = FieldRules()
    release = parse_page(page, "http://a.cn/1.html", rules=rules, received_at=NOW)
    for value in (release.source, release.author, release.editor):
        for word in (value or "").split():
            stated = (page.decode("utf-8", "ignore"), page.decode("gb18030", "ignore"))
            assert any(word in text for text in stated)


def test_a_time_in_the_future_is_not_believed() -> None:
    html = (
        "<h1>发布会预告</h1><p>发布时间：2030-01-01 10:00 来源：本网</p><div>"
        + "正文，" * 40
        + "。</div>"
    )
    early = dt.datetime(2026, 1, 1, tzinfo=SHANGHAI)
    late = dt.datetime(2031, 1, 1, tzinfo=SHANGHAI)
    assert parse_page(html.encode(), "http://a.cn/1.html", received_at=early).published_at is None
    assert (
        parse_page(html.encode(), "http://a.cn/1.html", received_at=late).published_at is not None
    )


def test_the_public_name_reads_the_same() -> None:
    release = parse_release(PAGES[0], "http://a.cn/1.html")
    assert release.parser_version
    assert release.title == parse_page(PAGES[0], "http://a.cn/1.html").title


def test_what_utf8_cannot_hold_does_not_come_out() -> None:
    """JSON may write lone surrogates and control characters; a database takes neither."""
    text = "青川市水务局今天上午召开新闻通气会，通报全市汛期以来水库调度和堤防巡查的情况。" * 2
    detail = (
        '{"title": "水务局\\ud800通报汛情", "source": "青川\\u0000日报", "author": "林\\udfff远",'
        f' "content": "<p>{text}\\ud83d</p>"}}'
    )
    html = (
        f"<html><body><div id=app></div><script>window.__DATA__ = {detail}</script></body></html>"
    )
    release = parse_page(html.encode(), "http://a.cn/1.html", received_at=NOW)
    assert release.paragraphs
    for value in (release.title, release.source, release.author, *release.paragraphs):
        assert value is None or "\x00" not in value.encode("utf-8").decode("utf-8")


def test_a_comment_inside_a_row_that_becomes_one_line() -> None:
    """Found by fuzzing: the comment pointed beyond the blocks that the row's line replaced."""
    cells = "".join(f"<td><p>第{n}项</p><p>内容</p></td>" for n in range(4))
    marks = "<td><!--ZJEG_RSS.content.begin--><p>数值</p><!--ZJEG_RSS.content.end--></td>"
    html = f"<h1>水务局通报汛情</h1><table><tr>{cells}{marks}</tr></table>"
    check(parse_page(html.encode(), "http://a.cn/1.html", received_at=NOW))


@pytest.mark.parametrize(
    ("page", "motif"),
    [
        ("<title>{}</title><h1>内涝点整治提速</h1>", "甲-"),
        ("<title>内涝点整治提速</title>{}", "<p>（责任编辑：张三）</p>"),
        ("<title>内涝点整治提速</title>{}", "<div><p>相关阅读</p><p>部署易涝点整治。</p></div>"),
        (
            "<title>内涝点整治提速</title>{}",
            "<p>相关阅读</p><p>会议强调，要坚持问题导向，逐项销号。</p>",
        ),
    ],
)
def test_work_does_not_grow_with_the_square_of_a_page(page: str, motif: str) -> None:
    """Counted in calls, generators' steps among them: twice the page, about twice the calls."""
    once, twice = (_calls(page.format(motif * count)) for count in (600, 1_200))
    assert twice < 2.5 * once


def _calls(markup: str) -> int:
    """How many calls the reading of a page makes."""
    calls = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal calls
        calls += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        with contextlib.suppress(PageError):
            parse_page(markup.encode(), "http://a.cn/1.html", received_at=NOW)
    finally:
        sys.setprofile(before)
    return calls
