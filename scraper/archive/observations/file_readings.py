"""What a file says, as it is stored: what it states, and beside it what was recognised in pictures."""

from __future__ import annotations

from dataclasses import replace

from scraper.archive.observations.file import EMPTY, PICTURED, READ, FileReading
from scraper.errors import FileError
from scraper.files import FileMember, FileText

READER = "tonggao 1"
"""The readers of ours; another number where they read otherwise."""
_DETAIL = 1000
"""Characters of a sentence about a file that are kept."""


def readings_of(text: FileText) -> tuple[FileReading, ...]:
    """One reading of what the file itself states; a second one where anything was recognised."""
    reader = text.reader or READER
    stated = replace(text, parts=tuple(part for part in text.parts if not part.recognised))
    seen = replace(text, parts=tuple(p for p in text.parts if p.recognised), members=())
    pages = len(text.parts) or None
    own = FileReading(
        recognised=False,
        state=_state(text, stated),
        reader=reader,
        body=stated.text,
        heading=text.heading,
        pages=pages,
        detail=_unread(text.members),
        complete=_states_all(text),
    )
    if not seen.parts:
        return (own,)
    recognised = FileReading(
        recognised=True,
        state=READ if seen.text else EMPTY,
        reader=reader,
        body=seen.text,
        pages=len(seen.parts) or None,
        complete=not text.pictured and not any(part.cut for part in seen.parts),
        confidence=text.confidence,
    )
    return own, recognised


def reading_of_refusal(error: FileError, *, recognised: bool = False) -> FileReading:
    """The reading of a file that could not be read, or recognised: why."""
    return FileReading(
        recognised=recognised,
        state=error.refusal.value,
        reader=READER,
        detail=str(error)[:_DETAIL],
        complete=False,
    )


def _states_all(text: FileText) -> bool:
    """Whether a file is known to say no more than it states itself: no page of it is a picture."""
    pictures = any(part.pictured or part.recognised for part in text.parts)
    inside = (each.text is not None and _states_all(each.text) for each in text.members)
    return text.complete and not pictures and all(inside)


def _unread(members: tuple[FileMember, ...]) -> str | None:
    """Which files inside a file were not read, and why."""
    named = [f"{each.name} ({each.refusal.value})" for each in members if each.refusal is not None]
    return f"not read in it: {', '.join(named)}"[:_DETAIL] if named else None


def _state(text: FileText, stated: FileText) -> str:
    if stated.text.strip() or text.members:
        return READ
    return PICTURED if text.pictured or text.recognised else EMPTY
