"""Damaged files give text or one of our errors, never anything else (benchmarks/files_fuzz.py has more)."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from scraper.errors import FileError
from scraper.files import read_file
from tests.files.damage import damaged
from tests.files.making import ofd, pdf
from tests.files.making.office import docx, numbered, p, packed
from tests.files.test_office import workbook


def _pdf() -> bytes:
    page = pdf.Page()
    page.lines(80, 100, "为做好防汛工作，现通知如下。" * 8, 30)
    page.rule(80, 300, 500, 300)
    return pdf.pdf(page, page)


def _ofd() -> bytes:
    page = ofd.Page()
    for n in range(4):
        page.text(20, 30 + 10 * n, "为做好防汛工作，现通知如下。")
    page.rule(20, 100, 100, 100)
    return ofd.ofd([page, page])


MAKERS: tuple[Callable[[], bytes], ...] = (
    _pdf,
    _ofd,
    workbook,
    lambda: docx(p("甲", numbered(5)) + "<w:tbl><w:tr><w:tc><w:p/></w:tc></w:tr></w:tbl>"),
    lambda: packed({"a.txt": "防汛".encode(), "b.zip": packed({"c.txt": b"deep"})}),
)


@pytest.mark.parametrize("make", MAKERS)
def test_damage_ends_in_text_or_in_a_named_refusal(make: Callable[[], bytes]) -> None:
    sound = make()
    ends = set()
    for seed in range(60):
        try:
            read_file(damaged(sound, random.Random(seed)))
            ends.add("text")
        except FileError as error:
            ends.add(error.refusal.value)
    assert len(ends) > 1, "no damage was done, or nothing survived it"
