"""Rows that stand in the page where no browser shows them: comments, templates, text areas."""

from __future__ import annotations

import datetime as dt
import html

import pytest

from scraper.errors import EmptyListing
from scraper.listing import read_listing
from scraper.listing.hidden import hidden_fragments
from tests.listing.layouts import COLUMN, Frame, Item, Layout, page, script_literal, ul_date_after

ITEMS = [Item(n, f"示例市召开第{n}次重点工作推进会议", dt.date(2026, 9, 30 - n)) for n in range(12)]
ROWS = "".join(f'<li><a href="{i.path}">{i.title}</a><b>{i.day}</b></li>' for i in ITEMS)
CALL = "<script>createPageHTML('page_div',13,1,'list','html',256);</script>"
PLACES = {
    "a comment in the list": f"<ul class=list><!--{ROWS}--></ul>",
    "a comment with the pager": f"<ul class=list><!--\n{ROWS}{CALL}\n--></ul>",
    "text/html": f'<div id=x><script type="text/html">{ROWS}</script></div>',
    "text/xml without datastore": f"<script id=rows type=text/xml><ul>{ROWS}</ul></script>",
    "a template": f"<template id=t><ul>{ROWS}</ul></template>",
    "a text area": f"<textarea style='display:none'><ul>{ROWS}</ul></textarea>",
    "a text area, escaped": f"<textarea>{html.escape(f'<ul>{ROWS}</ul>', quote=False)}</textarea>",
    "document.write": f"<script>document.write('<ul>{ROWS}<\\/ul>');</script>",
    "noscript": f"<noscript><ul>{ROWS}</ul></noscript>",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("frame", [Frame(), Frame(box_dated=False, menu=30, side_box=0)])
def test_they_are_read(place: str, frame: Frame) -> None:
    layout = Layout(place, lambda _items: PLACES[place])
    listing = read_listing(page(layout, ITEMS, frame).encode(), f"{COLUMN}list.html")
    assert [link.url for link in listing.links] == [item.url for item in ITEMS]
    assert [link.title for link in listing.links] == [item.title for item in ITEMS]
    assert [link.date for link in listing.links] == [item.day for item in ITEMS]


def test_rows_of_a_scripts_own_literal_are_read() -> None:
    layout = Layout("literal", script_literal)
    listing = read_listing(page(layout, ITEMS, Frame()).encode(), f"{COLUMN}list.html")
    assert [link.url for link in listing.links] == [item.url for item in ITEMS]
    assert [link.title for link in listing.links] == [item.title for item in ITEMS]
    assert [link.date for link in listing.links] == [item.day for item in ITEMS]


@pytest.mark.parametrize(
    "literal",
    ["[{title:f(1),url:'/a/1.html'}]", "[{title:'a", "[{" * 9000, "[{a:'" + "\\\\" * 5000],
)
def test_expressions_are_no_literals(literal: str) -> None:
    shown = f"<script>var list = {literal};</script>{ul_date_after(ITEMS)}"
    listing = read_listing(shown.replace("<span>2026", "<span>x2026").encode(), COLUMN)
    assert [link.url for link in listing.links] == [item.url for item in ITEMS]


def test_the_pager_in_the_comment_is_followed() -> None:
    listing = read_listing(PLACES["a comment with the pager"].encode(), f"{COLUMN}list.html")
    assert listing.next_url == f"{COLUMN}list_2.html"


def test_rows_that_are_shown_are_preferred_to_old_ones_in_a_comment() -> None:
    old = "<!--<ul><li><a href='/xw/201001/t20100101_1.html'>一条注释掉的旧新闻标题</a><b>2010-01-01</b></li></ul>-->"
    listing = read_listing((old + ul_date_after(ITEMS)).encode(), COLUMN)
    assert [link.url for link in listing.links] == [item.url for item in ITEMS]


@pytest.mark.parametrize("row", ["<li><a href='{{url}}'>{{title}}</a></li>" * 3, "<a href='${a.url}'>${a.t}</a>" * 3, "<li><a href='\"+u+\"'>\"+t+\"</a></li>" * 3])  # fmt: skip
def test_templates_that_are_still_to_be_filled_are_no_rows(row: str) -> None:
    with pytest.raises(EmptyListing):
        read_listing(f"<script type='text/html'>{row}</script><div id=x></div>".encode(), COLUMN)


def test_looking_for_them_takes_one_pass() -> None:
    assert list(hidden_fragments("<!--" * 20_000)) == []
    assert list(hidden_fragments("<script type=text/html " * 20_000)) == []
