"""Releases without a text of their own are one where headline and main file are the same.

A text that is not there is no evidence of sameness, and neither is a form that hangs on hundreds of
pages: only the first attachment counts, and only together with the headline.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg import AsyncConnection
from psycopg.rows import class_row

from scraper.archive.duplicates.normal_text import normalise
from scraper.archive.duplicates.own_text import LONGEST_POINTER, has_own_text
from scraper.archive.writing.deduplication import Merge
from scraper.database import Statements

_SQL = Statements("archive")
_FILES = Statements("files")


@dataclass(frozen=True, slots=True)
class Bare:
    """A publication with little or no text; ``names`` are those shown for its files."""

    publication_id: int
    release_id: int
    title: str
    body: str
    names: list[str | None]


def merges_of(bare: Sequence[Bare], digest: str) -> list[Merge]:
    """Which releases are one, of publications that have the same main file.

    Args:
        bare: those of them that say nothing themselves, each once, in the order of their numbers.
        digest: the file's SHA-256 in hexadecimal, for the evidence.
    """
    first: dict[str, Bare] = {}
    found: list[Merge] = []
    winners: dict[int, int] = {}
    for each in bare:
        title = normalise(each.title)
        if not title:
            continue
        other = first.setdefault(title, each)
        one, two = (_now(winners, item.release_id) for item in (other, each))
        if one != two:
            winner, loser = sorted((one, two))
            winners[loser] = winner
            evidence = {
                "publication_id": other.publication_id,
                "file": digest,
                "why": "no text of its own; the same headline and the same main file",
            }
            found.append(Merge(loser, winner, other.publication_id, evidence, "file"))
    return found


def _now(winners: dict[int, int], release_id: int) -> int:
    while release_id in winners:
        release_id = winners[release_id]
    return release_id


async def join_by_main_file(connection: AsyncConnection, digest: str) -> int:
    """Join what a content shows to be one; returns how many releases were taken over.

    Args:
        connection: in a transaction.
        digest: a content that is some publication's main file.
    """
    if len({each.release_id for each in await _bare(connection, digest)}) < 2:
        return 0
    await connection.execute(_SQL["gate_shared"])
    ids = sorted({each.release_id for each in await _bare(connection, digest)})
    await connection.execute(_SQL["hold_releases"], {"ids": ids})
    merges = merges_of(await _bare(connection, digest), digest)  # once nobody else can join them
    for merge in merges:
        await connection.execute(_SQL["merge_release"], merge.row())
        await connection.execute(_SQL["put_change"], merge.change_row())
    if merges:
        winners = sorted({merge.winner for merge in merges} - {merge.loser for merge in merges})
        await connection.execute(_SQL["choose_canonical"], {"ids": winners})
    return len(merges)


async def _bare(connection: AsyncConnection, digest: str) -> list[Bare]:
    async with connection.cursor(row_factory=class_row(Bare)) as cursor:
        values = {"digest": digest, "longest": 2 * LONGEST_POINTER}
        await cursor.execute(_FILES["main_file_of"], values)
        found = await cursor.fetchall()
    return [each for each in found if not has_own_text((each.body,), each.names)]
