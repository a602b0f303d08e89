"""The chain held against the values: leaves against rows and tombstones, roots against leaves and one another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from psycopg import AsyncConnection
from psycopg.rows import dict_row

from scraper.archive.integrity.findings import Alteration, Covered, Findings, Share
from scraper.archive.proof.chain import Leaf, LeafKind, Root, head_of, root_of
from scraper.archive.proof.merkle import BLOCK, BlockTree, split_hashes
from scraper.archive.proof.rows import (
    leaves_between,
    one_value,
    roots_between,
    timestamps_between,
)
from scraper.archive.proof.timestamps import library_is_here, stated_time
from scraper.database import Pool, Statements, alone
from scraper.errors import TimestampError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_SQL = Statements("proof")
_PORTION = 20_000
_MISSING = "missing"
_DAY = dt.timedelta(days=1)


async def check_chain(
    pool: Pool,
    share: Share,
    *,
    since: dt.datetime | None,
    certificates: Sequence[Certificate],
    findings: Findings,
) -> None:
    """Check a share of the roots, of the leaves, and of the records that roots cover.

    Args:
        pool: of the owner.
        share: which part.
        since: only roots that were made from then on, and what they cover; aware.
        certificates: which timestamps must lead to; none: their signatures are not looked at.
        findings: what is added to.
    """
    async with alone(pool) as connection:
        roots = await roots_between(connection)
        first, end = share.numbers(len(roots))
        old: Root | None = None
        for place, root in enumerate(roots):
            if since and root.sealed_at < since:
                old = root
            elif first <= place < end:
                before = roots[place - 1] if place else None
                findings.checked[Covered.ROOT] += 1
                findings.altered += amiss_between(before, root)
                await _check_tree(connection, root, findings)
                await _check_timestamp(connection, root, certificates, findings)
        await _check_leaves(connection, share, old, findings)
        if roots:
            await _check_covered(connection, share, old, roots[-1], findings)


def amiss_between(before: Root | None, root: Root) -> list[Alteration]:
    """What a root says that does not follow from itself or from the one before it. Pure."""
    found = []
    hashed = root_of(head_of(root.day, root.leaves, root.tree, root.previous))
    if hashed != root.root:
        found.append(_of_root(root.day, root.root, hashed))
    expected = before.root if before else None
    gap = root.day - _DAY
    if (before is None and root.previous is not None) or (before and before.day != gap):
        found.append(_of_root(gap, root.previous, None))
    elif root.previous != expected:
        found.append(_of_root(root.day, expected, root.previous, "the root before"))
    behind = before.last_place if before else 0
    if root.first_place - 1 != behind:
        row = f"tonggao.root {root.day} (the place behind which its leaves begin)"
        found.append(Alteration(Covered.ROOT, row, str(behind), str(root.first_place - 1)))
    return found


async def _check_tree(connection: AsyncConnection, root: Root, findings: Findings) -> None:
    built, place = BlockTree(), root.first_place
    async for leaves in leaves_between(connection, root.first_place - 1, root.last_place):
        for leaf in leaves:
            built.add(leaf.line().encode())
            if leaf.place != place:
                findings.altered.append(_gone(place, root))
            place = leaf.place + 1
    tree, blocks = built.finish()
    kept = split_hashes(await one_value(connection, "blocks", {"day": root.day}))
    if tree == root.tree and blocks == kept:
        return
    findings.altered.append(_of_root(root.day, root.tree, tree, "the tree of its leaves"))
    if place <= root.last_place:
        findings.altered.append(_gone(place, root))
    for number, (one, other) in enumerate(zip_longest(blocks, kept)):
        if one != other:
            after = root.first_place - 1 + number * BLOCK
            last = min(after + BLOCK, root.last_place)
            await _note_leaves(connection, "pages_unknown", after, last, findings)


async def _check_timestamp(
    connection: AsyncConnection,
    root: Root,
    certificates: Sequence[Certificate],
    findings: Findings,
) -> None:
    stamp = (await timestamps_between(connection, root, root)).get(root.day)
    if stamp is None:
        return
    row = f"tonggao.root_timestamp {root.day}"
    if not library_is_here():
        findings.unproved.append(f"{row} (the extra timestamps is not installed)")
        return
    try:
        stated = stated_time(stamp.token, root, list(certificates))
    except TimestampError as error:
        findings.altered.append(Alteration(Covered.ROOT, row, root.root.hex(), str(error)))
    else:
        findings.signatures_unchecked += not certificates
        if stated != stamp.stamped_at:
            told = (stated.isoformat(), stamp.stamped_at.isoformat())
            findings.altered.append(Alteration(Covered.ROOT, row, *told))


async def _check_leaves(
    connection: AsyncConnection, share: Share, old: Root | None, findings: Findings
) -> None:
    """Leaves whose value is another one now; those in no root yet, too."""
    first, end = share.numbers(await one_value(connection, "last_place"))
    first = max(first, old.last_place if old else 0)
    for after in range(first, end, _PORTION):
        last = min(after + _PORTION, end)
        await _note_leaves(connection, "leaves_amiss", after, last, findings)
    findings.checked[Covered.LEAF] += max(0, end - first)


async def _check_covered(
    connection: AsyncConnection, share: Share, old: Root | None, last: Root, findings: Findings
) -> None:
    """Records under numbers that roots cover all of, and in none of them: put there afterwards."""
    first, end = share.numbers(last.records_to)
    values = {"after": max(first, old.records_to if old else 0), "last": end}
    rows = await connection.execute(_SQL["records_without_leaf"], values)
    findings.altered += [
        Alteration(Covered.LEAF, f"tonggao.revision {number}", "in a root", digest.hex())
        async for number, digest in rows
    ]


async def _note_leaves(
    connection: AsyncConnection, statement: str, after: int, last: int, findings: Findings
) -> None:
    async with connection.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(_SQL[statement], {"after": after, "last": last})
        async for row in cursor:
            found = row.pop("found")
            leaf = Leaf(**{**row, "kind": LeafKind(row["kind"])})
            findings.altered.append(
                Alteration(
                    Covered.LEAF,
                    f"{_value_of(leaf)} (leaf {leaf.place})",
                    leaf.digest.hex(),
                    found.hex() if found else _MISSING,
                )
            )


def _value_of(leaf: Leaf) -> str:
    match leaf.kind:
        case LeafKind.RECORD:
            return f"tonggao.revision {leaf.number}"
        case LeafKind.TOMBSTONE:
            return f"tonggao.tombstone of erasing {leaf.number}"
        case LeafKind.SNAPSHOT:
            return f"tonggao.content {leaf.digest.hex()}"
        case LeafKind.FILE:
            return f"tonggao.file {leaf.digest.hex()}"


def _gone(place: int, root: Root) -> Alteration:
    expected = f"a leaf of the root of {root.day}"
    return Alteration(Covered.LEAF, f"tonggao.leaf {place}", expected, _MISSING)


def _of_root(
    day: dt.date, expected: bytes | None, found: bytes | None, part: str | None = None
) -> Alteration:
    row = f"tonggao.root {day}" + (f" ({part})" if part else "")
    return Alteration(
        Covered.ROOT,
        row,
        expected.hex() if expected else "none",
        found.hex() if found else _MISSING,
    )
