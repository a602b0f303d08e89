"""The objects of an OFD page: signs at places, rules, pictures."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from scraper.files.layout.glyphs import Glyph, is_wide, unified
from scraper.files.layout.grids import Rule
from scraper.files.packages import local

_POINTS = 72 / 25.4
"""OFD measures in millimetres; the layout's bounds are in points, as those of PDF."""
_THIN = 2.5
_SHORTEST = 4.0
_MOST_STEPS = 100_000

Matrix = tuple[float, float, float, float, float, float]


@dataclass(slots=True)
class Drawn:
    """What a page draws, in points from its upper left corner.

    Attributes:
        signs: with the degrees that their line is turned by, in the order of the file.
        flat, upright: rules.
        pictures: the areas of pictures.
        cut: whether there were more signs than are read.
    """

    signs: list[tuple[int, Glyph]] = field(default_factory=list)
    flat: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)
    pictures: list[float] = field(default_factory=list)
    cut: bool = False


def gather(root: etree._Element, drawn: Drawn, most: int) -> None:
    """All objects below a page's or a template's root, in the order in which they are drawn."""
    for element in root.iter():
        name = local(element)
        if name not in {"TextObject", "PathObject", "ImageObject"}:
            continue
        if (element.get("Visible") or "").lower() == "false":
            continue
        if len(drawn.signs) >= most:
            drawn.cut = drawn.cut or name == "TextObject"
            continue
        if name == "TextObject":
            drawn.signs.extend(_signs(element))
        elif name == "PathObject":
            _draw_rules(element, drawn)
        else:
            _, _, wide, high = numbers(element.get("Boundary"), 4)
            drawn.pictures.append(abs(wide * high) * _POINTS * _POINTS)


def numbers(text: str | None, count: int, default: float = 0.0) -> list[float]:
    """So many numbers of a list (ST_Array); what is missing or no number is the default."""
    found = []
    for word in (text or "").split()[:count]:
        value = _number(word)
        found.append(default if value is None else value)
    return found + [default] * (count - len(found))


def _number(word: str) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) < 1e6 else None


def _matrix(element: etree._Element) -> Matrix:
    """From the object's own coordinates to the page's."""
    x, y, _, _ = numbers(element.get("Boundary"), 4)
    stated = element.get("CTM")
    a, b, c, d, e, f = numbers(stated, 6) if stated else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return a, b, c, d, e + x, f + y


def _place(x: float, y: float, matrix: Matrix) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e) * _POINTS, (b * x + d * y + f) * _POINTS


def _signs(element: etree._Element) -> Iterator[tuple[int, Glyph]]:
    """The signs of a text object, its pieces of code one after the other."""
    matrix = _matrix(element)
    size = numbers(element.get("Size"), 1, 3.5)[0] or 3.5
    em = size * math.hypot(matrix[2], matrix[3]) * _POINTS
    across = size * math.hypot(matrix[0], matrix[1]) * _POINTS
    across *= numbers(element.get("HScale"), 1, 1.0)[0] or 1.0
    turn = round(math.degrees(math.atan2(matrix[1], matrix[0]))) % 360
    x = y = 0.0
    for code in element:
        if local(code) != "TextCode":
            continue
        x = numbers(code.get("X"), 1, x)[0]
        y = numbers(code.get("Y"), 1, y)[0]
        for sign, at in zip(code.text or "", _steps(code, x, y, size), strict=False):
            if sign in "\r\n":
                continue
            yield turn, _glyph(unified(sign), _place(*at, matrix), turn, across, em)


def _glyph(sign: str, at: tuple[float, float], turn: int, across: float, em: float) -> Glyph:
    """A sign on its page turned so that its line runs to the right."""
    x, y = at
    if turn:
        cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        x, y = x * cos + y * sin, y * cos - x * sin
    width = across if is_wide(sign) else across / 2
    return Glyph(sign, x, x + width, y, em)


def _steps(code: etree._Element, x: float, y: float, size: float) -> Iterator[tuple[float, float]]:
    """Where each sign of a piece of code stands (GB/T 33190, 11.3: DeltaX, DeltaY)."""
    text = code.text or ""
    across, down = deltas(code.get("DeltaX")), deltas(code.get("DeltaY"))
    stated = code.get("DeltaX") or code.get("DeltaY")
    for sign in text:
        yield x, y
        natural = 0.0 if stated else size * (1.0 if is_wide(sign) else 0.5)
        x += next(across, natural)
        y += next(down, 0.0)


def deltas(text: str | None) -> Iterator[float]:
    """A list of steps, ``g 3 12.5`` being three steps of 12.5."""
    words = iter((text or "").split())
    given = 0
    for word in words:
        if word != "g":
            yield _number(word) or 0.0
            continue
        times, step = _number(next(words, "0")) or 0.0, _number(next(words, "0")) or 0.0
        for _ in range(int(min(max(times, 0), _MOST_STEPS - given))):
            given += 1
            yield step


_STEP = re.compile(r"[A-Za-z]|-?[\d.]+(?:[eE][-+]?\d+)?")


def _draw_rules(element: etree._Element, drawn: Drawn) -> None:
    """The straight lines of a path along an axis, thin rectangles among them."""
    matrix = _matrix(element)
    data = next((each.text for each in element if local(each) == "AbbreviatedData"), None) or ""
    points = [_place(x, y, matrix) for x, y in _corners(data)]
    if not points or len(points) > 2000:
        return
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    top, bottom = min(p[1] for p in points), max(p[1] for p in points)
    if min(right - left, bottom - top) <= _THIN:
        _add(drawn, left, top, right, bottom)
    elif (element.get("Stroke") or "true").lower() != "false":
        for (x0, y0), (x1, y1) in itertools.pairwise(points):
            _add(drawn, min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _corners(data: str) -> Iterator[tuple[float, float]]:
    """The points of a path of straight lines; nothing for one with curves."""
    words = _STEP.findall(data[:20_000])
    at, start = 0, (0.0, 0.0)
    while at < len(words):
        word = words[at]
        if word in "SML" and at + 2 < len(words):
            point = numbers(" ".join(words[at + 1 : at + 3]), 2)
            start = (point[0], point[1]) if word != "L" else start
            yield point[0], point[1]
            at += 3
        elif word == "C":
            yield start
            at += 1
        else:
            return


def _add(drawn: Drawn, left: float, top: float, right: float, bottom: float) -> None:
    if right - left > bottom - top:
        if bottom - top <= _THIN and right - left >= _SHORTEST:
            drawn.flat.append(Rule((top + bottom) / 2, left, right))
    elif right - left <= _THIN and bottom - top >= _SHORTEST:
        drawn.upright.append(Rule((left + right) / 2, top, bottom))
