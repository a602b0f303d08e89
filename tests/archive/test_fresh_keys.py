"""Keys of near-duplicates wait in a small table and are sorted into the large one: found all the same."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from scraper.archive import Archive
from scraper.archive.erasure.erasing import erase, named
from scraper.archive.writing import fresh_keys
from scraper.archive.writing.fresh_keys import sort_in_keys
from scraper.database import Pool, migrate
from scraper.database.embedded import cluster as clusters

from .conftest import STORY, MakeObservation

LAST = (1 << 62) - 1
COPIED = ("本报讯", *STORY[:3])
Rows = Callable[..., Any]


async def _put(connection: AsyncConnection, table: str, keys: Iterable[tuple[int, int]]) -> None:
    async with connection.cursor() as cursor:
        await cursor.executemany(f"INSERT INTO tonggao.{table} VALUES (%s, %s)", list(keys))


async def _sorted(connection: AsyncConnection, most: int) -> int:
    cursor = await connection.execute("SELECT tonggao.sort_in_keys(%s)", (most,))
    row = await cursor.fetchone()
    return row[0] if row else 0


async def _count(connection: AsyncConnection) -> tuple[int, int]:
    cursor = await connection.execute(
        "SELECT (SELECT count(*) FROM tonggao.fingerprint_key), (SELECT count(*) FROM tonggao.fresh_key)"
    )
    return await cursor.fetchone() or (0, 0)


async def _keys(connection: AsyncConnection) -> list[tuple[int, int]]:
    """All keys of both tables, as one statement sees them."""
    cursor = await connection.execute(
        "SELECT * FROM tonggao.fingerprint_key UNION ALL SELECT * FROM tonggao.fresh_key ORDER BY 1, 2"
    )
    return await cursor.fetchall()


def _spread(rnd: random.Random, count: int, text: int = 1) -> list[tuple[int, int]]:
    return [((rnd.getrandbits(46) << 16) | rnd.randrange(20_000), text) for _ in range(count)]


@pytest.mark.parametrize("moved", ["none", "half", "all"])
async def test_a_copy_finds_its_release_wherever_the_keys_are(
    archive: Archive, pool: Pool, observe: MakeObservation, moved: str
) -> None:
    first = await archive.store(observe())
    async with pool.connection() as connection:
        before = await _keys(connection)
        assert await _count(connection) == (0, len(before))
        if moved != "none":
            half = len(before) // 2
            assert await _sorted(connection, half) == half
            assert await _keys(connection) == before
    if moved == "all":
        await sort_in_keys(pool)
        async with pool.connection() as connection:
            assert await _count(connection) == (len(before), 0)
    copy = observe(
        "https://dongshan.example/1", source_id="dongshan.daily", title="另一个", paragraphs=COPIED
    )
    stored = await archive.store(copy)
    assert (stored.change, stored.release_id) == ("copy", first.release_id)


async def test_near_texts_are_those_that_one_table_would_give(pool: Pool) -> None:
    """Common hashes too, of which only the nearest in time count; however the keys are divided."""
    rnd = random.Random(7)
    hashes = [rnd.getrandbits(46) for _ in range(30)]
    common = {  # of two with one key any could be the twelfth, so each key is there once
        (hashes[min(29, int(rnd.expovariate(0.2)))] << 16) | rnd.randrange(400): rnd.randrange(90)
        for _ in range(2500)
    }
    wanted = {
        "keys": [(each << 16) | day for each in hashes for day in (0, 180, 399)],
        "owners": [rnd.choice((40, 80, 99)) for _ in range(90)],
    }
    answers = []
    async with pool.connection() as connection:
        for share in (0.0, 0.3, 0.7, 1.0):
            await connection.execute("TRUNCATE tonggao.fingerprint_key, tonggao.fresh_key")
            fresh = {key for key in common if rnd.random() < share}
            for table, keys in (("fingerprint_key", common.keys() - fresh), ("fresh_key", fresh)):
                await _put(connection, table, ((key, common[key]) for key in keys))
            rows = await connection.execute(
                "SELECT * FROM tonggao.near_texts(%(keys)s::bigint[], %(owners)s::bigint[])", wanted
            )
            answers.append(await rows.fetchall())
    assert len(answers[0]) == 24
    assert answers[1:] == [answers[0]] * 3


async def test_keys_wait_until_there_are_many_for_each_page(pool: Pool) -> None:
    rnd = random.Random(1)
    async with pool.connection() as connection:
        await _put(connection, "fingerprint_key", _spread(rnd, 4000))
        await _put(connection, "fresh_key", _spread(rnd, 230))
        assert await _sorted(connection, 50_000) == 0
        await _put(connection, "fresh_key", _spread(rnd, 70))
        assert await _sorted(connection, 50_000) == 300
        assert await _count(connection) == (4300, 0)


async def test_one_slice_after_the_other_and_the_first_again(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fresh_keys, "PORTION", 100)
    keys = _spread(random.Random(2), 250)
    async with pool.connection() as connection:
        await _put(connection, "fresh_key", keys)
    assert await sort_in_keys(pool, portions=1) == 100
    async with pool.connection() as connection:
        rows = await connection.execute("SELECT key FROM tonggao.fingerprint_key ORDER BY key")
        assert [key for (key,) in await rows.fetchall()] == sorted(key for key, _ in keys)[:100]
        low = [(number, 1) for number in range(60)]
        await _put(connection, "fresh_key", low)
    assert await sort_in_keys(pool, portions=1) == 100
    assert await sort_in_keys(pool) == 50 + 60
    async with pool.connection() as connection:
        assert await _keys(connection) == sorted([*keys, *low])


async def test_the_range_of_a_large_table_is_cut(pool: Pool) -> None:
    """A table of millions of keys has many slices; those of the end of the range are one with the last."""
    rnd = random.Random(3)
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO tonggao.fingerprint_key SELECT n::bigint << 40, 1 FROM generate_series(1, 660000) AS n"
        )
        await _put(connection, "fresh_key", _spread(rnd, 1000))
        ends = []
        place = -1
        while place != LAST:
            rows = await connection.execute(
                "SELECT ends_with, due FROM tonggao.next_fresh_keys(%s, 50000)", (place,)
            )
            place, due = await rows.fetchone() or (LAST, True)
            ends.append(place)
            assert not due
    assert len(ends) == 2
    assert abs(ends[0] - LAST // 2) < LAST // 1000


async def test_a_key_is_seen_once_while_it_is_moved(pool: Pool) -> None:
    keys = sorted(_spread(random.Random(4), 100))
    async with pool.connection() as connection:
        await _put(connection, "fresh_key", keys)
    async with pool.connection() as mover:
        assert await _sorted(mover, 60) == 60
        async with pool.connection() as reader:
            assert await _keys(reader) == keys
        assert await asyncio.wait_for(sort_in_keys(pool), 30) == 0, "another is at it"
    async with pool.connection() as reader:
        assert await _keys(reader) == keys
        assert await _count(reader) == (60, 40)


async def test_who_is_killed_while_sorting_has_moved_nothing(pool: Pool, database_url: str) -> None:
    keys = sorted(_spread(random.Random(5), 100))
    async with pool.connection() as connection:
        await _put(connection, "fresh_key", keys)
    mover = await AsyncConnection.connect(database_url)
    assert await _sorted(mover, 60) == 60
    mover.pgconn.finish()  # as kill -9 of the client: nothing is said to the server
    for _ in range(1000):
        if await sort_in_keys(pool):
            break
        await asyncio.sleep(0.01)
    async with pool.connection() as connection:
        assert await _keys(connection) == keys
        assert await _count(connection) == (100, 0)


@pytest.mark.chaos
def test_a_server_killed_while_it_sorts_loses_no_key() -> None:
    """kill -9 of the server's process in the midst of a slice, after others were committed."""
    folder = Path(tempfile.mkdtemp(prefix="tonggao-keys-"))
    folder.chmod(0o755)
    cluster = clusters.open_cluster(folder)
    clusters.initialise(cluster)
    clusters.start(cluster)
    url = f"host={cluster.socket} user={clusters.OWNER} dbname=postgres"
    try:
        asyncio.run(migrate(url))
        keys = sorted(_spread(random.Random(6), 2000))
        with psycopg.connect(url) as connection:
            connection.cursor().executemany("INSERT INTO tonggao.fresh_key VALUES (%s, %s)", keys)
        for _ in range(3):
            _kill_while_sorting(url)
            with _reconnected(url) as connection:
                assert connection.execute(_BOTH).fetchall() == keys
        with psycopg.connect(url) as connection:
            connection.execute("SELECT tonggao.sort_in_keys(50000) FROM generate_series(1, 3)")
            assert connection.execute(_BOTH).fetchall() == keys
            assert connection.execute("SELECT FROM tonggao.fresh_key").fetchall() == []
    finally:
        clusters.stop(cluster)
        shutil.rmtree(folder)


_BOTH = (
    "SELECT * FROM tonggao.fingerprint_key UNION ALL SELECT * FROM tonggao.fresh_key ORDER BY 1, 2"
)


def _kill_while_sorting(url: str) -> None:
    """One slice is committed; with the next one open, its process of the server is killed."""
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        assert connection.execute("SELECT tonggao.sort_in_keys(300)").fetchone() == (300,)
        connection.commit()
        assert connection.execute("SELECT tonggao.sort_in_keys(300)").fetchone() == (300,)
        os.kill(connection.info.backend_pid, signal.SIGKILL)
        connection.execute("SELECT 1")


def _reconnected(url: str) -> psycopg.Connection:
    for _ in range(1000):
        with contextlib.suppress(psycopg.OperationalError):
            return psycopg.connect(url)
    pytest.fail("the server did not come back")


@pytest.mark.parametrize("moved", [0, 10])
async def test_keys_of_an_erased_text_go_from_both(
    archive: Archive, pool: Pool, observe: MakeObservation, moved: int
) -> None:
    stored = await archive.store(observe())
    async with pool.connection() as connection:
        before = await _keys(connection)
        if moved:
            assert await _sorted(connection, moved) == moved
    told = await erase(pool, await named(pool, str(stored.release_id)), "why")
    assert told.gone["fingerprint_key"] == len(before)
    async with pool.connection() as connection:
        assert await _keys(connection) == []


async def test_erasing_waits_for_the_slice_that_is_moved(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    """A key that is moved just then would be in neither table for the one who erases."""
    stored = await archive.store(observe())
    wanted = await named(pool, str(stored.release_id))
    async with pool.connection() as mover:
        assert await _sorted(mover, 10) == 10
        erasing = asyncio.create_task(erase(pool, wanted, "why"))
        while not erasing.done():
            rows = await mover.execute("SELECT FROM pg_locks WHERE NOT granted")
            if rows.rowcount:
                break
    await erasing
    async with pool.connection() as connection:
        assert await _keys(connection) == []
