"""The embedded server for the time that a command needs it, with the archive's database in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psycopg
from psycopg import AsyncConnection, errors, sql

from scraper.database.embedded.cluster import READER, Cluster, url
from scraper.database.embedded.sharing import used


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
