"""The role that people read the archive through: it logs in by itself and owns nothing."""

from __future__ import annotations

from psycopg import conninfo

from scraper.database.connection import connect
from scraper.database.statements import Statements
from scraper.errors import DatabaseError

READER_LOGIN = "tonggao_reader_login"
"""Member of ``tonggao_reader``, on which the privileges hang."""

_SQL = Statements("migrations")


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


async def require_reader(url: str) -> str:
    """The reader's connection string, once it is known that there is such a role.

    Raises:
        DatabaseError: there is none; with what to type.
    """
    async with await connect(url) as connection:
        row = await (
            await connection.execute(_SQL["login_exists"], {"login": READER_LOGIN})
        ).fetchone()
    if row is None or not row[0]:
        raise DatabaseError(
            f"there is no role {READER_LOGIN} to read as; run `tonggao init`, which makes it or says "
            "what to ask a superuser for"
        )
    return reader_url(url)
