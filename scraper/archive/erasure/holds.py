"""Holds: releases that nobody may erase and no policy may prune, until the hold is removed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from psycopg.rows import class_row

from scraper.archive.querying.reading import release_now, text_in_force
from scraper.database import Pool, Statements
from scraper.errors import UsageError

_SQL = Statements("erasure")


class HoldAction(StrEnum):
    """What an entry of the log says was done."""

    ADD = "add"
    REMOVE = "remove"
    OVERRIDE = "override"
    """The release was erased although it was held."""


@dataclass(frozen=True, slots=True)
class HoldEntry:
    """A row of ``archive.holds``; ``in_force``: whether it is the hold that the release is under now."""

    entry_id: int
    release_id: int
    action: HoldAction
    reason: str
    made_at: dt.datetime
    made_by: str
    in_force: bool


async def add_hold(pool: Pool, release_id: int, reason: str) -> HoldEntry:
    """Put a release under a hold; a further one adds its reason to the log.

    Raises:
        UnknownRelease: there is no such release.
        Erased: nothing of it is left that could be held.
    """
    number = await release_now(pool, release_id)
    await text_in_force(pool, number)
    return await _put(pool, number, HoldAction.ADD, reason)


async def remove_hold(pool: Pool, release_id: int, reason: str) -> list[HoldEntry]:
    """End the hold of a release, and of those that were merged into it.

    Raises:
        UsageError: it is under none.
    """
    async with pool.connection() as connection:
        found = await connection.execute(_SQL["held_under"], {"release_id": release_id})
        numbers = [number for (number,) in await found.fetchall()]
    if not numbers:
        raise UsageError(f"release {release_id} is under no hold; `tonggao hold list` shows them")
    return [await _put(pool, number, HoldAction.REMOVE, reason) for number in numbers]


async def holds(pool: Pool) -> list[HoldEntry]:
    """Everything that was done about holds, the oldest first."""
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(HoldEntry)) as cursor,
    ):
        await cursor.execute(_SQL["holds"])
        return await cursor.fetchall()


async def _put(pool: Pool, release_id: int, action: HoldAction, reason: str) -> HoldEntry:
    values = {"release_id": release_id, "action": action, "reason": reason}
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(HoldEntry)) as cursor,
    ):
        await cursor.execute(_SQL["put_hold"], values)
        entry = await cursor.fetchone()
    if entry is None:
        raise AssertionError("an insert returns its row")
    return entry
