"""One transaction of the write path: observations become rows, exactly once, whoever else writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from scraper.archive.observations.observation import BroughtBy, Change, Stored
from scraper.archive.observations.preparation import Dating, Explained, Prepared, dating
from scraper.archive.snapshots.storage import Content
from scraper.archive.writing.deduplication import Claim, Decision, Duplicates
from scraper.archive.writing.file_store import note_files
from scraper.database import Statements
from scraper.errors import AddressErased
from scraper.record.serial import agrees

SINGLE_LOCKS = 8
"""Observations up to which a transaction locks its keys one by one; a larger one locks out all
others, because the server's table of locks has only 64 places a connection."""

_SQL = Statements("archive")
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication as the transaction found or made it; nulls where it is new."""

    publication_id: int
    release_id: int
    revision_id: int | None
    revision_from: dt.datetime | None
    record_digest: bytes | None
    body_digest: bytes | None
    further_digest: bytes | None
    withdrawn_at: dt.datetime | None
    dated_at: dt.datetime | None
    ranked_at: dt.datetime | None
    listed_on: dt.date | None
    first_seen_at: dt.datetime
    last_seen_at: dt.datetime
    from_the_future: bool
    erased: bool


@dataclass(frozen=True, slots=True)
class _InForce:
    revision_id: int
    valid_from: dt.datetime
    record_digest: bytes


@dataclass(slots=True)
class _Item:
    """An observation on its way through the transaction."""

    prepared: Prepared
    publication: Publication
    revision_id: int | None = None
    decision: Decision | None = None
    changes: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.publication.revision_id is None

    @property
    def current(self) -> bool:
        """Whether this observation is not older than the text in force."""
        since = self.publication.revision_from
        if since is None or self.publication.from_the_future:  # a wrong clock bars no edit
            return True
        return self.prepared.observation.fetched_at >= since

    @property
    def bytes_differ(self) -> bool:
        """Whether bytes were received, and others than those before."""
        mine = (self.prepared.body_digest, self.prepared.further_digest)
        before = (self.publication.body_digest, self.publication.further_digest)
        return mine[0] is not None and mine != before

    @property
    def release_id(self) -> int:
        return self.decision.release_id if self.decision else self.publication.release_id

    @property
    def imported(self) -> bool:
        """Whether it comes from a file, and is no look of ours."""
        return self.prepared.observation.brought_by is BroughtBy.IMPORT

    @property
    def read_anew(self) -> bool:
        """Whether what differs is how the page is read, not what it says."""
        prepared = self.prepared
        return prepared.observation.reparsed or prepared.explained is Explained.BY_PARSER

    @property
    def dating(self) -> Dating:
        """A date once set changes only when the page states one, or is read better."""
        own, known = self.prepared, self.publication
        release, listed_on = own.observation.release, own.observation.listed_on
        if release.published_at is not None or self.is_new or known.dated_at is None:
            return own.dating
        if own.observation.reparsed:
            return dating(release, known.listed_on or listed_on, known.first_seen_at)
        return Dating(known.dated_at, known.ranked_at or known.dated_at)

    def agrees(self, digest: bytes | None) -> bool:
        """Whether a stored digest, of whatever form, is that of its record."""
        return digest is not None and agrees(bytes(digest), self.prepared.observation.release)

    def stored(self) -> Stored:
        kind: Change = "unchanged"
        if self.revision_id is not None:
            kind = "reparsed" if self.read_anew else "revision"
            if self.is_new:
                kind = "copy" if self.decision and self.decision.joined_by != "own" else "new"
        in_force = self.publication.revision_id or 0
        if self.revision_id is not None and self.current:
            in_force = self.revision_id
        return Stored(self.publication.publication_id, in_force, self.release_id, kind)


class WriteTransaction:
    """Stores observations of distinct addresses on a connection that is in a transaction."""

    def __init__(self, connection: AsyncConnection, duplicates: Duplicates) -> None:
        self._connection = connection
        self._duplicates = duplicates

    async def write(
        self, prepared: Sequence[Prepared], contents: Mapping[bytes, Content]
    ) -> list[Stored]:
        """Store them all; the order of the answers is the order of ``prepared``."""
        await self._lock(prepared)
        publications = await self._publications(prepared)
        items = [_Item(item, row) for item, row in zip(prepared, publications, strict=True)]
        await self._keep_bytes(items, contents)
        changed = [item for item in items if await self._differs(item)]
        await self._revisions(changed)
        changed = [item for item in changed if item.revision_id is not None]
        await self._tell_releases(changed)
        await self._settle(changed)
        await self._touch(items)
        await self._announce(items)
        await self._note_files(items)
        return [item.stored() for item in items]

    async def _lock(self, prepared: Sequence[Prepared]) -> None:
        if len(prepared) > SINGLE_LOCKS:
            await self._connection.execute(_SQL["gate_alone"])
            return
        await self._connection.execute(_SQL["gate_shared"])
        keys = [key >> 16 for item in prepared for key in item.fingerprint.keys]
        keys += [_lock_number(item.fingerprint.digest) for item in prepared]
        await self._connection.execute(_SQL["lock_keys"], {"keys": keys})

    async def _publications(self, prepared: Sequence[Prepared]) -> list[Publication]:
        rows = [
            {
                "url": item.observation.url,
                "source_id": item.observation.source_id,
                "fetched_at": item.observation.fetched_at,
                "listed_on": item.observation.listed_on,
            }
            for item in prepared
        ]
        found = _all(await self._returning(Publication, "put_publication", rows))
        for item, row in zip(prepared, found, strict=True):
            if row.erased:
                raise AddressErased(f"{item.observation.url} was erased and is not archived again")
        return found

    async def _keep_bytes(self, items: Sequence[_Item], contents: Mapping[bytes, Content]) -> None:
        fresh = [
            item for item in items if item.bytes_differ and not item.prepared.observation.reparsed
        ]
        further = [row for item in fresh for row in _further_rows(item)]
        digests = [item.prepared.body_digest or b"" for item in fresh]
        kept = dict.fromkeys((*digests, *(row["digest"] for row in further)))
        await self._many("put_content", [_content_row(contents[digest]) for digest in kept])
        await self._many("put_snapshot", [_snapshot_row(item) for item in fresh])
        await self._many("put_further_page", further)

    async def _differs(self, item: _Item) -> bool:
        """Whether the record is another than the one in force at that time."""
        if item.is_new:
            return True
        if item.prepared.explained is Explained.SAME_PAGE:
            return False
        if item.current:
            return not item.agrees(item.publication.record_digest)
        at = item.prepared.observation.fetched_at
        key = {"publication_id": item.publication.publication_id, "at": at}
        then = await self._one(_InForce, "revision_in_force", key)
        then = then or await self._one(_InForce, "first_revision", key)
        return then is None or not item.agrees(then.record_digest)

    async def _revisions(self, items: Sequence[_Item]) -> None:
        rows = [
            item.prepared.revision_row(item.publication.publication_id, item.dating.dated_at)
            for item in items
        ]
        answers = await self._returning(_RevisionNumber, "put_revision", rows)
        for item, answer in zip(items, answers, strict=True):
            item.revision_id = answer.revision_id if answer else None

    async def _tell_releases(self, items: Sequence[_Item]) -> None:
        claims = [
            Claim(
                item.prepared,
                item.publication.publication_id,
                item.publication.release_id,
                item.is_new,
                item.revision_id or 0,
            )
            for item in items
        ]
        decisions = await self._duplicates.decide(self._connection, claims)
        for item, decision in zip(items, decisions, strict=True):
            item.decision = decision

    async def _settle(self, items: Sequence[_Item]) -> None:
        new = [item for item in items if item.is_new]
        own = [{"release_id": item.release_id} for item in new if _is_own(item)]
        await self._many("put_release", own)
        await self._many("settle_publication", [_settled_row(item) for item in new])
        later = [_settled_row(item) for item in items if not item.is_new and item.current]
        await self._many("new_text_in_force", later)
        touched = {item.release_id for item in items}
        for merge in self._duplicates.merges:
            touched.discard(merge.loser)
            touched.add(merge.winner)
            await self._connection.execute(_SQL["merge_release"], merge.row())
        await self._connection.execute(_SQL["choose_canonical"], {"ids": sorted(touched)})
        await self._many("put_link", [link.row() for link in self._duplicates.links])

    async def _touch(self, items: Sequence[_Item]) -> None:
        rows = [
            {
                "publication_id": item.publication.publication_id,
                "address": item.prepared.observation.address,
                "etag": item.prepared.observation.etag,
                "last_modified": item.prepared.observation.last_modified,
                "body_digest": item.prepared.body_digest,
                "further_digest": item.prepared.further_digest,
                "fetched_at": item.prepared.observation.fetched_at,
                "look": None if item.imported else item.stored().change,
            }
            for item in items
            if not item.prepared.observation.reparsed
        ]
        await self._many("touch_publication", rows)

    async def _announce(self, items: Sequence[_Item]) -> None:
        rows = [row for item in items for row in _change_rows(item)]
        rows += [merge.change_row() for merge in self._duplicates.merges]
        await self._many("put_change", rows)

    async def _note_files(self, items: Sequence[_Item]) -> None:
        for item in items:
            seen = item.prepared.observation
            if seen.files:
                await note_files(
                    self._connection, seen.url, seen.source_id, seen.files, seen.fetched_at
                )

    async def _many(self, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            async with self._connection.cursor() as cursor:
                await cursor.executemany(_SQL[statement], rows)

    async def _returning(
        self, kind: type[_Row], statement: str, rows: Sequence[Mapping[str, Any]]
    ) -> list[_Row | None]:
        """One answer for each row, None where the statement wrote nothing."""
        if not rows:
            return []
        async with self._connection.cursor(row_factory=class_row(kind)) as cursor:
            await cursor.executemany(_SQL[statement], rows, returning=True)
            answers = [await cursor.fetchone()]
            while cursor.nextset():
                answers.append(await cursor.fetchone())
            return answers

    async def _one(
        self, kind: type[_Row], statement: str, values: Mapping[str, Any]
    ) -> _Row | None:
        async with self._connection.cursor(row_factory=class_row(kind)) as cursor:
            await cursor.execute(_SQL[statement], values)
            return await cursor.fetchone()


@dataclass(frozen=True, slots=True)
class _RevisionNumber:
    revision_id: int


def _all(rows: Iterable[_Row | None]) -> list[_Row]:
    return [row for row in rows if row is not None]


def _lock_number(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big", signed=True)


def _is_own(item: _Item) -> bool:
    return item.decision is not None and item.decision.joined_by == "own"


def _content_row(content: Content) -> dict[str, Any]:
    return {
        "digest": content.digest,
        "size": content.size,
        "dictionary_id": content.dictionary_id,
        "frame": content.frame,
    }


def _snapshot_row(item: _Item) -> dict[str, Any]:
    observation = item.prepared.observation
    return {
        "publication_id": item.publication.publication_id,
        "fetched_at": observation.fetched_at,
        "digest": item.prepared.body_digest,
        "status": observation.status,
        "http_charset": observation.http_charset,
        "headers": Jsonb(observation.headers),
        "run_id": observation.run_id,
        "clock_doubtful": observation.clock_doubtful,
    }


def _further_rows(item: _Item) -> list[dict[str, Any]]:
    return [
        {
            "publication_id": item.publication.publication_id,
            "fetched_at": item.prepared.observation.fetched_at,
            "place": place,
            "url": page.url,
            "received_at": page.received_at,
            "digest": page.digest,
            "status": page.status,
            "http_charset": page.http_charset,
            "headers": Jsonb(page.headers),
        }
        for place, page in enumerate(item.prepared.observation.further, start=2)
    ]


def _settled_row(item: _Item) -> dict[str, Any]:
    prepared, decision = item.prepared, item.decision
    return {
        "publication_id": item.publication.publication_id,
        "release_id": item.release_id,
        "revision_id": item.revision_id,
        "revision_from": prepared.observation.fetched_at,
        "record_digest": prepared.record_digest,
        "dated_at": item.dating.dated_at,
        "ranked_at": item.dating.ranked_at,
        "own_story": prepared.own_story,
        "reparsed": prepared.observation.reparsed,
        "joined_by": decision.joined_by if decision else "own",
        "joined_to": decision.joined_to if decision else None,
        "evidence": Jsonb(decision.evidence if decision else {}),
    }


def _change_rows(item: _Item) -> list[dict[str, Any]]:
    stored = item.stored()
    kinds: list[str] = [] if stored.change == "unchanged" else [stored.change]
    if not item.prepared.observation.reparsed and item.publication.withdrawn_at and _later(item):
        kinds.append("restored")
    return [
        {
            "kind": kind,
            "release_id": stored.release_id,
            "publication_id": stored.publication_id,
            "revision_id": item.revision_id or stored.revision_id,
        }
        for kind in kinds
    ]


def _later(item: _Item) -> bool:
    known, at = item.publication, item.prepared.observation.fetched_at
    return at >= known.last_seen_at and (known.withdrawn_at is None or at > known.withdrawn_at)
