"""The schema is the sum of the numbered files in ``sql/migrations/``; here they are applied.

A migration runs once, in a transaction of its own, under an advisory lock of the whole database, and
is recorded in ``tonggao.migration`` with its digest. A file that was applied never changes again.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from psycopg import AsyncConnection, errors
from psycopg.rows import class_row

from scraper.database.connection import connect
from scraper.database.statements import Statements, sql_folder
from scraper.errors import DatabaseError, SchemaMismatch, UnsuitableDatabase

_FILE_NAME = re.compile(r"(\d{4})_(\w+)\.sql")

LOCK_MILLISECONDS = 2000
"""How long a migration waits for a table that a session uses, and how long it then lets others pass."""
LOCK_TRIES = 6

OLDEST_SERVER = 150_000
"""PostgreSQL 15, as ``server_version_num`` writes it: the oldest release that is tested."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of ``sql/migrations/``."""

    number: int
    name: str
    text: str

    @property
    def digest(self) -> bytes:
        """SHA-256 of the file."""
        return hashlib.sha256(self.text.encode()).digest()


@dataclass(frozen=True, slots=True)
class AppliedMigration:
    """One row of ``tonggao.migration``."""

    number: int
    name: str
    digest: bytes


@cache
def known_migrations() -> tuple[Migration, ...]:
    """All migrations that this version ships, in order."""
    files = sorted((sql_folder() / "migrations").glob("*.sql"))
    found = ((_FILE_NAME.fullmatch(file.name), file) for file in files)
    return tuple(Migration(int(m[1]), m[2], file.read_text("utf-8")) for m, file in found if m)


async def migrate(url: str) -> tuple[Migration, ...]:
    """Bring the database to this version's schema and tell what had to be applied.

    Any number of processes may call it at once: one works, the others wait and find nothing to do.

    Raises:
        DatabaseUnavailable: there is no connection.
        UnsuitableDatabase: not UTF-8, or a server older than PostgreSQL 15.
        SchemaMismatch: the database was migrated by a newer version, or a file was changed.
    """
    sql = Statements("migrations")
    async with await connect(url) as connection:
        await connection.set_autocommit(True)
        await check_server(connection)
        await connection.execute(sql["lock"])
        try:
            await connection.execute(sql["ensure_ledger"])
            pending = _pending(await _applied(connection))
            for migration in pending:
                await _apply_between_others(connection, migration)
        finally:
            await connection.execute(sql["unlock"])
    return pending


async def check_schema(connection: AsyncConnection) -> None:
    """Refuse a database whose schema is not this version's.

    Raises:
        SchemaMismatch: with the command that mends it.
    """
    row = await (await connection.execute(Statements("migrations")["ledger_exists"])).fetchone()
    pending = _pending(await _applied(connection) if row and row[0] else ())
    if pending:
        names = ", ".join(f"{m.number:04d}_{m.name}" for m in pending)
        message = f"the database lacks {len(pending)} migrations ({names}); run `tonggao init`"
        raise SchemaMismatch(message)


async def check_server(connection: AsyncConnection) -> None:
    """Refuse a server that cannot hold the archive.

    Raises:
        UnsuitableDatabase: the encoding is not UTF-8, or the server is older than PostgreSQL 15.
    """
    row = await (await connection.execute(Statements("migrations")["server"])).fetchone()
    number, encoding, database = row or (0, "", "")
    if number < OLDEST_SERVER:
        message = f"the server is PostgreSQL {number // 10_000}; tonggao needs 15 or newer"
        raise UnsuitableDatabase(message)
    if encoding != "UTF8":
        raise UnsuitableDatabase(
            f"database {database!r} has the encoding {encoding}; Chinese text needs UTF8. Make "
            "another one with `CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0` and give its "
            "name in TONGGAO_DATABASE_URL"
        )


async def _applied(connection: AsyncConnection) -> Sequence[AppliedMigration]:
    async with connection.cursor(row_factory=class_row(AppliedMigration)) as cursor:
        await cursor.execute(Statements("migrations")["applied"])
        return await cursor.fetchall()


def _pending(applied: Sequence[AppliedMigration]) -> tuple[Migration, ...]:
    known = {migration.number: migration for migration in known_migrations()}
    for row in applied:
        if row.number not in known:
            raise SchemaMismatch(
                f"migration {row.number:04d}_{row.name} was applied by a newer tonggao; "
                "upgrade this installation"
            )
        if known[row.number].digest != bytes(row.digest):
            raise SchemaMismatch(
                f"migration {row.number:04d}_{row.name} differs from the one that was applied; "
                "install an official release of tonggao"
            )
    done = {row.number for row in applied}
    return tuple(migration for number, migration in known.items() if number not in done)


async def _apply_between_others(connection: AsyncConnection, migration: Migration) -> None:
    """Apply one migration; others wait behind it for short times only, also where it cannot begin.

    Raises:
        DatabaseError: a session kept a table locked all the while; it is named.
        SchemaMismatch: a view or function of the user's own hangs on what it must replace.
    """
    for attempt in range(1, LOCK_TRIES + 1):
        try:
            return await _apply(connection, migration)
        except errors.LockNotAvailable as error:
            if attempt == LOCK_TRIES:
                raise DatabaseError(
                    f"migration {migration.number:04d}_{migration.name} waits for a table that "
                    f"another session uses: {await _in_the_way(connection)}. End that session and "
                    "run `tonggao init` again; nothing was changed"
                ) from error
        await asyncio.sleep(LOCK_MILLISECONDS / 1000)
    raise AssertionError("unreachable: the last try returns or raises")


async def _in_the_way(connection: AsyncConnection) -> str:
    rows = await (await connection.execute(Statements("locking")["in_the_way"])).fetchall()
    return ", ".join(row[0] for row in rows) or "it has ended by now"


async def _apply(connection: AsyncConnection, migration: Migration) -> None:
    """Apply one migration, whole or not at all.

    Raises:
        SchemaMismatch: a view or function of the user's own hangs on what it must replace.
    """
    try:
        async with connection.transaction():
            await connection.execute(
                Statements("locking")["lock_timeout"], {"limit": f"{LOCK_MILLISECONDS}ms"}
            )
            await connection.execute(migration.text.encode())
            await connection.execute(
                Statements("migrations")["record"],
                (migration.number, migration.name, migration.digest, _program_version()),
            )
    except errors.DependentObjectsStillExist as error:
        detail = " ".join((error.diag.message_detail or str(error)).split())
        raise SchemaMismatch(
            f"migration {migration.number:04d}_{migration.name} changed nothing, for something of"
            f" your own hangs on what it replaces: {detail}; drop that, run `tonggao init`, and"
            " make it again"
        ) from error


def _program_version() -> str:
    try:
        return version("tonggao")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "checkout"
