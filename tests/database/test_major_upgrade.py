"""A data folder of PostgreSQL 15 is carried over to the embedded programs, or stays as it was."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pwd
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from scraper.database import migrate, prepare_reading
from scraper.database import upgrade as upgrades
from scraper.database.embedded import cluster as clusters
from scraper.database.embedded.account import run_as
from scraper.database.embedded.locks import locked
from scraper.database.embedded.upgraded import upgrading
from scraper.errors import BackupError, EmbeddedServerError
from tests.database.servers import POSTGRESQL_15

pytestmark = [
    pytest.mark.servers,
    pytest.mark.skipif(not POSTGRESQL_15.exists(), reason="PostgreSQL 15 is not installed"),
]
DATABASE = "tonggao"
OWN_RULE = "host all someone 192.0.2.1/32 reject"


@pytest.fixture(scope="module")
def filled() -> Iterator[Path]:
    """A stopped archive of PostgreSQL 15, with a role, a rule and a database of the operator's."""
    folder = Path(tempfile.mkdtemp(prefix="tonggao-major-"))
    cluster = clusters.open_cluster(folder, settings={"fsync": "off"})
    old = replace(cluster, programs=POSTGRESQL_15)
    clusters.open_socket(old)
    old.data.mkdir(mode=0o700)
    if old.account.switch:
        shutil.chown(old.data, old.account.uid, old.account.gid)
    made = run_as(
        old.account,
        [
            str(POSTGRESQL_15 / "initdb"),
            *(f"--pgdata={old.data}", f"--username={clusters.OWNER}", "--encoding=UTF8"),
            *("--locale=C.UTF-8", "--auth=peer", "--no-sync"),
        ],
    )
    assert made.returncode == 0, made.stderr
    clusters._configure(old)
    us = pwd.getpwuid(os.geteuid()).pw_name  # 15 does not know the "all" of 16 and later there
    (old.data / "pg_ident.conf").write_text(f"tonggao {us} tonggao\n")
    (old.data / "tonggao_ready").touch()
    with (old.data / "pg_hba.conf").open("a") as rules:
        rules.write(f"{OWN_RULE}\n")
    clusters.start(old)
    try:
        with psycopg.connect(clusters.url(old, "postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE} TEMPLATE template0 ENCODING 'UTF8'")
            connection.execute("CREATE DATABASE notes TEMPLATE template0 ENCODING 'UTF8'")
            connection.execute("CREATE ROLE analyst LOGIN PASSWORD 'kept'")
        url = clusters.url(old, DATABASE)
        asyncio.run(migrate(url))
        assert asyncio.run(prepare_reading(url)) == []
        with psycopg.connect(url) as connection:
            connection.execute("GRANT tonggao_reader TO analyst")
            connection.execute(
                "INSERT INTO tonggao.source (source_id, name, publisher, kind, lists)"
                " VALUES ('kept', '天津', '天津市', 'gov-portal', '{}')"
            )
        with psycopg.connect(clusters.url(old, "notes")) as connection:
            connection.execute("CREATE TABLE note AS SELECT '通稿' AS words")
    finally:
        clusters.stop(old)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def archive(filled: Path) -> Iterator[clusters.Cluster]:
    """A copy of it, as the installed programs find it."""
    folder = Path(tempfile.mkdtemp(prefix="tonggao-major-"))
    cluster = clusters.open_cluster(folder, settings={"fsync": "off"}, linger=0)
    shutil.copytree(filled / "data", cluster.data)  # with modes, without owners
    if cluster.account.switch:
        for place in (cluster.data, *cluster.data.rglob("*")):
            shutil.chown(place, cluster.account.uid, cluster.account.gid)
    yield cluster
    clusters.stop(cluster)
    shutil.rmtree(folder)


def upgrade(cluster: clusters.Cluster) -> upgrades.Upgraded:
    return asyncio.run(upgrades.upgrade(cluster, DATABASE, POSTGRESQL_15))


def test_all_that_was_there_is_there_and_the_old_folder_is_kept(archive: clusters.Cluster) -> None:
    with pytest.raises(EmbeddedServerError, match="tonggao db upgrade --old-bin"):
        clusters.initialise(archive)
    done = upgrade(archive)
    assert (done.before, done.after) == ("15", archive.major)
    assert done.counts["tonggao.source"] == 1
    assert (done.old / "PG_VERSION").read_text() == "15\n"
    assert OWN_RULE in (archive.data / "pg_hba.conf").read_text()
    assert not upgrading(archive.folder).exists()
    clusters.start(archive)
    try:
        with psycopg.connect(clusters.url(archive, DATABASE)) as connection:
            assert connection.info.server_version // 10_000 == int(archive.major)
            assert connection.execute("SELECT name FROM tonggao.source").fetchall() == [("天津",)]
        analyst = clusters.url(archive, DATABASE, role="analyst")
        with psycopg.connect(analyst) as connection:
            assert connection.execute("SELECT source_id FROM archive.sources").fetchall() == [
                ("kept",)
            ]
        with psycopg.connect(clusters.url(archive, "notes")) as connection:
            assert connection.execute("SELECT words FROM note").fetchall() == [("通稿",)]
        assert asyncio.run(prepare_reading(clusters.url(archive, DATABASE))) == []
    finally:
        clusters.stop(archive)
    with pytest.raises(EmbeddedServerError, match="nothing to upgrade"):
        upgrade(archive)
    assert upgrades.delete_old(archive) == [done.old]
    assert not done.old.exists()


def test_what_is_cut_short_leaves_the_old_data_as_they_were(
    archive: clusters.Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut(*_: object) -> None:
        raise BackupError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(upgrades, "_database", cut)
        with pytest.raises(BackupError, match="full"):
            upgrade(archive)
    assert clusters.major_of(archive.data) == "15"
    assert not upgrading(archive.folder).exists()
    assert clusters.server_pid(archive) is None
    with pytest.raises(EmbeddedServerError, match="nothing was deleted"):
        upgrades.delete_old(archive)
    with (
        locked(archive.folder / "users.lock", fcntl.LOCK_SH),
        pytest.raises(EmbeddedServerError, match="stop the daemons"),
    ):
        upgrade(archive)
    with pytest.raises(EmbeddedServerError, match="lacks postgres"):
        asyncio.run(upgrades.upgrade(archive, DATABASE, archive.folder))
    with pytest.raises(EmbeddedServerError, match=r"and .* of 15"):
        asyncio.run(upgrades.upgrade(archive, DATABASE, archive.programs))
