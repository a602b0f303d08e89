"""Lines become regions in reading order: text over the whole width, columns, rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from scraper.files.layout.lines import Line, Run

_GUTTER = 0.7
"""Ems that no line may reach into, for columns to be parted there."""
_FILLED = 0.7
_COLUMN_EMS = 7
_COLUMN_LINES = 3
_DEEPEST = 4
_TEXT_TO = 0.72
"""Of a page's width: no usual page ends its lines before."""

Gutter = tuple[float, float]
Frame = tuple[float, float]
"""Where lines of text begin and end at most."""


@dataclass(slots=True)
class Region:
    """Runs one below the other, in order, and the width that they may fill."""

    runs: list[Run]
    left: float
    right: float


def frame_of(lines: Sequence[Line], width: float = 0.0) -> Frame:
    """Where the text of these lines begins and ends; the end at least where a page's text does."""
    runs = [run for line in lines for run in line.runs]
    texts = [run for run in runs if run.rows is None] or runs
    left = min((run.x0 for run in texts), default=0.0)
    return left, max([run.x1 for run in texts] + [_TEXT_TO * width])


def regions_of(lines: Sequence[Line], frame: Frame | None = None, depth: int = 0) -> list[Region]:
    """Regions in the order in which they are read."""
    frame = frame or frame_of(lines)
    found: list[Region] = []
    plain: list[Line] = []
    at = 0
    while at < len(lines):
        if len(lines[at].runs) < 2:
            plain.append(lines[at])
            at += 1
            continue
        past, gutters = _extent(lines, at)
        while plain and _clear(plain[-1], gutters) and _near(plain[-1], lines[at - 1], lines[at]):
            plain.pop()
            at -= 1
        group = lines[at:past]
        if depth < _DEEPEST and _is_text(group, gutters):
            found += _plain_region(plain, frame) + _columns(group, gutters, depth)
            plain = []
        else:
            plain += _as_rows(group, gutters)
        at = past
    return found + _plain_region(plain, frame)


def _near(line: Line, *after: Line) -> bool:
    """Whether a line above belongs to what follows: it starts at most two lines before."""
    return after[-1].top - line.top < 60 * max(line.size, 0.01) and line.runs[0].rows is None


def _clear(line: Line, gutters: list[Gutter]) -> bool:
    """Whether a line reaches over no gutter."""
    return not any(run.x0 < right and run.x1 > left for run in line.runs for left, right in gutters)


def _extent(lines: Sequence[Line], start: int) -> tuple[int, list[Gutter]]:
    """How far the gutters of a line go on below it: the first line past them, and what is left."""
    gutters = [(a.x1, b.x0) for a, b in zip(lines[start].runs, lines[start].runs[1:], strict=False)]
    for at in range(start + 1, len(lines)):
        line = lines[at]
        if line.top - lines[at - 1].bottom > 6 * line.size:
            return at, gutters
        kept = [each for gutter in gutters if (each := _narrowed(gutter, line)) is not None]
        if not kept:
            return at, gutters
        gutters = kept
    return len(lines), gutters


def _narrowed(gutter: Gutter, line: Line) -> Gutter | None:
    """What a line leaves of a gutter."""
    left, right = gutter
    for run in line.runs:
        if run.x1 <= left or run.x0 >= right:
            continue
        if run.x0 - left > right - run.x1:
            right = run.x0
        else:
            left = run.x1
    return (left, right) if right - left >= _GUTTER * line.size else None


def _column_of(run: Run, gutters: list[Gutter]) -> int:
    middle = (run.x0 + run.x1) / 2
    return sum(1 for left, right in gutters if middle > (left + right) / 2)


def _by_column(group: Sequence[Line], gutters: list[Gutter]) -> list[list[Line]]:
    """The lines of each column."""
    columns: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    for line in group:
        shares: list[list[Run]] = [[] for _ in columns]
        for run in line.runs:
            shares[_column_of(run, gutters)].append(run)
        for column, runs in zip(columns, shares, strict=True):
            if runs:
                top, bottom = min(run.top for run in runs), max(run.bottom for run in runs)
                column.append(Line(runs, top, bottom))
    return columns


def _is_text(group: Sequence[Line], gutters: list[Gutter]) -> bool:
    """Whether a group is columns of running text, whose lines fill them, and not a table."""
    return all(_runs_on(column) for column in _by_column(group, gutters))


def _runs_on(column: list[Line]) -> bool:
    if len(column) < _COLUMN_LINES:
        return False
    left = min(line.runs[0].x0 for line in column)
    width = max(line.runs[-1].x1 for line in column) - left
    filled = median(line.runs[-1].x1 - line.runs[0].x0 for line in column)
    return width >= _COLUMN_EMS * column[0].size and filled >= _FILLED * width


def _columns(group: Sequence[Line], gutters: list[Gutter], depth: int) -> list[Region]:
    found: list[Region] = []
    for column in _by_column(group, gutters):
        found += regions_of(column, None, depth + 1)
    return found


def _as_rows(group: Sequence[Line], gutters: list[Gutter]) -> list[Line]:
    """A group as rows of cells, one line each; a line of one run stays what it is."""
    return [line if len(line.runs) == 1 else _row(line, gutters) for line in group]


def _row(line: Line, gutters: list[Gutter]) -> Line:
    cells: list[list[str]] = [[] for _ in range(len(gutters) + 1)]
    for run in line.runs:
        cells[_column_of(run, gutters)].append(run.text)
    text = "\t".join("\t".join(cell) for cell in cells).rstrip("\t")
    first, last = line.runs[0], line.runs[-1]
    row = Run(text, first.x0, last.x1, line.top, line.bottom, line.size, (text,))
    return Line([row], line.top, line.bottom)


def _plain_region(lines: list[Line], frame: Frame) -> list[Region]:
    return [Region([run for line in lines for run in line.runs], *frame)] if lines else []
