"""A region is given by code or by name; what names none, or several, is answered with near ones."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import UnknownRegion
from scraper.regions.gazetteer import by_code
from scraper.regions.naming import code_of


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("37", "370000"),
        ("3701", "370100"),
        ("370000", "370000"),
        ("山东", "370000"),
        ("山东省", "370000"),
        (" 天 津 ", "120000"),
        ("西青区", "120111"),
        ("内蒙古", "150000"),
        ("海南", "460000"),
        ("北京朝阳区", "110105"),
        ("北京市朝阳区", "110105"),
        ("长春市朝阳区", "220104"),
        ("台湾", "710000"),
    ],
)
def test_codes_and_names(text: str, code: str) -> None:
    assert code_of(text) == code


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("99", "first two digits"),
        ("3799", "山东省 370000"),
        ("朝阳区", "长春市朝阳区 220104"),
        ("山洞省", "山东省 370000"),
        ("", "write a name"),
        ("1200000", "天津市 120000"),
    ],
)
def test_what_is_no_place_is_answered_with_near_ones(text: str, hint: str) -> None:
    with pytest.raises(UnknownRegion) as caught:
        code_of(text)
    assert hint in str(caught.value)


@given(st.text(max_size=12))
def test_any_text_is_a_place_or_refused(text: str) -> None:
    with suppress(UnknownRegion):
        assert code_of(text) in by_code()


@pytest.mark.parametrize("code", ["110000", "370100", "120111"])
def test_a_place_is_found_under_its_own_name(code: str) -> None:
    assert code_of(by_code()[code].name) == code
