"""What politeness and bookkeeping cost: the fetcher against a bare httpx loop, in one run.

    python -m benchmarks.fetch_overhead [--pages 5000] [--hosts 500] [--concurrency 50] [--rounds 3]

Both bring the same small pages from the same local hosts (500 addresses of loopback, one server
process) with the same number of requests under way. The fetcher reserves each host in PostgreSQL,
asks robots.txt, writes attempts, limits and digests bodies; the bare loop does none of this. The
rest between requests is set to 0 for the fetcher, else the budget alone would decide the rate.
Robots.txt of each host is fetched within the time that is measured. Prints pages a second and the
ratio of each round; exits with 1 if the median ratio is below ``--least``.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from multiprocessing.connection import Connection
from pathlib import Path

import httpx
import psycopg

from scraper.database import migrate, open_pool
from scraper.database.embedded import cluster as clusters
from scraper.fetch import Fetcher, FetchPolicy, HostRules, Request

BODY = (
    b"<html><body><h1>Title</h1>" + b"<p>A paragraph of a small page.</p>" * 60 + b"</body></html>"
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(BODY)
SLICE = 500
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


class Pages(asyncio.Protocol):
    """Answers every request with the same page, and has no robots.txt."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer: the requests of this benchmark come whole and one at a time."""
        missing = data.startswith(b"GET /robots.txt")
        self.transport.write(MISSING if missing else HEAD + BODY)  # type: ignore[attr-defined]


def serve(ready: Connection) -> None:
    """Serve on every address of loopback until killed."""

    async def main() -> None:
        server = await asyncio.get_running_loop().create_server(Pages, "0.0.0.0", 0, backlog=2048)  # noqa: S104
        ready.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


Work = Callable[[str], Awaitable[None]]


async def in_parallel(work: Work, urls: list[str], concurrency: int) -> float:
    """Work through the URLs with so many under way; give the seconds it took."""
    left = iter(urls)

    async def worker() -> None:
        for url in left:
            await work(url)

    begun = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(concurrency)))
    return time.perf_counter() - begun


async def race(
    pairs: list[tuple[str, str]], concurrency: int, policy: FetchPolicy, database: str
) -> tuple[float, float]:
    """Seconds of the bare loop and of the fetcher, turn by turn in slices of the pages.

    So whatever else the machine does meanwhile slows both. The bare loop has httpx's own limits:
    told to keep 500 connections alive, it is 20 times slower.
    """
    rules = HostRules(minimum_interval=0.0, override_interval=True)
    bare = ours = 0.0
    async with AsyncExitStack() as opened:
        client = httpx.AsyncClient(timeout=20, trust_env=False)
        await opened.enter_async_context(client)
        pool = await opened.enter_async_context(open_pool(database))
        fetcher = await opened.enter_async_context(Fetcher(pool, policy))

        async def bring(url: str) -> None:
            (await client.get(url)).raise_for_status()

        async def fetch(url: str) -> None:
            (await fetcher.fetch(Request(url=url, source_id="bench", rules=rules))).require()

        for start in range(0, len(pairs), SLICE):
            plain, named = zip(*pairs[start : start + SLICE], strict=True)
            bare += await in_parallel(bring, list(plain), concurrency)
            ours += await in_parallel(fetch, list(named), concurrency)
    return bare, ours


def new_database(server: str, number: int) -> str:
    """A migrated database of its own for a round."""
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE round_{number} ENCODING 'UTF8' TEMPLATE template0")  # type: ignore[call-overload]
    database = f"{server} dbname=round_{number}"
    asyncio.run(migrate(database))
    return database


def addresses(hosts: int) -> dict[str, str]:
    """Host names and the loopback address of each."""
    return {f"h{n}.test": f"127.1.{n // 250}.{n % 250 + 1}" for n in range(hosts)}


def compare(options: argparse.Namespace, port: int, server: str) -> float:
    """Run the rounds; give the median ratio."""
    known = addresses(options.hosts)
    policy = FetchPolicy(
        test_hosts={name: (address, port) for name, address in known.items()},
        connections=options.hosts,
        trust_environment=False,
        jitter=0.0,
    )
    pages = range(options.pages)
    names, places = list(known), list(known.values())
    pairs = [
        (
            f"http://{places[n % options.hosts]}:{port}/{n}.html",
            f"http://{names[n % options.hosts]}/{n}.html",
        )
        for n in pages
    ]
    ratios = []
    for number in range(options.rounds):
        database = new_database(server, number)
        bare, ours = asyncio.run(race(pairs, options.concurrency, policy, database))
        ratios.append(bare / ours)
        print(
            f"bare {len(pages) / bare:5.0f}/s  fetcher {len(pages) / ours:5.0f}/s  "
            f"ratio {ratios[-1]:.2f}",
            flush=True,
        )
    return statistics.median(ratios)


def main() -> None:
    """Start the servers, compare, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--hosts", type=int, default=500)
    parser.add_argument("--concurrency", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--least", type=float, default=0.6)
    options = parser.parse_args()
    ours_end, theirs_end = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(theirs_end,), daemon=True)
    process.start()
    with tempfile.TemporaryDirectory(prefix="tonggao-bench-") as folder:
        Path(folder).chmod(0o755)
        cluster = clusters.open_cluster(Path(folder))
        clusters.initialise(cluster)
        clusters.start(cluster)
        try:
            server = f"host={cluster.socket} user={clusters.OWNER}"
            median = compare(options, ours_end.recv(), server)
        finally:
            clusters.stop(cluster)
            process.terminate()
    print(f"median ratio {median:.2f} (at least {options.least})")
    raise SystemExit(median < options.least)


if __name__ == "__main__":
    main()
