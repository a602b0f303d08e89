"""Search in any form at size: the index built anew, the time of a search, recall against LIKE.

Run:  make bench-folding    (or  python -m benchmarks.archive_folding --releases 1000000 --folder DIR)

1. Releases are copied in, in eight quarters, without an index; every tenth is in traditional characters,
   every tenth has full-width digits, every twentieth zero-width spaces within words.
2. The index of folded texts is built by ``refold``, as after an upgrade, beside nothing else; timed.
3. Words of 1 to 8 characters and pairs of words, half of them asked in traditional characters: the top
   twenty by date, twice with other words; p50 and p95.
4. Two words of each kind against LIKE over ``archive.fold`` of the whole table.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

from opencc import OpenCC
from psycopg import AsyncConnection

from benchmarks.archive_database import SOURCES, temporary_archive
from benchmarks.archive_load import COPIED_COLUMNS, RECEIVED, check_recall, revision_of, timed_kinds
from benchmarks.archive_texts import BEGIN, Newsroom
from scraper.archive import refold
from scraper.archive.writing.refolding import INDEXES
from scraper.database import Pool

_WIDE = str.maketrans({str(n): chr(0xFF10 + n) for n in range(10)})


def forms() -> Callable[[int, str], str]:
    """Gives the text of a number its form."""
    traditional = OpenCC("s2t")

    def form(number: int, text: str) -> str:
        if number % 10 == 3:
            return str(traditional.convert(text))
        if number % 10 == 6:
            return text.translate(_WIDE)
        return (
            "\u200b".join(text[at : at + 7] for at in range(0, len(text), 7))
            if number % 20 == 9
            else text
        )

    return form


async def fill(pool: Pool, count: int, seed: int) -> None:
    """Releases without an index of their texts, 20 000 a transaction."""
    room, form = Newsroom(seed), forms()
    async with pool.connection() as connection:
        await connection.execute(
            "SELECT tonggao.ensure_partition('revision', quarter)"
            " FROM generate_series(%s, %s, interval '3 months') AS quarter",
            (BEGIN, RECEIVED),
        )
        for index in INDEXES:
            row = await connection.execute(
                "SELECT pg_get_indexdef(('tonggao.' || %s)::regclass)", (index,)
            )
            [definition] = await row.fetchone() or [""]
            await connection.execute(f"DROP INDEX tonggao.{index}".encode())
            await connection.execute(definition.replace(" ON tonggao", " ON ONLY tonggao").encode())
    for start in range(0, count, 20_000):
        async with pool.connection() as connection:
            await _copy(connection, room, form, range(start, min(start + 20_000, count)))
        print(f"  {start} of {count}", flush=True)


async def _copy(
    connection: AsyncConnection, room: Newsroom, form: Callable[[int, str], str], numbers: range
) -> None:
    stories = [(number, room.story(number)) for number in numbers]
    async with connection.cursor() as cursor:
        async with cursor.copy(
            "COPY tonggao.release (release_id, canonical_id, dated_at) FROM STDIN"
        ) as copy:
            for number, story in stories:
                await copy.write_row((number, number, story.published_at))
        async with cursor.copy(
            "COPY tonggao.publication (publication_id, url, source_id, release_id, first_seen_at,"
            " last_seen_at, revision_id, revision_from, dated_at, ranked_at) FROM STDIN"
        ) as copy:
            for number, story in stories:
                at, url = story.published_at, f"https://ballast.example/{number}"
                row = (number, url, f"bench.{number % SOURCES}", number, at, at, number, at, at, at)
                await copy.write_row(row)
        async with cursor.copy(
            f"COPY tonggao.revision ({COPIED_COLUMNS}) FROM STDIN".encode()
        ) as copy:
            for number, story in stories:
                row = list(revision_of(number, number, story))
                row[10], row[11] = form(number, str(row[10])), form(number, str(row[11]))
                await copy.write_row(row)


async def measure(options: argparse.Namespace) -> None:
    """All four steps, or the last two again on a folder that was kept."""
    async with temporary_archive(options.folder) as (_, pool):
        if not options.only_search:
            await fill(pool, options.releases, options.seed)
            begin = time.perf_counter()
            built = await refold(pool, lambda what: print(f"  {what}", flush=True))
            spent = time.perf_counter() - begin
            load = os.getloadavg()[0] / (os.cpu_count() or 1)
            print(f"{built} indexes of parts built in {spent:.0f} s, load {load:.1f} a core")
            async with pool.connection() as connection:
                await connection.set_autocommit(True)
                await connection.execute("VACUUM ANALYZE")
                await connection.set_autocommit(False)
        ask = OpenCC("s2t").convert
        for state, seed in (("at first", options.seed), ("in use", options.seed + 1)):
            rnd = random.Random(seed)
            print(f"search, top 20 by date, {state}, load {os.getloadavg()[0] / 2:.1f} a core:")
            await timed_kinds(
                pool,
                options.folder,
                seed,
                options.searches,
                lambda word, rnd=rnd: str(ask(word)) if rnd.random() < 0.5 else word,
            )
        await check_recall(pool, options.seed, fold=True)


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--releases", type=int, default=1_000_000)
    parser.add_argument("--searches", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/tonggao-bench-folding"))  # noqa: S108
    parser.add_argument("--only-search", action="store_true", help="steps 3 and 4 again")
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
