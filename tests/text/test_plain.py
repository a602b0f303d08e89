"""Texts made comparable: plain signs, keys, and what is running text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.text.plain import is_prose, key, plain, sound


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("来源：ＡＢＣ（１２）！？；～", "来源:ABC(12)!?;~"),
        ("来源∶新华网", "来源:新华网"),
        ("甲\u3000乙\xa0丙\u2009丁\u2002戊\u2003己", "甲 乙 丙 丁 戊 己"),
        ("零\u200b宽\ufeff度", "零宽度"),
        ("“引号”、顿号。", "“引号”、顿号。"),
        ("plain ASCII: 12", "plain ASCII: 12"),
        ("，" * 300, "," * 300),
        ("", ""),
    ],
)
def test_signs_of_full_width_are_made_plain(text: str, made: str) -> None:
    assert plain(text) == made


@given(st.text(max_size=600))
def test_a_long_text_is_made_plain_as_a_short_one_is(text: str) -> None:
    longer = "甲" * 600
    assert plain(text + longer) == plain(text) + longer
    assert key(text + longer) == key(text) + longer


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Ａ　Ｂ c\tD\nＥ", "abcde"),
        ("Straße：１", "strasse:1"),
        (" ", ""),
        ("（责任编辑 张三）" * 40, "(责任编辑张三)" * 40),
    ],
)
def test_a_key_has_no_blanks_and_one_case(text: str, made: str) -> None:
    assert key(text) == made


def test_a_lone_surrogate_is_replaced_and_all_else_stays() -> None:
    assert sound("甲\ud800乙") == "甲?乙"
    assert sound("甲\U0002070e乙") == "甲\U0002070e乙"


HAN = "市人民政府办公厅今天上午召开全市安全生产工作会议部署下一阶段重点任务"
SENTENCE = "The council of the town has met on Monday to talk about the new bridge and its costs"


@pytest.mark.parametrize(
    ("text", "prose"),
    [
        (HAN[:24] + "。", False),  # 25 signs
        (HAN[:25] + "。", True),  # 26
        (HAN[:25] + "，", False),  # no sentence
        (HAN[:20] + "。" + HAN[:5], False),  # short, and not closed
        (HAN[:20] + "！" + HAN[:38] + "完", False),  # 60, not closed
        (HAN[:20] + "！" + (HAN * 2)[:40], True),  # 61
        ((HAN * 3)[:61], False),  # long, but no sentence
        *[(HAN[:20] + "。" + HAN[:9] + sign, True) for sign in "。！？”…）)；："],
        *[(HAN[:29] + sign, True) for sign in "！？；"],
        (SENTENCE + ".", True),
        (SENTENCE, False),
        *[(SENTENCE + sign, True) for sign in '.!?"):'],
        (SENTENCE + "”", True),
        (SENTENCE.replace(" ", "_") + ".", False),  # no words
        (SENTENCE[:79] + ".", False),  # 80 signs
        (SENTENCE[:80] + ".", True),  # 81
        ("a" * 81 + " " * 9 + ".", False),  # 91 signs and nine blanks: words of ten on an average
        ("a" * 78 + " " * 10 + ".", True),  # 89 and ten
        ("a" * 79 + " " * 10 + ".", False),  # 90 and ten: nine each, no less
    ],
)
def test_running_text_is_told_from_lines(text: str, *, prose: bool) -> None:
    assert is_prose(text) is prose
