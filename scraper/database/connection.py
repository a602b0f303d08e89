"""Connections to PostgreSQL, and what its errors mean to an operator."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from psycopg import AsyncConnection, conninfo, errors
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from scraper.errors import DatabaseError, DatabaseUnavailable, SchemaMismatch, WriteRefused

CONNECT_SECONDS = 10
"""How long one attempt to connect may take; PostgreSQL's own default is for ever."""

_CANNOT_WRITE = (
    errors.DiskFull,
    errors.ReadOnlySqlTransaction,
    errors.OutOfMemory,
    errors.ConfigurationLimitExceeded,
    errors.IoError,
)

_AWAY = frozenset({"08", "57"})
"""Classes of SQLSTATE that say that the server is or goes away; 57014 (cancelled) is told apart."""

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
    """Give a new session the archive's time zone, so that times come back in it."""
    await connection.execute("SET TIME ZONE 'Asia/Shanghai'")
    await connection.commit()


@asynccontextmanager
async def open_pool(url: str, *, size: int = 8, name: str = "tonggao") -> AsyncIterator[Pool]:
    """A pool of at most ``size`` connections, checked before each use.

    Raises:
        DatabaseUnavailable: the first connection could not be made.
    """
    pool: Pool = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=size,
        open=False,
        name=name,
        configure=prepare,
        check=AsyncConnectionPool.check_connection,
        kwargs={"connect_timeout": CONNECT_SECONDS, "application_name": name},
    )
    await (await connect(url)).close()  # a pool would only say that it timed out
    async with pool:
        try:
            yield pool
        except (psycopg.OperationalError, PoolTimeout) as error:
            raise explain(error, url) from error


def explain(error: Exception, url: str) -> DatabaseError:
    """The error of ours that says what a database error means.

    Args:
        error: what psycopg raised.
        url: the connection string, for the message; its password is left out.
    """
    if isinstance(error, _CANNOT_WRITE):
        return WriteRefused(
            f"the database {redact(url)} refused to write: {_first_line(error)}; "
            "what was archived before is safe. Free its disk or limits and run again"
        )
    if isinstance(error, errors.UndefinedTable | errors.InvalidSchemaName | errors.UndefinedColumn):
        return SchemaMismatch(f"{_first_line(error)}; run `tonggao init` first")
    if _was_refused(error):
        return DatabaseError(f"the database {redact(url)} refused: {_first_line(error)}")
    return unavailable(url, error)


def _was_refused(error: Exception) -> bool:
    """Whether the server is there and said no."""
    code = error.sqlstate if isinstance(error, psycopg.Error) else None
    return code is not None and (code[:2] not in _AWAY or code == errors.QueryCanceled.sqlstate)


def unavailable(url: str, error: Exception) -> DatabaseUnavailable:
    """The error for a database that cannot be reached."""
    return DatabaseUnavailable(
        f"no connection to the database {redact(url)}: {_first_line(error)}; check "
        "TONGGAO_DATABASE_URL and that the server runs (`tonggao db status` for the embedded one)"
    )


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
