"""The politeness proof: many processes, one server, and the server's own log decides.

    python -m benchmarks.fetch_politeness [--seconds 600] [--processes 4] [--hosts 50] [--interval 3]

The processes know each other only through PostgreSQL. Each asks every host for page after page as
fast as it is allowed to, for the time given; one of them is killed in the middle, holding leases.
Afterwards the log of the server, in which robots.txt counts like any other request, must show no
two starts on one host closer than the interval, and at least 90 % of the slots used: a slot is the
interval plus the mean of the jitter, and the killed process's leases count as used.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import multiprocessing
import os
import signal
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ClassVar

from scraper.database import migrate, open_pool
from scraper.database.embedded import cluster as clusters
from scraper.fetch import Fetcher, FetchPolicy, Request

ANSWER = b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: 11\r\n\r\n<p>page</p>"


@dataclass(frozen=True, slots=True)
class Run:
    """What is tried: seconds, processes, hosts, interval and jitter in seconds."""

    seconds: float
    processes: int
    hosts: int
    interval: float
    jitter: float
    kill: bool = True

    @property
    def names(self) -> list[str]:
        """The hosts."""
        return [f"site{number}.test" for number in range(self.hosts)]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the server saw.

    Attributes:
        starts: requests in all, robots.txt among them.
        closest: seconds between the closest two on one host.
        used: the share of the possible slots that was used.
        fairness: starts of the process that had fewest for those of the one that had most,
            the killed one left out.
    """

    starts: int
    closest: float
    used: float
    fairness: float


class Log(asyncio.Protocol):
    """Answers and writes down host and time of each request, when its first byte is there."""

    starts: ClassVar[defaultdict[str, list[float]]] = defaultdict(list)
    pages: ClassVar[Counter[str]] = Counter()
    begun: ClassVar[asyncio.Event] = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Write down and answer: requests come whole and one at a time here."""
        at = time.monotonic()
        host = data.lower().partition(b"\r\nhost: ")[2].partition(b"\r\n")[0].decode()
        self.begun.set()
        self.starts[host].append(at)
        self.pages[data.split(b"/", 2)[1].decode("latin-1")] += 1
        status = b"404 Missing" if data.startswith(b"GET /robots.txt") else b"200 OK"
        self.transport.write(ANSWER % status)  # type: ignore[attr-defined]


def serve(way: Connection) -> None:
    """Serve; tell the port, tell that the first request has come; told to stop, hand the log over."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Log, "127.0.0.1", 0, backlog=2048)
        way.send(server.sockets[0].getsockname()[1])
        await Log.begun.wait()
        way.send("begun")
        await loop.run_in_executor(None, way.recv)
        way.send((dict(Log.starts), Log.pages))

    asyncio.run(main())


def crawl(run: Run, port: int, database: str) -> None:
    """One process: a task for each host, asking for page after page."""

    async def main() -> None:
        policy = FetchPolicy(
            test_hosts=dict.fromkeys(run.names, ("127.0.0.1", port)),
            minimum_interval=run.interval,
            jitter=run.jitter,
            total_timeout=10.0,
            trust_environment=False,
        )
        async with open_pool(database) as pool, Fetcher(pool, policy) as fetcher:

            async def follow(name: str) -> None:
                for number in itertools.count():
                    await fetcher.fetch(Request(url=f"http://{name}/{os.getpid()}/{number}"))

            async with asyncio.TaskGroup() as tasks:
                for name in run.names:
                    tasks.create_task(follow(name))

    asyncio.run(main())


def prove(run: Run, database: str) -> Proof:
    """Do the run against a migrated database and read the server's log."""
    spawn = multiprocessing.get_context("spawn")
    way, theirs = spawn.Pipe()
    server = spawn.Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    port = way.recv()
    crawlers = [
        spawn.Process(target=crawl, args=(run, port, database), daemon=True)
        for _ in range(run.processes)
    ]
    for crawler in crawlers:
        crawler.start()
    way.recv()
    _wait(run, crawlers)
    way.send("stop")
    starts, pages = way.recv()
    survivors = [pages[str(each.pid)] for each in crawlers[: -1 if run.kill else None]]
    for process in (*crawlers, server):
        process.kill()
        process.join()
    return judge(run, starts, min(survivors) / max(1, *survivors))


def _wait(run: Run, crawlers: Sequence[multiprocessing.process.BaseProcess]) -> None:
    time.sleep(run.seconds / 2)
    victim = crawlers[-1].pid
    if run.kill and victim is not None:
        os.kill(victim, signal.SIGKILL)
    time.sleep(run.seconds / 2)


def judge(run: Run, starts: dict[str, list[float]], fairness: float) -> Proof:
    """Read the log: the closest starts, and the slots used between the first and the last."""
    every = sorted(at for host in starts.values() for at in host)
    slot = run.interval + run.jitter / 2
    possible = run.hosts * ((every[-1] - every[0]) / slot + 1)
    gaps = [after - at for host in starts.values() for at, after in itertools.pairwise(host)]
    return Proof(len(every), min(gaps, default=0.0), len(every) / possible, fairness)


def main() -> None:
    """Start a database, do the run, print; exit with 1 if the proof fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--interval", type=float, default=3.0)
    parser.add_argument("--jitter", type=float, default=0.5)
    run = Run(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory(prefix="tonggao-polite-") as folder:
        Path(folder).chmod(0o755)
        cluster = clusters.open_cluster(Path(folder))
        clusters.initialise(cluster)
        clusters.start(cluster)
        database = f"host={cluster.socket} user={clusters.OWNER} dbname=postgres"
        try:
            asyncio.run(migrate(database))
            proof = prove(run, database)
        finally:
            clusters.stop(cluster)
    print(
        f"{run.processes} processes, {run.hosts} hosts, {run.seconds:.0f} s: {proof.starts} starts, "
        f"closest two {proof.closest:.3f} s (at least {run.interval}), "
        f"slots used {proof.used:.1%} (at least 90 %), "
        f"least busy process for busiest {proof.fairness:.2f}"
    )
    raise SystemExit(not (proof.closest >= run.interval and proof.used >= 0.9))


if __name__ == "__main__":
    main()
