"""Signs at places."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

BLANKS = frozenset(" \t\xa0\u3000\u2002\u2003")


class Glyph(NamedTuple):
    """A sign (or a run of signs that stays together) and where it stands.

    Lengths are in the page's own unit (points, millimetres, pixels); y grows downwards.

    Attributes:
        text: the sign.
        x0, x1: where its box begins and ends.
        y: its baseline.
        size: the height of an em.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float


@lru_cache(maxsize=8192)
def is_wide(sign: str) -> bool:
    """Whether a sign takes the width of a Han character, as words of such have no blanks."""
    return unicodedata.east_asian_width(sign) in "WF"


def unified(sign: str) -> str:
    """The Han character that a radical sign was drawn for.

    Fonts share one outline between U+2F08 and 人, and a PDF's producer may write down either;
    nobody types the radical. (NFKC of the whole text would change what was typed.)
    """
    if "\u2e80" <= sign <= "\u2fdf":
        return _RADICALS.get(sign) or unicodedata.normalize("NFKC", sign)
    return sign


_RADICALS = dict(
    zip(
        "⻅⻆⻉⻋⻓⻔⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳",
        "见角贝车长门页风飞食马骨鬼鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
"""Those of the supplement (U+2E80 on) to which Unicode gives no equivalent."""


def distinct(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Glyphs without those drawn again at (nearly) their own place: bold and shadow by overprint."""
    one_net: set[tuple[str, int, int]] = set()
    other_net: set[tuple[str, int, int]] = set()
    kept: list[Glyph] = []
    last = None
    for glyph in glyphs:
        text, x, y = glyph[0], glyph[1], glyph[3]
        cell = _OVERPRINTED * glyph[4] or 1.0
        # Two nets of cells, half a cell apart: what is near in one of them is near.
        one = (text, int(x / cell), int(y / cell))
        other = (text, int(x / cell + 0.5), int(y / cell + 0.5))
        if (one in one_net or other in other_net) and text not in BLANKS and last != (x, y):
            continue
        one_net.add(one)
        other_net.add(other)
        kept.append(glyph)
        last = (x, y)  # the signs of a ligature have one place
    return kept


_OVERPRINTED = 0.15
"""Ems within which a sign is the one drawn before it; the narrowest (ll, 11) stand 0.2 apart."""
