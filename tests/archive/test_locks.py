"""A reader who sits idle in a transaction stops neither the writer nor other readers."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager

import psycopg
import pytest

from scheduler.daemon.retention import let_go
from scheduler.health.store import ensure_months
from scraper.archive import Archive, ensure_partitions
from scraper.clock import SHANGHAI
from scraper.database import open_pool, with_short_locks
from scraper.fetch import Fetcher, FetchPolicy
from tests.archive.conftest import MORNING

VIEWS = "SELECT viewname FROM pg_views WHERE schemaname = 'archive' AND viewname <> 'storage'"


@contextmanager
def idle_reader(url):
    """Somebody who has read every view, and searched, and went to lunch without a commit."""
    with psycopg.connect(url) as reader:
        for (view,) in reader.execute(VIEWS).fetchall():
            reader.execute(f"SELECT count(*) FROM archive.{view}")
        reader.execute("SELECT count(*) FROM archive.search('青川')")
        reader.execute("SELECT count(*) FROM archive.changes_since()")
        yield reader


async def test_quarters_are_made_beside_an_idle_reader(archive, observe, pool, rows, database_url):
    await archive.store(observe())
    with idle_reader(database_url):
        await ensure_partitions(pool, ahead=3)
        await archive.store(observe("https://qingchuan.example/a2.html"))
        with psycopg.connect(database_url) as other:
            other.execute("SET lock_timeout = '1s'")
            assert other.execute("SELECT count(*) FROM archive.publications").fetchone() == (2,)
    parts = await rows(
        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'tonggao.revision'::regclass"
    )
    assert parts[0][0] >= 4


async def test_an_import_of_old_dates_goes_on_beside_an_idle_reader(archive, observe, database_url):
    await archive.store(observe())
    with idle_reader(database_url):
        for year in (1999, 2003):
            at = dt.datetime(year, 5, 5, tzinfo=SHANGHAI)
            stored = await archive.store(
                observe(f"https://qingchuan.example/{year}", fetched_at=at)
            )
            assert stored.publication_id


async def test_a_part_has_all_that_its_siblings_have(archive, observe, pool, rows):
    """Built apart and attached, or made as a part: indexes, keys, defaults and settings are the same."""
    await archive.store(observe())
    await ensure_partitions(pool, ahead=1)
    for parent in ("revision", "snapshot", "change"):
        shapes = await rows(
            "SELECT (SELECT count(*) FROM pg_index i WHERE i.indrelid = c.oid),"
            " (SELECT array_agg(k.contype ORDER BY k.contype) FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype <> 'n'),"
            " (SELECT count(*) FROM pg_attrdef d WHERE d.adrelid = c.oid),"
            " (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid), c.reloptions,"
            " (SELECT count(*) FROM pg_inherits h JOIN pg_index i ON i.indexrelid = h.inhrelid WHERE i.indrelid = c.oid)"
            " FROM pg_inherits p JOIN pg_class c ON c.oid = p.inhrelid WHERE p.inhparent = %s::regclass",
            f"tonggao.{parent}",
        )
        assert len(shapes) >= 2
        assert shapes[0][0] > 0
        assert len({str(shape) for shape in shapes}) == 1
    targets = await rows(
        "SELECT count(*) FROM pg_attribute a JOIN pg_index i ON i.indexrelid = a.attrelid"
        " JOIN pg_inherits p ON p.inhrelid = i.indrelid"
        " WHERE p.inhparent = 'tonggao.revision'::regclass AND a.attstattarget = 200"
    )
    assert targets[0][0] >= 2


async def test_a_month_that_is_read_stays_and_nobody_waits(pool, database_url, rows):
    old = dt.datetime.now(dt.UTC) - dt.timedelta(days=500)
    async with pool.connection() as connection:
        await connection.execute("SELECT tonggao.ensure_month('slot', %s)", (old,))
    month = old.strftime("slot_%Ym%m")
    find = "SELECT count(*) FROM pg_class WHERE relname = %s"
    async with Fetcher(pool, FetchPolicy()) as fetcher:
        with psycopg.connect(database_url) as reader:
            reader.execute("SELECT count(*) FROM tonggao.slot")
            await let_go(pool, fetcher, snapshots_days=None)
            assert await rows(find, month) == [(1,)]
            with psycopg.connect(database_url) as other:
                other.execute("SET lock_timeout = '1s'")
                other.execute("SELECT count(*) FROM tonggao.slot")
        await let_go(pool, fetcher, snapshots_days=None)
    assert await rows(find, month) == [(0,)]


@pytest.mark.long
async def test_months_that_cannot_be_made_now_are_made_later(pool, database_url, rows, monkeypatch):
    monkeypatch.setattr("scraper.database.locking.LOCK_TRIES", 1)
    with psycopg.connect(database_url) as reader:
        reader.execute("LOCK TABLE tonggao.poll IN SHARE UPDATE EXCLUSIVE MODE")
        await ensure_months(pool)
    await ensure_months(pool)
    months = await rows(
        "SELECT count(*) FROM pg_inherits WHERE inhparent = 'tonggao.poll'::regclass"
    )
    assert months == [(3,)]


async def test_one_connection_is_enough_to_let_go(database_url, rows):
    old = dt.datetime.now(dt.UTC) - dt.timedelta(days=500)
    async with open_pool(database_url, size=1) as single, Fetcher(single, FetchPolicy()) as fetcher:
        async with single.connection() as connection:
            await connection.execute("SELECT tonggao.ensure_month('slot', %s)", (old,))
        await let_go(single, fetcher, snapshots_days=30)
    find = "SELECT count(*) FROM pg_class WHERE relname = %s"
    assert await rows(find, old.strftime("slot_%Ym%m")) == [(0,)]


async def test_a_try_that_waits_gives_way_to_those_behind_it(pool, database_url):
    """It takes the lock once the other lets go, and never waits longer than a try."""
    with psycopg.connect(database_url) as holder:
        holder.execute("LOCK TABLE tonggao.release IN ACCESS SHARE MODE")
        tries = []

        async def work(connection):
            tries.append(1)
            if len(tries) == 2:
                holder.rollback()
            await connection.execute("LOCK TABLE tonggao.release IN ACCESS EXCLUSIVE MODE")
            return "done"

        assert await with_short_locks(pool, "a test", work) == "done"
    assert len(tries) == 2


async def test_a_lock_that_is_never_given_is_an_error(pool, database_url):
    with psycopg.connect(database_url) as holder:
        holder.execute("LOCK TABLE tonggao.release IN ACCESS SHARE MODE")

        async def work(connection):
            await connection.execute("LOCK TABLE tonggao.release IN ACCESS EXCLUSIVE MODE")

        with pytest.raises(psycopg.errors.LockNotAvailable):
            await with_short_locks(pool, "a test", work, tries=2)


async def test_the_archive_stores_on_while_the_quarter_turns(pool, observe, archive, database_url):
    """A process that was up when the quarter began makes its parts itself, beside the reader."""
    with idle_reader(database_url):
        fresh = Archive(pool)
        later = MORNING + dt.timedelta(days=3650)
        assert (await fresh.store(observe(fetched_at=later))).change == "new"
