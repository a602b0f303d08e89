"""Where the words of a snippet stand in a text, so that a quotation can be checked sign by sign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_MARKED = re.compile("⟦([^⟦⟧]*)⟧")
_BREAK = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a text: ``paragraphs[paragraph][start:end] == text``, all counted from 0, in characters."""

    paragraph: int
    start: int
    end: int
    text: str


def locate(snippet: str, paragraphs: Sequence[str]) -> list[Quote]:
    """The marked words of a snippet in the text; empty where the snippet is from elsewhere.

    Args:
        snippet: as a search gives it, words between ⟦ and ⟧, ``…`` where it was cut.
        paragraphs: of the publication that the hit shows.
    """
    bare, marks = "", []
    for number, part in enumerate(_MARKED.split(snippet.strip().strip("…"))):
        if number % 2:
            marks.append((len(bare), len(bare) + len(part)))
        bare += part
    at = _spaced("\n".join(paragraphs)).find(_spaced(bare)) if bare else -1
    if at < 0:
        return []
    quotes = (_quote(paragraphs, at + start, at + end) for start, end in marks)
    return [quote for quote in quotes if quote is not None]


def _quote(paragraphs: Sequence[str], start: int, end: int) -> Quote | None:
    for number, paragraph in enumerate(paragraphs):
        if start <= len(paragraph):
            if end > len(paragraph):
                return None  # a phrase that goes over the end of a paragraph is no one place
            return Quote(number, start, end, paragraph[start:end])
        start, end = start - len(paragraph) - 1, end - len(paragraph) - 1
    return None


def _spaced(text: str) -> str:
    """The same length, each sign of white space as a blank."""
    return _BREAK.sub(" ", text)
