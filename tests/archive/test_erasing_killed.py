"""Whatever dies in the midst of an erasing: all of it is there, or nothing is and the tombstones stand."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from scraper.archive import Archive
from scraper.archive.erasure.erasing import erase, named
from scraper.archive.exchange.exporting import export_jsonl
from scraper.archive.exchange.importing import Importer
from scraper.archive.observations.observation import PageBytes
from scraper.archive.querying.reading import Selection
from scraper.archive.querying.tombstones import tombstones
from scraper.clock import now
from scraper.database import Pool, migrate, open_pool
from scraper.database.embedded import cluster as clusters
from scraper.errors import DatabaseError
from scraper.record.release import Release
from scraper.urls import normal_url

from .conftest import SOURCES, MakeObservation
from .killing import Killed
from .marker import COPY, MARK, OTHER, URL, found, mark, run

ROOT = Path(__file__).resolve().parents[2]
REASON = "法院裁定（2024）1号"


async def everything(pool: Pool) -> dict[str, str]:
    """Each table's rows as one digest; of tables without rows nothing, for partitions come by themselves."""
    tables = """SELECT format('%%I.%%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE c.relkind IN ('r', 'm') AND n.nspname = 'tonggao'"""
    digest = "SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} AS t"
    digests = {
        str(table): (await run(pool, digest.format(table)))[0][0]
        for (table,) in await run(pool, tables)
    }
    return {table: str(value) for table, value in digests.items() if value}


async def is_whole(pool: Pool, before: dict[str, str], stones: int) -> bool:
    """Whether nothing was erased; if it was, nothing of it is left and all is told.

    Raises:
        AssertionError: neither.
    """
    told = await tombstones(pool)
    if not told:
        assert await everything(pool) == before
        return True
    assert len(told) == stones
    assert await found(pool, MARK) == []
    return False


async def test_a_client_killed_between_any_two_statements_of_an_erasing(
    pool: Pool,
    archive: Archive,
    observe: MakeObservation,
    kill_after: dict[str, int],
) -> None:
    number = await mark(pool, archive, observe)
    wanted = await named(pool, str(number))
    before, statement = await everything(pool), 0
    while True:
        kill_after["left"] = statement
        try:
            await erase(pool, wanted, REASON)
        except (Killed, psycopg.OperationalError):
            kill_after["left"] = -1
            if await is_whole(pool, before, 3):
                statement += 1
                continue
        break
    kill_after["left"] = -1
    assert statement > 40
    assert not await is_whole(pool, before, 3)


async def test_an_import_of_tombstones_that_is_killed_is_made_good_by_the_next(
    pool: Pool,
    archive: Archive,
    observe: MakeObservation,
    other: Pool,
    kill_after: dict[str, int],
) -> None:
    await mark(pool, archive, observe)
    told = await _exported(pool)
    await _take_in(other, told)
    await erase(pool, await named(pool, URL), REASON)
    await erase(pool, await named(pool, COPY), "another reason")
    told = await _exported(pool)
    statement, kills = 0, 0
    while True:
        kill_after["left"] = statement
        try:
            await _take_in(other, told)
        except (Killed, psycopg.OperationalError, DatabaseError):
            kill_after["left"] = -1
            stones = {each.url for each in await tombstones(other)}
            assert stones in (set(), {URL}, {URL, None}, {COPY}, {URL, COPY, None})
            statement, kills = statement + 13, kills + 1
            continue
        break
    kill_after["left"] = -1
    assert kills > 4
    assert {each.url for each in await tombstones(other)} == {URL, COPY, None}
    assert await found(other, MARK) == []


async def _exported(pool: Pool) -> str:
    out = io.StringIO()
    await export_jsonl(pool, Selection(), out)
    return out.getvalue()


async def _take_in(pool: Pool, text: str) -> None:
    async def parse(_: PageBytes) -> Release:
        raise AssertionError("JSON lines are not parsed")

    importer = Importer(
        Archive(pool), pool, parse=parse, normal=normal_url, now=now(), erasures=True
    )
    await importer.jsonl(text.splitlines())


ERASER = """
import asyncio, os, signal, sys
import psycopg
from scraper.archive.erasure import erasing
from scraper.database import Statements, open_pool

url, number, last, how = sys.argv[1:]
statement = Statements("erasure")[last] if last != "COMMIT" else None
execute = psycopg.AsyncConnection.execute

async def dying(self, query, *args, **options):
    answer = await execute(self, query, *args, **options)
    if query == statement:
        print("there", flush=True)
        if how == "client":
            os.kill(os.getpid(), signal.SIGKILL)
        await asyncio.sleep(600)
    return answer

async def main():
    psycopg.AsyncConnection.execute = dying
    async with open_pool(url) as pool:
        wanted = await erasing.named(pool, number)
        if last == "COMMIT":
            async def ended(self, *args):
                os.kill(os.getpid(), signal.SIGKILL)
            psycopg.AsyncTransaction.__aexit__ = ended
        await erasing.erase(pool, wanted, "court order")

asyncio.run(main())
"""
STEPS = (
    "override", "begin", "bury_publications", "bury_files", "recompress", "drop_contents", "drop_dictionaries", "drop_file_texts",
    "drop_files", "drop_keys", "drop_revisions", "tell", "drop_url_states", "drop_watch_matches", "count_releases", "COMMIT",
)  # fmt: skip


def _eraser(url: str, number: int, step: str, how: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", ERASER, url, str(number), step, how]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)


@pytest.mark.chaos
async def test_kill_nine_of_the_process_at_each_step(
    pool: Pool, archive: Archive, observe: MakeObservation
) -> None:
    number = await mark(pool, archive, observe)
    before = await everything(pool)
    for step in STEPS:
        with _eraser(str(pool.conninfo), number, step, "client") as process:
            process.communicate(timeout=60)
            assert process.returncode == -signal.SIGKILL, step
        assert await is_whole(pool, before, 3), step
    erased = [sys.executable, "-m", "scheduler", "erase", str(number), "--reason", REASON]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TONGGAO_DATABASE_URL": str(pool.conninfo),
    }
    done = subprocess.run(erased, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not await is_whole(pool, before, 3)


@pytest.fixture
async def own_server() -> AsyncIterator[str]:
    """A server that may be killed."""
    folder = Path(tempfile.mkdtemp(prefix="tonggao-erase-"))
    folder.chmod(0o755)
    cluster = clusters.open_cluster(folder)
    clusters.initialise(cluster)
    clusters.start(cluster)
    url = f"host={cluster.socket} user={clusters.OWNER} dbname=postgres"
    try:
        await migrate(url)
        yield url
    finally:
        clusters.stop(cluster)
        shutil.rmtree(folder)


@pytest.mark.chaos
@pytest.mark.parametrize("step", ["recompress", "drop_revisions", "count_releases"])
async def test_kill_nine_of_the_server(
    own_server: str, observe: MakeObservation, step: str
) -> None:
    async with open_pool(own_server) as pool:
        async with pool.connection() as connection, connection.cursor() as cursor:
            await cursor.executemany(
                "INSERT INTO tonggao.source (source_id, name, publisher, region, kind, lists)"
                " VALUES (%s, %s, %s, %s, 'x', '{}')",
                SOURCES,
            )
        number = await mark(pool, Archive(pool), observe)
        before = await everything(pool)
    with _eraser(own_server, number, step, "server") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "there\n"
        _kill_its_session(own_server)
        process.kill()
    _until_it_answers(own_server)
    async with open_pool(own_server) as pool:
        assert await is_whole(pool, before, 3)
        await erase(pool, await named(pool, str(number)), REASON)
        assert not await is_whole(pool, before, 3)
        assert await run(
            pool, "SELECT count(*) FROM tonggao.publication WHERE url = %s", OTHER
        ) == [(1,)]


def _kill_its_session(url: str) -> None:
    # Every session ends when one is killed, so this one's end is no failure.
    with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        [(pid,)] = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'"
        ).fetchall()
        os.kill(pid, signal.SIGKILL)


def _until_it_answers(url: str) -> None:
    for _ in range(300):
        with suppress(psycopg.OperationalError), psycopg.connect(url):
            return
        time.sleep(0.2)
    pytest.fail("the server did not come back")
