"""Search in any form at size: the index built anew, the time of a search, recall against LIKE.

Run:  make bench-folding    (or  python -m benchmarks.archive_folding --releases 1000000 --folder DIR)

1. Releases are copied in (``archive_copy``), in eight quarters, without an index of folded texts; every
   tenth is in traditional characters, every tenth has full-width digits, every twentieth zero-width
   spaces within words.
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
from pathlib import Path

from opencc import OpenCC

from benchmarks.archive_copy import bulk_load
from benchmarks.archive_database import temporary_archive
from benchmarks.archive_load import check_recall, timed_kinds
from scraper.archive import refold
from scraper.archive.writing.refolding import INDEXES


async def measure(options: argparse.Namespace) -> None:
    """All four steps, or the last two again on a folder that was kept."""
    async with temporary_archive(options.folder) as (_, pool):
        if not options.only_search:
            await bulk_load(
                pool, options.releases, seed=options.seed, with_keys=False, unbuilt=INDEXES
            )
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
