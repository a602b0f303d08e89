"""Real PostgreSQL for every test that asks for it: one server a test process, one database a test."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import sysconfig
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import hypothesis
import psycopg
import pytest

from scraper.database import Pool, migrate, open_pool
from scraper.database.embedded import cluster as clusters

ROOT = Path(__file__).resolve().parents[1]
UNNEEDED = ("fsync", "synchronous_commit", "full_page_writes", "autovacuum")
"""What a server does for data that outlive it, or at moments that no test can foresee."""
_numbers = itertools.count(1)

# How long an example takes is a matter of what else the machine does: no test judges it.
hypothesis.settings.register_profile("tonggao", deadline=None)
hypothesis.settings.load_profile("tonggao")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The team's shared corpus, beside the checkout; tests that need it are skipped without it."""
    folder = Path(os.environ.get("TONGGAO_SHARED", ROOT.parent / "shared"))
    if not (folder / "corpus" / "gold.jsonl").exists():
        pytest.skip("the shared corpus is not on this machine")
    return folder


@pytest.fixture(scope="session")
def open_to_others() -> None:
    """Skips a test in which another user runs the program, where no other user may enter the checkout."""
    site = Path(sysconfig.get_path("purelib"))
    closed = [
        folder
        for place in (ROOT, site)
        for folder in (place, *place.parents)
        if not folder.stat().st_mode & 0o001
    ]
    if closed:
        pytest.skip(f"other users may not enter {closed[0]}, so that none can run the program")


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Connection string, without database, of a server that lives as long as the test process.

    TONGGAO_TEST_SERVER names another one (any PostgreSQL >= 15, superuser) to test against.
    """
    if named := os.environ.get("TONGGAO_TEST_SERVER"):
        yield named
        return
    folder = Path(tempfile.mkdtemp(prefix="tonggao-test-"))
    folder.chmod(0o755)
    cluster = clusters.open_cluster(folder, settings=dict.fromkeys(UNNEEDED, "off"))
    clusters.initialise(cluster)
    clusters.start(cluster)
    try:
        yield f"host={cluster.socket} user={clusters.OWNER}"
    finally:
        clusters.stop(cluster)
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def template(server: str) -> Iterator[str]:
    """Name of a migrated, empty database that each test's own is copied from."""
    name = f"tonggao_template_{os.getpid()}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
    asyncio.run(migrate(f"{server} dbname={name}"))
    yield name
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def empty_database_url(server: str) -> Iterator[str]:
    """A new database in which nothing was migrated."""
    with new_database(server, "template0") as url:
        yield url


@pytest.fixture
def database_url(server: str, template: str) -> Iterator[str]:
    """A new, migrated database."""
    with new_database(server, template) as url:
        yield url


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """Connections to a new, migrated database."""
    async with open_pool(database_url) as opened:
        yield opened


@contextmanager
def new_database(server: str, template: str) -> Iterator[str]:
    """A database of its own, copied from a template, while the block runs; its connection string."""
    name = f"tonggao_test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(  # files are copied: through the log it takes 1.5 times as long
            f'CREATE DATABASE "{name}" ENCODING \'UTF8\' TEMPLATE "{template}" STRATEGY FILE_COPY'
        )
        yield f"{server} dbname={name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
