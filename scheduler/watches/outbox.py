"""The outbox in the database: matches become messages; a message is claimed, and is sent or waits."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row, dict_row

from scheduler.health.events import EventKind
from scheduler.health.store import add_event
from scheduler.watches.faults import FAULT_MEND, LASTING, TOLD_AFTER, Fault, is_trouble
from scheduler.watches.timing import Waiting, rests
from scheduler.watches.wording import MOST_ITEMS, Item, Outgoing
from scraper.archive.watching.keeping import Every, pause
from scraper.database import Pool, Statements

_SQL = Statements("outbox")
CLAIM_SECONDS = 120
"""Longer than an attempt takes: then another process may send the message."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this process sends now.

    Attributes:
        attempts: how often it was tried, this time included.
        secret: the key of signatures; None where none are made.
    """

    message_id: int
    watch_id: int
    key: str
    attempts: int
    digest: bool
    created_at: dt.datetime
    query: str
    address: str
    secret: str | None


async def gather(pool: Pool, now: dt.datetime) -> int:
    """Put messages together for the watches whose time has come; how many."""
    gathered = 0
    async with pool.connection() as connection, connection.transaction():
        rows = await (await connection.execute(_SQL["waiting"])).fetchall()
        for watch_id, every, *figures in rows:
            waiting = Waiting(watch_id, Every(every), *figures)
            if waiting.is_due(now):
                values = {"watch_id": watch_id, "digest": waiting.over}
                gathered += bool((await connection.execute(_SQL["gather"], values)).rowcount)
    return gathered


async def claim(pool: Pool) -> Claimed | None:
    """The next message to be sent; None where none is."""
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(Claimed)) as cursor,
    ):
        await cursor.execute(_SQL["claim"], {"seconds": CLAIM_SECONDS})
        return await cursor.fetchone()


async def outgoing(pool: Pool, claimed: Claimed) -> Outgoing | None:
    """What a message tells; None where all of it was erased meanwhile."""
    key = {"message_id": claimed.message_id}
    async with pool.connection() as connection:
        counted: Counter[str] = Counter(
            dict(await (await connection.execute(_SQL["counted"], key)).fetchall())
        )
        if not counted:
            await connection.execute(_SQL["drop_empty"], key)
            return None
        async with connection.cursor(row_factory=class_row(Item)) as cursor:
            await cursor.execute(_SQL["items"], {**key, "most": MOST_ITEMS})
            items = await cursor.fetchall()
    return Outgoing(
        claimed.message_id,
        claimed.watch_id,
        claimed.key,
        claimed.query,
        claimed.created_at,
        claimed.digest,
        items,
        counted,
    )


async def sent(pool: Pool, claimed: Claimed) -> None:
    """The target took it."""
    async with pool.connection() as connection:
        await connection.execute(_SQL["sent"], {"message_id": claimed.message_id})
        values = {"watch_id": claimed.watch_id}
        row = await (await connection.execute(_SQL["taken"], values)).fetchone()
        if row is not None and is_trouble(*row):
            await add_event(
                connection,
                kind=EventKind.WATCH,
                new_state="ok",
                sentence=f"watch {claimed.watch_id}: its target takes messages again",
            )


async def failed(
    pool: Pool, claimed: Claimed, fault: Fault, detail: str, wait: dt.timedelta
) -> None:
    """The target did not take it: it waits, and the operator is told, once."""
    async with pool.connection() as connection:
        later = {"message_id": claimed.message_id, "wait": wait}
        await connection.execute(_SQL["later"], later)
        values = {"watch_id": claimed.watch_id, "fault": fault, "detail": detail}
        row = await (await connection.execute(_SQL["failed"], values)).fetchone()
        if row is None:
            return
        last, before, target = row
        failures = before + 1
        if is_trouble(fault, failures) and not is_trouble(last, before):
            await add_event(
                connection,
                kind=EventKind.WATCH,
                new_state="failing",
                cause=fault,
                sentence=f"watch {claimed.watch_id} ({target}): {fault}: {FAULT_MEND[fault]}",
                evidence={"watch": claimed.watch_id, "detail": detail},
            )
    if rests(fault, failures):
        await pause(pool, claimed.watch_id, fault)


async def failing(pool: Pool) -> Sequence[Mapping[str, Any]]:
    """The watches whose targets take nothing, those longest in trouble first."""
    async with pool.connection() as connection, connection.cursor(row_factory=dict_row) as cursor:
        values = {"told": TOLD_AFTER, "lasting": sorted(LASTING)}
        await cursor.execute(_SQL["failing"], values)
        return await cursor.fetchall()
