"""What a file says, as it is stored: what it states, and beside it what was recognised in pictures."""

from __future__ import annotations

from dataclasses import replace

from scraper.archive.observations.file import EMPTY, PICTURED, READ, FileReading
from scraper.errors import FileError
from scraper.files import FileText

READER = "tonggao 1"
"""The readers of ours; another number where they read otherwise."""


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
        complete=text.complete,
    )
    if not seen.text:
        return (own,)
    recognised = FileReading(
        recognised=True,
        state=READ,
        reader=reader,
        body=seen.text,
        pages=len(seen.parts),
        complete=text.complete,
        confidence=text.confidence,
    )
    return own, recognised


def reading_of_refusal(error: FileError) -> FileReading:
    """The reading of a file that could not be read: why."""
    return FileReading(
        recognised=False, state=error.refusal.value, reader=READER, detail=str(error)[:1000]
    )


def _state(text: FileText, stated: FileText) -> str:
    if stated.text.strip() or text.members:
        return READ
    return PICTURED if text.pictured or text.recognised else EMPTY
