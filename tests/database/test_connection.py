"""What a database error means to an operator."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from scraper.database import connect, explain, open_pool, redact
from scraper.errors import DatabaseError, DatabaseUnavailable, SchemaMismatch, WriteRefused


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.DiskFull("no space"), WriteRefused),
        (errors.ReadOnlySqlTransaction("read-only"), WriteRefused),
        (errors.UndefinedTable("no table"), SchemaMismatch),
        (errors.AdminShutdown("terminating"), DatabaseUnavailable),
        (psycopg.OperationalError("connection refused"), DatabaseUnavailable),
    ],
)
def test_an_error_is_named(error: Exception, kind: type[DatabaseError]) -> None:
    assert type(explain(error, "dbname=archive host=db")) is kind


def test_a_query_that_was_cancelled_is_no_lost_connection() -> None:
    told = explain(errors.QueryCanceled("canceling statement"), "dbname=archive host=db")
    assert type(told) is DatabaseError
    assert "canceling statement" in str(told)


@pytest.mark.parametrize(
    "url", ["postgresql://me:hunter2@db/archive", "host=db dbname=archive password=hunter2"]
)
def test_a_password_is_never_shown(url: str) -> None:
    assert redact(url) == "archive@db"


def test_a_connection_string_that_is_none_shows_nothing() -> None:
    assert "hunter2" not in redact("hunter2 hunter2")


async def test_a_session_is_in_the_archives_time_zone(database_url: str) -> None:
    async with await connect(database_url) as connection:
        row = await (await connection.execute("SHOW timezone")).fetchone()
    assert row == ("Asia/Shanghai",)


async def test_a_pool_on_nothing_says_so_at_once() -> None:
    with pytest.raises(DatabaseUnavailable, match="TONGGAO_DATABASE_URL"):
        async with open_pool("postgresql://127.0.0.1:1/archive"):
            raise AssertionError("it must not open")
