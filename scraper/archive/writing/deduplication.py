"""Which release a new text tells: the same digest, a verified near-duplicate, or a story of its own."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from scraper.archive.duplicates.fingerprint import FINGERPRINT_VERSION
from scraper.archive.duplicates.likeness import Comparison, Text, compare
from scraper.archive.duplicates.normal_text import sentences
from scraper.archive.observations.preparation import Prepared
from scraper.database import Statements

TEXTS_KEPT = 4096
"""Normalised texts kept at hand; a bulletin of a series is compared with the same few again."""

_SQL = Statements("archive")
JoinedBy = Literal["own", "digest", "near", "file"]


@dataclass(frozen=True, slots=True)
class Claim:
    """A new text, and the release that its publication is in (a reserved number if it is new)."""

    prepared: Prepared
    publication_id: int
    release_id: int
    is_new: bool
    revision_id: int


@dataclass(frozen=True, slots=True)
class Decision:
    """The release that a text tells, and why."""

    release_id: int
    joined_by: JoinedBy = "own"
    joined_to: int | None = None
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Link:
    """Two releases near each other and not one."""

    release_id: int
    other_id: int
    kind: str
    evidence: dict[str, Any]

    def row(self) -> dict[str, Any]:
        """Parameters of the statement ``put_link``."""
        return {
            "release_id": self.release_id,
            "other_id": self.other_id,
            "kind": self.kind,
            "evidence": Jsonb(self.evidence),
        }


@dataclass(frozen=True, slots=True)
class Merge:
    """A release that proves to be the same story as another.

    ``by`` is the publication that showed it; ``joined_by`` is what its publications are said to be joined by.
    """

    loser: int
    winner: int
    by: int
    evidence: dict[str, Any]
    joined_by: JoinedBy = "near"

    def row(self) -> dict[str, Any]:
        """Parameters of the statement ``merge_release``."""
        return {
            "loser": self.loser,
            "winner": self.winner,
            "by": self.by,
            "joined_by": self.joined_by,
            "evidence": Jsonb(self.evidence),
        }

    def change_row(self) -> dict[str, Any]:
        """Parameters of the statement ``put_change``."""
        return {
            "kind": "merged",
            "release_id": self.loser,
            "publication_id": self.by,
            "revision_id": None,
        }


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A row of ``tonggao.fingerprint``; ``fresh`` when this transaction made it."""

    fingerprint_id: int
    release_id: int
    publication_id: int
    fresh: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    owner: int
    fingerprint_id: int
    shared: int


@dataclass(frozen=True, slots=True)
class _StoredText:
    fingerprint_id: int
    release_id: int
    publication_id: int
    title: str
    body: str
    dated_at: dt.datetime


@dataclass(frozen=True, slots=True)
class _Held:
    release_id: int
    now: int


@dataclass(frozen=True, slots=True)
class _Found:
    """A candidate with its comparison."""

    text: _StoredText
    comparison: Comparison
    shared: int

    def evidence(self) -> dict[str, Any]:
        return {
            "publication_id": self.text.publication_id,
            "shared_keys": self.shared,
            "fingerprint_version": FINGERPRINT_VERSION,
            **self.comparison.evidence(),
        }


class TextCache:
    """Normalised texts by fingerprint, the least recently used forgotten first."""

    def __init__(self, size: int = TEXTS_KEPT) -> None:
        self._size = size
        self._texts: OrderedDict[int, str] = OrderedDict()

    def text(self, stored: _StoredText) -> Text:
        """The stored text as it is compared."""
        body = self._texts.get(stored.fingerprint_id)
        if body is None:
            body = "".join(sentences((stored.body,)))
            self._texts[stored.fingerprint_id] = body
            if len(self._texts) > self._size:
                self._texts.popitem(last=False)
        else:
            self._texts.move_to_end(stored.fingerprint_id)
        return Text(stored.title, body, stored.dated_at)


class Duplicates:
    """Decides for the new texts of one transaction; afterwards holds the links and merges it found."""

    def __init__(self, cache: TextCache) -> None:
        self._cache = cache
        self.links: list[Link] = []
        self.merges: list[Merge] = []
        self._release_of: dict[int, int] = {}
        self._merged: dict[int, int] = {}

    async def decide(self, connection: AsyncConnection, claims: Sequence[Claim]) -> list[Decision]:
        """One decision for each claim, in order; claims see those before them."""
        claimed = await self._claim(connection, claims)
        fresh = {
            row.fingerprint_id: claim
            for row, claim in zip(claimed, claims, strict=True)
            if row.fresh
        }
        found = await self._near(connection, fresh)
        await self._hold(connection, claimed, found)
        decisions = []
        for row, claim in zip(claimed, claims, strict=True):
            near = found.get(row.fingerprint_id, []) if row.fresh else []
            decision = self._decide(row, claim, near)
            self._release_of[row.fingerprint_id] = decision.release_id
            decisions.append(decision)
        await self._move(connection, claimed)
        return decisions

    async def _claim(self, connection: AsyncConnection, claims: Sequence[Claim]) -> list[_Claimed]:
        rows = [
            {
                "version": FINGERPRINT_VERSION,
                "digest": claim.prepared.fingerprint.digest,
                "release_id": claim.release_id,
                "publication_id": claim.publication_id,
                "revision_id": claim.revision_id,
                "revision_from": claim.prepared.observation.fetched_at,
            }
            for claim in claims
        ]
        if not rows:
            return []
        async with connection.cursor(row_factory=class_row(_Claimed)) as cursor:
            await cursor.executemany(_SQL["put_fingerprint"], rows, returning=True)
            claimed = [await cursor.fetchone()]
            while cursor.nextset():
                claimed.append(await cursor.fetchone())
        return [row for row in claimed if row is not None]

    async def _near(
        self, connection: AsyncConnection, fresh: dict[int, Claim]
    ) -> dict[int, list[_Found]]:
        """For each new fingerprint the texts that share keys with it, compared."""
        pairs = [
            (key, owner)
            for owner, claim in fresh.items()
            for key in claim.prepared.fingerprint.keys
        ]
        if not pairs:
            return {}
        keys = {"keys": [key for key, _ in pairs], "owners": [owner for _, owner in pairs]}
        await connection.execute(_SQL["put_keys"], keys)
        async with connection.cursor(row_factory=class_row(_Candidate)) as cursor:
            await cursor.execute(_SQL["candidates"], keys)
            candidates = await cursor.fetchall()
        texts = await _texts(connection, {row.fingerprint_id for row in candidates})
        found: dict[int, list[_Found]] = {}
        for row in candidates:
            stored = texts[row.fingerprint_id]
            comparison = compare(self._cache.text(stored), fresh[row.owner].prepared.text)
            if comparison.verdict != "different":
                found.setdefault(row.owner, []).append(_Found(stored, comparison, row.shared))
        return found

    async def _hold(
        self,
        connection: AsyncConnection,
        claimed: Sequence[_Claimed],
        found: dict[int, list[_Found]],
    ) -> None:
        """Lock the releases that may be joined or merged, and learn which were merged meanwhile."""
        ids = {row.release_id for row in claimed if not row.fresh}
        ids |= {near.text.release_id for nears in found.values() for near in nears}
        ids |= {row.release_id for row in claimed if row.fresh and row.fingerprint_id in found}
        if ids:
            async with connection.cursor(row_factory=class_row(_Held)) as cursor:
                await cursor.execute(_SQL["hold_releases"], {"ids": sorted(ids)})
                held = await cursor.fetchall()
            self._merged = {row.release_id: row.now for row in held if row.now != row.release_id}

    def _decide(self, row: _Claimed, claim: Claim, near: Sequence[_Found]) -> Decision:
        own = self._now(claim.release_id)
        if not row.fresh and row.publication_id != claim.publication_id:
            same = self._now(self._release_of.get(row.fingerprint_id, row.release_id))
            evidence = {
                "publication_id": row.publication_id,
                "fingerprint_version": FINGERPRINT_VERSION,
            }
            return self._joined(claim, same, "digest", evidence)
        copies = sorted(
            (found for found in near if found.comparison.verdict == "copy"),
            key=lambda found: -found.comparison.cover,
        )
        decision = Decision(own)
        for found in copies:
            other = self._now(
                self._release_of.get(found.text.fingerprint_id, found.text.release_id)
            )
            evidence = found.evidence()
            if decision.joined_by == "own":
                decision = self._joined(claim, other, "near", evidence)
            elif other != decision.release_id:
                self._merge(other, decision.release_id, claim.publication_id, evidence)
        self._link(decision.release_id, near)
        return decision

    def _joined(
        self, claim: Claim, other: int, how: JoinedBy, evidence: dict[str, Any]
    ) -> Decision:
        """A new publication joins the other release; a known one stays where it is."""
        if claim.is_new:
            return Decision(other, how, evidence["publication_id"], evidence)
        own = self._now(claim.release_id)
        if other != own:
            self.links.append(Link(own, other, "similar", {"kind_of_copy": how, **evidence}))
        return Decision(own)

    def _merge(self, one: int, other: int, by: int, evidence: dict[str, Any]) -> None:
        winner, loser = sorted((one, other))
        self.merges.append(Merge(loser, winner, by, evidence))
        self._merged = {key: winner if now == loser else now for key, now in self._merged.items()}
        self._merged[loser] = winner

    def _link(self, release_id: int, near: Iterable[_Found]) -> None:
        linked = {release_id}
        for found in near:
            other = self._now(
                self._release_of.get(found.text.fingerprint_id, found.text.release_id)
            )
            if found.comparison.verdict != "copy" and other not in linked:
                linked.add(other)
                self.links.append(
                    Link(release_id, other, found.comparison.verdict, found.evidence())
                )

    def _now(self, release_id: int) -> int:
        return self._merged.get(release_id, release_id)

    async def _move(self, connection: AsyncConnection, claimed: Sequence[_Claimed]) -> None:
        """New fingerprints were written with a reserved release; now they point to the right one."""
        rows = [
            {
                "fingerprint_id": row.fingerprint_id,
                "release_id": self._now(self._release_of[row.fingerprint_id]),
            }
            for row in claimed
            if row.fresh and self._now(self._release_of[row.fingerprint_id]) != row.release_id
        ]
        if rows:
            async with connection.cursor() as cursor:
                await cursor.executemany(_SQL["move_fingerprint"], rows)


async def _texts(connection: AsyncConnection, ids: set[int]) -> dict[int, _StoredText]:
    if not ids:
        return {}
    async with connection.cursor(row_factory=class_row(_StoredText)) as cursor:
        await cursor.execute(_SQL["texts"], {"ids": sorted(ids)})
        return {row.fingerprint_id: row async for row in cursor}
