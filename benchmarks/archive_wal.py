"""Where the write-ahead log of stored releases goes: bytes and full pages by table and index.

Run:  python -m benchmarks.archive_wal --folder DIR --releases 4000    on an archive of ``make bench-load``

Releases go through the whole write path. With ``--checkpoint`` one comes first, so that each page
that is touched is logged whole once, as on a server that is written to now and then; without it the
pages were touched before, as in one long run.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path

import psycopg
from psycopg import sql

from benchmarks.archive_database import forget_pages, temporary_archive
from benchmarks.archive_load import log_position, observations, write_path
from benchmarks.archive_texts import Newsroom
from scraper.archive import Archive
from scraper.database import Pool

_BY_RELATION = """
WITH logged AS MATERIALIZED (
    SELECT relfilenode, count(*) AS references, count(*) FILTER (WHERE block_fpi_length > 0) AS pages,
           sum(block_fpi_length + block_data_length)::bigint AS bytes
    FROM pg_get_wal_block_info('0/0'::pg_lsn + {begin}, least('0/0'::pg_lsn + {end}, pg_current_wal_flush_lsn()), false) GROUP BY 1
)
SELECT coalesce(i.indrelid::regclass::text || ' > ', '') || c.oid::regclass::text, l.bytes, l.pages, l.references
FROM logged l JOIN pg_class c ON pg_relation_filenode(c.oid) = l.relfilenode LEFT JOIN pg_index i ON i.indexrelid = c.oid
ORDER BY l.bytes DESC LIMIT {most}
"""
_STATEMENTS = """
SELECT calls, total_exec_time, wal_bytes::bigint, wal_fpi, shared_blks_hit, shared_blks_read,
       regexp_replace(left(query, 300), '\\s+', ' ', 'g')
FROM pg_stat_statements WHERE total_exec_time > 0.5 ORDER BY total_exec_time DESC LIMIT {most}
"""


async def measure(options: argparse.Namespace) -> None:
    """Store so many releases and tell where their log went."""
    if options.cold:
        print(f"{forget_pages(options.folder) / 1e6:.0f} MB of files are in no memory")
    preload = {"shared_preload_libraries": "pg_stat_statements"}
    async with temporary_archive(options.folder, preload) as (archive, pool):
        async with pool.connection() as connection:
            await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_walinspect")
            await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        room = Newsroom(options.start)
        await _timed(archive, pool, options, room, options.start, options.warm, "before")
        if options.checkpoint:
            async with pool.connection() as connection:
                await connection.execute("CHECKPOINT")
        start = options.start + options.warm
        await _timed(archive, pool, options, room, start, options.releases, "measured")


async def _timed(
    archive: Archive,
    pool: Pool,
    options: argparse.Namespace,
    room: Newsroom,
    start: int,
    count: int,
    what: str,
) -> None:
    if not count:
        return
    group = list(observations(room, start, count))
    async with pool.connection() as connection:
        await connection.execute("SELECT pg_stat_statements_reset()")
    first = await log_position(pool)
    print(f"{what}, {count} releases:")
    await write_path(archive, pool, options.folder, group)
    await _told(pool, first, await log_position(pool), count, options.most)


async def _told(pool: Pool, first: int, last: int, count: int, most: int) -> None:
    async with pool.connection() as connection:
        cursor = await connection.execute(
            sql.SQL(_BY_RELATION).format(
                begin=sql.Literal(first), end=sql.Literal(last), most=sql.Literal(most)
            )
        )
        for name, size, pages, references in await cursor.fetchall():
            print(
                f"  {size / count:8.0f} bytes {pages / count:7.2f} full pages"
                f" {references / count:7.2f} records  {name}"
            )
        cursor = await connection.execute(sql.SQL(_STATEMENTS).format(most=sql.Literal(most)))
        for calls, spent, size, pages, hit, read, query in await cursor.fetchall():
            print(
                f"  {spent / count:6.3f} ms {calls / count:6.3f} calls {size / count:8.0f} bytes {pages / count:6.2f} full"
                f" {hit / count:7.1f} hit {read / count:6.1f} read  {query[:90]}"
            )


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--releases", type=int, default=4_000)
    parser.add_argument("--warm", type=int, default=0, help="stored before, for others to stand in")
    parser.add_argument("--start", type=int, required=True, help="a number never used before")
    parser.add_argument("--checkpoint", action="store_true")
    parser.add_argument("--cold", action="store_true", help="nothing of the archive in memory")
    parser.add_argument("--most", type=int, default=14, help="lines of each list")
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    try:
        main()
    except psycopg.errors.InsufficientPrivilege as error:
        raise SystemExit(f"pg_walinspect needs a superuser: {error}") from error
