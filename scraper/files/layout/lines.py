"""Glyphs on one baseline are a line; a wide gap parts it into runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from scraper.files.layout.glyphs import BLANKS, Glyph, is_wide

_SAME_BASELINE = 0.3
_SMALL = 0.8
_OVERLAP = 0.4
_WORD_GAP = 0.17
_MIXED_GAP = 0.5
_RUN_GAP = 1.0
_BLANK_GAP = 3.0
_SPACED_GAP = 4.5
_ASCENT, _DESCENT = 0.88, 0.12


@dataclass(slots=True)
class Run:
    """A stretch of a line without a wide gap, or a table in a line's place.

    Attributes:
        text: its signs.
        x0, x1: where it begins and ends.
        top, bottom: its height; of a table from its first to its last rule.
        size: of its signs.
        rows: the rows of a table, cells parted by tabs; None for text.
    """

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    rows: tuple[str, ...] | None = None


@dataclass(slots=True)
class Line:
    """Runs that stand on one baseline, from left to right."""

    runs: list[Run]
    top: float
    bottom: float

    @property
    def text(self) -> str:
        """Its runs, tabs between."""
        return "\t".join(run.text for run in self.runs)

    @property
    def size(self) -> float:
        """Of its largest run."""
        return max(run.size for run in self.runs)


def lines_of(glyphs: Sequence[Glyph]) -> list[Line]:
    """All lines from top to bottom; raised and lowered signs are in the line they belong to."""
    rows = _merge_small(_baselines(glyphs))
    lines = []
    for row in rows:
        runs = _runs(sorted(row, key=lambda glyph: glyph.x0))
        if runs:
            top, bottom = min(run.top for run in runs), max(run.bottom for run in runs)
            lines.append(Line(runs, top, bottom))
    return lines


def _baselines(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    rows: list[list[Glyph]] = []
    anchor = 0.0
    for glyph in sorted(glyphs, key=lambda each: each.y):
        if rows and glyph.y - anchor <= _SAME_BASELINE * glyph.size:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
            anchor = glyph.y
    return rows


def _merge_small(rows: list[list[Glyph]]) -> list[list[Glyph]]:
    """Rows with super- and subscripts put into the line whose height they share."""
    merged: list[list[Glyph]] = []
    for row in rows:
        if merged and _shares(merged[-1], row):
            merged[-1].extend(row)
        else:
            merged.append(list(row))
    return merged


def _shares(above: list[Glyph], below: list[Glyph]) -> bool:
    """Whether of two rows one is of small signs in the gaps and the height of the other."""
    first, second = _size(above), _size(below)
    small, large = min(first, second), max(first, second)
    if small > _SMALL * large:
        return False
    top = max(above[0].y - _ASCENT * first, below[0].y - _ASCENT * second)
    bottom = min(above[0].y + _DESCENT * first, below[0].y + _DESCENT * second)
    if bottom - top < _OVERLAP * small:
        return False
    few, many = sorted((above, below), key=_size)
    return not any(
        each.x0 < other.x1 - 0.2 * small and other.x0 < each.x1 - 0.2 * small
        for each in few[:200]
        for other in many[:2000]
        if other.text not in BLANKS
    )


def _size(row: Sequence[Glyph]) -> float:
    return median(glyph.size for glyph in row)


def _runs(row: list[Glyph]) -> list[Run]:
    """The runs of one row of glyphs, sorted by x."""
    runs: list[list[Glyph]] = []
    texts: list[list[str]] = []
    last: Glyph | None = None
    blank = False
    for glyph in row:
        if glyph.text in BLANKS:
            blank = last is not None
            continue
        if last is None or _parts(last, glyph, blank=blank):
            runs.append([])
            texts.append([])
        elif blank or _is_word_gap(last, glyph):
            texts[-1].append(" ")
        runs[-1].append(glyph)
        texts[-1].append(glyph.text)
        last, blank = glyph, False
    found = [_run(each, "".join(text)) for each, text in zip(runs, texts, strict=True)]
    return _spaced_out(found)


def _parts(last: Glyph, glyph: Glyph, *, blank: bool) -> bool:
    """Whether the gap between two glyphs parts runs; blanks that were typed bridge more."""
    gap = glyph.x0 - last.x1
    return gap > (_BLANK_GAP if blank else _RUN_GAP) * max(last.size, glyph.size)


def _is_word_gap(last: Glyph, glyph: Glyph) -> bool:
    """Whether a blank stood there: programs set 1/4 em between Han and Latin without one."""
    before, after = is_wide(last.text[-1]), is_wide(glyph.text[0])
    if before and after:
        return False
    gap = glyph.x0 - last.x1
    return gap > (_MIXED_GAP if before or after else _WORD_GAP) * min(last.size, glyph.size)


def _run(glyphs: list[Glyph], text: str) -> Run:
    size = _size(glyphs)
    y = median(glyph.y for glyph in glyphs)
    right = max(glyph.x1 for glyph in glyphs)
    return Run(text, glyphs[0].x0, right, y - _ASCENT * size, y + _DESCENT * size, size)


def _spaced_out(runs: list[Run]) -> list[Run]:
    """A word whose signs were set far apart (公　　告) as one run; other runs as they are."""
    if not 2 <= len(runs) <= 12 or any(len(run.text) != 1 or not is_wide(run.text) for run in runs):
        return runs
    gaps = [after.x0 - before.x1 for before, after in pairwise(runs)]
    if max(gaps) > min(_SPACED_GAP * runs[0].size, 1.4 * min(gaps)):
        return runs
    last = runs[-1]
    return [
        Run(
            "".join(run.text for run in runs), runs[0].x0, last.x1, last.top, last.bottom, last.size
        )
    ]
