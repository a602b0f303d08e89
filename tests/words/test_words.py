"""Everything that the command line says has a Chinese form, with the same values in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.health.causes import MEND
from scraper import errors
from scraper.words import filled, parts_of, said, sections, spoken_language, values_in, words

ROOT = Path(__file__).resolve().parents[2]
TELLERS = {"tell", "remark", "spoken"}
ERRORS = {name for name, each in vars(errors).items() if isinstance(each, type)}
IN_PAGES = {"files", "page", "listing", "readers", "web", "visit", "demo"}
"""Rooms whose errors are kept with a page, or sent to a browser, and are not what ends a command."""
UNTRANSLATED = {
    "{0}", "{0}{1}", "{0}: {1}", "--{0}: {1}", "{0}:{1}: {2}", "--urls {0}: {1}", "--warc {0}: {1}",
}  # fmt: skip
"""Only values: what they say was said by another program, or elsewhere."""


def pattern(node: ast.expr) -> str | None:
    """A literal, its values numbered."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if not isinstance(node, ast.JoinedStr):
        return None
    out, number = "", 0
    for piece in node.values:
        if isinstance(piece, ast.Constant):
            out += str(piece.value)
        else:
            out, number = f"{out}{{{number}}}", number + 1
    return out


def literals(call: ast.Call, name: str) -> Iterator[ast.expr]:
    """What a call says, both sides of a choice."""
    arguments = list(call.args[:1])
    if name == "print_table" and len(call.args) > 1 and isinstance(call.args[1], ast.Tuple):
        arguments = call.args[1].elts
    elif name == "_table":
        arguments = call.args
    for argument in arguments:
        yield from (
            (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,)
        )


def told(rooms: str, names: set[str]) -> set[str]:
    found = set()
    for path in (ROOT / rooms).rglob("*.py"):
        if IN_PAGES & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in names:
                    found |= {pattern(each) for each in literals(node, name)}
    return {each for each in found if each and re.search("[A-Za-z]", each)} - UNTRANSLATED


SAID = told("scheduler", TELLERS | {"print_table", "_table"}) | {*MEND.values()}


def known() -> dict[str, str]:
    return {english: chinese for some in sections().values() for english, chinese in some.items()}


def test_all_that_a_command_says_has_a_chinese_form() -> None:
    missing = [each for each in SAID if each not in known() and said(each, "zh") == each]
    assert missing == []


def test_every_error_of_the_command_line_has_a_chinese_form() -> None:
    assert told("scheduler", ERRORS) - known().keys() == set()


@pytest.mark.parametrize("room", ["scraper/access", "scraper/archive", "scraper/database"])
def test_every_error_of_a_room_of_commands_has_a_chinese_form(room: str) -> None:
    composed = {"Altered"}  # its class makes the sentence: the next test
    assert told(room, ERRORS - composed) - known().keys() == set()


def test_an_altered_value_is_told_in_chinese() -> None:
    english = str(errors.Altered("file", b"\x01", "02"))
    assert said(english, "zh") != english


@pytest.mark.parametrize("section", sections())
def test_both_forms_have_the_same_values(section: str) -> None:
    hole = re.compile(r"\{\d+\}")
    for english, chinese in sections()[section].items():
        assert sorted(hole.findall(english)) == sorted(hole.findall(chinese)), english
        assert hole.findall(english) == [f"{{{n}}}" for n in range(len(hole.findall(english)))]
        typed = re.compile(r"`[^`]+`|--[a-z]+|TONGGAO_\w+")
        assert sorted(typed.findall(english)) == sorted(typed.findall(chinese))


def test_labels_have_the_same_values() -> None:
    english, chinese = words("en"), words("zh")
    assert english.keys() == chinese.keys()
    for name in english:
        hole = re.compile(r"\{\w+\}")
        assert set(hole.findall(english[name])) == set(hole.findall(chinese[name])), name


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_TW"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "C"}, "zh"),
        ({"TONGGAO_LANGUAGE": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"TONGGAO_LANGUAGE": "zh"}, "zh"),
    ],
)
def test_the_language_is_what_the_variables_say(variables: dict[str, str], language: str) -> None:
    assert spoken_language(variables) == language


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("source", "来源"),
        ("12 releases; `tonggao show ID` shows one", "12 篇通稿；用 `tonggao show ID` 查看一篇"),
        (
            "there is no release 7; `tonggao search` shows numbers",
            "没有通稿 7；`tonggao search` 显示编号",
        ),
        ("something of another program", "something of another program"),
        ("{0} sources", "{0} 个来源"),
    ],
)
def test_a_sentence_is_said_with_its_values(english: str, chinese: str) -> None:
    assert said(english, "zh") == chinese
    assert said(english, "en") == english


@given(st.lists(st.text(), max_size=4))
def test_values_are_found_and_filled_in(values: list[str]) -> None:
    english = "".join(f"\x00{n}\x01{{{n}}}" for n in range(len(values)))
    whole = filled(english, values)
    parts = parts_of(english)
    if len(parts) > 1 and not any(set(value) & set("\x00\x01") for value in values):
        assert values_in(whole, parts) == values


@given(st.text(max_size=200))
def test_any_text_is_said(text: str) -> None:
    assert isinstance(said(text, "zh"), str)
