"""The main list is found in every layout, whatever stands around it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scraper.listing import read_listing
from tests.listing.layouts import COLUMN, LAYOUTS, Frame, Item, Layout, page

WORDS = ("市委", "召开", "常务会议", "部署", "推进", "重点项目", "建设", "营商环境", "调研", "乡村振兴", "2026年", "“十五五”")  # fmt: skip
TITLES = st.lists(st.sampled_from(WORDS), min_size=4, max_size=10).map("".join)
DAYS = st.dates(dt.date(2026, 2, 1), dt.date(2026, 9, 30))


@st.composite
def rows(draw: st.DrawFn) -> list[Item]:
    titles = draw(st.lists(TITLES, min_size=3, max_size=25))
    return [Item(1000 + n, title, draw(DAYS)) for n, title in enumerate(titles)]


FEW = [Item(1000 + n, "市委召开常务会议" * (n + 1), dt.date(2026, 2, 1)) for n in range(3)]
"""Fewer rows than a dated box at the side has."""
WITHIN = {"day at the end of the title", "days over rows", "day first in the link"}
"""Layouts whose rows show their day less plainly than a dated box at the side."""
FRAMES = st.builds(
    Frame,
    st.integers(0, 15),
    st.integers(0, 12),
    st.integers(0, 6),
    st.integers(0, 40),
    st.booleans(),
)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
@given(items=rows(), frame=FRAMES)
@example(items=FEW, frame=Frame(0, 0, 6, 0, True))
@example(
    items=[replace(FEW[0], number=n) for n in range(1000, 1003)], frame=Frame(0, 0, 3, 0, True)
)
@settings(max_examples=12, deadline=None)
def test_the_rows_are_read_and_nothing_else(
    layout: Layout, items: list[Item], frame: Frame
) -> None:
    if not layout.dated or layout.name in WITHIN:
        frame = Frame(frame.menu, frame.side_menu, min(frame.side_box, 4), frame.footer)
    listing = read_listing(page(layout, items, frame).encode(), COLUMN)
    assert [link.url for link in listing.links] == [item.url for item in items]
    assert [link.title for link in listing.links] == [item.title for item in items]
    stated = [item.day for item in items] if layout.dated else [None] * len(items)
    assert [link.date for link in listing.links] == stated
