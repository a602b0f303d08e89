"""What happened to releases: the newest first for people, forwards from a cursor for programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from psycopg import errors
from psycopg.rows import class_row

from scraper.database import Pool, Statements
from scraper.errors import UsageError

_SQL = Statements("changes")


class ChangeKind(StrEnum):
    """What a change is, as ``archive.changes_since`` names it."""

    NEW = "new"
    COPY = "copy"
    REVISION = "revision"
    REPARSED = "reparsed"
    WITHDRAWN = "withdrawn"
    RESTORED = "restored"
    FILE_CHANGED = "file_changed"
    MERGED = "merged"
    CANONICAL = "canonical"
    REDATED = "redated"
    ERASED = "erased"


EDITORIAL = (
    ChangeKind.NEW,
    ChangeKind.COPY,
    ChangeKind.REVISION,
    ChangeKind.WITHDRAWN,
    ChangeKind.RESTORED,
    ChangeKind.FILE_CHANGED,
    ChangeKind.MERGED,
    ChangeKind.ERASED,
)
"""What publishers did, that two stories proved to be one, and what was erased here; not how we read or
ordered them."""

NOT_EDITED = frozenset(("reparse", "import"))
"""What brings a text that its publisher did not change."""


def edited(kind: str, brought_by: str | None) -> bool:
    """Whether a change is one of the publisher's to its text."""
    return kind == ChangeKind.REVISION and brought_by not in NOT_EDITED


@dataclass(frozen=True, slots=True)
class Asked:
    """Which changes; days are those of the change, in Asia/Shanghai. None: all.

    Attributes:
        query: words as a search takes them; the release has to hold them.
        before: the newest are those before this cursor.
    """

    kinds: Sequence[ChangeKind] | None = None
    query: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    region: str | None = None
    source: str | None = None
    before: str | None = None
    count: int = 20


@dataclass(frozen=True, slots=True)
class Change:
    """One change, with the words in force of the publication it happened to.

    Attributes:
        cursor: its place; what comes after it is asked for with it.
        kind: see ``ChangeKind``.
        brought_by: visit, backfill, import or reparse, where it brought a text; None in old rows.
        previous_title, added, removed: of a revision, the headline before, and the lines that are new
            and gone.
    """

    cursor: str
    at: dt.datetime
    kind: str
    release_id: int
    publication_id: int | None
    revision_id: int | None
    title: str | None
    url: str | None
    publisher: str | None
    source_id: str | None
    dated_at: dt.datetime | None
    brought_by: str | None
    previous_title: str | None
    added: list[str] | None
    removed: list[str] | None

    @property
    def is_edit(self) -> bool:
        """Whether the publisher changed the text; what import or reparse brought is no edit."""
        return edited(self.kind, self.brought_by)


async def latest(pool: Pool, asked: Asked) -> list[Change]:
    """The newest changes first.

    Raises:
        UsageError: the cursor is none, or the query cannot be used.
    """
    kinds = None if asked.kinds is None else [str(kind) for kind in asked.kinds]
    values: dict[str, object] = {
        "kinds": kinds, "query": asked.query or None, "since": asked.since, "until": asked.until,
        "region": asked.region, "source": asked.source, "before": asked.before, "count": asked.count,
    }  # fmt: skip
    return await _changes(pool, "latest", values)


async def after(pool: Pool, cursor: str | None, count: int | None) -> list[Change]:
    """Every change behind a cursor, in the order of commits; None: from the beginning, and of all.

    Raises:
        UsageError: the cursor is none.
    """
    return await _changes(pool, "after", {"after": cursor, "count": count})


async def _changes(pool: Pool, statement: str, values: dict[str, object]) -> list[Change]:
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(Change)) as rows,
    ):
        try:
            await rows.execute(_SQL[statement], values)
        except errors.InvalidParameterValue as error:
            raise UsageError(str(error).splitlines()[0]) from error
        return await rows.fetchall()
