"""Ruled tables: drawn lines make a grid, and what stands in its cells is read row by row."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scraper.files.layout.glyphs import Glyph
from scraper.files.layout.lines import Line, Run, lines_of
from scraper.files.layout.paragraphs import joined

_TOUCH = 3.0
"""Points within which two rules meet or are one."""
_MOST = 2000
"""Rules of a page; a map or a chart has more, and no table."""


class Rule(NamedTuple):
    """A drawn line: horizontal at ``at`` from ``start`` to ``end``, or vertical likewise."""

    at: float
    start: float
    end: float


class Grid(NamedTuple):
    """A table's rules: the positions of its rows' and columns' edges, and the rules themselves."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    horizontal: tuple[Rule, ...]
    vertical: tuple[Rule, ...]


def take_tables(
    glyphs: Sequence[Glyph], horizontal: Iterable[Rule], vertical: Iterable[Rule]
) -> tuple[list[Glyph], list[Line]]:
    """The glyphs outside of all tables, and each table as a line of one run with its rows."""
    rest, tables = list(glyphs), []
    for grid in _grids(_merged(horizontal), _merged(vertical)):
        inside = [each for each in rest if _holds(grid, each)]
        if not inside:
            continue
        rows = _rows(grid, inside)
        if sum(bool(cell) for row in rows for cell in row.split("\t")) < 2:
            continue
        taken = set(map(id, inside))
        rest = [each for each in rest if id(each) not in taken]
        size = inside[0].size
        run = Run("\n".join(rows), grid.xs[0], grid.xs[-1], grid.ys[0], grid.ys[-1], size, rows)
        tables.append(Line([run], grid.ys[0], grid.ys[-1]))
    return rest, tables


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Rules that are parts of one, as one."""
    merged: list[Rule] = []
    groups: dict[int, list[Rule]] = defaultdict(list)
    for rule in rules:
        groups[round(rule.at)].append(rule)
    for group in groups.values():
        group.sort(key=lambda rule: rule.start)
        current = group[0]
        for rule in group[1:]:
            if rule.start <= current.end + _TOUCH:
                current = Rule(current.at, current.start, max(current.end, rule.end))
            else:
                merged.append(current)
                current = rule
        merged.append(current)
    return merged if len(merged) <= _MOST else []


def _grids(horizontal: list[Rule], vertical: list[Rule]) -> list[Grid]:
    """Rules that meet each other make a grid, where they bound at least two cells."""
    owner = list(range(len(horizontal) + len(vertical)))

    def root(n: int) -> int:
        while owner[n] != n:
            owner[n] = owner[owner[n]]
            n = owner[n]
        return n

    for h, flat in enumerate(horizontal):
        for v, upright in enumerate(vertical, len(horizontal)):
            if _meet(flat, upright):
                owner[root(h)] = root(v)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = defaultdict(lambda: ([], []))
    for h, flat in enumerate(horizontal):
        groups[root(h)][0].append(flat)
    for v, upright in enumerate(vertical, len(horizontal)):
        groups[root(v)][1].append(upright)
    made = (_grid(*group) for group in groups.values())
    return [grid for grid in made if (len(grid.xs) - 1) * (len(grid.ys) - 1) > 1]


def _meet(flat: Rule, upright: Rule) -> bool:
    across = flat.start - _TOUCH <= upright.at <= flat.end + _TOUCH
    return across and upright.start - _TOUCH <= flat.at <= upright.end + _TOUCH


def _grid(horizontal: list[Rule], vertical: list[Rule]) -> Grid:
    """The grid of rules that meet. Statistical tables have no outer edges: there it is open."""
    if not horizontal or not vertical:
        return Grid((0.0,), (0.0,), (), ())
    xs = _positions([*(rule.at for rule in vertical), *_ends(horizontal)])
    ys = _positions([*(rule.at for rule in horizontal), *_ends(vertical)])
    return Grid(xs, ys, tuple(horizontal), tuple(vertical))


def _ends(rules: list[Rule]) -> tuple[float, float]:
    return min(rule.start for rule in rules), max(rule.end for rule in rules)


def _positions(values: Iterable[float]) -> tuple[float, ...]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _TOUCH:
            found.append(value)
    return tuple(found)


def _holds(grid: Grid, glyph: Glyph) -> bool:
    x, y = (glyph.x0 + glyph.x1) / 2, glyph.y - 0.35 * glyph.size
    return grid.xs[0] < x < grid.xs[-1] and grid.ys[0] < y < grid.ys[-1]


def _rows(grid: Grid, glyphs: list[Glyph]) -> tuple[str, ...]:
    """Rows from top to bottom; a merged cell's text stands in its first cell."""
    first = _merged_cells(grid)
    cells: dict[tuple[int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        row = bisect_right(grid.ys, glyph.y - 0.35 * glyph.size) - 1
        column = bisect_right(grid.xs, (glyph.x0 + glyph.x1) / 2) - 1
        cells[first[row, column]].append(glyph)
    texts = {place: joined(lines_of(each)) for place, each in cells.items()}
    rows: list[str] = []
    for r in range(len(grid.ys) - 1):
        told = [texts.get((r, c), "") for c in range(len(grid.xs) - 1)]
        rows.append("\t".join(told).rstrip("\t"))
    return tuple(row for row in rows if row)


def _merged_cells(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """For each cell the first of those it is one with: no rule parts them."""
    first: dict[tuple[int, int], tuple[int, int]] = {}
    for r in range(len(grid.ys) - 1):
        for c in range(len(grid.xs) - 1):
            first[r, c] = (r, c)
            middle_y, middle_x = (
                (grid.ys[r] + grid.ys[r + 1]) / 2,
                (grid.xs[c] + grid.xs[c + 1]) / 2,
            )
            if c and not _parted(grid.vertical, grid.xs[c], middle_y):
                first[r, c] = first[r, c - 1]
            elif r and not _parted(grid.horizontal, grid.ys[r], middle_x):
                first[r, c] = first[r - 1, c]
    return first


def _parted(rules: tuple[Rule, ...], at: float, across: float) -> bool:
    return any(abs(rule.at - at) <= _TOUCH and rule.start < across < rule.end for rule in rules)
