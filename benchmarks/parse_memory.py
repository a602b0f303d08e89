"""One parse worker, many pages: does its memory stay where it is?

    python -m benchmarks.parse_memory 100000 [--corpus ../shared/corpus/pages]

The worker is not recycled during the run. Prints its resident memory as it goes, and the pages/s
through the pipes.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import time
from pathlib import Path

import psutil

from scraper.errors import PageError
from scraper.readers import ReaderLimits, ReaderPool
from tests.page.golden import fixtures

_STEPS = 10
_SMALL = 30_000


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=100_000)
    parser.add_argument("--corpus", type=Path, help="folder of pages to parse besides our own")
    options = parser.parse_args()
    further = sorted(options.corpus.glob("*.html")) if options.corpus else []
    small = [page for page in further if page.stat().st_size < _SMALL]
    pages = [page.read_bytes() for page in (*fixtures(), *small)]
    async with ReaderPool(1, limits=ReaderLimits(documents=options.count + 1)) as pool:
        started = time.monotonic()
        for number in range(options.count):
            with contextlib.suppress(PageError):
                await pool.parse(pages[number % len(pages)], "http://a.cn/1.html")
            if (number + 1) % (options.count // _STEPS) == 0:
                rate = (number + 1) / (time.monotonic() - started)
                print(
                    f"{number + 1:8} pages  {_resident(pool):6.1f} MB  {rate:6.0f} pages/s",
                    flush=True,
                )


def _resident(pool: ReaderPool) -> float:
    (process,) = pool._all  # noqa: SLF001 - the benchmark looks inside
    resident: int = psutil.Process(process.process.pid).memory_info().rss
    return resident / 1e6


if __name__ == "__main__":
    asyncio.run(main())
