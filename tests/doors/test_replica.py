"""A streaming replica: what reads works there, what writes says so and names what to do."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from mcp import Client
from psycopg import conninfo
from typer.testing import CliRunner

from scheduler.cli.commands import app
from scheduler.cli.exits import EXIT_DATABASE, leave
from scheduler.demo.conductor import SOURCES
from scraper.database import open_pool, prepare_reading, require_reader
from scraper.database.embedded.account import run_as, server_account
from scraper.database.embedded.binaries import programs_for
from scraper.database.readers import reading_only
from scraper.mcp.server import create_server
from scraper.mcp.tools import Tools
from tests.doors.conftest import listening

pytestmark = pytest.mark.servers
READS = (
    ["search", "供热"], ["show", "1", "--json"], ["why", "1"], ["diff", "4"], ["cite", "1"], ["changes"], ["stats"],
    ["files", "list"], ["query", "most_copied"], ["db", "describe", "releases"], ["export"], ["status"],
)  # fmt: skip
WRITES = (
    ["run", "demo.cri.tianjin"], ["sources", "enable", "demo.cri.tianjin"], ["init"], ["daemon"], ["worker"],
)  # fmt: skip


@pytest.fixture(scope="module")
def replica(server: str, demo_url: str) -> Iterator[str]:
    """Connection string of the demo's archive on a hot standby of the test's server."""
    _let_copy(demo_url)
    account = server_account()
    folder = Path(tempfile.mkdtemp(prefix="tonggao-replica-"))
    if account.switch:
        shutil.chown(folder, account.uid, account.gid)
    data, programs = str(folder / "data"), programs_for(account, folder)
    control = [str(programs / "pg_ctl"), f"--pgdata={data}", f"--log={folder / 'log'}", "-w"]
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=200"
    copy = [str(programs / "pg_basebackup"), f"--dbname={server}", f"--pgdata={data}"]
    done = run_as(account, [*copy, "-R", "--checkpoint=fast", "--wal-method=stream"], seconds=120)
    assert done.returncode == 0, done.stderr
    done = run_as(account, [*control, "-o", options, "start"], seconds=120)
    assert done.returncode == 0, (folder / "log").read_text()
    folder.chmod(0o755)
    try:
        yield conninfo.make_conninfo(demo_url, host=str(folder))
    finally:
        run_as(account, [*control, "-m", "fast", "stop"], seconds=120)
        shutil.rmtree(folder)


def _let_copy(url: str) -> None:
    """The embedded server lets nobody copy it; this one of the tests shall."""
    with psycopg.connect(url) as connection:
        [(file,)] = connection.execute("SHOW hba_file").fetchall()
        with Path(file).open("a") as rules:
            rules.write("local replication all trust\n")
        connection.execute("SELECT pg_reload_conf()")


@pytest.fixture
def call(replica: str, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("TONGGAO_DATABASE_URL", replica)
    monkeypatch.setenv("TONGGAO_SOURCES_DIR", str(SOURCES))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return CliRunner()


def test_it_is_a_replica(replica: str) -> None:
    with psycopg.connect(replica) as connection:
        assert connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)


@pytest.mark.parametrize("command", READS, ids=" ".join)
def test_what_reads_works(call: CliRunner, command: list[str]) -> None:
    done = call.invoke(app, command)
    assert done.exit_code == 0, (done.output, done.exception)


@pytest.mark.parametrize("command", WRITES, ids=" ".join)
def test_what_writes_says_so_in_one_sentence(
    call: CliRunner, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    done = call.invoke(app, command)
    assert done.exception is not None
    assert leave(done.exception) == EXIT_DATABASE
    [said] = capsys.readouterr().err.splitlines()
    assert "only reads: it is a replica" in said
    assert "TONGGAO_DATABASE_URL" in said


def test_pages_and_the_api_work(replica: str) -> None:
    with listening(replica) as address, httpx.Client(base_url=address) as client:
        for path in ("/", "/release/1", "/changes", "/sources", "/feed.atom", "/api/v1/releases/4"):
            assert client.get(path).status_code == 200, path
        assert client.get("/api/v1/search?q=供热").json()["items"][0]["release_id"] == 4


async def test_models_are_answered(replica: str, demo_url: str) -> None:
    await prepare_reading(demo_url)
    url = reading_only(await require_reader(replica), seconds=10)
    async with open_pool(url) as pool, Client(create_server(Tools(pool, url, ""))) as client:
        told = await client.call_tool("sql", {"statement": "SELECT count(*) FROM archive.releases"})
        assert told.structured_content["archived"]["rows"] == [[7]]
