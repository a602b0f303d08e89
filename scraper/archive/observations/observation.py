"""What goes into the archive, and what it answers."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from scraper.archive.observations.file import WantedFile
from scraper.record.release import Release

Change = Literal["new", "copy", "revision", "reparsed", "unchanged"]
"""What storing an observation changed: a new release, a copy of a known one, an edit of the page, only
how a page is read (another parser's reading of what it said before), nothing."""


class BroughtBy(StrEnum):
    """What brought a text into the archive."""

    VISIT = "visit"
    """A visit that a list page led to, or a look at a known article."""
    BACKFILL = "backfill"
    """A backfill, which looks for articles of the past."""
    IMPORT = "import"
    """A file: somebody else received the page, or we did long ago."""
    REPARSE = "reparse"
    """A later parser's reading of bytes that were kept."""


Headers = tuple[tuple[str, str], ...]


def headers_of(stored: Iterable[Sequence[str]]) -> Headers:
    """Headers as a row keeps them, in JSON: ``[name, value]`` each."""
    return tuple((name, value) for name, value in stored)


@dataclass(frozen=True, slots=True)
class FurtherPage:
    """A later page of an article that goes on over several, as it was received.

    Attributes:
        url: its address.
        received_at: when; aware.
        body: the bytes as received.
        headers, status, http_charset: as of an observation.
    """

    url: str
    received_at: dt.datetime
    body: bytes
    headers: Headers = ()
    status: int | None = None
    http_charset: str | None = None

    @property
    def digest(self) -> bytes:
        """SHA-256 of the bytes."""
        return hashlib.sha256(self.body).digest()


@dataclass(frozen=True, slots=True)
class Observation:
    """A page as it was received and what it says.

    Attributes:
        source_id: the source that listed it; it must be registered.
        url: its address in normal form.
        address: the address it was asked for under, where that is another.
        release: what the parser read.
        fetched_at: when it was received; aware.
        body: the bytes as received, None where they are not kept (an import of text alone).
        headers: the answer's headers, in order.
        status: HTTP status.
        http_charset: charset the server stated.
        etag, last_modified: validators of the answer.
        run_id: the run that fetched it.
        brought_by: what brought it.
        listed_on: the day that the row of the list states, Asia/Shanghai.
        further: the article's later pages in order, which ``release`` holds too.
        received_known: whether ``fetched_at`` is known; a line of a file may not tell it.
        clock_doubtful: the machine's clock was in doubt, and ``fetched_at`` is another's.
        files: those of its files and pictures that are to be fetched.
    """

    source_id: str
    url: str
    release: Release
    fetched_at: dt.datetime
    address: str | None = None
    body: bytes | None = None
    headers: Headers = ()
    status: int | None = None
    http_charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    run_id: int | None = None
    brought_by: BroughtBy = BroughtBy.VISIT
    listed_on: dt.date | None = None
    further: tuple[FurtherPage, ...] = ()
    received_known: bool = True
    clock_doubtful: bool = False
    files: tuple[WantedFile, ...] = ()

    @property
    def reparsed(self) -> bool:
        """Whether it is a later parser's reading of bytes that were stored before."""
        return self.brought_by is BroughtBy.REPARSE

    @property
    def body_digest(self) -> bytes | None:
        """SHA-256 of the bytes, None where there are none."""
        return hashlib.sha256(self.body).digest() if self.body is not None else None

    @property
    def further_digest(self) -> bytes | None:
        """SHA-256 of the digests of its further pages, None where there are none."""
        digests = b"".join(page.digest for page in self.further)
        return hashlib.sha256(digests).digest() if digests else None


@dataclass(frozen=True, slots=True)
class PageBytes:
    """A page to read: its bytes, and what its source's selectors are chosen by.

    Attributes:
        day: the day of publication where it is known, else of the fetch.
        received_at: aware; when the bytes came from the site.
        listed_on: the day that the list's row stated, where that was kept.
    """

    body: bytes
    url: str
    http_charset: str | None
    source_id: str
    day: dt.date
    received_at: dt.datetime | None = None
    listed_on: dt.date | None = None


Parse = Callable[[PageBytes], Awaitable[Release]]
"""Reads a page; raises PageError."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Where an observation went. ``revision_id`` is the text in force after it."""

    publication_id: int
    revision_id: int
    release_id: int
    change: Change


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of an address for the next conditional request.

    ``address`` is where to ask, where that is not ``url`` itself. An article that goes on over
    ``several_pages`` is not asked for conditionally: a later page may have changed alone. ``listed_on``
    is the day as first listed: what it says of the page's dates must not change from look to look. What was
    ``erased`` is not asked for again.
    """

    url: str
    address: str | None
    publication_id: int
    etag: str | None
    last_modified: str | None
    body_digest: bytes | None
    body_at: dt.datetime | None
    last_seen_at: dt.datetime
    withdrawn_at: dt.datetime | None
    several_pages: bool
    listed_on: dt.date | None
    erased: bool = False
