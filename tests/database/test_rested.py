"""A connection that has just worked is given out at once; one that has rested is tried first."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from scraper.database import alone, open_pool
from scraper.database import connection as connections


async def test_only_a_rested_connection_is_checked(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = 0
    checked = psycopg.AsyncConnection.execute

    async def counted(self: psycopg.AsyncConnection, query: str, *rest: object) -> object:
        nonlocal checks
        checks += query == ""
        return await checked(self, query, *rest)  # type: ignore[call-overload]

    monkeypatch.setattr(psycopg.AsyncConnection, "execute", counted)
    async with open_pool(database_url, size=1) as pool:
        for _ in range(5):
            async with pool.connection() as connection:
                await connection.execute("SELECT 1")
        busy = checks
        monkeypatch.setattr(connections, "REST_SECONDS", -1.0)
        for _ in range(5):
            async with pool.connection() as connection:
                await connection.execute("SELECT 1")
    assert busy <= 1
    assert checks - busy == 5


async def test_a_broken_connection_that_has_rested_is_not_given_out(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_pool(database_url, size=1) as pool:
        async with pool.connection() as connection:
            row = await (await connection.execute("SELECT pg_backend_pid()")).fetchone()
        assert row is not None
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", row)
        monkeypatch.setattr(connections, "REST_SECONDS", -1.0)
        async with pool.connection() as connection:
            assert await (await connection.execute("SELECT 1")).fetchone() == (1,)


async def test_a_connection_that_worked_alone_comes_back_as_it_was(database_url: str) -> None:
    """The next to have it may count on a transaction, also where the one before it failed."""
    async with open_pool(database_url, size=1) as pool:
        async with alone(pool) as connection:
            await connection.execute("SELECT 1")
            assert connection.info.transaction_status == TransactionStatus.IDLE
        with pytest.raises(psycopg.errors.DivisionByZero):
            async with alone(pool) as connection:
                await connection.execute("SELECT 1 / 0")
        async with pool.connection() as connection:
            assert not connection.autocommit
            await connection.execute("SELECT 1")
            assert connection.info.transaction_status == TransactionStatus.INTRANS
