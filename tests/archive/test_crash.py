"""Whatever dies and whenever: an observation is stored entirely or not at all, and once."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from scraper.database import migrate, open_pool
from scraper.database.embedded import cluster as clusters

from .conftest import MORNING, SOURCES, STORY
from .killing import Killed

TABLES = (
    "publication",
    "revision",
    "release",
    "fingerprint",
    "fingerprint_key",
    "snapshot",
    "change",
    "link",
)


async def _counts(rows) -> dict[str, int]:
    return {table: (await rows(f"SELECT count(*) FROM tonggao.{table}"))[0][0] for table in TABLES}


async def test_a_client_killed_between_any_two_statements(archive, observe, rows, kill_after):
    await archive.store(observe())
    later = [
        observe(
            "https://dongshan.example/1",
            source_id="dongshan.daily",
            paragraphs=("本报讯" + STORY[0], *STORY[1:]),
        ),
        observe(paragraphs=STORY[:3], fetched_at=MORNING.replace(hour=12)),
        observe(
            "https://national.example/1",
            source_id="national.net",
            paragraphs=tuple(p.replace("4.3", "9.9") for p in STORY),
        ),
    ]
    for observation in later:
        before = await _counts(rows)
        statement = 0
        while True:
            kill_after["left"] = statement
            try:
                stored = await archive.store(observation)
            except (Killed, psycopg.OperationalError):
                kill_after["left"] = -1
                assert await _counts(rows) == before, (
                    f"half a transaction after statement {statement}"
                )
                statement += 1
                continue
            kill_after["left"] = -1
            break
        assert statement > 10
        assert stored.change in {"copy", "revision", "new"}
        after = await _counts(rows)
        assert (await archive.store(observation)).change == "unchanged"
        assert {**after, "snapshot": 0} == {**await _counts(rows), "snapshot": 0}


WRITER = """
import asyncio, datetime as dt, sys
from scraper.archive import Archive, Observation
from scraper.database import open_pool
from scraper.record.release import Release

async def main(url):
    async with open_pool(url) as pool:
        archive = Archive(pool)
        for n in range(int(sys.argv[2]), 100000):
            at = dt.datetime(2024, 11, 16, 9, tzinfo=dt.timezone.utc) + dt.timedelta(seconds=n)
            text = (chr(0x4e00 + n % 9000) * 5 + "市政府新闻办公室举行发布会，介绍第") * 9
            page = f"https://qingchuan.example/{n % 40}"
            release = Release(title=f"第{n}期", paragraphs=(text,), url=page, parser_version="1")
            await archive.store(Observation("qingchuan.gov", page, release, at, body=text.encode()))
            print(n, flush=True)

asyncio.run(main(sys.argv[1]))
"""


@pytest.mark.chaos
@pytest.mark.parametrize("victim", ["client", "server"])
async def test_kill_nine_loses_nothing_that_was_acknowledged(victim):
    """A real process stores and is killed, or its server is, three times; every answer must hold."""
    folder = Path(tempfile.mkdtemp(prefix="tonggao-crash-"))
    folder.chmod(0o755)
    cluster = clusters.open_cluster(folder)
    clusters.initialise(cluster)
    clusters.start(cluster)
    url = f"host={cluster.socket} user={clusters.OWNER} dbname=postgres"
    try:
        await migrate(url)
        async with (
            await psycopg.AsyncConnection.connect(url) as connection,
            connection.cursor() as cursor,
        ):
            await cursor.executemany(
                "INSERT INTO tonggao.source (source_id, name, publisher, region, kind, lists)"
                " VALUES (%s, %s, %s, %s, 'x', '{}')",
                SOURCES,
            )
        acknowledged = 0
        for _ in range(3):
            acknowledged = await _until_killed(url, cluster, victim, acknowledged + 1)
            await _check(url, acknowledged)
    finally:
        clusters.stop(cluster)
        shutil.rmtree(folder)


async def _until_killed(url, cluster, victim, first) -> int:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    last, wanted = first - 1, first + random.randrange(20, 60)
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, url, str(first)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
    ) as process:
        for line in process.stdout:
            last = int(line)
            if last == wanted and victim == "client":
                process.kill()
            elif last == wanted:
                _kill_a_backend(url)
    return last  # type: ignore[no-any-return]


def _kill_a_backend(url) -> None:
    # Every session ends when one backend is killed, so this one's end is no failure.
    with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'tonggao' LIMIT 1"
        ).fetchone()
        os.kill(row[0], signal.SIGKILL)


async def _check(url, acknowledged) -> None:
    for _ in range(100):
        try:
            async with open_pool(url) as pool, pool.connection() as connection:
                rows = await connection.execute(
                    "SELECT count(*), count(DISTINCT (publication_id, valid_from)) FROM tonggao.revision"
                )
                count, distinct = await rows.fetchone()  # type: ignore[misc]
                assert count == distinct
                assert count in {acknowledged, acknowledged + 1}, (
                    "one answer may have been on its way"
                )
                orphans = await connection.execute(
                    "SELECT count(*) FROM tonggao.publication p LEFT JOIN tonggao.revision r USING (revision_id)"
                    " WHERE r.revision_id IS NULL"
                )
                assert await orphans.fetchone() == (0,)
                return
        except Exception as error:  # the server is recovering
            if isinstance(error, AssertionError):
                raise
            await asyncio.sleep(0.2)
    pytest.fail("the server did not come back")
