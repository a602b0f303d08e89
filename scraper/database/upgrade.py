"""The embedded cluster of an older major version of PostgreSQL, carried over into a new data folder.

The old server, by its own programs, is dumped into a new cluster beside it (``folder/upgrading``).
Only when the counts of both agree is the file ``verified`` written there; from then on, and not
before, the new folder takes the old one's place, and whoever starts the server next finishes that if
we were killed (:func:`scraper.database.embedded.upgraded.finish`).

Not by ``pg_upgrade``: it asks that both clusters were made with the same options of compilation and
the same locale provider, and programs of different packages seldom were. Not by the new ``pg_dump``
either: PostgreSQL 15.20 keeps an option of columns (``pg_attver``) that only its own leaves out.
"""

from __future__ import annotations

import asyncio
import fcntl
import re
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from psycopg import AsyncConnection, conninfo

from scraper.database.backup import SQL, Counts, count_rows, differences, run, run_pipe
from scraper.database.connection import for_program
from scraper.database.embedded.account import can_use
from scraper.database.embedded.cluster import (
    OWNER,
    Cluster,
    initialise,
    major_of,
    open_socket,
    server_pid,
    start,
    stop,
    url,
)
from scraper.database.embedded.locks import locked
from scraper.database.embedded.upgraded import VERIFIED, finish, kept, upgrading
from scraper.errors import EmbeddedServerError

_NEEDED = ("postgres", "pg_ctl", "pg_isready", "pg_dump", "pg_dumpall")
_OWNER_IS_THERE = re.compile(rb"^CREATE ROLE %s;\n" % OWNER.encode(), re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was carried over.

    Attributes:
        before: major version that the data were of; after: that they are of now.
        counts: rows of each table of the archive, the same in both.
        old: the old data folder, which stays until :func:`delete_old`.
    """

    before: str
    after: str
    counts: Counts
    old: Path


async def upgrade(
    cluster: Cluster,
    database: str,
    old_programs: Path,
    report: Callable[[str], None] = lambda _: None,
) -> Upgraded:
    """Carry the cluster over to the installed programs; the old data folder is kept beside it.

    Args:
        cluster: whose data folder is of another major version than its programs.
        database: the archive's, whose rows are counted.
        old_programs: the absolute folder with the programs of the version that the data are of.
        report: called with a sentence before each long step.

    Raises:
        EmbeddedServerError: nothing is to be upgraded, the programs do not fit, somebody uses the
            archive, or a server does not start; the old data folder is as it was.
        BackupError: the old data cannot be read or written anew, or the counts differ; likewise.
    """
    with ExitStack() as stack:
        _alone(stack, cluster)
        finish(cluster.folder, cluster.data)
        old = replace(cluster, programs=old_programs, port=None)
        before = _fitting(cluster, old)
        new = replace(cluster, folder=upgrading(cluster.folder), port=None)
        _make_room(new)
        try:
            counts = await _carry_over(old, new, database, report)
            _keep_rules(old.data, new.data)
            (new.folder / VERIFIED).write_text(f"{before}\n", "ascii")
        except BaseException:
            shutil.rmtree(new.folder, ignore_errors=True)
            raise
        finally:
            shutil.rmtree(new.socket, ignore_errors=True)
        finish(cluster.folder, cluster.data)
    return Upgraded(before, cluster.major, counts, kept(cluster.folder, before))


def delete_old(cluster: Cluster) -> list[Path]:
    """Remove the data folders that upgrades have left; which they were.

    Raises:
        EmbeddedServerError: the present data are not of the installed programs, so that an old
            folder may be all there is.
    """
    with locked(cluster.folder / "start.lock"):
        finish(cluster.folder, cluster.data)
        found = sorted(cluster.folder.glob(kept(cluster.folder, "*").name))
        if not (cluster.data / "tonggao_ready").exists() or major_of(cluster.data) != cluster.major:
            raise EmbeddedServerError(
                f"{cluster.data} is no archive of PostgreSQL {cluster.major}; nothing was deleted"
            )
        for folder in found:
            shutil.rmtree(folder)
    return found


def _alone(stack: ExitStack, cluster: Cluster) -> None:
    """Nobody uses the archive, and nobody starts its server, until the stack is closed."""
    stack.enter_context(locked(cluster.folder / "start.lock"))
    try:
        stack.enter_context(locked(cluster.folder / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError:
        raise EmbeddedServerError(
            "a tonggao process uses the archive; stop the daemons, then type it again"
        ) from None


def _fitting(cluster: Cluster, old: Cluster) -> str:
    """The major version of the data, when the old programs are of it and there is room for their copy."""
    if not (cluster.data / "tonggao_ready").exists():
        raise EmbeddedServerError(f"there is no archive in {cluster.folder}; nothing to upgrade")
    before = major_of(cluster.data)
    if before == cluster.major:
        raise EmbeddedServerError(
            f"{cluster.data} is of PostgreSQL {before}, as the programs are; nothing to upgrade"
        )
    lacking = [name for name in _NEEDED if not (old.programs / name).exists()]
    if lacking:
        raise EmbeddedServerError(f"{old.programs} lacks {', '.join(lacking)}")
    if not can_use(old.account, old.programs / "postgres"):
        raise EmbeddedServerError(
            f"{old.account.name}, whom the server runs as, may not run {old.programs}/postgres; "
            "put the old programs where every user may enter"
        )
    if old.major != before:
        raise EmbeddedServerError(
            f"{old.programs} is of PostgreSQL {old.major}, and {cluster.data} of {before}"
        )
    if (there := kept(cluster.folder, before)).exists():
        raise EmbeddedServerError(
            f"{there} is left from an earlier upgrade; move it away, then type it again"
        )
    return before


def _make_room(new: Cluster) -> None:
    """An empty folder for the new cluster; what a killed attempt has left in it goes."""
    if server_pid(new) is not None:
        stop(new)
    shutil.rmtree(new.folder, ignore_errors=True)
    new.folder.mkdir()
    if new.account.switch:
        new.folder.chmod(0o755)  # the server's user passes through, as in the folder above
    initialise(new)


def _keep_rules(old: Path, new: Path) -> None:
    """Who is let in stays as it was; names of the system's users that the operator added, too."""
    shutil.copyfile(old / "pg_hba.conf", new / "pg_hba.conf")
    names = (new / "pg_ident.conf").read_text("utf-8")
    added = [
        line
        for line in (old / "pg_ident.conf").read_text("utf-8").splitlines()
        if line not in names.splitlines()
    ]
    (new / "pg_ident.conf").write_text("\n".join([names.rstrip(), *added, ""]), "utf-8")


async def _carry_over(
    old: Cluster, new: Cluster, database: str, report: Callable[[str], None]
) -> Counts:
    """Both servers run meanwhile, and neither does afterwards."""
    await asyncio.to_thread(stop, old)
    open_socket(old)
    try:
        await asyncio.to_thread(start, old, report)
        await asyncio.to_thread(start, new, report)
        await _roles(old, new)
        for name in await _databases(old):
            report(f"carrying over the database {name} …")
            await _database(old, new, name)
        return await _same(old, new, database)
    finally:
        await asyncio.to_thread(stop, new)
        await asyncio.to_thread(stop, old)


async def _roles(old: Cluster, new: Cluster) -> None:
    """The roles with their passwords and memberships, and tablespaces; our owner is there already."""
    what = "the roles were not carried over; nothing changed"
    target, environment = for_program(url(old, "postgres"))
    command = [str(old.programs / "pg_dumpall"), "--globals-only", f"--dbname={target}"]
    statements = _OWNER_IS_THERE.sub(b"", await run(command, environment, what))
    target, environment = for_program(url(new, "postgres"))
    await run(_psql(new, target), environment, what, statements)


async def _databases(old: Cluster) -> list[str]:
    async with await AsyncConnection.connect(url(old, "postgres")) as connection:
        rows = await (await connection.execute(SQL["databases"])).fetchall()
    return [str(name) for (name,) in rows]


async def _database(old: Cluster, new: Cluster, name: str) -> None:
    """One database with all that is in it; ``postgres`` is there already, any other is made."""
    source = conninfo.make_conninfo(url(old, "postgres"), dbname=name)
    made = [] if name == "postgres" else ["--create"]
    target, environment = for_program(url(new, "postgres"))
    await run_pipe(
        [str(old.programs / "pg_dump"), *made, f"--dbname={source}"],
        _psql(new, target),
        b"",
        environment,
        (
            f"the database {name} cannot be read by its old programs",
            f"the database {name} was not carried over; nothing changed",
        ),
    )


def _psql(new: Cluster, target: str) -> list[str]:
    return [str(new.programs / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--dbname", target]


async def _same(old: Cluster, new: Cluster, database: str) -> Counts:
    """The counts of the archive's tables, which must be the same on both servers."""
    counts = []
    for each in (old, new):
        async with await AsyncConnection.connect(url(each, database)) as connection:
            counts.append(await count_rows(connection))
    before, after = counts
    if before != after:
        different = differences(before, after)
        raise EmbeddedServerError(
            f"the counts differ after the upgrade: {different}; nothing changed"
        )
    return before
