"""Words that are names, and words that are none; the vocabularies that tell them."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.text import people, vocabulary
from scraper.text.people import Word, is_name, is_surely_name, kind_of

NAMES = (  # noqa: SIM905 - words for reading
    "常江 洪涛 阎锋 秋实 习远 赖明 邸明 逯青 马丹阳 欧阳晓 宇文静 司马南 诸葛亮 陈方安生 王科 王建科 "
    "扎西次仁 格桑边觉 洛桑多吉 央金 才让卓玛 平措旺堆 达瓦 帕提古丽 努尔兰 阿不都热依木江 阿依古丽·买买提 "
    "阿依古丽•买买提 阿布都热合曼‧买买提 买买提・艾力 娜仁 那日松 巴特尔 斯琴高娃 乌云毕力格 木呷 吉克 曲木史哈 朴哲 "
    "弗拉基米尔·普京 J·K·罗琳 张䶮"
).split()
UNITS = (  # noqa: SIM905 - words for reading
    "人民网 新华社 新华日报·交汇点 秭归融媒体中心 市水务局 县人民医院 宣传科 文化科 安全科 张家村 青川县 记者站 南都 报道组"
).split()
NOBODY = "admin 管理员 系统管理员 佚名 本站 您好 谢谢您 为什么 查看更多 摄影报道 北京 发自北京 完 来源 王 受访者提供".split()  # noqa: SIM905


@pytest.mark.parametrize("word", NAMES)
def test_names(word: str) -> None:
    assert is_name(word)
    assert is_surely_name(word) or word[0] in "吉曲木J弗"


@pytest.mark.parametrize("word", UNITS)
def test_units_are_no_names(word: str) -> None:
    assert kind_of(word) == "unit"


@pytest.mark.parametrize("word", NOBODY)
def test_nobody(word: str) -> None:
    assert not is_name(word)


@pytest.mark.parametrize(
    "word",
    [*NAMES, *UNITS, *NOBODY, "x", "jsmith", "市县区", "上官婉儿们", "欧阳娜娜子", "今天下午三时"],
)
def test_a_word_is_of_one_of_the_kinds(word: str) -> None:
    assert kind_of(word) in get_args(Word)


def test_a_family_name_of_two_signs_has_one_to_three_behind_it() -> None:
    assert [kind_of("欧阳娜娜子"[:size]) for size in (3, 4, 5)] == ["name"] * 3
    assert kind_of("欧阳娜娜子一") == "other"


@given(st.text(max_size=40))
def test_no_word_makes_it_raise(word: str) -> None:
    kind_of(word)
    is_surely_name(word)


def test_every_list_has_a_comment_and_no_word_twice() -> None:
    found = [file for file in files(vocabulary).iterdir() if file.name.endswith(".toml")]
    assert found
    for file in found:
        text = file.read_text("utf-8")
        lists = tomllib.loads(text)
        for name, value in lists.items():
            before = text[: text.index(f"\n{name} = ")].rstrip().rsplit("\n", 1)[-1]
            assert before.startswith("#"), (file.name, name)
            words = value.split()
            if file.name not in {"surnames.toml", "syllables.toml"}:
                assert len(set(words)) == len(words), (file.name, name)


def test_the_two_lists_of_surnames_are_one() -> None:
    assert set("常洪阎秋习赖") <= people.COMMON_SURNAMES
    assert people.COMMON_SURNAMES.isdisjoint(vocabulary.signs("surnames", "rare"))
