"""The name that a server gives a file, in all the spellings that servers have."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.disposition import is_offered_as_file, name_in, served_name

NAME = "实施细则.docx"


def latin(name: str, charset: str) -> str:
    """Bytes of a charset as HTTP headers are read."""
    return name.encode(charset).decode("latin-1")


@pytest.mark.parametrize(
    "value",
    [
        f"attachment; filename*=UTF-8''{quote(NAME)}",
        f"attachment;filename=\"x.docx\";filename*=utf-8'zh'{quote(NAME)}",
        f"attachment; filename*=GBK''{quote(NAME.encode('gbk'))}",
        f'attachment; filename="{latin(NAME, "utf-8")}"',
        f'attachment; filename="{latin(NAME, "gbk")}"',
        f"attachment; filename={latin(NAME, 'gb18030')}",
        f'attachment; filename="{quote(NAME)}"',
        f"inline; filename = {quote(NAME)} ; size=3",
        f'attachment; filename="C:\\\\data\\\\{latin(NAME, "utf-8")}"',
        f'attachment; filename="../../{latin(NAME, "utf-8")}"',
        "attachment; filename==?utf-8?B?5a6e5pa957uG5YiZLmRvY3g=?=",
    ],
)
def test_names(value: str) -> None:
    assert served_name({"content-disposition": value}) == NAME


@pytest.mark.parametrize(
    "value", ["", "attachment", "attachment; filename=", 'attachment; filename="/"']
)
def test_none(value: str) -> None:
    assert served_name({"content-disposition": value}) is None


def test_marks_that_turn_a_name_round_are_taken_out() -> None:
    turned = quote("规定\u202efdp.exe")
    value = f"attachment; filename*=UTF-8''{turned}"
    assert served_name({"content-disposition": value}) == "规定fdp.exe"


def test_what_is_to_be_saved() -> None:
    assert is_offered_as_file({"content-disposition": " Attachment; filename=a.html"})
    assert not is_offered_as_file({"content-disposition": "inline; filename=attachment"})


def test_names_in_addresses() -> None:
    assert name_in("http://a.test/x/%E7%BB%86%E5%88%99.pdf?v=1") == "细则.pdf"
    assert name_in("http://a.test/download") is None


@given(st.text(max_size=400))
def test_any_header_gives_a_short_plain_name_or_none(value: str) -> None:
    name = served_name({"content-disposition": f"attachment; filename={value}"})
    assert name is None or (
        0 < len(name) <= 200 and "/" not in name and name.isprintable() in {True, False}
    )
    assert name is None or not any(ord(character) < 32 for character in name)
