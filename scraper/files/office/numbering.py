"""The numbers that Word sets before paragraphs; they are no part of its text runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree

from scraper.files.packages import attribute, local

_DIGITS = "〇一二三四五六七八九"
_CIRCLED = 0x2460
_LEVELS = 9


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str


class Numbering:
    """The lists of a document (numbering.xml), and how far each has counted."""

    def __init__(self, root: etree._Element | None) -> None:
        abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, dict[int, _Level]] = {}
        for each in root if root is not None else ():
            if local(each) == "abstractNum":
                abstract[attribute(each, "abstractNumId") or ""] = _levels(each)
            elif local(each) == "num":
                of = _value(each, "abstractNumId") or ""
                self._lists[attribute(each, "numId") or ""] = abstract.get(of, {})
        self._counts: dict[int, list[int]] = defaultdict(lambda: [0] * _LEVELS)

    def next(self, list_id: str, level: int) -> str:
        """The number of the next paragraph of a list at a level, as shown; empty for none."""
        levels = self._lists.get(list_id)
        if not levels or level not in levels:
            return ""
        counts = self._counts[id(levels)]
        for deeper in range(level + 1, _LEVELS):
            counts[deeper] = 0
        counts[level] = counts[level] + 1 if counts[level] else levels[level].start
        shown = levels[level].text
        for n in range(level + 1):
            of = levels.get(n)
            if of is not None:
                shown = shown.replace(f"%{n + 1}", formed(counts[n] or of.start, of.form))
        return shown if levels[level].form != "bullet" else ""


def _levels(abstract: etree._Element) -> dict[int, _Level]:
    found = {}
    for each in abstract:
        depth = attribute(each, "ilvl") or ""
        if local(each) == "lvl" and depth.isdigit() and int(depth) < _LEVELS:
            start = _value(each, "start") or "1"
            found[int(depth)] = _Level(
                int(start) if start.isdigit() else 1,
                _value(each, "numFmt") or "decimal",
                _value(each, "lvlText") or "",
            )
    return found


def _value(element: etree._Element, name: str) -> str | None:
    child = next((each for each in element if local(each) == name), None)
    return attribute(child, "val") if child is not None else None


def formed(number: int, form: str) -> str:
    """A number in a form of ECMA-376 (ST_NumberFormat); forms not met here are figures."""
    return _FORMS.get(form, str)(number)


def han(number: int) -> str:
    """A number below ten thousand in Chinese; others in figures."""
    if not 0 < number < 10_000:
        return str(number)
    told, empty = "", False
    for unit, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            told += ("零" if empty and told else "") + _DIGITS[digit] + word
        empty = not digit
    return told[1:] if told.startswith("一十") else told


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 5)


def _roman(number: int) -> str:
    told = ""
    steps = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    words = ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"]
    for value, word in zip(steps, words, strict=True):
        while number >= value and len(told) < 20:
            told, number = told + word, number - value
    return told


def _circled(number: int) -> str:
    return chr(_CIRCLED + number - 1) if 1 <= number <= 20 else str(number)


_FORMS: dict[str, Callable[[int], str]] = {
    "none": lambda _: "",
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "decimalZero": lambda number: f"{number:02}",
    "decimalEnclosedCircle": _circled,
    "decimalEnclosedCircleChinese": _circled,
    "decimalFullWidth": lambda number: str(number).translate({48 + n: 0xFF10 + n for n in range(10)}),
    "ideographDigital": lambda number: "".join(_DIGITS[int(each)] for each in str(number)),
    **dict.fromkeys(
        (
            "chineseCounting", "chineseCountingThousand", "japaneseCounting",
            "taiwaneseCountingThousand", "taiwaneseCounting", "ideographTraditional",
        ),
        han,
    ),
}  # fmt: skip
