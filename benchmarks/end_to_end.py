"""Whole visits: list and articles fetched, read, archived; then once more with nothing new.

``python -m benchmarks.end_to_end [--hosts 50] [--articles 40] [--rounds 1] [--before PYTHON] [--peers]``:
a local site, politeness off, a fresh database, ``tonggao run`` as users run it. Prints articles a second,
processor time an article of the main process, of its readers and of the server, commits, connections.
``--before``: the Python of another version's environment, whose runs are made in turns with ours.
``--peers``: Scrapy with trafilatura and with GNE on the same site, which archive nothing (extra ``peers``);
it is an error if one of them does not read every article.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from benchmarks.archive_database import SETTINGS
from benchmarks.archive_load import server_seconds
from scraper.database.embedded import cluster as clusters

_COMPILED = """
import compileall, scheduler, scraper
for package in (scheduler, scraper):
    compileall.compile_dir(package.__path__[0], quiet=2)
"""
"""What pip does at an installation, and what nothing has done in a fresh clone."""


@dataclass(frozen=True, slots=True)
class Used:
    """What a program took: seconds by the clock, and of a processor, itself and its children."""

    seconds: float
    itself: float
    children: float
    printed: str


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
            print(f"    the site: {process.stdout.read().strip()}", flush=True)


def run_all(
    commands: Sequence[Sequence[str]],
    environment: dict[str, str] | None = None,
    folder: Path | None = None,
) -> Used:
    """Run programs side by side to their ends; in a folder, for Python looks for modules where it is.

    Raises:
        subprocess.CalledProcessError: one of them failed.
    """
    began = time.monotonic()
    running = [
        subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own
        for command in commands
    ]
    printed = "".join(process.stdout.read() for process in running if process.stdout)
    itself = children = 0.0
    for process in running:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended and is still there
        fields = Path(f"/proc/{process.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        ticks = os.sysconf("SC_CLK_TCK")
        itself += (int(fields[11]) + int(fields[12])) / ticks
        children += (int(fields[13]) + int(fields[14])) / ticks
        if process.wait():
            raise subprocess.CalledProcessError(process.returncode, process.args)
    return Used(time.monotonic() - began, itself, children, printed)


def _load() -> str:
    return f"load {os.getloadavg()[0] / (os.cpu_count() or 1):.1f} a core"


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
    dropped = ("TONGGAO_", "PYTHONDONTWRITEBYTECODE")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(dropped)}
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


def _commits(url: str) -> int:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute("SELECT sum(xact_commit) FROM pg_stat_database").fetchone()
    return int(row[0]) if row else 0


def _visited(
    name: str, python: str, home: Path, url: str, environment: dict[str, str], articles: int
) -> float:
    """Seconds of one `tonggao run` over everything."""
    theirs, commits = server_seconds(home), _commits(url)
    used = run_all([[python, "-m", "scheduler", "run", "made", "--json"]], environment, home)
    told = [json.loads(line) for line in used.printed.splitlines() if line]
    new, same = (sum(each[key] for each in told) for key in ("new", "unchanged"))
    server, commits = server_seconds(home) - theirs, _commits(url) - commits
    print(
        f"{name}: {articles / used.seconds:.0f} articles/s in {used.seconds:.1f} s ({_load()}); processor "
        f"time an article: {used.itself / articles * 1000:.1f} ms the main process, "
        f"{used.children / articles * 1000:.1f} ms its readers, {server / articles * 1000:.1f} ms the "
        f"server; {commits / articles:.1f} commits; {new} new, {same} unchanged",
        flush=True,
    )
    if new + same != articles:
        raise RuntimeError(f"{articles - new - same} articles were not archived")
    return used.seconds


def measure(name: str, python: str, hosts: int, articles: int) -> None:
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
        names = _sources(home / "sources", hosts)
        environment = _environment(home / "sources", names, 0, url)
        run_all([[python, "-c", _COMPILED]], environment, home)
        run_all([[python, "-m", "scheduler", "init"]], environment, home)
        took = []
        for which in ("first", "again"):
            with made_site(hosts, articles) as port:
                environment = _environment(home / "sources", names, port, url)
                line = f"{name}, {which}"
                took.append(_visited(line, python, home, url, environment, hosts * articles))
        print(f"    the second run took {took[1] / took[0]:.2f} of the first's time", flush=True)
    finally:
        clusters.stop(cluster)
        shutil.rmtree(home)


def measure_peer(reader: str, processes: int, hosts: int, articles: int) -> None:
    """Scrapy on the same site, the hosts shared out to its processes.

    Raises:
        RuntimeError: it did not read every article.
    """
    with tempfile.TemporaryDirectory() as folder, made_site(hosts, articles) as port:
        shares = [hosts * number // processes for number in range(processes + 1)]
        files = [Path(folder, f"{number}.jsonl") for number in range(processes)]
        spider = [sys.executable, "-m", "benchmarks.peer_spider", reader, str(port)]
        used = run_all(
            [
                [*spider, str(first), str(end), str(file)]
                for first, end, file in zip(shares, shares[1:], files, strict=False)
            ]
        )
        lines = sum(len(file.read_text("utf-8").splitlines()) for file in files)
        print(
            f"scrapy with {reader}, {processes} process{'es' * (processes > 1)}: {lines / used.seconds:.0f} "
            f"articles/s in {used.seconds:.1f} s ({_load()}); {used.itself / max(lines, 1) * 1000:.1f} ms "
            f"of a processor an article; {lines} read",
            flush=True,
        )
    if lines != hosts * articles:
        raise RuntimeError(f"scrapy with {reader} read {lines} of {hosts * articles} articles")


def main() -> None:
    """Measure as asked."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--hosts", type=int, default=50)
    parser.add_argument("--articles", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--before", metavar="PYTHON")
    parser.add_argument("--peers", action="store_true")
    options = parser.parse_args()
    for _ in range(options.rounds):
        if options.before:
            measure("before", options.before, options.hosts, options.articles)
        measure("tonggao", sys.executable, options.hosts, options.articles)
        for reader, processes in (("trafilatura", 1), ("trafilatura", 2), ("gne", 1)):
            if options.peers:
                measure_peer(reader, processes, options.hosts, options.articles)


if __name__ == "__main__":
    main()
