"""Two texts of a publication as one that shows what was taken out and what was put in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

Kind = Literal["same", "added", "removed"]
MOST_PARAGRAPHS = 4000
LONGEST_PARAGRAPH = 4000
"""Beyond these a paragraph counts as replaced: the comparison needs memory with their square."""
ALIKE = 50
"""Of 100: paragraphs less alike than this are shown as taken out and put in, not as edited."""
_NUMERALS = "〇零一二三四五六七八九十百千万亿两"
_UNIT = re.compile(
    r"[0-9０-９]+(?:[.,．，][0-9０-９]+)*[%％]?"
    rf"|[{_NUMERALS}]+(?:点[{_NUMERALS}]+)?"
    r"|[A-Za-z]+|[^0-9０-９A-Za-z]",
    re.DOTALL,
)
"""What changes as a whole: a number (248 became 255, not 48 55 behind a 2; 四十五 became 四十八), a Latin word,
any other sign."""
SHORTEST_KEPT = 2
"""Common pieces of one character between two changes only make the change unreadable."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters and what became of them."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``edited`` is one with pieces of more than one kind."""

    kind: Literal["same", "added", "removed", "edited"]
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Paragraphs in a row that did not change, to be folded away."""

    paragraphs: tuple[Paragraph, ...]


def compare(old: str, new: str) -> list[Paragraph]:
    """Both bodies (a paragraph a line) as one, in reading order."""
    before, after = old.split("\n"), new.split("\n")
    if max(len(before), len(after)) > MOST_PARAGRAPHS:
        return [*map(_removed, before), *map(_added, after)]
    shown: list[Paragraph] = []
    removed: list[str] = []
    added: list[str] = []
    for step in Indel.opcodes(before, after):
        mine = before[step.src_start : step.src_end]
        if step.tag == "equal":
            shown += [*_paired(removed, added), *map(_kept, mine)]
            removed, added = [], []
        else:
            removed, added = removed + mine, added + after[step.dest_start : step.dest_end]
    return [*shown, *_paired(removed, added)]


def folded(paragraphs: list[Paragraph], around: int = 1) -> list[Paragraph | Gap]:
    """Long unchanged stretches as gaps, with some paragraphs left around each change."""
    near = {
        place + step
        for place, paragraph in enumerate(paragraphs)
        if paragraph.kind != "same"
        for step in range(-around, around + 1)
    }
    shown: list[Paragraph | Gap] = []
    for place, paragraph in enumerate(paragraphs):
        if place in near:
            shown.append(paragraph)
        elif shown and isinstance(shown[-1], Gap):
            shown[-1] = Gap((*shown[-1].paragraphs, paragraph))
        else:
            shown.append(Gap((paragraph,)))
    return shown


def compare_line(old: str, new: str) -> tuple[Piece, ...]:
    """Two short texts as one."""
    if max(len(old), len(new)) > LONGEST_PARAGRAPH:
        return _whole(old, new)
    pieces: list[Piece] = []
    before, after = _UNIT.findall(old), _UNIT.findall(new)
    for step in Indel.opcodes(before, after):
        mine = "".join(before[step.src_start : step.src_end])
        at_an_end = step.src_start == 0 or step.src_end == len(before)
        if step.tag == "equal" and (len(mine) >= SHORTEST_KEPT or at_an_end):
            pieces.append(Piece("same", mine))
        else:
            pieces += _whole(mine, "".join(after[step.dest_start : step.dest_end]))
    return tuple(_merged(pieces))


def _paired(removed: list[str], added: list[str]) -> Iterator[Paragraph]:
    """A paragraph taken out and the alike one that took its place become one that was edited."""
    waiting = removed
    for line in added:
        places = (place for place, old in enumerate(waiting) if fuzz.ratio(old, line) >= ALIKE)
        place = next(places, None)
        if place is None:
            yield _added(line)
            continue
        yield from map(_removed, waiting[:place])
        yield Paragraph("edited", compare_line(waiting[place], line))
        waiting = waiting[place + 1 :]
    yield from map(_removed, waiting)


def _merged(pieces: list[Piece]) -> Iterator[Piece]:
    """Neighbouring changes together: first all that was taken out, then all that was put in."""
    removed = added = ""
    for piece in [*pieces, Piece("same", "")]:
        if piece.kind == "removed":
            removed += piece.text
        elif piece.kind == "added":
            added += piece.text
        else:
            yield from _whole(removed, added)
            removed = added = ""
            if piece.text:
                yield piece


def _whole(old: str, new: str) -> tuple[Piece, ...]:
    both = (Piece("removed", old), Piece("added", new))
    return tuple(piece for piece in both if piece.text)


def _kept(line: str) -> Paragraph:
    return Paragraph("same", (Piece("same", line),))


def _removed(line: str) -> Paragraph:
    return Paragraph("removed", (Piece("removed", line),))


def _added(line: str) -> Paragraph:
    return Paragraph("added", (Piece("added", line),))
