"""Rows of the archive as the pages show them. Times are aware, in Asia/Shanghai."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from psycopg import AsyncCursor
from psycopg.rows import RowMaker

from scraper.record.serial import FIELDS, column_names


class Dated(Protocol):
    """What has a time that its page states, or at least one that it was first seen at."""

    @property
    def dated_at(self) -> dt.datetime:
        """What lists are sorted by."""

    @property
    def published_at(self) -> dt.datetime | None:
        """What the page states."""

    @property
    def published_precision(self) -> str | None:
        """How exactly it states it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A release that a search found; the words stand between ⟦ and ⟧ in ``snippet``.

    ``matched_in`` tells where they stand: title, body, file, recognised; None where none is asked for.
    ``edits`` are texts that its publisher changed; what an import or a reparse brought is none.
    """

    release_id: int
    title: str
    snippet: str
    dated_at: dt.datetime
    source_id: str
    publisher: str
    source_name: str
    url: str
    copies: int
    published_at: dt.datetime | None
    published_precision: str | None
    withdrawn_at: dt.datetime | None
    matched_in: str | None
    edits: int


@dataclass(frozen=True, slots=True)
class Carried:
    """A release and how many other publications carried it."""

    release_id: int
    title: str
    publisher: str
    dated_at: dt.datetime
    copies: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two publishers: how many releases of the first the other carried."""

    first: str
    carried_by: str
    releases: int


@dataclass(frozen=True, slots=True)
class File:
    """A file of a publication; its texts are None where they were not asked for."""

    kind: str
    url: str
    name: str | None
    offered: bool
    digest: str | None
    served_name: str | None
    format: str | None
    size: int | None
    kept: bool
    state: str
    pages: int | None
    versions: int
    text: str | None = None
    recognised_text: str | None = None
    confidence: float | None = None

    @property
    def shown(self) -> bool:
        """Whether a browser can show its bytes as a picture: kept, and not of another format."""
        of_pictures = self.format in {None, "picture"}
        return self.kept and of_pictures and not self.url.lower().endswith((".tif", ".tiff"))

    @property
    def file_name(self) -> str:
        """What it is called: by the page, by its server, or by its digest."""
        suffix = f".{self.format}" if self.format else ""
        return self.served_name or self.name or f"{(self.digest or 'file')[:16]}{suffix}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A release as a feed carries it."""

    release_id: int
    title: str
    dated_at: dt.datetime
    source_id: str
    publisher: str
    source_name: str
    url: str
    published_at: dt.datetime | None
    body: str
    author: str | None
    images: list[dict[str, Any]]
    region: list[str]
    first_seen_at: dt.datetime
    changed_at: dt.datetime


@dataclass(frozen=True, slots=True)
class FeedIdentity:
    """By what the entries of feeds are known; releases up to ``named_by_host`` by the reader's address."""

    archive_id: UUID
    named_by_host: int


@dataclass(frozen=True, slots=True)
class Total:
    """How many releases a search finds."""

    releases: int


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many releases of a search a day has."""

    day: dt.date
    count: int


@dataclass(frozen=True, slots=True)
class Publication:
    """The canonical publication of a release with its text in force."""

    publication_id: int
    release_id: int
    url: str
    source_id: str
    publisher: str
    source_name: str
    dated_at: dt.datetime
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    withdrawn_at: dt.datetime | None
    withdrawn_for: str | None
    listed_on: dt.date | None
    columns: Mapping[str, Any]

    def __getattr__(self, name: str) -> Any:
        """A column of the record: ``title``, ``body``, ``images`` and so on."""
        if name == "columns" or name not in self.columns:
            raise AttributeError(name)
        return self.columns[name]

    @property
    def others(self) -> dict[str, Any]:
        """What the record states and no place of the page is made for: a field that was added later."""
        shown = _PLACED | {part.column for part in FIELDS if not part.stated}
        return {name: value for name, value in self.columns.items() if value and name not in shown}


_PLACED = frozenset(
    (
        *("title", "subtitle", "kicker", "body", "published_at", "published_precision", "images"),
        *("attachments", "named_source", "author", "editor", "column_name", "region", "keywords"),
        *("document", "next_pages"),
    )
)
"""Columns of the record that the page of a release has a place for."""


def publication_row(cursor: AsyncCursor[Any]) -> RowMaker[Publication]:
    """Rows of the statement ``release``: the record's columns stay together."""
    names = [column.name for column in cursor.description or ()]
    of_record = frozenset(column_names())

    def make(values: Sequence[Any]) -> Publication:
        row = dict(zip(names, values, strict=True))
        columns = {name: row.pop(name) for name in names if name in of_record}
        return Publication(**row, columns=columns)

    return make


@dataclass(frozen=True, slots=True)
class Merged:
    """Where a release went that proved to be the same story as another."""

    merged_into: int


@dataclass(frozen=True, slots=True)
class Copy:
    """One publication of a release, the canonical one included; ``delay`` is counted from it."""

    publication_id: int
    url: str
    source_id: str
    publisher: str
    title: str | None
    dated_at: dt.datetime
    joined_by: str
    evidence: dict[str, Any]
    canonical: bool
    delay: dt.timedelta
    withdrawn_at: dt.datetime | None
    revisions: int
    edits: int
    snapshot_id: int | None
    erased_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Related:
    """Another release that is near this one: similar, contains, contained."""

    release_id: int
    kind: str
    title: str
    dated_at: dt.datetime
    publisher: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One text of a publication."""

    revision_id: int
    publication_id: int
    release_id: int
    url: str
    source_id: str
    valid_from: dt.datetime
    number: int
    in_force: bool
    reparsed: bool
    brought_by: str | None
    parser_version: str
    title: str
    body: str
    author: str | None
    editor: str | None
    named_source: str | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An answer as received; ``digest`` is in hexadecimal, ``size`` None when it was deleted."""

    snapshot_id: int
    publication_id: int
    fetched_at: dt.datetime
    digest: str
    status: int | None
    http_charset: str | None
    size: int | None
    kept: bool
    url: str
    title: str
    release_id: int


@dataclass(frozen=True, slots=True)
class Region:
    """A division with the releases that name it or anything below it."""

    code: str
    name: str
    level: str
    releases: int
    newest_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class RegionName:
    """A division by name only."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class RegionPlace:
    """A division and the one that it belongs to."""

    code: str
    name: str
    parent: str | None
    parent_name: str | None


@dataclass(frozen=True, slots=True)
class SourceName:
    """A source as the search form offers it."""

    source_id: str
    name: str
    publisher: str
    region: str | None


@dataclass(frozen=True, slots=True)
class Health:
    """How a source does; ``failure_rate_30d`` from 0 to 1, None where nothing was asked for."""

    source_id: str
    name: str
    publisher: str
    region: str | None
    kind: str
    lists: list[str]
    enabled: bool
    last_run_at: dt.datetime | None
    last_state: str | None
    last_good_run_at: dt.datetime | None
    newest_dated_at: dt.datetime | None
    days_since_new: float | None
    runs_30d: int
    fetched_30d: int
    failed_30d: int
    failure_rate_30d: float | None
    last_error: str | None
    state: str | None

    @property
    def verdict(self) -> str:
        """The word for its state, as ``tonggao status`` has it; ``unvisited`` where it has none."""
        return self.state or "unvisited"


@dataclass(frozen=True, slots=True)
class Activity:
    """What a day's runs of a source brought; ``broken`` counts runs whose list could not be used."""

    source_id: str
    day: dt.date
    gained: int
    failed: int
    broken: int


@dataclass(frozen=True, slots=True)
class Run:
    """A visit of a source."""

    run_id: int
    kind: str
    state: str
    started_at: dt.datetime
    finished_at: dt.datetime | None
    listed: int
    fetched: int
    new: int
    copies: int
    revisions: int
    unchanged: int
    failed: int
    reasons: dict[str, int]
    error: str | None


@dataclass(frozen=True, slots=True)
class WatchEntry:
    """A match of a watch. All but the query is None where it matched nothing yet.

    Attributes:
        at: when the change was archived.
        added, removed: of an edit, the lines that are new and gone.
    """

    match_id: int | None
    query: str
    event: str
    at: dt.datetime
    release_id: int
    title: str | None
    body: str | None
    url: str | None
    publisher: str | None
    added: list[str] | None
    removed: list[str] | None

    @property
    def headline(self) -> str:
        """What happened, and to what."""
        return f"[{self.event}] {self.title or self.url or self.release_id}"

    @property
    def told(self) -> str:
        """The text; of an edit what was struck and written."""
        if self.event == "edit":
            struck = [f"- {line}" for line in self.removed or ()]
            return "\n".join([*struck, *(f"+ {line}" for line in self.added or ())])
        return self.body or ""
