"""What watches cost: processor time of a day's releases held against many watches, and how late they are.

``python -m benchmarks.watches --watches 1000 --releases 10000``: an archive of its own; the time is that of this
process and of all processes of its server, as the kernel counts it. Releases come in rounds of some each, as a
daemon that looks every quarter of a minute finds them.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from scheduler.cli.daemon import WATCHES_SECONDS, watch_duties
from scraper.archive import Archive, Observation, ensure_partitions
from scraper.archive.watching import keeping
from scraper.archive.watching.evaluation import Evaluator
from scraper.archive.watching.events import read_wanted
from scraper.archive.watching.keeping import NewWatch
from scraper.clock import now
from scraper.database import Pool, migrate, open_pool
from scraper.database.embedded import cluster as clusters
from scraper.record.release import Release

TICK = os.sysconf("SC_CLK_TCK")
IDLE_LOOKS = 500
SIGNS = 900
"""Characters of a text, about the median of the corpus."""


@contextmanager
def server() -> Iterator[tuple[str, Path]]:
    """A server that ends with the block; its connection string and its folder."""
    folder = Path(tempfile.mkdtemp(prefix="tonggao-bench-"))
    folder.chmod(0o755)
    cluster = clusters.open_cluster(folder)
    clusters.initialise(cluster)
    clusters.start(cluster)
    try:
        with psycopg.connect(clusters.url(cluster, "postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench ENCODING 'UTF8' TEMPLATE template0")
        yield clusters.url(cluster, "bench"), folder
    finally:
        clusters.stop(cluster)
        shutil.rmtree(folder)


class Meter:
    """Processor seconds of this process and of a server's, without what the counting itself takes."""

    def __init__(self, folder: Path) -> None:
        pid = next(folder.rglob("postmaster.pid")).read_text("ascii").split()[0]
        self._server = int(pid)
        self.total = 0.0

    async def count(self, work: Callable[[], Awaitable[object]]) -> None:
        """Do some work and add what it takes."""
        before = self._of_server()
        began = time.process_time()
        await work()
        self.total += time.process_time() - began + self._of_server() - before

    def _of_server(self) -> float:
        return _of(self._server) + sum(map(_of, _children(self._server)))


def _children(parent: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def _of(pid: int) -> float:
    """Its own, and of the children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / TICK


class Language:
    """Words as common as words are: the n-th of them stands n times less often than the first."""

    def __init__(self, chance: random.Random, words: int = 20_000) -> None:
        self._chance = chance
        signs = [
            bytes((row, column)).decode("gb2312")
            for row in range(0xB0, 0xD7)
            for column in range(0xA1, 0xFF)
        ]
        self.words = [
            "".join(chance.choices(signs, k=chance.choice((2, 2, 2, 3, 4)))) for _ in range(words)
        ]
        self._weights = [1 / (rank + 3) for rank in range(words)]

    def text(self, signs: int) -> str:
        """A text of about so many characters."""
        return "".join(self._chance.choices(self.words, self._weights, k=signs // 2))[:signs]

    def query(self) -> str:
        """Words that somebody might ask for: one that is neither common nor never used, and more."""
        words = [
            self._chance.choice(self.words[1000:]) for _ in range(self._chance.choice((1, 1, 2)))
        ]
        if self._chance.random() < 0.2:
            words.append("-" + self._chance.choice(self.words[:200]))
        if self._chance.random() < 0.2:
            words.append("| " + self._chance.choice(self.words[200:8000]))
        return " ".join(words)


async def prepare(pool: Pool, language: Language, watches: int) -> None:
    """Sources and watches."""
    await ensure_partitions(pool)
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO tonggao.source (source_id, name, publisher, region, kind, lists)"
            " SELECT 'bench.s' || n, 's', 'p', '120000', 'gov-portal', '{}' FROM generate_series(0, 49) AS n"
        )
    for number in range(watches):
        region = "12" if number % 3 == 0 else None
        wanted = read_wanted("new,edit,withdrawn,restored,carried:3")
        await keeping.add(pool, NewWatch(language.query(), wanted, region=region), None)


def observed(language: Language, number: int) -> Observation:
    """A release that is dated today."""
    url = f"https://bench.example/{number}.html"
    paragraphs = tuple(language.text(SIGNS // 5) for _ in range(5))
    release = Release(
        title=language.text(20), paragraphs=paragraphs, url=url, published_at=now(),
        published_precision="minute", region=("120000",), parser_version="1",
    )  # fmt: skip
    body = "\n".join(paragraphs).encode()
    return Observation(
        url=url,
        release=release,
        source_id=f"bench.s{number % 50}",
        fetched_at=now(),
        body=body,
        status=200,
    )


async def measure(url: str, folder: Path, asked: argparse.Namespace) -> None:
    """Store in rounds, evaluate after each, and print the figures."""
    language = Language(random.Random(asked.seed))
    await migrate(url)
    async with open_pool(url) as pool:
        await prepare(pool, language, asked.watches)
        archive, evaluator = Archive(pool), Evaluator(pool)
        await evaluator.catch_up()
        meter, late = Meter(folder), list[float]()
        for first in range(0, asked.releases, asked.round):
            stored = time.monotonic()
            for number in range(first, min(first + asked.round, asked.releases)):
                await archive.store(observed(language, number))
            await meter.count(evaluator.catch_up)
            late.append(time.monotonic() - stored)
        cost = meter.total

        watches, messages = watch_duties(pool, None)

        async def looks() -> None:
            for _ in range(IDLE_LOOKS):
                await watches.work()
                await messages.work()

        await meter.count(looks)
        idle = (meter.total - cost) / IDLE_LOOKS
        async with pool.connection() as connection:
            row = await (
                await connection.execute("SELECT count(*) FROM tonggao.watch_match")
            ).fetchone()
    ticks = 24 * 3600 / WATCHES_SECONDS
    print(
        f"{asked.watches} watches, {asked.releases} releases in rounds of {asked.round}, {row and row[0]} matches"
    )
    print(
        f"evaluation: {cost:.1f} s of processor time; {cost / asked.releases * 1000:.2f} ms a release"
    )
    print(f"a day's idle looks ({ticks:.0f}): {idle * ticks:.1f} s; {idle * 1000:.2f} ms each")
    print(
        f"10 000 releases a day with the idle looks: {cost / asked.releases * 10_000 + idle * ticks:.1f} s"
    )
    worst = statistics.quantiles(late, n=20)[-1] if len(late) > 1 else late[0]
    print(
        f"a round stored and noted, 95 in 100: {worst:.2f} s; with the look every {WATCHES_SECONDS:.0f} s at most {worst + WATCHES_SECONDS:.1f} s"
    )


def main() -> None:
    """Read the arguments and measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--watches", type=int, default=1000)
    parser.add_argument("--releases", type=int, default=10_000)
    parser.add_argument("--round", type=int, default=2, help="releases that a look finds")
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    with server() as (url, folder):
        asyncio.run(measure(url, folder, asked))


if __name__ == "__main__":
    main()
