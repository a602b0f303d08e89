"""A server and a migrated database for one benchmark, removed after it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg

from benchmarks.archive_texts import Story
from scraper.archive import Archive, Observation
from scraper.database import Pool, migrate, open_pool
from scraper.database.embedded import cluster as clusters
from scraper.record.release import Release

SETTINGS = {
    "shared_buffers": "4GB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "effective_cache_size": "12GB",
    "random_page_cost": "1.1",
}
"""Of a server of 16 GB with a disk of today (a quarter of memory for its buffers); durability as shipped (fsync and full pages on)."""
SOURCES = 50


def forget_pages(folder: Path) -> int:
    """Let the system forget what it holds of a stopped server's files in memory; bytes of these files."""
    size = 0
    for file in (each for each in (folder / "data").rglob("*") if each.is_file()):
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            size += file.stat().st_size
    return size


@asynccontextmanager
async def temporary_archive(
    folder: Path | None = None, settings: Mapping[str, str] | None = None
) -> AsyncIterator[tuple[Archive, Pool]]:
    """An archive on a server of its own. A folder that is named is kept, and used again."""
    home = folder or Path(tempfile.mkdtemp(prefix="tonggao-bench-"))
    home.mkdir(exist_ok=True, parents=True)
    home.chmod(0o755)
    cluster = clusters.open_cluster(home, settings={**SETTINGS, **(settings or {})})
    clusters.initialise(cluster)
    clusters.start(cluster)
    try:
        url = f"host={cluster.socket} user={clusters.OWNER} dbname=bench"
        await _database(f"host={cluster.socket} user={clusters.OWNER} dbname=postgres", url)
        async with open_pool(url) as pool:
            await _register(pool)
            yield Archive(pool), pool
    finally:
        clusters.stop(cluster)
        if folder is None:
            shutil.rmtree(home)


async def _database(server: str, url: str) -> None:
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as connection:
        row = await connection.execute("SELECT FROM pg_database WHERE datname = 'bench'")
        if await row.fetchone() is None:
            await connection.execute("CREATE DATABASE bench ENCODING 'UTF8' TEMPLATE template0")
    await migrate(url)


async def _register(pool: Pool) -> None:
    async with pool.connection() as connection, connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO tonggao.source (source_id, name, publisher, region, kind, lists)"
            " VALUES (%s, %s, %s, %s, 'gov-portal', '{}') ON CONFLICT DO NOTHING",
            [
                (f"bench.{n}", f"栏目{n}", f"出版者{n}", f"{11 + n % 50:02d}0000")
                for n in range(SOURCES)
            ],
        )


def observation_of(
    story: Story, number: int, body: bytes | None = None, received: dt.datetime | None = None
) -> Observation:
    """The story as it was received from one of the sources; by default when it was published."""
    source = f"bench.{number % SOURCES}"
    url = f"https://{source}.example/{story.published_at:%Y%m}/t{number}.html"
    release = Release(
        title=story.title,
        paragraphs=story.paragraphs,
        url=url,
        published_at=story.published_at,
        published_precision="minute",
        region=(f"{11 + number % 50:02d}0000",),
        parser_version="bench",
    )
    return Observation(source, url, release, received or story.published_at, body=body, status=200)
