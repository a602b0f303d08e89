"""The schema is the sum of the migrations, applied once, by one process at a time."""

from __future__ import annotations

import asyncio

import psycopg
import pytest

from scraper.database import check_schema, connect, known_migrations, migrate, migrations
from scraper.database.migrations import Migration
from scraper.errors import DatabaseError, SchemaMismatch, UnsuitableDatabase


async def test_applies_each_migration_once(empty_database_url: str) -> None:
    assert await migrate(empty_database_url) == known_migrations()
    assert await migrate(empty_database_url) == ()


async def test_numbers_rise_without_a_double() -> None:
    numbers = [migration.number for migration in known_migrations()]
    assert numbers == sorted(set(numbers))
    assert numbers[0] == 1


async def test_concurrent_processes_apply_it_once(empty_database_url: str) -> None:
    applied = await asyncio.gather(*(migrate(empty_database_url) for _ in range(5)))
    assert sorted(map(len, applied)) == [0, 0, 0, 0, len(known_migrations())]


async def test_a_changed_migration_is_refused(database_url: str) -> None:
    async with await connect(database_url) as connection:
        await connection.execute("UPDATE tonggao.migration SET digest = '' WHERE number = 1")
    with pytest.raises(SchemaMismatch, match="0001_foundation differs"):
        await migrate(database_url)


async def test_a_newer_schema_is_refused(database_url: str) -> None:
    async with await connect(database_url) as connection:
        await connection.execute("INSERT INTO tonggao.migration VALUES (9999, 'x', '', now(), 'y')")
    with pytest.raises(SchemaMismatch, match="newer tonggao"):
        await migrate(database_url)


async def test_a_database_without_schema_names_the_command(empty_database_url: str) -> None:
    async with await connect(empty_database_url) as connection:
        with pytest.raises(SchemaMismatch, match="tonggao init"):
            await check_schema(connection)


async def test_another_encoding_is_refused(server: str) -> None:
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc "
            "TEMPLATE template0"
        )
        try:
            with pytest.raises(UnsuitableDatabase, match=r"LATIN1.*UTF8"):
                await migrate(f"{server} dbname=latin")
        finally:
            connection.execute("DROP DATABASE latin WITH (FORCE)")


async def test_every_table_view_and_column_has_a_comment(database_url: str) -> None:
    async with await connect(database_url) as connection:
        rows = await connection.execute(
            """
            SELECT format('%s.%s.%s', n.nspname, c.relname, a.attname)
            FROM pg_class c
            JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname IN ('tonggao', 'archive')
            LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            WHERE c.relkind IN ('r', 'p', 'v', 'm') AND NOT c.relispartition
              AND (obj_description(c.oid, 'pg_class') IS NULL
                   OR col_description(c.oid, a.attnum) IS NULL)
            """
        )
        assert await rows.fetchall() == []


def test_no_two_migrations_have_one_number_and_none_is_missing() -> None:
    numbers = [migration.number for migration in known_migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_an_idle_reader_stops_an_upgrade_and_nobody_else(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The upgrade says who is in the way; others read and write meanwhile; afterwards it goes through."""
    known = known_migrations()
    new = Migration(9000, "locks_a_table", "ALTER TABLE tonggao.release ADD COLUMN extra integer")
    monkeypatch.setattr(migrations, "known_migrations", lambda: (*known, new))
    monkeypatch.setattr(migrations, "LOCK_MILLISECONDS", 50)
    with psycopg.connect(database_url) as reader:
        pid = reader.info.backend_pid
        reader.execute("SELECT count(*) FROM archive.releases")
        with pytest.raises(DatabaseError, match=rf"0_locks_a_table waits.*process {pid} of"):
            await migrate(database_url)
        with psycopg.connect(database_url) as other:
            other.execute("SET lock_timeout = '1s'")
            other.execute("SELECT count(*) FROM archive.releases")
    assert await migrate(database_url) == (new,)
