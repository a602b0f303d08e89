"""Lines that run on are a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from statistics import median

from scraper.files.layout.columns import Region
from scraper.files.layout.glyphs import is_wide
from scraper.files.layout.lines import Line, Run

_INDENTED = 0.8
_SPACED = 1.6
_OTHER_SIZE = 0.15
_ENDS = "。！？；：.!?:;"
_TOKEN = re.compile(r"[!-~\xa1-\u02af]+")


def paragraphs_of(regions: Iterable[Region]) -> list[str]:
    """The paragraphs and table rows of all regions, in order."""
    return [text for region in regions for text in _paragraphs(region)]


def _paragraphs(region: Region) -> Iterator[str]:
    pitch = _pitch(region.runs)
    text, last = "", None
    for run in region.runs:
        if run.rows is not None:
            if text:
                yield text
            yield from run.rows
            text, last = "", None
            continue
        if (last is not None and not runs_on(last, run, region) and text) or (
            last is not None and run.top - last.top > _SPACED * pitch and text
        ):
            yield text
            text = ""
        text = join(text, run.text) if text else run.text
        last = run
    if text:
        yield text


def _pitch(runs: list[Run]) -> float:
    """The usual distance between two lines."""
    steps = [
        after.top - before.top
        for before, after in pairwise(runs)
        if before.rows is None and after.rows is None and after.top > before.top
    ]
    return median(steps) if steps else 0.0


def runs_on(last: Run, run: Run, region: Region) -> bool:
    """Whether a paragraph goes on from one line to the next below it in their region.

    It does where the line before is full (the next line's first word had no room in it), and the
    next one starts at the left edge in signs of the same size.
    """
    size = max(last.size, run.size)
    if abs(last.size - run.size) > _OTHER_SIZE * size:
        return False
    if run.x0 > region.left + _INDENTED * size and run.x0 > last.x0 - _INDENTED * size:
        return False
    room = region.right - last.x1
    return room < _first_word(run) + size


def _first_word(run: Run) -> float:
    found = _TOKEN.match(run.text)
    signs = len(found[0]) if found else 1
    return (run.x1 - run.x0) * min(signs / max(len(run.text), 1), 0.3)


def join(before: str, after: str) -> str:
    """Two lines of one paragraph: Han characters meet, words keep a blank, a parted word is one."""
    if not before or not after:
        return before + after
    if before[-1] in "\x02\xad":
        return before[:-1] + after
    if before[-1] in "-–—/" or is_wide(before[-1]) or is_wide(after[0]):
        return before + after
    return f"{before} {after}"


def joined(lines: Iterable[Line]) -> str:
    """The text of a table's cell: its lines as one."""
    text = ""
    for line in lines:
        text = join(text, " ".join(run.text for run in line.runs))
    return text


def goes_on(text: str) -> bool:
    """Whether a page's last paragraph may go on overleaf: no sentence ends there."""
    return bool(text) and text[-1] not in _ENDS
