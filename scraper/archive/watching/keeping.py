"""Watches are made, shown, paused, resumed and removed."""

from __future__ import annotations

import base64
import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from psycopg import AsyncConnection, errors
from psycopg.rows import class_row, dict_row

from scraper.archive.watching.evaluation import (
    CHANGES_AT_ONCE,
    Match,
    Watch,
    changes_after,
    matches,
    put,
)
from scraper.archive.watching.events import Wanted
from scraper.archive.watching.inversion import Inversion
from scraper.archive.watching.matching import Filters, asked_of
from scraper.database import Pool, Statements
from scraper.errors import UsageError

_SQL = Statements("watches")
NEWS_DAYS = 7
DAILY = 20
MOST_LOOKED_BACK = 200_000
"""Changes that are looked at, at most, for a watch that starts in the past: some minutes' work."""
MOST_REPLAYED = 1000
"""Matches of the past that are told, at most."""
ASKED = "asked"
"""Why a watch rests that somebody paused."""


class Every(StrEnum):
    """How matches are gathered into messages."""

    NOW = "now"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class NewWatch:
    """What is to be watched, and how it is told; see the table ``tonggao.watch``."""

    query: str
    wanted: Wanted
    exact: bool = False
    region: str | None = None
    source: str | None = None
    kind: str | None = None
    days: int = NEWS_DAYS
    every: Every = Every.NOW
    daily: int = DAILY


@dataclass(frozen=True, slots=True)
class Target:
    """Where messages go.

    Attributes:
        address: with what is secret in it.
        shown: the same without.
        signed: whether messages are signed, by a key that is made with the watch.
    """

    address: str
    shown: str
    signed: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A watch that was made.

    Attributes:
        feed: the part of its feed's address that cannot be guessed.
        secret: the key of its signatures; it is shown this once. None where nothing is signed.
        replayed: matches of the past that it tells.
    """

    watch_id: int
    feed: str
    secret: str | None
    replayed: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A watch as it is shown; columns of ``archive.watches``, and its feed."""

    watch_id: int
    query: str
    exact: bool
    region: str | None
    source_id: str | None
    kind: str | None
    events: list[str]
    carried: int | None
    days: int
    every: str
    daily: int
    target: str | None
    state: str
    paused_for: str | None
    fault: str | None
    failures: int
    created_at: dt.datetime
    matches: int
    sent: int
    waiting: int
    last_sent_at: dt.datetime | None
    feed: str
    fault_detail: str | None


@dataclass(frozen=True, slots=True)
class Past:
    """What a watch that starts in the past finds there.

    Attributes:
        since: the day it starts at.
        matches: oldest first.
        reached: the position up to which was looked.
    """

    since: dt.date
    matches: Sequence[Match]
    reached: int


async def read_watch(connection: AsyncConnection, new: NewWatch) -> Watch:
    """A watch that is not kept yet, for evaluation. It has the number 0.

    Raises:
        UsageError: the query cannot be used, or nothing is narrowed by it.
    """
    values = {"query": new.query, "exact": new.exact, "region": new.region}
    async with connection.cursor(row_factory=dict_row) as cursor:
        try:
            await cursor.execute(_SQL["read_query"], values)
        except errors.InvalidParameterValue as error:
            raise UsageError(str(error).splitlines()[0]) from error
        row = await cursor.fetchone()
    assert row is not None  # noqa: S101 - the statement gives one row
    asked = asked_of(row["asked"])
    if not asked.folded and (new.query.strip() or not (new.region or new.source or new.kind)):
        raise UsageError("a watch needs a word to look for, or --region, --source or --kind")
    places = None if row["places"] is None else tuple(row["places"])
    filters = Filters(new.source, new.kind, places)
    return Watch(
        0, asked, filters, new.wanted, new.days, -1, dt.datetime.min.replace(tzinfo=dt.UTC)
    )


async def look_back(pool: Pool, new: NewWatch, since: dt.date) -> Past:
    """What a watch would have told since a day.

    Raises:
        UsageError: that is more than is told, or looked at, in one go.
    """
    async with pool.connection() as connection:
        watch = await read_watch(connection, new)
        row = await (await connection.execute(_SQL["place_before"], {"since": since})).fetchone()
        found, reached = await _replay(connection, watch, int(row[0]) if row else 0)
    return Past(since, found, reached)


async def _replay(
    connection: AsyncConnection, watch: Watch, position: int
) -> tuple[list[Match], int]:
    """What a watch is told of the changes after a position, and the position of the last one."""
    index, found, looked = Inversion([watch]), list[Match](), 0
    while changes := await changes_after(connection, position):
        found += await matches(connection, index, changes)
        position, looked = changes[-1].position, looked + len(changes)
        if len(found) > MOST_REPLAYED or looked > MOST_LOOKED_BACK:
            raise UsageError(
                f"since that day there are more than {MOST_REPLAYED} matches or {MOST_LOOKED_BACK}"
                " changes: choose a later day, or narrow the words"
            )
        if len(changes) < CHANGES_AT_ONCE:
            break
    return found, position


async def add(pool: Pool, new: NewWatch, target: Target | None, past: Past | None = None) -> Made:
    """Keep a watch, which tells what happens from now on, and what ``past`` found.

    Raises:
        UsageError: the query cannot be used, or nothing is narrowed by it.
    """
    feed = secrets.token_urlsafe(16)
    secret = new_secret() if target and target.signed else None
    async with pool.connection() as connection, connection.transaction():
        watch = await read_watch(connection, new)
        last = await _hold_still(connection)
        found = list(past.matches) if past else []
        if past and past.reached < last:
            found += (await _replay(connection, watch, past.reached))[0]
        values = {
            "query": new.query, "exact": new.exact, "region": new.region, "source_id": new.source,
            "kind": new.kind, "events": list(new.wanted.events), "carried": new.wanted.carried,
            "days": new.days, "every": new.every, "daily": new.daily, "starts_after": last,
            "starts_at": past.since if past else None, "feed": feed,
            "target_shown": target.shown if target else None,
        }  # fmt: skip
        row = await (await connection.execute(_SQL["add"], values)).fetchone()
        assert row is not None  # noqa: S101 - an insert returns its row
        if target:
            kept = {"watch_id": row[0], "address": target.address, "secret": secret}
            await connection.execute(_SQL["add_target"], kept)
        replayed = await put(connection, (replace(match, watch_id=row[0]) for match in found))
    return Made(row[0], feed, secret, replayed)


def new_secret() -> str:
    """A key for signatures, in the notation of Standard Webhooks."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


async def listed(pool: Pool, watch_id: int | None = None) -> list[Listed]:
    """All watches, or one.

    Raises:
        UsageError: there is none of this number.
    """
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(Listed)) as cursor,
    ):
        await cursor.execute(_SQL["listed"], {"watch_id": watch_id})
        found = await cursor.fetchall()
    if watch_id is not None and not found:
        raise unknown(watch_id)
    return found


async def pause(pool: Pool, watch_id: int, why: str = ASKED) -> None:
    """Nothing is evaluated or sent any more; what waits stays.

    Raises:
        UsageError: there is none of this number.
    """
    await _change(pool, "pause", watch_id, why=why)


async def resume(pool: Pool, watch_id: int) -> None:
    """From now on it works again; what waited is sent at once, what happened meanwhile is not told.

    Raises:
        UsageError: there is none of this number.
    """
    await _change(pool, "resume", watch_id)


async def remove(pool: Pool, watch_id: int) -> None:
    """Forget a watch, its target, its matches and its messages.

    Raises:
        UsageError: there is none of this number.
    """
    await _change(pool, "remove", watch_id)


async def _change(pool: Pool, statement: str, watch_id: int, **more: str) -> None:
    async with pool.connection() as connection, connection.transaction():
        last = await _hold_still(connection)
        values = {"watch_id": watch_id, "last": last, **more}
        if await (await connection.execute(_SQL[statement], values)).fetchone() is None:
            raise unknown(watch_id)
        if statement == "resume":
            await connection.execute(_SQL["retry_now"], {"watch_id": watch_id})


async def _hold_still(connection: AsyncConnection) -> int:
    """Wait for an evaluation under way and keep the next one waiting; the last position there is."""
    row = await (await connection.execute(_SQL["hold_still"])).fetchone()
    assert row is not None  # noqa: S101 - the table has one row
    return int(row[0])


def unknown(watch_id: int) -> UsageError:
    """What is said of a number that no watch has."""
    return UsageError(f"there is no watch {watch_id}; `tonggao watch list` shows numbers")
