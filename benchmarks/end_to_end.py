"""Whole visits: list and articles fetched, read, archived; then once more with nothing new.

``python -m benchmarks.end_to_end [--hosts 50] [--articles 40] [--peers]``: a local site, politeness off,
a fresh database, ``tonggao run`` as users run it. Prints articles a second, processor time of the main
process with its readers and of the server, commits an article, connections. ``--peers``: Scrapy with
trafilatura on the same site, which archives nothing (extra ``peers``).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from benchmarks.archive_database import SETTINGS
from benchmarks.archive_load import server_seconds
from scraper.database import migrate
from scraper.database.embedded import cluster as clusters


@contextmanager
def made_site(hosts: int, articles: int) -> Iterator[int]:
    """The site in a process of its own; its port. What was asked of it is printed at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "benchmarks.made_site", str(port), str(hosts), str(articles)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        if process.stdout is None or process.stdout.readline() != "ready\n":
            raise RuntimeError("the site did not start")
        try:
            yield port
        finally:
            process.terminate()
            print(f"  the site: {process.stdout.read().strip()}", flush=True)


def _sources(folder: Path, hosts: int) -> list[str]:
    folder.mkdir()
    names = [f"h{number:03d}" for number in range(hosts)]
    for name in names:
        (folder / f"{name}.toml").write_text(
            f'id = "made.{name}"\nname = "{name}要闻"\npublisher = "{name}"\nkind = "gov-portal"\n'
            f'lists = ["http://{name}.test/col/index.html"]\nmax_pages = 1\n',
            "utf-8",
        )
    return names


def _environment(folder: Path, names: list[str], port: int, url: str) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("TONGGAO_")}
    return {
        **inherited,
        "TONGGAO_CONFIG": os.devnull,
        "TONGGAO_DATABASE_URL": url,
        "TONGGAO_SOURCES_DIR": str(folder),
        "TONGGAO_TEST_HOSTS": json.dumps({f"{n}.test": f"127.0.0.1:{port}" for n in names}),
        "TONGGAO_HOST_INTERVAL": "0",
        "TONGGAO_HOST_JITTER": "0",
        "TONGGAO_LOG_LEVEL": "error",
    }


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _commits(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT sum(xact_commit) FROM pg_stat_database").fetchone()
    return int(row[0]) if row else 0


def _visited(name: str, home: Path, url: str, environment: dict[str, str], articles: int) -> float:
    """Seconds of one `tonggao run` over everything."""
    command = [sys.executable, "-m", "scheduler", "run", "made", "--json"]
    ours, theirs, commits, began = _spent(), server_seconds(home), _commits(url), time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own
        command, env=environment, capture_output=True, text=True, check=True
    )
    seconds = time.monotonic() - began
    told = [json.loads(line) for line in done.stdout.splitlines() if line]
    new, same = (sum(each[key] for each in told) for key in ("new", "unchanged"))
    print(
        f"{name}: {articles / seconds:.0f} articles/s in {seconds:.1f} s (load "
        f"{os.getloadavg()[0] / (os.cpu_count() or 1):.1f} a core); processor time an article: "
        f"{(_spent() - ours) / articles * 1000:.1f} ms ours, "
        f"{(server_seconds(home) - theirs) / articles * 1000:.1f} ms the server's; "
        f"{(_commits(url) - commits) / articles:.1f} commits; {new} new, {same} unchanged",
        flush=True,
    )
    return seconds


def measure(hosts: int, articles: int) -> None:
    """Two runs over a fresh database."""
    home = Path(tempfile.mkdtemp(prefix="tonggao-bench-"))
    home.chmod(0o755)
    cluster = clusters.open_cluster(home / "cluster", settings=SETTINGS)
    clusters.initialise(cluster)
    clusters.start(cluster)
    try:
        with psycopg.connect(clusters.url(cluster, "postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench ENCODING 'UTF8' TEMPLATE template0")
        url = clusters.url(cluster, "bench")
        asyncio.run(migrate(url))
        names = _sources(home / "sources", hosts)
        count = hosts * articles
        with made_site(hosts, articles) as port:
            environment = _environment(home / "sources", names, port, url)
            _visited("first", home, url, environment, count)
        with made_site(hosts, articles) as port:
            environment = _environment(home / "sources", names, port, url)
            _visited("again", home, url, environment, count)
    finally:
        clusters.stop(cluster)
        shutil.rmtree(home)


def measure_peer(hosts: int, articles: int) -> None:
    """Scrapy with trafilatura in one process, on the same site."""
    with tempfile.TemporaryDirectory() as folder, made_site(hosts, articles) as port:
        file, began, spent = Path(folder, "records.jsonl"), time.monotonic(), _spent()
        command = [sys.executable, "-m", "benchmarks.peer_spider", str(port), str(hosts), str(file)]
        subprocess.run(command, check=True)  # noqa: S603 - our own
        seconds, lines = time.monotonic() - began, len(file.read_text("utf-8").splitlines())
        print(
            f"scrapy with trafilatura: {lines / seconds:.0f} articles/s in {seconds:.1f} s; "
            f"{(_spent() - spent) / max(lines, 1) * 1000:.1f} ms of a processor an article; {lines} read",
            flush=True,
        )


def main() -> None:
    """Measure as asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    measure(options.hosts, options.articles)
    if options.peers:
        measure_peer(options.hosts, options.articles)


if __name__ == "__main__":
    main()
