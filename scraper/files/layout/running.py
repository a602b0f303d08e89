"""Running heads and page numbers: what stands at the same place on page after page is no text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile
from statistics import median_low

from scraper.files.layout.lines import Line

_NUMBER = re.compile(
    r"^[\s—–\-－―─_·.•~|｜〔\[（(]*"
    r"(?:第?\s?(?:\d{1,4}|[ivxlIVXL]{1,6}|[一二三四五六七八九十百]{1,4})\s?页?"
    r"(?:\s?[/／,，、|]?\s?(?:共|of|总)?\s?\d{1,4}\s?页?)?)"
    r"[\s—–\-－―─_·.•~|｜〕\]）)]*$"
)
"""— 1 —, -1-, 第1页 共10页, 1/10, iv."""
_MARKED = re.compile(r"^[—–\-－―─_·~]\s?\d{1,4}\s?[—–\-－―─_·~]$|^第\s?\d{1,4}\s?页")
_DIGITS = re.compile(r"\d{1,6}")
_EDGE_LINES = 3
_ZONE = 0.14
"""Of a page's height, above and below: where running heads are looked for."""
_GAP = 1.2
"""Usual steps from line to line, which a running head stands off from the text at least."""
_SHARE = 0.4
"""Of the pages, on which a line stands that runs (left and right pages may have their own)."""


@dataclass(slots=True)
class Sheet:
    """A page's lines from top to bottom, and its size."""

    lines: list[Line]
    width: float
    height: float


def strip_running(sheets: Sequence[Sheet]) -> None:
    """Take running heads and page numbers out of all pages' lines."""
    seen: Counter[tuple[str, int]] = Counter()
    for sheet in sheets:
        seen.update({_key(line, sheet) for line in _edges(sheet) if line.runs[0].rows is None})
    least = max(2, _SHARE * len(sheets))
    running = {key for key, times in seen.items() if times >= least}
    for number, sheet in enumerate(sheets, 1):
        numbers = {
            id(line) for line in _edges(sheet) if _is_number(line, sheet, number, len(sheets))
        }
        heads = {id(line) for line in _edges(sheet) if _key(line, sheet) in running} - numbers
        gone = numbers | _apart(sheet, heads, numbers)
        sheet.lines = [line for line in sheet.lines if id(line) not in gone]


def _apart(sheet: Sheet, heads: set[int], numbers: set[int]) -> set[int]:
    """Of lines that repeat those between which and the text there is a wider gap than in it.

    Otherwise pages that begin alike (forms, series of notices) would lose their first lines.
    """
    lines = [line for line in sheet.lines if id(line) not in numbers]
    steps = [b.top - a.top for a, b in pairwise(lines) if b.top > a.top]
    usual = median_low(steps) if len(steps) > 1 else 0.0
    gone: set[int] = set()
    for order in (lines, lines[::-1]):
        outer = list(takewhile(lambda line: id(line) in heads, order))
        while outer and len(outer) < len(order):
            if abs(outer[-1].top - order[len(outer)].top) > _GAP * usual:
                break
            outer.pop()
        gone.update(map(id, outer))
    return gone


def _edges(sheet: Sheet) -> list[Line]:
    """The lines in the zones where running heads stand, a page's only lines among them."""
    above = [line for line in sheet.lines[:_EDGE_LINES] if line.bottom < _ZONE * sheet.height]
    below = [line for line in sheet.lines[-_EDGE_LINES:] if line.top > (1 - _ZONE) * sheet.height]
    return above + [line for line in below if line not in above]


def _key(line: Line, sheet: Sheet) -> tuple[str, int]:
    """A line's text with figures made equal, and its height on the page in hundredths."""
    return _DIGITS.sub("#", line.text), round(50 * line.top / max(sheet.height, 1e-6))


def _is_number(line: Line, sheet: Sheet, number: int, pages: int) -> bool:
    """Whether a line is a page number by itself: marked as such, or the page's own count."""
    text = line.text.strip()
    if len(text) > 20 or not _NUMBER.match(text):
        return False
    if _MARKED.match(text):
        return True
    alone = line is sheet.lines[-1] or line is sheet.lines[0]
    return alone and pages > 1 and text.strip("—–-－―─_·.•~|｜ ") == str(number)
