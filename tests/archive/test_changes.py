"""The cursor of changes misses nothing: not beside slow writers, not after a crash or a restore."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal

import psycopg
import pytest
from psycopg import errors

from scraper.archive import Archive, Observation
from scraper.clock import now
from scraper.database import migrate, open_pool
from scraper.release import Release
from tests.archive.conftest import MORNING, SOURCES
from tests.archive.servers import create, dump, restore, server_of

ASK = "SELECT cursor, release_id FROM archive.changes_since(%s)"


@pytest.fixture
def log_url(database_url):
    """An archive whose log of changes is ready for today."""
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT tonggao.ensure_partition('change', now())")
    return database_url


def tell(connection, release):
    connection.execute(
        "INSERT INTO tonggao.change (kind, release_id) VALUES ('new', %s)", (release,)
    )


def follow(connection, cursor=None, count=3):
    """All that a consumer is told who asks again and again from a cursor; and its last cursor."""
    told = []
    ask = "SELECT cursor, release_id FROM archive.changes_since(%s, %s)"
    while rows := connection.execute(ask, (cursor, count)).fetchall():
        told += [release for _, release in rows]
        cursor = rows[-1][0]
    return told, cursor


async def test_a_session_in_another_database_holds_nobody_back(archive, observe, rows, server):
    with psycopg.connect(f"{server} dbname=postgres") as foreign:
        foreign.execute("SELECT pg_current_xact_id()")
        await archive.store(observe())
        assert len(await rows("SELECT * FROM archive.changes_since()")) == 1


def test_one_who_commits_late_is_told_late(log_url):
    """Whatever number its row has: a consumer that went on meanwhile is told of it later."""
    with (
        psycopg.connect(log_url) as slow,
        psycopg.connect(log_url, autocommit=True) as quick,
    ):
        tell(slow, 4711)
        tell(quick, 1)
        told, cursor = follow(quick)
        assert told == [1]
        slow.commit()
        assert follow(quick, cursor)[0] == [4711]


async def test_consumers_beside_many_writers_are_told_each_change_once(log_url):
    """Each of eight writers tells of 40 changes; some are taken back."""
    done = asyncio.Event()

    async def write(writer):
        async with await psycopg.AsyncConnection.connect(log_url) as connection:
            for number in range(40):
                await connection.execute(
                    "INSERT INTO tonggao.change (kind, release_id) VALUES ('new', %s)",
                    (1000 * writer + number,),
                )
                await (connection.rollback() if number % 5 == 4 else connection.commit())

    async def read():
        told, cursor = [], None
        async with await psycopg.AsyncConnection.connect(log_url, autocommit=True) as connection:
            while True:
                last = done.is_set()
                rows = await (await connection.execute(ASK, (cursor,))).fetchall()
                told += [release for _, release in rows]
                cursor = rows[-1][0] if rows else cursor
                if last and not rows:
                    return told

    readers = [asyncio.create_task(read()) for _ in range(3)]
    await asyncio.gather(*(write(writer) for writer in range(8)))
    done.set()
    kept = {1000 * writer + n for writer in range(8) for n in range(40) if n % 5 != 4}
    for told in await asyncio.gather(*readers):
        assert len(told) == len(kept)
        assert set(told) == kept


def test_a_killed_server_forgets_and_doubles_nothing():
    """A backend dies by kill -9 between commits: the server restarts and goes on."""
    with server_of(18) as server:
        url = f"{server} dbname=postgres"
        asyncio.run(migrate(url))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("SELECT tonggao.ensure_partition('change', now())")
            for number in range(5):
                tell(connection, number)
            before, cursor = follow(connection)
            pid = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
            with psycopg.connect(url) as lost:
                tell(lost, 99)
                os.kill(pid, signal.SIGKILL)
                with pytest.raises(psycopg.OperationalError):
                    lost.execute("SELECT pg_sleep(60)")
        with _once_it_is_back(url) as connection:
            tell(connection, 5)
            assert follow(connection)[0] == [*before, 5]
            assert follow(connection, cursor)[0] == [5]


def _once_it_is_back(url):
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            continue


@pytest.mark.parametrize(("old", "new"), [(15, 15), (15, 18), (18, 18)])
def test_cursors_hold_over_a_restore(old, new):
    """On another server, whose transactions have lower numbers, and from another major version."""
    with server_of(old) as before, server_of(new) as after:
        url = create(before, "first")
        asyncio.run(migrate(url))
        with psycopg.connect(url, autocommit=True) as connection:
            for _ in range(3000):
                connection.execute("SELECT pg_current_xact_id()")
        asyncio.run(_store(url, range(60)))
        with psycopg.connect(url, autocommit=True) as connection:
            told, last = follow(connection)
            half = connection.execute(ASK, (None,)).fetchall()[29][0]
            backup = dump(url)
            tell(connection, 4711)
            lost = follow(connection, last)[1]
        assert len(told) == 60
        url = restore(after, "second", backup)
        with psycopg.connect(url, autocommit=True) as connection:
            assert follow(connection) == (told, last)
            assert follow(connection, half)[0] == told[30:]
            assert follow(connection, last)[0] == []
        asyncio.run(_store(url, range(60, 63)))
        with psycopg.connect(url, autocommit=True) as connection:
            fresh = follow(connection, last)[0]
            assert len(fresh) == 3
            again = follow(connection, lost)[0]
            assert set(fresh) <= set(again), "a cursor of after the backup misses nothing either"


async def _store(url, numbers):
    async with open_pool(url) as pool:
        async with pool.connection() as connection, connection.cursor() as cursor:
            await cursor.executemany(
                "INSERT INTO tonggao.source (source_id, name, publisher, region, kind, lists)"
                " VALUES (%s, %s, %s, %s, 'x', '{}') ON CONFLICT DO NOTHING",
                SOURCES,
            )
        pages = []
        for number in numbers:
            text = chr(0x4E00 + 97 * number) * 40
            page = f"https://qingchuan.example/{number}"
            release = Release(title=f"第{number}期", paragraphs=(text,), url=page)
            pages.append(Observation("qingchuan.gov", page, release, MORNING))
        await Archive(pool).store_many(pages)


def test_an_old_cursor_goes_on_where_it_was(log_url):
    """Rows as they were written before positions, and a cursor "transaction.number" of then."""
    with psycopg.connect(log_url, autocommit=True) as connection:
        _as_before(connection, [(900, 1), (900, 2), (905, 3), (905, 4), (907, 5)])
        assert follow(connection, "900.2")[0] == [3, 4, 5]
        assert follow(connection, "907.5")[0] == []
        tell(connection, 6)
        assert follow(connection, "907.5")[0] == [6]


def test_an_old_cursor_of_before_a_restore_is_told_rather_twice(log_url):
    with psycopg.connect(log_url, autocommit=True) as connection:
        _as_before(connection, [(3, 1), (3, 2), (3, 3)])
        assert follow(connection, "900.2")[0] == [1, 2, 3]


def test_an_old_cursor_of_a_change_that_is_not_there_is_refused_by_name(log_url):
    with psycopg.connect(log_url, autocommit=True) as connection:
        _as_before(connection, [(900, 1)])
        for lost in ("900.77", "901.1"):
            with pytest.raises(errors.InvalidParameterValue, match=f"'{lost}' is of a change"):
                follow(connection, lost)


@pytest.mark.parametrize("cursor", ["", "x", "1", "p1", "p-1-1", "1.x", "9" * 40 + ".1", "p1-1;"])
def test_what_is_no_cursor_is_refused_by_name(log_url, cursor):
    with (
        psycopg.connect(log_url, autocommit=True) as connection,
        pytest.raises(errors.InvalidParameterValue, match="is no cursor of archive"),
    ):
        follow(connection, cursor)


def test_counts_are_sane(log_url):
    with psycopg.connect(log_url, autocommit=True) as connection:
        for number in range(3):
            tell(connection, number)
        counts = {None: 3, 0: 0, -1: 0, 2: 2, 2**31 - 1: 3}
        for count, told in counts.items():
            ask = "SELECT count(*) FROM archive.changes_since(NULL, %s::integer)"
            assert connection.execute(ask, (count,)).fetchone() == (told,)


def test_the_next_changes_are_found_by_index(log_url):
    with psycopg.connect(log_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO tonggao.change (kind, release_id) SELECT 'new', n FROM generate_series(1, 20000) n"
        )
        connection.execute("ANALYZE")
        middle = connection.execute(
            "SELECT cursor FROM archive.changes_since(NULL, 10000) OFFSET 9999"
        ).fetchone()[0]
        body = connection.execute(
            "SELECT prosrc FROM pg_proc WHERE oid = 'archive.changes_since'::regproc"
        ).fetchone()[0]
        connection.execute("SET enable_hashjoin = off; SET enable_mergejoin = off")
        plan = connection.execute(
            "EXPLAIN " + body.replace("$1", f"'{middle}'").replace("$2", "100")
        ).fetchall()
    text = "\n".join(line for (line,) in plan)
    assert "Index Scan using change_position_pkey" in text
    assert "Seq Scan" not in text


def _as_before(connection, rows):
    """Changes as 7c5fad8 wrote them: with their transaction, in its order."""
    at = now() - dt.timedelta(days=1)
    connection.execute("SELECT tonggao.ensure_partition('change', %s)", (at,))
    for xid, number in rows:
        connection.execute(
            "INSERT INTO tonggao.change (change_id, xid, at, kind, release_id)"
            " VALUES (%s, %s::text::xid8, %s, 'new', %s)",
            (number, xid, at, number),
        )
    connection.execute("SELECT setval('tonggao.change_number', 100)")
