"""Cheap questions that are asked before dear ones never hide an answer."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.page.layout import labels
from scraper.page.layout.lines import EDGE
from scraper.regions import resolve as regions
from scraper.text import plain
from scraper.urls import reference

_LABELS = sorted({word for some in labels.LABEL_WORDS.values() for word in some})
_lines = st.lists(
    st.sampled_from([*_LABELS[::7], ":", "】", "】:", EDGE, f"{EDGE} ", "\t", "丨", " ", "来 源", "新华社", "(", "])"]),
    max_size=12,
).map("".join)  # fmt: skip
_places = st.lists(
    st.sampled_from([*sorted(regions._NAMES), "江", "西", "湖", "北京", "内蒙", "黑龙", "在", "的", "路"]), max_size=14
).map("".join)  # fmt: skip
_addresses = st.lists(
    st.sampled_from(["http", "https", ":", "/", "//", "\\", "%2e", "%2E", "a.cn", "?", "#", "=", "&", ".", "..", "x", "@", "\x1f", "中"]),
    max_size=10,
).map("".join)  # fmt: skip


@settings(max_examples=500)
@given(_lines)
def test_a_line_with_labels_ends_as_labels_do(line: str) -> None:
    assert labels._ENDED.search(line) or not list(labels._matches(line))


@settings(max_examples=500)
@given(_places)
def test_provinces_are_those_that_the_alternation_finds(text: str) -> None:
    alternation = re.compile(regions._PROVINCES)
    found = [(one[0], *one.span()) for one in alternation.finditer(text)]
    assert list(regions._provinces(text)) == found


@settings(max_examples=500)
@given(_addresses)
def test_an_ordinary_reference_is_read_alike_by_both_standards(text: str) -> None:
    ordinary = reference._ORDINARY.fullmatch(text)
    assert ordinary is None or reference._READ_OTHERWISE.search(text) is None


@given(st.text(alphabet="，：（）；！？　\xa0∶\u200bＡｚ１a1 中"))
def test_signs_made_plain_at_once_are_those_made_plain_one_by_one(text: str) -> None:
    assert plain.plain(text) == "".join(plain._PLAIN.get(sign, sign) for sign in text)
