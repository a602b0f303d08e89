"""Holding stored values against their digests: bytes of snapshots and files, and records.

What is covered, and by what (SHA-256 each):

- a snapshot's bytes as received: ``tonggao.content.digest``;
- a file's bytes: ``tonggao.file.digest``;
- a record, all that the page states: ``tonggao.revision.record_digest``;
- all of these, and tombstones: the leaves and roots of the chain (:mod:`scraper.archive.integrity.chain`).

Pages that a policy deleted are not kept, which is no alteration. A record whose digest has the first form
and another value proves neither (:func:`scraper.record.serial.convicts`): it is counted as unproved.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from psycopg.rows import dict_row, scalar_row

from scraper.archive.integrity.chain import check_chain
from scraper.archive.integrity.findings import WHOLE, Alteration, Covered, Findings, Share
from scraper.archive.snapshots.storage import Content, SnapshotStore
from scraper.database import Pool, Statements
from scraper.errors import Altered
from scraper.record.serial import agrees, convicts, from_columns, record_digest

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_SQL = Statements("integrity")
_PORTION = 50


async def check(
    pool: Pool,
    share: Share = WHOLE,
    *,
    since: dt.datetime | None = None,
    certificates: Sequence[Certificate] = (),
    findings: Findings | None = None,
) -> Findings:
    """Hold a share of what is stored against its digests.

    Args:
        pool: of the owner, who alone sees bytes.
        share: which part of it.
        since: only what was stored from then on; aware.
        certificates: which the timestamps of roots must lead to; none: their signatures are not looked at.
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
    await check_chain(pool, share, since=since, certificates=certificates, findings=found)
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


def _sha256(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()
