"""Servers of several major versions, and how an archive moves from one to the next."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from scraper.database.embedded import cluster as clusters
from scraper.database.embedded.binaries import wheel_programs
from tests.database.servers import POSTGRESQL_15, running

ROLES = ("tonggao_reader",)
"""Roles belong to the server: a backup of one database has none of them."""


@contextmanager
def server_of(major: int) -> Iterator[str]:
    """Connection string, without database, of a fresh server of a major version; else skipped."""
    if major == 15:
        if not POSTGRESQL_15.exists():
            pytest.skip(f"PostgreSQL 15 is not installed ({POSTGRESQL_15})")
        with running(POSTGRESQL_15) as url:
            yield url
        return
    folder = Path(tempfile.mkdtemp(prefix="tonggao-18-"))
    folder.chmod(0o755)
    cluster = clusters.open_cluster(folder, settings={"fsync": "off"})
    clusters.initialise(cluster)
    clusters.start(cluster)
    try:
        yield f"host={cluster.socket} user={clusters.OWNER}"
    finally:
        clusters.stop(cluster)
        shutil.rmtree(folder)


def create(server: str, name: str) -> str:
    """A new database; its connection string."""
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    return f"{server} dbname={name}"


def dump(url: str) -> str:
    """A plain backup of a database, by its own server's pg_dump.

    Not by a later one: PostgreSQL 15.20 keeps an option of columns (``pg_attver``) that only its own
    pg_dump knows to leave out, and that 18.6 refuses.
    """
    with psycopg.connect(url) as connection:
        major = connection.info.server_version // 10_000
    programs = POSTGRESQL_15 if major == 15 else wheel_programs()
    command = [str(programs / "pg_dump"), "--no-owner", url]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def restore(server: str, name: str, backup: str) -> str:
    """Read a backup into a new database; its connection string."""
    url = create(server, name)
    with psycopg.connect(url, autocommit=True) as connection:
        for role in ROLES:
            connection.execute(f"CREATE ROLE {role} NOLOGIN")
    command = [str(wheel_programs() / "psql"), "--quiet", "--no-psqlrc", "--output=/dev/null"]
    command += ["--set=ON_ERROR_STOP=1", url]
    subprocess.run(command, input=backup, text=True, check=True)
    return url
