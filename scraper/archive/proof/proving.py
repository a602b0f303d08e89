"""Proofs: that a digest is a leaf of a day's root, and that the root is before a later one.

A proof is JSON that ``check_proof.py`` reads, a page of Python without tonggao; docs/proof.md describes it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row

from scraper.archive.erasure.erasing import FILE_PREFIX, digest_named
from scraper.archive.proof.chain import Leaf, LeafKind, Root, Timestamp, head_of, root_of
from scraper.archive.proof.merkle import BLOCK, leaf_hash, path_to, root_by, split_hashes
from scraper.archive.proof.rows import (
    last_root,
    leaves_between,
    one_value,
    roots_between,
    timestamps_between,
)
from scraper.archive.querying.reading import release_named, release_now
from scraper.clock import now
from scraper.database import Pool, Statements, alone
from scraper.errors import Altered, UsageError
from scraper.record.serial import digested_text, from_columns, record_digest

_SQL = Statements("proof")
FORM = "tonggao proof 1"
SCRIPT = Path(__file__).with_name("check_proof.py")
"""Checks a proof without tonggao."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A digest that a proof is asked for.

    Attributes:
        kind: what it is of.
        number: of the revision or the erasing; None for bytes.
        digest: the digest.
        place: of its leaf; None while none was put.
    """

    kind: LeafKind
    number: int | None
    digest: bytes
    place: int | None

    def leaf(self) -> Leaf:
        """Its leaf."""
        return Leaf(self.place or 0, LeafKind(self.kind), self.number, self.digest)


async def roots(
    pool: Pool, first: dt.date | None = None, last: dt.date | None = None
) -> list[Root]:
    """The roots of days, the oldest first."""
    async with alone(pool) as connection:
        return await roots_between(connection, first, last)


async def newest_root(pool: Pool) -> Root | None:
    """The last root; None where no day is sealed."""
    async with alone(pool) as connection:
        return await last_root(connection)


async def root_of_day(pool: Pool, day: dt.date | None) -> tuple[Root, Timestamp | None]:
    """The root of a day (None: the last one), and its timestamp where it has one.

    Raises:
        UsageError: there is none.
    """
    async with alone(pool) as connection:
        root = await _root_of_day(connection, day)
        return root, (await timestamps_between(connection, root, root)).get(root.day)


async def prove(pool: Pool, name: str, to: dt.date | None = None) -> dict[str, Any]:
    """A proof of all digests of a release, or of a page or file.

    Args:
        pool: of the owner.
        name: a release's number, an address of it, or ``sha256:`` and a digest of bytes.
        to: the day of the root that the chain leads to; None: the last one.

    Raises:
        UsageError: nothing of that name is archived, or is in a root yet.
        Altered: a value, a leaf or a root is not what was stored.
    """
    wanted = await _wanted(pool, name)
    async with alone(pool) as connection:
        end = await _root_of_day(connection, to)
        found = await _subjects(connection, wanted)
        if not found and name.startswith(FILE_PREFIX):
            raise UsageError(f"no page or file {name} is stored, nor was one sealed")
        sealed = [each for each in found if each.place and each.place <= end.last_place]
        if not sealed:
            raise UsageError(
                f"{name} is in no root up to {end.day}; `tonggao proof seal` makes those of days that are over"
            )
        chain = await _chain(connection, min(each.place or 0 for each in sealed), end)
        return {
            "form": FORM,
            "of": name,
            "leaves": [await _proved(connection, each, chain) for each in sealed],
            "unsealed": [each.leaf().line() for each in found if each not in sealed],
            "roots": await _told(connection, chain),
        }


async def lines_of_day(pool: Pool, day: dt.date | None) -> AsyncIterator[str]:
    """The leaves of a day's root (None: of the last one) as they are hashed, in order.

    Raises:
        UsageError: there is none.
    """
    async with alone(pool) as connection:
        root = await _root_of_day(connection, day)
        async for leaves in leaves_between(connection, root.first_place - 1, root.last_place):
            for leaf in leaves:
                yield leaf.line()


async def _wanted(pool: Pool, name: str) -> tuple[str, dict[str, Any]]:
    """The statement that finds what a name means, and its values."""
    if not name.startswith(FILE_PREFIX):
        number = await release_named(pool, name)
        return "leaves_of_release", {"release_id": await release_now(pool, number)}
    return "leaves_of_bytes", {"digest": digest_named(name)}


async def _subjects(
    connection: AsyncConnection, wanted: tuple[str, dict[str, Any]]
) -> list[Subject]:
    statement, values = wanted
    async with connection.cursor(row_factory=class_row(Subject)) as cursor:
        await cursor.execute(_SQL[statement], values)
        return await cursor.fetchall()


async def _chain(connection: AsyncConnection, place: int, end: Root) -> list[Root]:
    """The roots from the one that covers a place to the last."""
    before = await roots_between(connection, None, end.day)
    return [root for root in before if root.last_place >= place]


async def _proved(
    connection: AsyncConnection, subject: Subject, chain: Sequence[Root]
) -> dict[str, Any]:
    """A leaf with its value and its path, which is held against the root first."""
    leaf = subject.leaf()
    root = next(each for each in chain if each.last_place >= leaf.place)
    index = leaf.place - root.first_place
    path = await _path(connection, root, index)
    tree = root_by(leaf.line().encode(), index, root.leaves, path)
    if tree != root.tree:
        raise Altered(f"leaf of the root of {root.day}", root.tree, tree.hex() if tree else "none")
    return {
        "leaf": leaf.line(),
        "value": await _value(connection, subject),
        "day": root.day.isoformat(),
        "index": index,
        "path": [each.hex() for each in path],
    }


async def _path(connection: AsyncConnection, root: Root, index: int) -> list[bytes]:
    block, within = divmod(index, BLOCK)
    after = root.first_place - 1 + block * BLOCK
    beside = [
        leaf_hash(leaf.line().encode())
        async for leaves in leaves_between(connection, after, min(after + BLOCK, root.last_place))
        for leaf in leaves
    ]
    kept = await one_value(connection, "blocks", {"day": root.day})
    return [*path_to(within, beside), *path_to(block, split_hashes(kept))]


async def _value(connection: AsyncConnection, subject: Subject) -> str | None:
    """The text that the digest is of; None for bytes, and for a record that was erased."""
    if subject.kind == LeafKind.TOMBSTONE:
        values = {"number": subject.number, "digest": subject.digest}
        return str(await one_value(connection, "tombstone", values))
    if subject.kind != LeafKind.RECORD:
        return None
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL["record"], {"number": subject.number})
        row = await cursor.fetchone()
    if row is None:
        return None
    release = from_columns(row["url"], row)
    text = digested_text(subject.digest, release)
    if text is None:
        where = f"record of tonggao.revision {subject.number} ({row['url']})"
        raise Altered(where, subject.digest, record_digest(release).hex())
    return text


async def _told(connection: AsyncConnection, chain: Sequence[Root]) -> list[dict[str, Any]]:
    """The roots as a proof has them, each held against what it is the hash of."""
    stamps = await timestamps_between(connection, chain[0], chain[-1])
    return [_root_told(root, stamps.get(root.day)) for root in chain]


def _root_told(root: Root, stamp: Timestamp | None) -> dict[str, Any]:
    found = root_of(head_of(root.day, root.leaves, root.tree, root.previous))
    if found != root.root:
        raise Altered(f"root of {root.day}", root.root, found.hex())
    return {
        "day": root.day.isoformat(),
        "leaves": root.leaves,
        "tree": root.tree.hex(),
        "previous": root.previous.hex() if root.previous else None,
        "root": root.root.hex(),
        "timestamp": stamp.in_text() if stamp else None,
    }


async def _root_of_day(connection: AsyncConnection, day: dt.date | None) -> Root:
    last = await last_root(connection)
    if last is None:
        raise UsageError(
            "no day is sealed yet; `tonggao proof seal` makes the roots of days that are over"
        )
    if day is None:
        return last
    if found := await roots_between(connection, day, day):
        return found[0]
    if day > last.day:
        raise UsageError(_why_none_yet(day, last))
    [first, *_] = await roots_between(connection, None, last.day)
    raise UsageError(
        f"{day} has no root of its own: the first, that of {first.day}, covers all days before it"
    )


def _why_none_yet(day: dt.date, last: Root) -> str:
    if day >= now().date():
        return f"{day} is not over in Asia/Shanghai: it has no root yet; the last is that of {last.day}"
    return (
        f"{day} has no root yet: `tonggao proof seal` makes those of days that are over; "
        f"the last is that of {last.day}"
    )
