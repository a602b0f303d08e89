"""Where the figures of two texts turn a verdict: each threshold from both sides."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from scraper.archive.duplicates.likeness import (
    Comparison,
    Text,
    _align,
    _Gap,
    _head_share,
    _judge,
    _numbered_apart,
    compare,
)

from .conftest import MORNING

DAY = dt.timedelta(days=1)
ALIKE = Comparison("different", "", cover=0.9, cover_shorter=0.95, titles=1.0)
"""A copy, of which a case changes some figures."""
TITLE = "青川市召开供热保障会议"


def judged(*, apart: dt.timedelta = dt.timedelta(), longer: bool = False, reach: float = 0.0, older: str = TITLE,
           newer: str = TITLE, **figures: float) -> tuple[str, str]:  # fmt: skip
    one = Text(older, "甲" * 100, MORNING)
    other = Text(newer, "甲" * (150 if longer else 90), MORNING + apart)
    return _judge(replace(ALIKE, **figures), one, other, reach)  # type: ignore[arg-type]


COPY = ("copy", "most of the longer text is the shorter one")
BEGINNING = ("copy", "one is the beginning of the other")
PART = ("similar", "part of the text in common")
NUMBERS = "numbers were changed in place"
TOO_MUCH = "too much was changed in place"
NUMBERED = "the headlines number them differently"
EDITION = "changed in place, far apart in time"
EXCHANGED = "persons or places were exchanged"
ONE_EXCHANGED = "a person or place and the headline or date"
FRAME = "the headlines share nothing, each text has its own part"


@pytest.mark.parametrize(
    ("case", "verdict"),
    [
        ({"cover": 0.29, "cover_shorter": 0.29}, ("different", "too little text in common")),
        ({"cover": 0.3, "cover_shorter": 0.3}, PART),
        ({"cover": 0.5, "cover_shorter": 0.5}, COPY),
        ({"cover": 0.49, "cover_shorter": 0.69}, PART),
        ({"cover": 0.49, "cover_shorter": 0.7}, ("contained", "the longer text holds the shorter one")),
        ({"cover": 0.49, "cover_shorter": 0.7, "longer": True}, ("contains", "the longer text holds the shorter one")),
        ({"cover": 0.35, "cover_shorter": 0.9, "reach": 0.7, "titles": 0.4}, BEGINNING),
        ({"cover": 0.34, "cover_shorter": 0.9, "reach": 0.7, "titles": 0.4}, ("contained", "the longer text holds the shorter one")),
        ({"cover": 0.34, "cover_shorter": 0.9, "reach": 0.7, "titles": 0.8}, BEGINNING),
        ({"cover": 0.34, "cover_shorter": 0.9, "reach": 0.7, "titles": 0.79}, ("contained", "the longer text holds the shorter one")),
        ({"cover": 0.35, "cover_shorter": 0.9, "reach": 0.69}, ("contained", "the longer text holds the shorter one")),
        ({"numbers_changed": 1}, ("similar", NUMBERS)),
        ({"numbers_changed": 1, "cover": 0.3, "cover_shorter": 0.4}, ("similar", NUMBERS)),
        ({"numbers_changed": 1, "cover": 0.29, "cover_shorter": 0.4}, ("different", NUMBERS)),
        ({"substituted": 0.095}, COPY),
        ({"substituted": 0.096}, ("similar", TOO_MUCH)),
        ({"substituted": 0.01, "apart": 60 * DAY}, COPY),
        ({"substituted": 0.01, "apart": -60 * DAY}, COPY),
        ({"substituted": 0.01, "apart": 61 * DAY}, ("similar", EDITION)),
        ({"substituted": 0.01, "apart": -61 * DAY}, ("similar", EDITION)),
        ({"substituted": 0.0, "apart": 61 * DAY}, COPY),
        ({"older": "第3号通告", "newer": "第4号通告"}, ("similar", NUMBERED)),
        ({"names_changed": 2, "changes": 3}, ("similar", EXCHANGED)),
        ({"names_changed": 2, "changes": 4}, COPY),  # half of the changes: by chance
        ({"names_changed": 3, "changes": 5}, ("similar", EXCHANGED)),  # six of ten
        ({"names_changed": 1, "changes": 1}, COPY),
        ({"names_changed": 1, "changes": 1, "apart": 3 * DAY}, COPY),
        ({"names_changed": 1, "changes": 1, "apart": 4 * DAY}, ("similar", ONE_EXCHANGED)),
        ({"names_changed": 1, "changes": 1, "titles": 0.97}, COPY),
        ({"names_changed": 1, "changes": 1, "titles": 0.96}, ("similar", ONE_EXCHANGED)),
        ({"names_changed": 1, "changes": 1, "titles": 0.6}, ("similar", ONE_EXCHANGED)),
        ({"names_changed": 1, "changes": 1, "titles": 0.59}, COPY),
        ({"names_changed": 1, "changes": 2, "apart": 4 * DAY}, COPY),
        ({"changes": 1, "apart": 4 * DAY}, COPY),
        ({"titles": 0.29, "cover_shorter": 0.84}, ("similar", FRAME)),
        ({"titles": 0.3, "cover_shorter": 0.84}, COPY),
        ({"titles": 0.29, "cover_shorter": 0.85}, COPY),
        ({"titles": 0.0, "cover_shorter": 0.84, "older": " "}, COPY),
        ({"titles": 0.0, "cover_shorter": 0.84, "newer": ""}, COPY),
    ],
)  # fmt: skip
def test_the_figures_that_turn_a_verdict(case: dict[str, float], verdict: tuple[str, str]) -> None:
    assert judged(**case) == verdict  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("第3号通告", "第4号通告", True),
        ("一季度经济运行情况", "二季度经济运行情况", True),
        ("第3号通告", "第3号通告", False),
        ("3月第4号通告", "3月第4号公告", False),  # the same numbers
        ("第3号通告", "通告", False),  # no number to tell it by
        ("通告", "第3号通告", False),
        ("关于做好供热检修工作的通告3", "关于做好供热检修工作的通告", False),
        ("第3号通告", "第4批拟录用人员名单", False),
        ("", "", False),
    ],
)
def test_headlines_that_number_a_series(one: str, other: str, *, apart: bool) -> None:
    assert _numbered_apart(one, other) is apart


def test_gaps_are_what_stands_between_what_was_kept() -> None:
    old, new = "零一二三四五六七八九甲甲甲十百千万", "零一二三四五六七八九乙乙十百千万亿"
    gaps, kept, reach = _align(old, new)
    assert gaps == [
        _Gap("甲甲甲", "乙乙", "二三四五六七八九", "十百千万"),
        _Gap("", "亿", "九甲甲甲十百千万", ""),
    ]
    assert (kept, reach) == (14, 14 / 17)
    assert _align("甲乙丙丁", "甲乙丙丁") == ([], 4, 1.0)
    assert _align("甲乙丙", "甲乙丙")[1] == 0  # three signs are chance
    assert _align("戊甲乙丙丁", "甲乙丙丁")[0] == [_Gap("戊", "", "", "甲乙丙丁")]


def test_a_cut_keeps_what_stands_at_one_height() -> None:
    """Give or take a prefix of 120 characters and a tenth of the shorter text."""
    assert _head_share([(0, 125, 50)], 50) == 1.0
    assert _head_share([(0, 126, 50)], 50) == 0.0
    assert _head_share([(0, 125, 40)], 59) == 40 / 59  # whole tenths
    assert _head_share([(125, 0, 10), (200, 200, 10)], 50) == 0.4


@pytest.mark.parametrize(
    ("gap", "place", "number", "name"),
    [
        (_Gap("甲" * 30, "乙", "", ""), True, False, False),
        (_Gap("甲" * 31, "乙", "", ""), False, False, False),
        (_Gap("", "乙", "", ""), False, False, False),
        (_Gap("12", "13", "", ""), True, True, False),
        (_Gap("三", "两", "", ""), True, True, False),
        (_Gap("增长12", "下降13", "", ""), True, True, False),
        (_Gap("增长12", "下降12", "", ""), True, False, False),
        (_Gap("增长12", "下降", "", ""), True, False, False),
        (_Gap("增长12" + "甲" * 30, "下降13", "", ""), False, False, False),
        (_Gap("", "1", "增长2", ""), False, True, False),
        (_Gap("", "1", "", "2家"), False, True, False),
        (_Gap("1", "", "增长2", ""), False, True, False),
        (_Gap("", "1", "增长", "家"), False, False, False),
        (_Gap("", "1234", "2", ""), False, True, False),
        (_Gap("", "12345", "2", ""), False, False, False),
        (_Gap("", "甲", "2", ""), False, False, False),
        (_Gap("青川", "东山", "", "市"), True, False, True),
        (_Gap("我", "东山", "", "市"), True, False, False),
        (_Gap("青川县城", "东山镇上", "", ""), True, False, True),
        (_Gap("青川县城", "东山", "", ""), True, False, False),
        (_Gap("王建国", "张志强", "任命", "同志"), True, False, True),
        (_Gap("王建国", "张志强", "看见", "回家"), True, False, False),
        (_Gap("建国", "志强", "任命王", "同志"), True, False, True),
        (_Gap("建国", "志强", "任命", "同志"), True, False, False),
        (_Gap("王" + "甲" * 11, "张志强", "任命", "同志"), True, False, True),
        (_Gap("王" + "甲" * 12, "张志强", "任命", "同志"), True, False, False),
    ],
)
def test_what_was_changed_in_a_gap(gap: _Gap, *, place: bool, number: bool, name: bool) -> None:
    assert (gap.in_place, gap.number_changed, gap.name_changed) == (place, number, name)


def test_the_figures_of_a_pair_and_how_they_are_stored() -> None:
    body = "市人民政府今天召开会议研究部署供热保障工作要求各部门提前检修设备确保按时供热"
    found = compare(
        Text(TITLE, body, MORNING), Text(TITLE, body.replace("今天", "昨日") + "群众满意", MORNING)
    )
    assert found.evidence() == {
        "verdict": "copy",
        "why": "most of the longer text is the shorter one",
        "cover": 0.857,
        "cover_shorter": 0.947,
        "substituted": 0.053,
        "changes": 1,
        "numbers_changed": 0,
        "names_changed": 0,
        "titles": 1.0,
    }
    assert compare(Text(TITLE, "", MORNING), Text(TITLE, body, MORNING)).evidence() == {
        "verdict": "different", "why": "no text", "cover": 0.0, "cover_shorter": 0.0, "substituted": 0.0,
        "changes": 0, "numbers_changed": 0, "names_changed": 0, "titles": 0.0,
    }  # fmt: skip
