"""How long a host's reservation takes when nobody else wants it.

    python -m benchmarks.fetch_reservation [--times 2000]

Reserves and gives back 200 hosts in turn, one at a time, against a PostgreSQL of its own with
default settings. Prints median, 99th percentile and the share below 2 ms; exits with 1 if the
median is not below it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from pathlib import Path

from scraper.database import migrate, open_pool
from scraper.database.embedded import cluster as clusters
from scraper.fetch import FetchPolicy, Outcome
from scraper.fetch.budget import Budget

LIMIT = 2.0
HOSTS = 200


async def measure(database: str, times: int) -> list[float]:
    """Milliseconds of each reservation."""
    await migrate(database)
    taken = []
    async with open_pool(database) as pool:
        budget = Budget(pool, FetchPolicy(jitter=0.0), random.SystemRandom())
        for number in range(times):
            begun = time.perf_counter()
            slot = await budget.reserve(f"h{number % HOSTS}.test", 0.0, 5.0, overridden=True)
            taken.append(1000 * (time.perf_counter() - begun))
            await budget.release(slot, Outcome.OK, 0.0, 0.0, 0.0)
    return taken


def main() -> None:
    """Start a database, measure, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--times", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tonggao-reserve-") as folder:
        Path(folder).chmod(0o755)
        cluster = clusters.open_cluster(Path(folder))
        clusters.initialise(cluster)
        clusters.start(cluster)
        try:
            database = f"host={cluster.socket} user={clusters.OWNER} dbname=postgres"
            taken = asyncio.run(measure(database, options.times))
        finally:
            clusters.stop(cluster)
    median, late = statistics.median(taken), statistics.quantiles(taken, n=100)[98]
    share = sum(each < LIMIT for each in taken) / len(taken)
    print(
        f"{len(taken)} reservations: median {median:.2f} ms, 99 % within {late:.2f} ms, {share:.1%} below {LIMIT} ms"
    )
    raise SystemExit(median >= LIMIT)


if __name__ == "__main__":
    main()
