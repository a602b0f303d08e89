"""Changes held against the watches, in the order of commits; what matches is noted, each once.

The place in the order moves on in the transaction that writes the matches: a process that is killed has
written both or neither.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row

from scraper.archive.querying.changes import ChangeKind, edited
from scraper.archive.watching.events import MEANS, Wanted, WatchEvent, wanted_of
from scraper.archive.watching.inversion import Inversion, pairs
from scraper.archive.watching.matching import Asked, Filters, Text, asked_of, text_of
from scraper.database import Pool, Statements

_SQL = Statements("watches")
CHANGES_AT_ONCE = 200
ROUND_SECONDS = 20.0
"""After an import of millions the rest waits for the next look: a duty that takes longer counts as ill."""
FILE_DAYS = 30
"""A file that is read later than so many days after its release is told of no more."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A watch as it is evaluated; see the table ``tonggao.watch``."""

    watch_id: int
    asked: Asked
    filters: Filters
    wanted: Wanted
    days: int
    starts_after: int
    starts_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A change; its release is the one that has its publications now.

    Attributes:
        position: its place in the order of commits.
        kind: see ``ChangeKind``.
        revision_id: the text that it is about; None where the publication is no more.
    """

    position: int
    change_id: int
    at: dt.datetime
    kind: str
    release_id: int
    publication_id: int | None
    revision_id: int | None


@dataclass(frozen=True, slots=True)
class Published:
    """A text with what decides whether it is news.

    Attributes:
        dated_at: the date it has; None where neither the page nor the visit that found it tells one.
        brought_by: visit, backfill, import or reparse; None in old rows.
    """

    text: Text
    dated_at: dt.datetime | None
    brought_by: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """A publication of a release."""

    release_id: int
    publication_id: int
    source_id: str
    revision_id: int


@dataclass(frozen=True, slots=True)
class Match:
    """What one watch is told of; see the table ``tonggao.watch_match``."""

    watch_id: int
    event: WatchEvent
    change_id: int | None
    release_id: int
    publication_id: int | None
    revision_id: int | None
    happened_at: dt.datetime
    file_digest: bytes | None = None


def watch_of(row: Mapping[str, Any]) -> Watch:
    """A watch from its row."""
    places = None if row["places"] is None else tuple(row["places"])
    return Watch(
        row["watch_id"],
        asked_of(row["asked"]),
        Filters(row["source_id"], row["kind"], places),
        wanted_of(row["events"], row["carried"]),
        row["days"],
        row["starts_after"],
        row["starts_at"],
    )


def is_news(watch: Watch, dated_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Whether a release is dated in the last days before it was archived."""
    return dated_at is not None and dated_at >= at - dt.timedelta(days=watch.days)


class Evaluator:
    """Holds changes against the watches; keeps their index while nobody changes them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._version: int | None = None
        self._index: Inversion[Watch] = Inversion(())

    async def catch_up(self) -> int:
        """Evaluate what was archived since the last time, for some seconds at most.

        Returns:
            How many matches were noted; 0 also where another process is at it, or no watch works.
        """
        noted, full = 0, await self._anything()
        end = time.monotonic() + ROUND_SECONDS
        while full and time.monotonic() < end:
            some, full = await self._round()
            noted += some
        return noted

    async def _anything(self) -> bool:
        async with self._pool.connection() as connection:
            return await (await connection.execute(_SQL["anything"])).fetchone() is not None

    async def _round(self) -> tuple[int, bool]:
        """One transaction: how many matches it noted, and whether there may be more to look at."""
        async with self._pool.connection() as connection, connection.transaction():
            async with connection.cursor(row_factory=dict_row) as cursor:
                await cursor.execute(_SQL["place"])
                place = await cursor.fetchone()
            if place is None:
                return 0, False
            if place["version"] != self._version:
                self._index = Inversion(await working(connection), await common(connection))
                self._version = place["version"]
            taken, noted = await self._files(connection) if place["files"] else (0, 0)
            changes = await changes_after(connection, place["position"])
            if changes:
                noted += await put(connection, await matches(connection, self._index, changes))
                await connection.execute(_SQL["advance"], {"position": changes[-1].position})
            return noted, taken > 0 or len(changes) == CHANGES_AT_ONCE

    async def _files(self, connection: AsyncConnection) -> tuple[int, int]:
        """How many files were looked at, and how many matches were noted."""
        taken = await (await connection.execute(_SQL["take_files"])).fetchall()
        async with connection.cursor(row_factory=dict_row) as cursor:
            values = {"digests": [digest for (digest,) in taken], "days": FILE_DAYS}
            await cursor.execute(_SQL["file_texts"], values)
            rows = await cursor.fetchall()
        return len(taken), await put(connection, matches_in_files(self._index, rows))


async def working(connection: AsyncConnection) -> list[Watch]:
    """The watches that are not paused."""
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL["evaluated"], {"watch_id": None})
        return [watch_of(row) for row in await cursor.fetchall()]


async def common(connection: AsyncConnection) -> Counter[str]:
    """In how many of the newest texts each pair of signs stands."""
    seen: Counter[str] = Counter()
    for (text,) in await (await connection.execute(_SQL["sample"])).fetchall():
        seen.update(pairs(text))
    return seen


async def changes_after(connection: AsyncConnection, position: int) -> list[Moved]:
    """The next changes in the order of commits."""
    async with connection.cursor(row_factory=class_row(Moved)) as cursor:
        await cursor.execute(_SQL["changes"], {"after": position, "count": CHANGES_AT_ONCE})
        return await cursor.fetchall()


async def put(connection: AsyncConnection, found: Iterable[Match]) -> int:
    """Note matches; how many were not known yet."""
    rows = list(found)
    if not rows:
        return 0
    values = {name: [getattr(row, name) for row in rows] for name in Match.__dataclass_fields__}
    return (await connection.execute(_SQL["put_matches"], values)).rowcount


async def matches(
    connection: AsyncConnection, index: Inversion[Watch], changes: Sequence[Moved]
) -> list[Match]:
    """What the watches are told of these changes."""
    meant = [change for change in changes if _means(change)]
    texts = await _texts(connection, {c.revision_id for c in meant if c.revision_id})
    edits = [c for c in meant if c.kind == ChangeKind.REVISION and _edited(c, texts)]
    before = await _before(connection, {c.revision_id for c in edits if c.revision_id})
    texts |= await _texts(connection, set(before.values()))
    spread = {c.release_id for c in meant if WatchEvent.CARRIED in _means(c)}
    members = await _members(connection, spread)
    texts |= await _texts(
        connection, {m.revision_id for some in members.values() for m in some} - texts.keys()
    )
    found: list[Match] = []
    for change in meant:
        own = texts.get(change.revision_id or 0)
        told: list[tuple[Watch, WatchEvent]] = []
        match ChangeKind(change.kind):
            case ChangeKind.NEW:
                told = _as_new(index, change, own)
            case ChangeKind.COPY | ChangeKind.MERGED:
                told = _as_spread(index, change, own, members[change.release_id], texts)
            case ChangeKind.REVISION if change in edits:
                both = (own, texts.get(before.get(change.revision_id or 0, 0)))
                told = [(watch, WatchEvent.EDIT) for watch in _asking(index, both)]
            case ChangeKind.WITHDRAWN | ChangeKind.RESTORED:
                [event] = _means(change)
                told = [(watch, event) for watch in _asking(index, (own,))]
            case _:
                continue
        found += _told(change, told)
    return found


def matches_in_files(index: Inversion[Watch], rows: Iterable[Mapping[str, Any]]) -> Iterator[Match]:
    """Releases that are new by what a file of theirs says, which was read after they were archived."""
    for row in rows:
        for watch in index.matching(text_of(row)):
            fresh = row["created_at"] >= watch.starts_at
            if (
                fresh
                and WatchEvent.NEW in watch.wanted.events
                and is_news(watch, row["dated_at"], row["created_at"])
            ):
                yield Match(
                    watch.watch_id,
                    WatchEvent.NEW,
                    None,
                    row["release_id"],
                    row["publication_id"],
                    row["revision_id"],
                    row["created_at"],
                    row["digest"],
                )


def _means(change: Moved) -> tuple[WatchEvent, ...]:
    return MEANS[ChangeKind(change.kind)]


def _edited(change: Moved, texts: Mapping[int, Published]) -> bool:
    """Whether the publisher changed the text; what import or reparse brought is no edit."""
    text = texts.get(change.revision_id or 0)
    return text is not None and edited(change.kind, text.brought_by)


def _told(change: Moved, told: Iterable[tuple[Watch, WatchEvent]]) -> Iterator[Match]:
    for watch, event in told:
        if event in watch.wanted.events and change.position > watch.starts_after:
            yield Match(
                watch.watch_id,
                event,
                change.change_id,
                change.release_id,
                change.publication_id,
                change.revision_id,
                change.at,
            )


def _asking(index: Inversion[Watch], texts: Iterable[Published | None]) -> list[Watch]:
    """The watches that ask for one of some texts, each once."""
    asking = {w.watch_id: w for each in texts if each for w in index.matching(each.text)}
    return list(asking.values())


def _as_new(
    index: Inversion[Watch], change: Moved, own: Published | None
) -> list[tuple[Watch, WatchEvent]]:
    return [
        (watch, WatchEvent.NEW)
        for watch in _asking(index, (own,))
        if own and is_news(watch, own.dated_at, change.at)
    ]


def _as_spread(
    index: Inversion[Watch],
    change: Moved,
    own: Published | None,
    members: Sequence[Member],
    texts: Mapping[int, Published],
) -> list[tuple[Watch, WatchEvent]]:
    """Who asks for a release that one more carries, and who asks for it by this publication alone.

    Of copies that came together the first counts as there before the others.
    """
    told: list[tuple[Watch, WatchEvent]] = []
    if change.kind == ChangeKind.COPY and change.publication_id is not None:
        earlier = [m.revision_id for m in members if m.publication_id < change.publication_id]
        told_by_them = {watch.watch_id for watch in _asking(index, map(texts.get, earlier))}
        told = [
            (watch, event)
            for watch, event in _as_new(index, change, own)
            if watch.watch_id not in told_by_them
        ]
    sources = len({member.source_id for member in members})
    asking = _asking(index, (own, *(texts.get(member.revision_id) for member in members)))
    told += [
        (watch, WatchEvent.CARRIED)
        for watch in asking
        if watch.wanted.carried is not None and sources >= watch.wanted.carried
    ]
    return told


async def _texts(connection: AsyncConnection, ids: set[int]) -> dict[int, Published]:
    if not ids:
        return {}
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL["texts"], {"ids": sorted(ids)})
        return {
            row["revision_id"]: Published(text_of(row), row["dated_at"], row["brought_by"])
            for row in await cursor.fetchall()
        }


async def _before(connection: AsyncConnection, ids: set[int]) -> dict[int, int]:
    if not ids:
        return {}
    rows = await (await connection.execute(_SQL["texts_before"], {"ids": sorted(ids)})).fetchall()
    return dict(rows)


async def _members(connection: AsyncConnection, ids: set[int]) -> dict[int, list[Member]]:
    found: dict[int, list[Member]] = defaultdict(list)
    if ids:
        async with connection.cursor(row_factory=class_row(Member)) as cursor:
            await cursor.execute(_SQL["members"], {"ids": sorted(ids)})
            for member in await cursor.fetchall():
                found[member.release_id].append(member)
    return found
