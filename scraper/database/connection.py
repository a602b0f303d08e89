"""Connections to PostgreSQL, and what its errors mean to an operator."""

from __future__ import annotations

import math
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

import psycopg
from psycopg import AsyncConnection, conninfo, errors
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from scraper.database.calendar import TimeLoader
from scraper.database.faults import Fault, cannot_write, fault_of, sqlstate
from scraper.errors import (
    DatabaseError,
    DatabaseUnavailable,
    DocumentRefused,
    SchemaMismatch,
    WriteRefused,
)

CONNECT_SECONDS = 10
"""How long one attempt to connect may take; PostgreSQL's own default is for ever."""

REST_SECONDS = 1.0
"""A connection that worked so lately is not checked before its next use."""

_NO_DATABASE = (
    "mend its name in TONGGAO_DATABASE_URL, or make it as a superuser with "
    "`CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0`"
)
_TO_TYPE = (
    ("28", "check the user and the password in TONGGAO_DATABASE_URL"),
    ("3D", _NO_DATABASE),
    ("42501", "run `tonggao init` as the owner of the archive, or let that role do it by GRANT"),
    ("42", "run `tonggao init`, and report it if that does not help"),
    ("0A", "the server lacks something: tonggao needs PostgreSQL 15 or newer, unchanged"),
    ("", "look into the server's log; `tonggao doctor` says what stands still meanwhile"),
)
"""What the operator can do, by the beginning of the SQLSTATE; the first that fits."""

_NOT_OUR_SCHEMA = (errors.UndefinedTable, errors.InvalidSchemaName, errors.UndefinedColumn)

_AWAY = ("08", "57P")
"""SQLSTATEs that say that the server is, or goes, away."""

Pool = AsyncConnectionPool[AsyncConnection]


async def connect(url: str) -> AsyncConnection:
    """One connection of its own, its session in Asia/Shanghai.

    Raises:
        DatabaseUnavailable: naming the address, never the password.
    """
    try:
        connection = await AsyncConnection.connect(url, connect_timeout=CONNECT_SECONDS)
    except psycopg.Error as error:
        raise unavailable(url, error) from error
    await prepare(connection)
    return connection


async def prepare(connection: AsyncConnection) -> None:
    """Give a new session the archive's time zone, and let it read whatever times are stored."""
    connection.adapters.register_loader("timestamptz", TimeLoader)
    await connection.execute("SET TIME ZONE 'Asia/Shanghai'")
    await connection.commit()


class _Rested:
    """When each connection of a pool was last used: one that has just worked is not tried first.

    A check is a round trip before every statement. A server that ends within the second fails the
    statement instead, which is tried again like any that the server's end fails.
    """

    def __init__(self) -> None:
        self._at: WeakKeyDictionary[AsyncConnection, float] = WeakKeyDictionary()

    async def used(self, connection: AsyncConnection) -> None:
        """The pool got it back."""
        self._at[connection] = time.monotonic()
        if connection.autocommit:
            await connection.set_autocommit(False)

    async def check(self, connection: AsyncConnection) -> None:
        """The pool is about to give it out.

        Raises:
            psycopg.OperationalError: it is broken.
        """
        if time.monotonic() - self._at.get(connection, -math.inf) > REST_SECONDS:
            await AsyncConnectionPool.check_connection(connection)


@asynccontextmanager
async def open_pool(url: str, *, size: int = 8, name: str = "tonggao") -> AsyncIterator[Pool]:
    """A pool of at most ``size`` connections, checked before a use that comes after a rest.

    Raises:
        DatabaseUnavailable: the first connection could not be made.
    """
    rested = _Rested()
    pool: Pool = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=size,
        open=False,
        name=name,
        configure=prepare,
        check=rested.check,
        reset=rested.used,
        kwargs={"connect_timeout": CONNECT_SECONDS, "application_name": name},
    )
    await (await connect(url)).close()  # a pool would only say that it timed out
    async with pool:
        try:
            yield pool
        except (psycopg.Error, PoolTimeout) as error:
            raise explain(error, url) from error


@asynccontextmanager
async def alone(pool: Pool) -> AsyncIterator[AsyncConnection]:
    """A connection on which each statement is a transaction: no BEGIN and COMMIT travel around it.

    The pool takes it back as it was (``_Rested.used``).
    """
    async with pool.connection() as connection:
        await connection.set_autocommit(True)
        yield connection


def explain(error: Exception, url: str) -> DatabaseError:
    """The error of ours that says what a database error means.

    Args:
        error: what psycopg raised.
        url: the connection string, for the message; its password is left out. May be empty.
    """
    if isinstance(error, DatabaseError):
        return error
    said, place = _first_line(error), f"the database {redact(url)}" if url else "the database"
    if sqlstate(error) == errors.ReadOnlySqlTransaction.sqlstate:
        return WriteRefused(
            f"{place} only reads: it is a replica, or its server is set so; searching, showing, exporting, web and "
            "mcp work here, for this name the primary in TONGGAO_DATABASE_URL"
        )
    if cannot_write(error):
        return WriteRefused(
            f"{place} refused to write: {said}; "
            "what was archived before is safe. Free its disk or limits and run again"
        )
    if isinstance(error, (*_NOT_OUR_SCHEMA, errors.UndefinedFunction)):
        return SchemaMismatch(f"{said}; run `tonggao init` first")
    return _by_fault(error, said, place) or unavailable(url, error)


def _by_fault(error: Exception, said: str, place: str) -> DatabaseError | None:
    """What the fault alone tells; None where the server is away."""
    code = sqlstate(error) or ""
    match fault_of(error, attempt=2):
        case Fault.DOCUMENT:
            return DocumentRefused(f"{place} refused a value: {said}")
        case Fault.OPERATOR:
            what = next(words for start, words in _TO_TYPE if code.startswith(start))
            return DatabaseError(f"{place} refused: {said}; {what}")
        case Fault.TRANSIENT if code and not code.startswith(_AWAY):
            return DatabaseError(f"{place} was busy: {said}; run it again")
        case _:
            return None


def unavailable(url: str, error: Exception) -> DatabaseUnavailable:
    """The error for a database that cannot be reached."""
    return DatabaseUnavailable(
        f"no connection to the database {redact(url)}: {_first_line(error)}; check "
        "TONGGAO_DATABASE_URL and that the server runs (`tonggao db status` for the embedded one)"
    )


def for_program(url: str) -> tuple[str, dict[str, str]]:
    """What a program of PostgreSQL is told: the connection string, and the environment beside it.

    The password goes through the environment: a command line can be read by every user.
    """
    parts = conninfo.conninfo_to_dict(url)
    password = parts.pop("password", None)
    target = conninfo.make_conninfo(**{key: str(value) for key, value in parts.items()})
    return target, {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}


def redact(url: str) -> str:
    """The connection string as it may be shown: without a password."""
    try:
        parts = conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return "(unreadable connection string)"
    place = parts.get("host") or parts.get("service") or "localhost"
    return f"{parts.get('dbname') or ''}@{place}"


def _first_line(error: Exception) -> str:
    text = str(error).strip() or type(error).__name__
    return text.splitlines()[0]
