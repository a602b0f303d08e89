"""The work that a page makes grows with its length: lines of Python are counted, not seconds."""

from __future__ import annotations

import contextlib
import sys
from types import FrameType
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from scraper.errors import PageError
from scraper.page import parse_page
from scraper.page.layout.walk import lay_out
from tests.page.golden import NOW, fixtures

MOTIFS = (
    "<div>发布时间：05-03 09:30</div>",
    "<div>发布日期：2024年</div>",
    "<p>责任编辑：张三</p>",
    "<img src='/upload/a.jpg'><p>图为现场。张三 摄</p>",
    "<p>附件：<a href='/a.pdf'>附件1.pdf</a></p>",
    "<li><a href='/a.html'>内涝点整治提速</a> 2024-05-06</li>",
    "<a href='2.html'>2</a>",
    "<a>2</a>",
    "<p>来源：青川日报</p>",
    "<p>朝阳区、鼓楼区</p>",
)
FEW = 400
MOST = 2.2
"""Growth of the work for twice as much page; what is quadratic comes near to four."""


@pytest.mark.parametrize("motif", MOTIFS)
def test_twice_the_page_is_about_twice_the_work(motif: str) -> None:
    _lines(motif * 10)  # what is made once is not counted
    assert _lines(motif * 2 * FEW) < MOST * _lines(motif * FEW)


@pytest.mark.parametrize(("above", "editor"), [(50, "张三"), (5_050, None)])
def test_the_middle_of_a_text_has_an_end(above: int, editor: str | None) -> None:
    """A label among paragraphs is looked for in so many of them; what costs by the line ends there."""
    text = "<p>会议强调，要坚持问题导向，对照台账逐项销号。</p>"
    page = f"<h1>内涝点整治提速</h1><div>{text * above}<p>责任编辑：张三</p>{text * 5_100}</div>"
    read = parse_page(page.encode(), "http://a.gov.cn/1.html", received_at=NOW)
    assert read.editor == editor


def test_lines_know_their_number() -> None:
    for path in fixtures():
        body = LexborHTMLParser(path.read_bytes().decode("utf-8", "replace")).body
        blocks = lay_out(body).blocks if body else []
        assert [block.number for block in blocks] == list(range(len(blocks)))


def _lines(body: str) -> int:
    """How many lines of Python are run for a page."""
    count = 0

    def each(_: FrameType, event: str, __: Any) -> Any:
        nonlocal count
        count += event == "line"
        return each

    before = sys.gettrace()
    sys.settrace(each)
    try:
        with contextlib.suppress(PageError):
            parse_page(f"<body>{body}".encode(), "http://a.gov.cn/1.html", received_at=NOW)
    finally:
        sys.settrace(before)
    return count
