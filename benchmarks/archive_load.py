"""The archive at size: the write path, the search, the room it takes, and the plans it uses.

Run:  make bench-archive    (or  python -m benchmarks.archive_load --releases 1000000 --folder DIR)

1. ``--first`` releases go through the whole write path (fingerprint, near-duplicates, search index,
   snapshot); the last ``--measured`` of them are timed.
2. Ballast is copied in up to ``--releases`` (``archive_copy``): rows of the same shape with texts of their
   own, their indexes built at the end; their near-duplicate keys are random, as those of unlike texts are.
3. ``--first`` more go through the whole write path, timed as in step 1: the cost at size; then
   ``--sustained`` more in one go, and some that are received in all eight quarters at once.
4. Searches for words of 2, 4 and 8 characters and pairs of words that stand in the texts are timed,
   twice with other words, since the first find nothing in memory; a few are checked against LIKE over
   the whole table.
5. Sizes and EXPLAIN (ANALYZE, BUFFERS) of ten queries are written beside this file.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import quantiles

from psycopg import AsyncClientCursor, AsyncConnection

from benchmarks.archive_copy import RECEIVED, bulk_load
from benchmarks.archive_database import forget_pages, observation_of, temporary_archive
from benchmarks.archive_plans import write_plans
from benchmarks.archive_texts import Newsroom, Story
from scraper.archive import Archive, Observation
from scraper.database import Pool, Statements

_HEAD = "<!DOCTYPE html><html><head><meta charset=utf-8><title>{}</title>" + "".join(
    f'<script src="/js/lib{n}.js"></script><link rel=stylesheet href="/css/{n}.css">'
    for n in range(60)
)
_FRAME = "".join(
    f'<li class="nav-{n}"><a href="/channel/{n * 37 % 1009}/index.html">栏目导航{n * 7919 % 977}</a></li>'
    for n in range(150)
)
SECOND = dt.timedelta(seconds=1)


def page_of(story: Story) -> bytes:
    """A page of about 20 kB: the frame of a site around the text."""
    text = "".join(f"<p>{part}</p>" for part in story.paragraphs)
    return f"{_HEAD.format(story.title)}<ul>{_FRAME}</ul><div id=text>{text}</div>".encode()


def observations(
    room: Newsroom, start: int, count: int, *, scattered: bool = False
) -> Iterator[Observation]:
    """New stories; every fifth is a copy of one shortly before, with another headline and a cut.

    They were published on any day of the two years. They are received one after the other in the last
    quarter, as by a daemon or a backfill, or ``scattered``: each on the day it was published.
    """
    last: Story | None = None
    for number in range(start, start + count):
        if last is not None and number % 5 == 0:
            story = replace(last, title="".join(room.words(8)), paragraphs=last.paragraphs[:-1])
        else:
            story = last = room.story(number)
        received = story.published_at if scattered else RECEIVED + number * SECOND
        yield observation_of(story, number, page_of(story), received)


def server_seconds(folder: Path) -> float:
    """CPU seconds that the server's processes have used, those that ended too."""
    postmaster = next(folder.rglob("postmaster.pid")).read_text().splitlines()[0]
    spent = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if stat.parent.name == postmaster:
            spent += int(fields[13]) + int(fields[14])
        elif fields[1] == postmaster:
            spent += int(fields[11]) + int(fields[12])
    return spent / os.sysconf("SC_CLK_TCK")


async def write_path(archive: Archive, pool: Pool, folder: Path, group: list[Observation]) -> float:
    """CPU milliseconds a release through the whole write path, the search index brought up to date."""
    logged = await log_position(pool)
    begin, cpu, theirs = time.perf_counter(), time.process_time(), server_seconds(folder)
    await archive.store_many(group)
    async with pool.connection() as connection:
        await connection.execute(Statements("archive")["index_new_texts"])
    spent = time.perf_counter() - begin
    busy, server = time.process_time() - cpu, server_seconds(folder) - theirs
    count, load = len(group), os.getloadavg()[0] / (os.cpu_count() or 1)
    log = (await log_position(pool) - logged) / count / 1000
    print(
        f"  {count / spent:.0f} a second, load {load:.1f} a core; CPU a release: "
        f"{busy / count * 1000:.2f} ms here, {server / count * 1000:.2f} ms in the server; {log:.0f} kB of log a release",
        flush=True,
    )
    return (busy + server) / count * 1000


async def log_position(pool: Pool) -> int:
    """Bytes of write-ahead log that the server has written since it was made."""
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint")
        row = await cursor.fetchone()
    return row[0] if row else 0


async def timed_kinds(
    pool: Pool, folder: Path, seed: int, each: int, asked: Callable[[str], str] = str
) -> None:
    """Print p50 and p95 of the top 20 by kind of query, and the CPU that the server used for one."""
    async with pool.connection() as connection:
        kinds = queries(random.Random(seed), await _bodies(connection), each)
        for kind, words in kinds.items():
            cpu = server_seconds(folder)
            times = [await _timed(connection, asked(query)) for query in words]
            cpu = (server_seconds(folder) - cpu) / len(words) * 1000
            p50, p95 = quantiles(times, n=20)[9], quantiles(times, n=20)[18]
            print(
                f"  {kind:<16} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  worst {max(times):6.1f} ms"
                f"  server CPU {cpu:5.1f} ms",
                flush=True,
            )


async def check_recall(pool: Pool, seed: int, *, fold: bool = False) -> None:
    """Two words of each kind against LIKE over the whole table, over the text as it is or folded; read once for all."""
    async with pool.connection() as connection:
        asked = queries(random.Random(seed), await _bodies(connection), 2)
        words = [(kind, query) for kind, queries in asked.items() for query in queries]
        patterns = [
            (place, [f"%{piece}%" for piece in query.split(" OR " if " OR " in query else None)])
            for place, (_, query) in enumerate(words)
        ]
        await AsyncClientCursor(connection).execute(
            _HELD_BY_LIKE.format("archive.fold" if fold else "").encode(),
            (
                [place for place, (_, query) in enumerate(words) if " OR " in query],
                [place for place, pieces in patterns for _ in pieces],
                [piece for _, pieces in patterns for piece in pieces],
            ),
        )
        for place, (kind, query) in enumerate(words):
            await _check_recall(connection, kind, query, place)
        await connection.rollback()


async def _bodies(connection: AsyncConnection) -> list[str]:
    rows = await connection.execute(
        "SELECT body FROM tonggao.revision TABLESAMPLE BERNOULLI (2) REPEATABLE (1) LIMIT 600"
    )
    return [body for (body,) in await rows.fetchall()]


def queries(rnd: random.Random, bodies: list[str], each: int) -> dict[str, list[str]]:
    """Words that stand in texts, so common ones come often, as people ask for them."""

    def piece(length: int) -> str:
        while True:
            text = rnd.choice(bodies)
            at = rnd.randrange(len(text) - length)
            found = text[at : at + length]
            if not any(c in "，。\n%.“”" for c in found):
                return found

    kinds = {f"{n} characters": [piece(n) for _ in range(each)] for n in (1, 2, 4, 8)}
    kinds["two words of 2"] = [f"{piece(2)} {piece(2)}" for _ in range(each)]
    kinds["two words of 4"] = [f"{piece(4)} {piece(4)}" for _ in range(each)]
    kinds["either of two"] = [f"{piece(2)} OR {piece(4)}" for _ in range(each)]
    return kinds


async def _timed(connection: AsyncConnection, query: str) -> float:
    begin = time.perf_counter()
    await (await connection.execute("SELECT * FROM archive.search(%s)", (query,))).fetchall()
    return (time.perf_counter() - begin) * 1000


async def _check_recall(connection: AsyncConnection, kind: str, query: str, place: int) -> None:
    """All hits, and the newest twenty in their order."""
    wanted = await connection.execute(_BY_LIKE, {"place": place})
    count, newest = await wanted.fetchone() or (0, [])
    found = await connection.execute("SELECT count(*) FROM archive.matches(%s)", (query,))
    top = await connection.execute(
        "SELECT release_id FROM archive.search(%s) WITH ORDINALITY ORDER BY ordinality", (query,)
    )
    same = [number for (number,) in await top.fetchall()] == newest
    number = (await found.fetchone() or (0,))[0]
    print(f"  recall {kind}, {query}: {number} of {count}; newest 20 the same: {same}", flush=True)


_HELD_BY_LIKE = """
CREATE TEMP TABLE held ON COMMIT DROP AS
WITH piece AS (
    SELECT t.place, array_agg({0}(t.piece)) AS pieces, t.place = ANY (%s::integer[]) AS either
    FROM unnest(%s::integer[], %s::text[]) AS t (place, piece) GROUP BY t.place
)
SELECT q.place, t.release_id, t.dated_at, t.revision_id
FROM (SELECT p.release_id, r.dated_at, r.revision_id, {0}(r.title || E'\\n' || r.body) AS content
      FROM tonggao.revision r
      JOIN tonggao.publication p ON p.publication_id = r.publication_id AND p.revision_id = r.revision_id
      OFFSET 0) AS t
JOIN piece q ON CASE WHEN q.either THEN t.content LIKE ANY (q.pieces) ELSE t.content LIKE ALL (q.pieces) END
"""
_BY_LIKE = """
WITH hit AS MATERIALIZED (
    SELECT DISTINCT ON (release_id) release_id, dated_at, revision_id FROM held WHERE place = %(place)s
    ORDER BY release_id, dated_at DESC, revision_id DESC
)
SELECT (SELECT count(*) FROM hit),
       ARRAY(SELECT release_id FROM hit ORDER BY dated_at DESC, revision_id DESC LIMIT 20)
"""


async def sizes(pool: Pool) -> None:
    """Print bytes by table, and the search index by itself."""
    async with pool.connection() as connection:
        rows = await connection.execute(
            "SELECT * FROM archive.storage ORDER BY table_bytes + index_bytes DESC LIMIT 8"
        )
        for name, _, count, table, index in await rows.fetchall():
            print(
                f"  {name:<18} {count:>9} rows  table {table / 1e6:9.0f} MB  indexes {index / 1e6:9.0f} MB"
            )
        rows = await connection.execute(
            "SELECT sum(octet_length(title) + octet_length(body)), count(*) FROM tonggao.revision"
        )
        text, count = await rows.fetchone() or (0, 1)
        print(f"  text {text / count:.0f} bytes a release")
        rows = await connection.execute(
            "SELECT regexp_replace(regexp_replace(pg_get_indexdef(indexrelid), '^.* USING ', ''), '\\s+', ' ', 'g') AS what,"
            " sum(pg_relation_size(indexrelid)) FROM pg_index JOIN pg_inherits ON inhrelid = indrelid"
            " WHERE inhparent = 'tonggao.revision'::regclass GROUP BY 1 ORDER BY 2 DESC"
        )
        for what, size in await rows.fetchall():
            print(f"  index on revision: {float(size) / count:7.0f} bytes a release  {what[:70]}")
        rows = await connection.execute(
            "SELECT count(*), sum(size), sum(length(bytes)) FROM tonggao.content"
        )
        pages, plain, packed = await rows.fetchone() or (1, 0, 0)
        print(
            f"  snapshots: {pages} pages, {plain / pages:.0f} bytes each, stored in {packed / pages:.0f}"
        )


async def measure(options: argparse.Namespace) -> None:
    """All five steps, or some of them again on a database that was kept."""
    if options.cold:
        print(f"{forget_pages(options.folder) / 1e6:.0f} MB of files are in no memory", flush=True)
    async with temporary_archive(options.folder) as (archive, pool):
        if not (options.only_search or options.only_writing):
            await grow(archive, pool, options)
        if not options.only_search:
            await sustain(archive, pool, options)
        if options.only_writing:
            return
        for state, seed in (("at first", options.seed), ("in use", options.seed + 1)):
            load = os.getloadavg()[0] / (os.cpu_count() or 1)
            print(f"search, top 20 by date, {state}, load {load:.1f} a core:", flush=True)
            await timed_kinds(pool, options.folder, seed, options.searches)
        await check_recall(pool, options.seed)
        print("sizes:", flush=True)
        await sizes(pool)
        await write_plans(pool, Path(__file__).with_name("archive_plans.txt"), options.releases)


async def grow(archive: Archive, pool: Pool, options: argparse.Namespace) -> None:
    """The write path at the beginning, all the ballast, and the write path at size."""
    room = Newsroom(options.seed)
    small = await ten_thousand(archive, pool, room, options, 0)
    await bulk_load(
        pool,
        options.releases - options.first,
        seed=options.seed,
        start=options.first,
        with_forms=False,
    )
    large = await ten_thousand(archive, pool, room, options, options.releases)
    print(f"  cost at size: {large / small:.2f} x", flush=True)


async def ten_thousand(
    archive: Archive, pool: Pool, room: Newsroom, options: argparse.Namespace, start: int
) -> float:
    """Write the first ones, then those that count; CPU milliseconds a release of the latter."""
    before = options.first - options.measured
    group = list(observations(room, start, before))
    print(f"write path, {before} at {start}:", flush=True)
    await write_path(archive, pool, options.folder, group)
    if start == 0:
        await _analyze(pool)
    group = list(observations(room, start + before, options.measured))
    print(f"write path, {options.measured} at {start + before}:", flush=True)
    return await write_path(archive, pool, options.folder, group)


async def sustain(archive: Archive, pool: Pool, options: argparse.Namespace) -> None:
    """Many in one go; then into eight partitions at once."""
    async with pool.connection() as connection:
        row = await (
            await connection.execute("SELECT count(*) FROM tonggao.publication")
        ).fetchone()
    start = (row[0] if row else 0) + options.releases
    room = Newsroom(start)
    if options.only_writing:
        await ten_thousand(archive, pool, room, options, start)
        start += options.first
    group = list(observations(room, start, options.sustained))
    print(f"write path, {options.sustained} in one go:", flush=True)
    await write_path(archive, pool, options.folder, group)
    group = list(observations(room, start + options.sustained, options.measured, scattered=True))
    print("write path, received in all quarters at once:", flush=True)
    await write_path(archive, pool, options.folder, group)


async def _analyze(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("ANALYZE")


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--releases", type=int, default=1_000_000)
    parser.add_argument("--first", type=int, default=10_000)
    parser.add_argument("--measured", type=int, default=4_000)
    parser.add_argument("--sustained", type=int, default=12_000)
    parser.add_argument("--searches", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/tonggao-bench"))  # noqa: S108
    parser.add_argument("--only-search", action="store_true", help="steps 4 and 5 again")
    parser.add_argument("--only-writing", action="store_true", help="step 3 again")
    parser.add_argument("--cold", action="store_true", help="nothing of a kept archive in memory")
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
