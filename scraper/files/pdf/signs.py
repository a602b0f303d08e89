"""The signs of a PDF's page, each with its place, in the direction in which they are read."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from scraper.files.layout.glyphs import Glyph, unified

_NOT_TEXT = range(0xE000, 0xF900)
"""Private use: a font's own signs (bullets, check boxes), or a text that was made unreadable."""
_SPACES = frozenset("\r\n")
_HYPHEN = 2
"""What PDFium gives for a hyphen at a line's end that parts a word."""


class Sign(NamedTuple):
    """A sign of a page, in the page's own coordinates (points, y upwards).

    Attributes:
        text: the sign; empty where the font does not tell what it is.
        turn: degrees from the x axis to its line's direction, to the nearest whole one.
        left, bottom, right, top: the box that it takes in its line.
        x, y: where it stands on its baseline.
        size: the height of an em.
    """

    text: str
    turn: int
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    size: float


def signs_of(page: Any, most: int) -> tuple[list[Sign], bool]:
    """The signs in the order in which the file draws them, and whether these are all.

    Args:
        page: PDFium's.
        most: how many are read.
    """
    text = pdfium.FPDFText_LoadPage(page)
    if not text:
        return [], False
    try:
        count = pdfium.FPDFText_CountChars(text)
        return list(_signs(text, min(count, most))), count <= most
    finally:
        pdfium.FPDFText_ClosePage(text)


def _signs(text: Any, count: int) -> Iterator[Sign]:
    # One call a value and sign, a thousand signs a page: names are local, nothing is built twice.
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    x, y = ctypes.c_double(), ctypes.c_double()
    code_of, size_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetFontSize
    box_of, matrix_of = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetMatrix
    origin_of, unknown = pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_HasUnicodeMapError
    high = 0
    for n in range(count):
        code = code_of(text, n)
        if code in {10, 13}:
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00)
        high = 0
        if code == 32 and pdfium.FPDFText_IsGenerated(text, n):
            continue
        box_of(text, n, box)
        matrix_of(text, n, matrix)
        origin_of(text, n, x, y)
        if matrix.b == 0 and matrix.a > 0:
            turn, scale = 0, abs(matrix.d)
        else:
            turn, scale = _degrees(matrix), math.hypot(matrix.c, matrix.d)
        size = size_of(text, n) * scale
        sign = "" if unknown(text, n) == 1 else _sign(code)
        yield Sign(
            sign, turn, box.left, box.bottom, box.right, box.top, x.value, y.value, size or 1.0
        )


def _degrees(matrix: Any) -> int:
    return round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360


def _sign(code: int) -> str:
    """A code as a sign; empty for one that says nothing."""
    if code in _NOT_TEXT or code == 0xFFFD or code > 0x10FFFF or 0xD800 <= code < 0xE000:
        return ""
    if code < 32:
        return "\x02" if code == _HYPHEN else ""
    return unified(chr(code))


def known_share(signs: list[Sign]) -> float:
    """Which share of the signs the fonts tell, of 0 to 1; 1 for a page without signs."""
    return sum(1 for sign in signs if sign.text) / len(signs) if signs else 1.0


def turned(sign: Sign, degrees: int) -> Glyph:
    """A sign as it stands on a page turned so that lines of this direction run to the right."""
    if degrees == 0:
        return Glyph(sign.text, sign.left, sign.right, -sign.y, sign.size)
    cos, sin = _UNIT.get(degrees) or (
        math.cos(math.radians(degrees)),
        math.sin(math.radians(degrees)),
    )
    y = sign.x * sin - sign.y * cos
    if degrees in _UNIT:
        ends = sorted((sign.left * cos + sign.bottom * sin, sign.right * cos + sign.top * sin))
        return Glyph(sign.text, ends[0], ends[1], y, sign.size)
    start = sign.x * cos + sign.y * sin
    return Glyph(sign.text, start, start + sign.size * 0.9, y, sign.size)


_UNIT = {90: (0.0, 1.0), 180: (-1.0, 0.0), 270: (0.0, -1.0)}
