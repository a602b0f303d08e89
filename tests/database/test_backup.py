"""A backup is the whole archive; a restore is all of it or nothing, and says when it is not the same."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from scraper.archive import Archive, sync_regions
from scraper.archive.integrity.checking import check
from scraper.archive.integrity.findings import Covered
from scraper.archive.proof.proving import prove, roots
from scraper.archive.proof.sealing import seal
from scraper.database import connect, migrate, open_pool
from scraper.database.backup import back_up, count_rows, counts_of, programs_for, restore
from scraper.errors import BackupError
from tests.archive.chains import MONDAY, TUESDAY, WEDNESDAY, archived_on
from tests.database.servers import POSTGRESQL_15, running
from tests.web.conftest import observation

pytestmark = pytest.mark.long

FILL = (
    "INSERT INTO tonggao.source (source_id, name, publisher, kind, lists)"
    " VALUES ('qingchuan.gov', '今日青川', '青川市', 'gov-portal', '{}')"
)


async def fill(url: str) -> None:
    async with open_pool(url) as pool:
        await sync_regions(pool)
        async with pool.connection() as connection:
            await connection.execute(FILL)
        archive = Archive(pool)
        for number in range(1, 6):
            lines = (f"青川市介绍第{number}项工作进展，全年完成{number * 7}项任务。" * 4,)
            await archive.store(observation(number, paragraphs=lines))


async def counted(url: str) -> dict[str, int]:
    async with await connect(url) as connection:
        return await count_rows(connection)


async def test_all_comes_back_and_goes_on(
    database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    await fill(database_url)
    file = tmp_path / "a.backup"
    written = await back_up(database_url, file)
    assert written["tonggao.publication"] == 5
    assert await restore(empty_database_url, file) == written == counts_of(file)
    assert await migrate(empty_database_url) == ()
    async with open_pool(empty_database_url) as pool:
        stored = await Archive(pool).store(observation(9, paragraphs=("青川市新的工作。" * 9,)))
    assert stored.change == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["a.backup"]


async def test_plain_pg_restore_reads_it(
    database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    await fill(database_url)
    written = await back_up(database_url, tmp_path / "a.backup")
    with psycopg.connect(database_url) as connection:
        release = connection.info.server_version // 10_000  # a later one says what 15 refuses
    program = programs_for(release)["pg_restore"]
    command = [program, "--no-owner", f"--dbname={empty_database_url}", str(tmp_path / "a.backup")]
    subprocess.run(command, check=True, capture_output=True)
    assert await counted(empty_database_url) == written


async def test_an_initialised_but_empty_archive_is_filled(
    database_url: str, server: str, empty_database_url: str, tmp_path: Path
) -> None:
    await fill(database_url)
    written = await back_up(database_url, tmp_path / "a.backup")
    await migrate(empty_database_url)
    assert await restore(empty_database_url, tmp_path / "a.backup") == written


async def test_a_filled_archive_is_refused_and_stays(database_url: str, tmp_path: Path) -> None:
    await fill(database_url)
    before = await back_up(database_url, tmp_path / "a.backup")
    with pytest.raises(BackupError, match="nothing was changed"):
        await restore(database_url, tmp_path / "a.backup")
    assert await counted(database_url) == before


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
async def test_a_cut_off_file_leaves_nothing(
    database_url: str, empty_database_url: str, tmp_path: Path, kept: float
) -> None:
    await fill(database_url)
    file = tmp_path / "a.backup"
    await back_up(database_url, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(BackupError):
        await restore(empty_database_url, file)
    with psycopg.connect(empty_database_url) as connection:
        row = connection.execute("SELECT to_regclass('tonggao.publication')").fetchone()
    assert row == (None,)


async def test_a_server_that_refuses_in_the_midst_ends_the_restore(
    database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    """More than a pipe holds is still to be written then; nobody may wait for it."""
    noise = "".join(hashlib.sha256(b"%d" % number).hexdigest() for number in range(20_000))
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE tonggao.aaa (text text)")
        connection.execute("INSERT INTO tonggao.aaa VALUES (%s)", [noise])
    await back_up(database_url, tmp_path / "a.backup")
    with psycopg.connect(empty_database_url) as connection:
        connection.execute("CREATE SCHEMA other")
        connection.execute(
            "CREATE FUNCTION other.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'no table here'; END $$"
        )
        connection.execute(
            "CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('CREATE TABLE')"
            " EXECUTE FUNCTION other.refuse()"
        )
    with pytest.raises(BackupError, match=r"nothing was restored: .*no table here"):
        await asyncio.wait_for(restore(empty_database_url, tmp_path / "a.backup"), 20)


async def test_other_files_are_refused(empty_database_url: str, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"not a backup")
    with pytest.raises(BackupError, match="is no backup"):
        await restore(empty_database_url, tmp_path / "x")
    with pytest.raises(BackupError, match="cannot be read"):
        await restore(empty_database_url, tmp_path / "y")


async def test_counts_that_differ_are_said(
    database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    await fill(database_url)
    file = tmp_path / "a.backup"
    await back_up(database_url, file)
    file.write_bytes(file.read_bytes().replace(b'"tonggao.revision": 5', b'"tonggao.revision": 6'))
    with pytest.raises(BackupError, match=r"tonggao\.revision"):
        await restore(empty_database_url, file)


@pytest.fixture(scope="module")
def postgresql_15() -> Iterator[str]:
    if not (POSTGRESQL_15 / "initdb").exists():
        pytest.skip("PostgreSQL 15 is not on this machine (Debian: postgresql-15)")
    with running(POSTGRESQL_15) as server:
        yield server


async def test_between_an_own_server_of_15_and_the_embedded_one(
    postgresql_15: str, database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    """From the embedded server to an own one of another release, and back."""
    await fill(database_url)
    written = await back_up(database_url, tmp_path / "a.backup")
    with psycopg.connect(f"{postgresql_15} dbname=postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE moved ENCODING 'UTF8' TEMPLATE template0")
    own = f"{postgresql_15} dbname=moved"
    assert await restore(own, tmp_path / "a.backup") == written
    again = await back_up(own, tmp_path / "b.backup")
    assert again == written
    assert await restore(empty_database_url, tmp_path / "b.backup") == written


async def test_the_chain_comes_back_and_goes_on(
    database_url: str, empty_database_url: str, tmp_path: Path
) -> None:
    await fill(database_url)
    async with open_pool(database_url) as pool:
        await archived_on(pool, MONDAY)
        [first] = await seal(pool, TUESDAY)
        before = await prove(pool, "1")
    await back_up(database_url, tmp_path / "a.backup")
    await restore(empty_database_url, tmp_path / "a.backup")
    async with open_pool(empty_database_url) as pool:
        assert await roots(pool) == [first]
        assert await prove(pool, "1") == before
        [second] = await seal(pool, WEDNESDAY)
        assert second.previous == first.root
        found = await check(pool)
    assert (found.altered, found.checked[Covered.LEAF]) == ([], first.leaves)
