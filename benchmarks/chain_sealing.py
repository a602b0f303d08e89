"""What the chain costs: the first root of a large archive, a day on top of it, proofs, the check of it all.

Run:  make bench-chain RELEASES=200000    (or  python -m benchmarks.chain_sealing --releases N)

Rows are made by the server: a record and a page for each release, with bodies that lie as long as real ones in the
tables; the two search indexes are left out, for nothing here reads them. The first root covers so many releases,
the second a day of 10 000 changes (5 000 records and their pages). Times are of the clock, beside them what this
process computed; the load is told.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import hashlib
import os
import resource
import time
from collections.abc import Awaitable
from typing import TypeVar

from benchmarks.archive_database import temporary_archive
from scraper.archive import ensure_partitions
from scraper.archive.integrity.chain import check_chain
from scraper.archive.integrity.findings import WHOLE, Findings
from scraper.archive.proof.proving import prove
from scraper.archive.proof.sealing import seal
from scraper.clock import SHANGHAI, now
from scraper.database import Pool

DAY = 5_000
"""Releases of a day: 10 000 leaves."""
PROOFS = 50
_INDEXES = ("revision_by_folded_words", "revision_by_folded_title")
_TABLES = "'tonggao.leaf', 'tonggao.root', 'tonggao.content_by_time'"
_RECORDS = """
INSERT INTO tonggao.revision (revision_id, publication_id, valid_from, recorded_at, parser_version, source_id,
                              record_digest, text_digest, dated_at, title, body)
SELECT n, n, now(), %(at)s, '1', 's', '\\x02'::bytea || sha256(n::text::bytea), sha256(('t' || n)::bytea), now(),
       md5(n::text), (SELECT string_agg(md5(n || '-' || k), '') FROM generate_series(1, 40) AS k)
FROM generate_series(%(first)s::bigint, %(last)s) AS n
"""
_PUBLICATIONS = """
INSERT INTO tonggao.publication (publication_id, url, source_id, release_id, first_seen_at, last_seen_at)
OVERRIDING SYSTEM VALUE
SELECT n, 'https://bench.example/' || n, 's', n, now(), now() FROM generate_series(%(first)s::bigint, %(last)s) AS n
"""
_RELEASES = """
INSERT INTO tonggao.release (release_id) OVERRIDING SYSTEM VALUE SELECT n FROM generate_series(%(first)s::bigint, %(last)s) AS n
"""
_PAGES = """
INSERT INTO tonggao.content (digest, size, bytes, stored_at)
SELECT sha256(('c' || n)::bytea), 3000, repeat('x', 3000)::bytea, %(at)s
FROM generate_series(%(first)s::bigint, %(last)s) AS n
"""
_SNAPSHOTS = """
INSERT INTO tonggao.snapshot (snapshot_id, publication_id, fetched_at, digest)
SELECT n, n, now(), sha256(('c' || n)::bytea) FROM generate_series(%(first)s::bigint, %(last)s) AS n
"""
T = TypeVar("T")


async def fill(pool: Pool, first: int, last: int, days_ago: int) -> None:
    """Releases of these numbers, archived on a day of the past."""
    day = now().date() - dt.timedelta(days=days_ago)
    values = {"first": first, "last": last, "at": dt.datetime.combine(day, dt.time(12), SHANGHAI)}
    async with pool.connection() as connection:
        await connection.execute("SET LOCAL session_replication_role = replica")
        for statement in (_RELEASES, _PUBLICATIONS, _RECORDS, _PAGES, _SNAPSHOTS):
            await connection.execute(statement.encode(), values)


async def timed(what: str, work: Awaitable[T]) -> T:
    """Do it, and tell how long it took."""
    clock, own = time.perf_counter(), time.process_time()
    done = await work
    clock, own = time.perf_counter() - clock, time.process_time() - own
    print(f"{what}: {clock:.2f} s, {own:.2f} s of it computed here; load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
    return done


async def prove_some(pool: Pool, releases: int) -> None:
    for number in range(PROOFS):
        page = hashlib.sha256(f"c{1 + number * releases // PROOFS}".encode())
        await prove(pool, f"sha256:{page.hexdigest()}")


async def run(releases: int) -> None:
    async with temporary_archive() as (_, pool):
        await ensure_partitions(pool)
        async with pool.connection() as connection:
            for index in _INDEXES:
                await connection.execute(f"DROP INDEX tonggao.{index}".encode())
        await timed(f"filled with {releases} releases", fill(pool, 1, releases, 30))
        async with pool.connection() as connection:
            await connection.execute("ANALYZE")
            remade = connection.execute("REINDEX INDEX tonggao.content_by_time")
            await timed("index of pages by time", remade)
        today = now().date()
        [first] = await timed("first root", seal(pool, today - dt.timedelta(days=1)))
        print(f"  {first.leaves} leaves; peak memory of this process {peak()} MB")
        await fill(pool, releases + 1, releases + DAY, 1)
        [second] = await timed("a day on top of it", seal(pool, today))
        print(f"  {second.leaves} leaves")
        await timed("a look when nothing is due", seal(pool, today))
        await timed(f"{PROOFS} proofs of pages in the first root", prove_some(pool, releases))
        found = Findings()
        checking = check_chain(pool, WHOLE, since=None, certificates=(), findings=found)
        await timed("the whole chain checked", checking)
        print(f"  {dict(found.checked)}, altered: {len(found.altered)}")
        async with pool.connection() as connection:
            sizes = f"SELECT t, pg_size_pretty(pg_total_relation_size(t::regclass)) FROM unnest(ARRAY[{_TABLES}]) AS t"
            print(await (await connection.execute(sizes.encode())).fetchall())


def peak() -> int:
    """The most memory that this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--releases", type=int, default=200_000)
    asyncio.run(run(parser.parse_args().releases))
