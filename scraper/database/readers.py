"""The role that people read the archive through: it logs in by itself and owns nothing."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from psycopg import AsyncConnection, conninfo, errors, sql

from scraper.database.address import with_password
from scraper.database.connection import connect
from scraper.database.statements import Statements
from scraper.errors import DatabaseError

READER_LOGIN = "tonggao_reader_login"
"""Member of ``tonggao_reader``, on which the privileges hang."""

_SQL = Statements("migrations")
_PASSWORD_BYTES = 24


async def prepare_reading(url: str) -> list[str]:
    """Make the reading roles, as far as the role of ``url`` may, and repair their grants.

    Returns:
        The statements that a superuser, or the owner of the database, has to be asked for.
    """
    async with await connect(url) as connection:
        rows = await (await connection.execute(_SQL["prepare_reading"])).fetchall()
    return [statement for (statement,) in rows]


def reader_url(url: str) -> str:
    """The same database for a reader: without the owner's name, password and role."""
    parts = conninfo.conninfo_to_dict(url)
    for name in ("password", "passfile", "options", "user"):
        parts.pop(name, None)
    return conninfo.make_conninfo(**{k: str(v) for k, v in parts.items()}, user=READER_LOGIN)


def reading_only(url: str, *, seconds: int, role: str | None = None) -> str:
    """The same database for sessions that write nothing.

    Args:
        url: connection string.
        seconds: longest a statement may take.
        role: what the session acts as; else as whom it logs in.
    """
    options = f"-c statement_timeout={seconds * 1000} -c default_transaction_read_only=on"
    return conninfo.make_conninfo(url, options=f"-c role={role} {options}" if role else options)


async def require_reader(url: str) -> str:
    """The reader's connection string, once it is known that there is such a role.

    Raises:
        DatabaseError: there is none; with what to type.
    """
    async with await connect(url) as connection:
        await _require(connection)
    return reader_url(url)


def new_password() -> str:
    """A password that nobody guesses, of letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(_PASSWORD_BYTES)


async def give_password(url: str, password: str) -> str | None:
    """Let the reader log in with this password, and no longer with an earlier one.

    The server is sent the verifier of SCRAM-SHA-256 (RFC 5802), never the password itself, so that
    none stands in its log or in what a superuser is asked for.

    Returns:
        None when it is done; else the statement that a superuser has to be asked for.

    Raises:
        DatabaseError: there is no such role; with what to type.
    """
    async with await connect(url) as connection:
        await _require(connection)
        verifier = connection.pgconn.encrypt_password(
            password.encode(), READER_LOGIN.encode(), b"scram-sha-256"
        ).decode()
        statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}").format(
            sql.Identifier(READER_LOGIN), sql.Literal(verifier)
        )
        try:
            await connection.execute(statement)
        except errors.InsufficientPrivilege:
            return statement.as_string(connection)
    return None


async def refused_login(url: str, password: str) -> str | None:
    """Why the server does not let the reader in with this password; None when it does."""
    try:
        await (await connect(with_password(reader_url(url), password))).close()
    except DatabaseError as error:
        return str(error)
    return None


def keep_secret(file: Path, secret: str) -> None:
    """Write a secret into a file that only its owner may read (mode 600), whole or not at all.

    Raises:
        OSError: the file cannot be written.
    """
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w") as out:
            os.fchmod(out.fileno(), 0o600)
            out.write(f"{secret}\n")
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


async def _require(connection: AsyncConnection) -> None:
    row = await (await connection.execute(_SQL["login_exists"], {"login": READER_LOGIN})).fetchone()
    if row is None or not row[0]:
        raise DatabaseError(
            f"there is no role {READER_LOGIN} to read as; run `tonggao init`, which makes it or says "
            "what to ask a superuser for"
        )
