"""Real servers of a release of PostgreSQL that a test asks for, beside the one that all tests use."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from scraper.database.embedded.account import Account, run_as, server_account

DEBIAN = Path("/usr/lib/postgresql")
POSTGRESQL_15 = DEBIAN / "15" / "bin"
"""Where Debian puts the oldest release that is supported."""
OWNER = "tonggao"
ARCHIVES = Path(__file__).resolve().parents[1] / "fixtures" / "archives" / "7c5fad8"
"""What a released version wrote; see the README beside it."""


@contextmanager
def running(programs: Path) -> Iterator[str]:
    """A new server of these programs while the block runs; its connection string without database.

    The programs must be reachable for the server's user, as the distribution's are.
    """
    account = server_account()
    folder = Path(tempfile.mkdtemp(prefix="tonggao-pg-"))
    if account.switch:
        shutil.chown(folder, account.uid, account.gid)
    data = folder / "data"
    try:
        _must(
            account,
            str(programs / "initdb"),
            *(f"--pgdata={data}", f"--username={OWNER}", "--encoding=UTF8", "--locale=C.UTF-8"),
            *("--auth=trust", "--no-sync", "--no-instructions"),
        )
        options = f"-c listen_addresses='' -c fsync=off -c max_connections=60 -k {folder}"
        control = (str(programs / "pg_ctl"), f"--pgdata={data}", f"--log={folder / 'log'}", "-w")
        _must(account, *control, "-o", options, "start")
        try:
            folder.chmod(0o755)
            yield f"host={folder} user={OWNER}"
        finally:
            _must(account, *control, "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder)


def _must(account: Account, *command: str) -> None:
    done = run_as(account, list(command), seconds=120)
    assert done.returncode == 0, f"{command[0]}: {done.stderr}"


def restore(server: str, programs: Path, dump: str, name: str) -> None:
    """A new database with an archive of the released version in it, not yet migrated."""
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = 'tonggao_reader'").rowcount:
            connection.execute("CREATE ROLE tonggao_reader")
        connection.execute(f"CREATE DATABASE \"{name}\" ENCODING 'UTF8' TEMPLATE template0")
    command = [str(programs / "pg_restore"), "--exit-on-error", f"--dbname={server} dbname={name}"]
    done = subprocess.run(
        [*command, str(ARCHIVES / dump)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
