"""Holding stored values against their digests: bytes of snapshots and files, and records.

What is covered, and by what (SHA-256 each):

- a snapshot's bytes as received: ``tonggao.content.digest``;
- a file's bytes: ``tonggao.file.digest``;
- a record, all that the page states: ``tonggao.revision.record_digest``.

Pages that a policy deleted are not kept, which is no alteration. A record whose digest has the first form
and another value proves neither (:func:`scraper.record.serial.convicts`): it is counted as unproved.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from psycopg.rows import dict_row, scalar_row

from scraper.archive.snapshots.storage import Content, SnapshotStore
from scraper.database import Pool, Statements
from scraper.errors import Altered
from scraper.record.serial import agrees, convicts, from_columns, record_digest

_SQL = Statements("integrity")
_DIGEST_BYTES = hashlib.sha256().digest_size
_PORTION = 50


class Covered(StrEnum):
    """What a digest covers."""

    SNAPSHOT = "snapshot"
    FILE = "file"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Share:
    """A part of everything, between two fractions of it: bytes by their digests, records by number."""

    low: float = 0.0
    high: float = 1.0

    def digests(self) -> tuple[bytes, bytes]:
        """The digests between which it lies: after the first, up to the last."""
        return _digest_at(self.low), _digest_at(self.high)

    def numbers(self, last: int) -> tuple[int, int]:
        """The numbers between which it lies, where ``last`` is the greatest."""
        return int(last * self.low), int(last * self.high)


WHOLE = Share()


@dataclass(frozen=True, slots=True)
class Alteration:
    """A value that is not what its digest says.

    Attributes:
        kind: what it is.
        row: where it stands: table and key.
        expected: the digest that was stored with it, in hexadecimal.
        found: the digest of what is there; "unreadable" where it cannot be unpacked.
    """

    kind: Covered
    row: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.row} is not what was stored: expected {self.expected}, found {self.found}"


@dataclass
class Findings:
    """What a check has seen so far.

    Attributes:
        checked: how many values.
        altered: those that are not what was stored.
        unproved: rows of records of an earlier version, whose digest can show neither that nor the opposite.
    """

    checked: Counter[Covered] = field(default_factory=Counter)
    altered: list[Alteration] = field(default_factory=list)
    unproved: list[str] = field(default_factory=list)

    def note(self, kind: Covered, alteration: Alteration | None) -> None:
        """Count a value, and keep what is wrong with it."""
        self.checked[kind] += 1
        if alteration is not None:
            self.altered.append(alteration)


async def check(
    pool: Pool,
    share: Share = WHOLE,
    *,
    since: dt.datetime | None = None,
    findings: Findings | None = None,
) -> Findings:
    """Hold a share of what is stored against its digests.

    Args:
        pool: of the owner, who alone sees bytes.
        share: which part of it.
        since: only what was stored from then on; aware.
        findings: what is added to, for whoever shows progress meanwhile.
    """
    found = findings or Findings()
    snapshots = SnapshotStore(pool)
    after, last = share.digests()
    async for row in _portions(pool, "contents", "digest", after, last, since):
        found.note(Covered.SNAPSHOT, await _altered_content(snapshots, Content(**row)))
    async for row in _portions(pool, "files", "digest", after, last, since):
        digest = await asyncio.to_thread(_sha256, row["content"])
        found.note(Covered.FILE, _compared(Covered.FILE, "tonggao.file", row["digest"], digest))
    first, end = share.numbers(await _last_revision(pool))
    async for row in _portions(pool, "records", "revision_id", first, end, since):
        _check_record(row, found)
    return found


async def counts(pool: Pool) -> dict[str, int]:
    """How many values there are of each kind."""
    async with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL["counts"])
        return await cursor.fetchone() or {}


async def not_kept(pool: Pool) -> int:
    """How many snapshots have no bytes any more."""
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=scalar_row)
        await cursor.execute(_SQL["not_kept"])
        return await cursor.fetchone() or 0


def _check_record(row: Mapping[str, Any], findings: Findings) -> None:
    """Hold a row of ``tonggao.revision`` against its digest."""
    release, digest = from_columns(row["url"], row), row["record_digest"]
    where = f"tonggao.revision {row['revision_id']} ({row['url']})"
    altered = None
    if convicts(digest, release):
        found = record_digest(release).hex()
        altered = Alteration(Covered.RECORD, where, digest.hex(), found)
    elif not agrees(digest, release):
        findings.unproved.append(where)
    findings.note(Covered.RECORD, altered)


async def _altered_content(snapshots: SnapshotStore, content: Content) -> Alteration | None:
    try:
        await snapshots.unpack(content)
    except Altered as error:
        return Alteration(
            Covered.SNAPSHOT,
            _row("tonggao.content", content.digest),
            content.digest.hex(),
            error.found,
        )
    return None


def _compared(kind: Covered, table: str, expected: bytes, found: bytes) -> Alteration | None:
    if expected == found:
        return None
    return Alteration(kind, _row(table, expected), expected.hex(), found.hex())


def _row(table: str, digest: bytes) -> str:
    return f"{table} {digest.hex()}"


async def _last_revision(pool: Pool) -> int:
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=scalar_row)
        await cursor.execute(_SQL["last_revision"])
        return await cursor.fetchone() or 0


async def _portions(
    pool: Pool, statement: str, key: str, after: Any, last: Any, since: dt.datetime | None
) -> AsyncIterator[dict[str, Any]]:
    """Rows in the order of their key, some at a time: no transaction stays open meanwhile."""
    while True:
        values = {"after": after, "last": last, "since": since, "most": _PORTION}
        async with (
            pool.connection() as connection,
            connection.cursor(row_factory=dict_row) as cursor,
        ):
            await cursor.execute(_SQL[statement], values)
            rows = await cursor.fetchall()
        for row in rows:
            yield row
        if len(rows) < _PORTION:
            return
        after = rows[-1][key]


def _digest_at(fraction: float) -> bytes:
    most = (1 << 8 * _DIGEST_BYTES) - 1
    if fraction >= 1:
        return most.to_bytes(_DIGEST_BYTES, "big")
    return b"" if fraction <= 0 else int(most * fraction).to_bytes(_DIGEST_BYTES, "big")


def sample(total: int, wanted: int, random: Callable[[], float]) -> list[Share]:
    """Shares at random that have about so many values of so many; all of it where that is no less.

    Args:
        total: values there are.
        wanted: values to look at.
        random: gives fractions from 0 to 1.
    """
    if wanted >= total:
        return [WHOLE]
    parts = min(wanted, 20)
    width = wanted / total / parts
    begins = [random() * (1 - width) for _ in range(parts)]
    return [Share(low, low + width) for low in begins]


def of_the_day(moment: dt.datetime, every: float) -> Share:
    """The share whose turn it is, so that each comes once a day where a check is made ``every`` seconds."""
    rounds = max(1, round(86_400 / every))
    turn = int(moment.timestamp() // every) % rounds
    return Share(turn / rounds, (turn + 1) / rounds)


def _sha256(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()
