"""Han characters that stand below each other are read from top to bottom."""

from __future__ import annotations

from collections.abc import Sequence

from scraper.files.layout.glyphs import BLANKS, Glyph, is_wide

_ALIGNED = 0.25
_STEP = (0.7, 2.2)
_LEAST = 3
_PAGE_SHARE = 0.6


def take_standing(glyphs: Sequence[Glyph]) -> tuple[list[Glyph], list[str]]:
    """The glyphs that stand in lines, and the texts that run downwards.

    Told by the order in which a file draws its signs: a column of a table is drawn row by row. A
    page that mostly runs downwards is turned as a whole, so that its columns, from right to left,
    are lines.
    """
    stacks = _stacks(glyphs)
    standing = sum(len(stack) for stack in stacks)
    if not standing:
        return list(glyphs), []
    if standing >= _PAGE_SHARE * len(glyphs):
        return _laid_down(glyphs), []
    taken = {n for stack in stacks for n in stack}
    rest = [glyph for n, glyph in enumerate(glyphs) if n not in taken]
    return rest, ["".join(glyphs[n].text for n in stack) for stack in stacks]


def _stacks(glyphs: Sequence[Glyph]) -> list[list[int]]:
    """Runs of glyphs, by number, each of which stands right below the one drawn before it."""
    stacks: list[list[int]] = []
    stack: list[int] = []
    for n, glyph in enumerate(glyphs):
        if glyph.text in BLANKS:
            continue
        if stack and _below(glyphs[stack[-1]], glyph):
            stack.append(n)
            continue
        if len(stack) >= _LEAST:
            stacks.append(stack)
        stack = [n]
    if len(stack) >= _LEAST:
        stacks.append(stack)
    return stacks


def _below(above: Glyph, glyph: Glyph) -> bool:
    size = max(above.size, glyph.size)
    if not is_wide(above.text[-1]) or not is_wide(glyph.text[0]):
        return False
    middle = abs((above.x0 + above.x1) - (glyph.x0 + glyph.x1)) / 2
    return middle < _ALIGNED * size and _STEP[0] * size < glyph.y - above.y < _STEP[1] * size


def _laid_down(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The page turned: downwards becomes rightwards, from right to left becomes downwards."""
    right = max(glyph.x1 for glyph in glyphs)
    return [
        Glyph(
            glyph.text,
            glyph.y - glyph.size,
            glyph.y,
            right - (glyph.x0 + glyph.x1) / 2 + glyph.size,
            glyph.size,
        )
        for glyph in glyphs
    ]
