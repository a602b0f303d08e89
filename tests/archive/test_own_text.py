"""A release that only points at its files says nothing of its own."""

from __future__ import annotations

import pytest

from scraper.archive.duplicates.own_text import LONGEST_POINTER, has_own_text

NAMES = ("实施细则.docx", None, "", "实施细则")


@pytest.mark.parametrize(
    ("paragraphs", "own"),
    [
        ((), False),
        (("", "　"), False),
        (("附件：实施细则.docx",), False),
        (("请点击下载附件1：《实施细则》。", "实施细则.docx"), False),
        (("附件：甲乙丙",), False),  # three signs are left
        (("附件：甲乙丙丁",), True),
        (("现印发给你们，遵照执行。", "附件：实施细则.docx"), True),
        (("附件" * (LONGEST_POINTER // 2),), False),
        (("附件" * (LONGEST_POINTER // 2) + "附",), True),
    ],
)
def test_what_is_left_without_names_and_pointers(paragraphs: tuple[str, ...], *, own: bool) -> None:
    assert has_own_text(paragraphs, NAMES) is own


def test_a_name_inside_a_longer_one_is_taken_off_after_it() -> None:
    assert not has_own_text(("春江水暖鸭先知",), ("春江", "春江水暖鸭先知"))
    assert has_own_text(("春江水暖鸭先知",), ("春江",))
    assert not has_own_text(("關於防汛",), ("关于防汛",))
