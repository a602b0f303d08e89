"""What is known of a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Kind = Literal["image", "attachment"]

READ = "read"
"""State of a text that was read; any other word says why there is none."""
PICTURED = "pictured"
"""State of a file that holds pictures and no text of its own."""
EMPTY = "empty"
"""State of a file that holds neither."""


class FileChange(StrEnum):
    """What storing what an address gave changed."""

    FIRST = "first"
    """The address never gave anything before."""
    SAME = "same"
    CHANGED = "changed"
    """It gave another content before: the file was replaced."""


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file that a page offers or shows, and that its source wants fetched.

    Attributes:
        url: its address.
        kind: image or attachment.
        place: among the page's files of this kind, from 1; the first attachment is the main one.
        keep: whether the bytes are kept, and not the text alone.
    """

    url: str
    kind: Kind
    place: int
    keep: bool


@dataclass(frozen=True, slots=True)
class DueFile:
    """An address of a file whose time to be asked has come.

    Attributes:
        url, kind, keep: as of a `WantedFile`.
        digest: SHA-256 of what it gave last, in hexadecimal; None where it gave nothing yet, or
            where the bytes are wanted and are not here: then it is asked without conditions.
        etag, last_modified, fetched_at: validators of that content, and when it came whole.
    """

    url: str
    kind: Kind
    keep: bool
    digest: str | None
    etag: str | None
    last_modified: str | None
    fetched_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class FileReading:
    """What a content says, or why it says nothing.

    Attributes:
        recognised: whether ``body`` was recognised in pictures.
        state: `READ`, `PICTURED`, `EMPTY`, or a word of `scraper.refusal.Refusal`.
        reader: name and version of what read it.
        body: the text, a paragraph a line.
        detail: a sentence, where it, or a file inside it, could not be read.
        heading: the title that the document itself shows.
        pages: pages, sheets or slides; None where it has none.
        complete: whether all that the content says is here (see `scraper.files.FileText`); a text
            that is stated is not all where other pages are pictures.
        confidence: of 0 to 1, how sure recognition is.
    """

    recognised: bool
    state: str
    reader: str
    body: str = ""
    detail: str | None = None
    heading: str | None = None
    pages: int | None = None
    complete: bool = True
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class FileContent:
    """What an address gave.

    Attributes:
        url, kind: the address.
        body: the bytes, as received.
        keep: whether they are to be kept.
        fetched_at: when they came; aware.
        digest: their SHA-256, in hexadecimal.
        media_type: Content-Type without parameters.
        charset: the one that Content-Type names; it is not stored, for reading comes first.
        name: the name that the server gave.
        format: by the bytes.
        etag, last_modified: validators.
        readings: what they say; empty where that is known already.
        run_id, clock_doubtful: as of an observation.
    """

    url: str
    kind: Kind
    body: bytes
    keep: bool
    fetched_at: dt.datetime
    digest: str
    media_type: str | None = None
    charset: str | None = None
    name: str | None = None
    format: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    readings: tuple[FileReading, ...] = ()
    run_id: int | None = None
    clock_doubtful: bool = False


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file as a page has it; ``digest`` is None until it was fetched."""

    url: str
    kind: Kind
    digest: str | None
    media_type: str | None
    size: int | None
    fetched_at: dt.datetime | None
    kept: bool
