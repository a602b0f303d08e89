"""Columns that share a host beside columns that do not: when does each of the latter get its turn?

``python -m benchmarks.scheduler_starvation [--tree FOLDER] [--seconds N]``: 58 columns on two hosts
(31 and 27, as in the catalogue) and 48 on hosts of their own, ten articles each, all due at once;
one daemon, an interval of 0.3 s. Printed is when the 48 had all their articles, and the longest time
in which none of them was asked for anything. ``--tree`` measures another checkout of tonggao.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import psycopg

from scraper.database.embedded import cluster as clusters

SHARED = {"shared-a.test": 31, "shared-b.test": 27}
OWN = 48
ARTICLES = 10
INTERVAL = 0.3
ROOT = Path(__file__).resolve().parents[1]
_LIST = re.compile(r"/col(\d+)/index\.html")
_ARTICLE = re.compile(r"/col(\d+)/t(\d+)\.html")


@dataclass
class Site:
    """Answers for all hosts; remembers when which article of which column was asked for."""

    asked: dict[tuple[str, int], list[float]] = field(default_factory=lambda: defaultdict(list))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n"):
                host = next(line[6:] for line in head if line.lower().startswith("host: "))
                writer.write(self.answer(host.split(":")[0], head[0].split(" ")[1]))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def answer(self, host: str, path: str) -> bytes:
        """A list, an article, or 404."""
        if found := _LIST.fullmatch(path):
            return _page(_listing(host, int(found[1])))
        if found := _ARTICLE.fullmatch(path):
            self.asked[host, int(found[1])].append(time.monotonic())
            return _page(_article(host, int(found[1]), int(found[2])))
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def _title(host: str, column: int, number: int) -> str:
    return f"{host.split('.', maxsplit=1)[0]}第{column}栏目召开第{number}次新闻发布会通报有关工作"


def _listing(host: str, column: int) -> str:
    rows = "".join(
        f'<li><a href="/col{column}/t{n}.html">{_title(host, column, n)}</a><span>2026-01-{n + 1:02d}</span></li>'
        for n in range(ARTICLES)
    )
    return f"<title>新闻发布</title></head><body><ul class='list'>{rows}</ul></body></html>"


def _article(host: str, column: int, number: int) -> str:
    name = _title(host, column, number)
    text = "".join(
        f"<p>{name}。会议介绍了第{part}项工作的进展，共完成{number * 7 + part}件。</p>"
        for part in range(5)
    )
    return (
        f'<title>{name}</title><meta name="ArticleTitle" content="{name}">'
        f'<meta name="PubDate" content="2026-01-{number + 1:02d} 09:00"></head>'
        f'<body><h1>{name}</h1><div class="TRS_Editor">{text}</div></body></html>'
    )


def _page(text: str) -> bytes:
    body = f'<!DOCTYPE html><html><head><meta charset="utf-8">{text}'.encode()
    head = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}"
    )
    return head.encode() + b"\r\n\r\n" + body


def write_sources(folder: Path) -> tuple[list[str], list[str]]:
    """The definitions; their ids, shared columns first as the catalogue has them, and the hosts."""
    folder.mkdir()
    columns = [(host, n) for host, count in SHARED.items() for n in range(count)]
    columns += [(f"own{n:02d}.test", 0) for n in range(OWN)]
    ids = []
    for place, (host, column) in enumerate(columns):
        ids.append(f"bench.c{place:03d}")
        (folder / f"{place:03d}.toml").write_text(
            f'id = "{ids[-1]}"\nname = "{host} {column}"\npublisher = "{host}"\nkind = "gov-portal"\n'
            f'lists = ["http://{host}/col{column}/index.html"]\nevery = "1h"\nmax_pages = 1\n',
            "utf-8",
        )
    return ids, sorted({host for host, _ in columns})


def environment(folder: Path, url: str, hosts: list[str], port: int) -> dict[str, str]:
    """What the processes of tonggao are told."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("TONGGAO_")}
    return {
        **inherited,
        "TONGGAO_CONFIG": str(folder / "none.toml"),
        "TONGGAO_SOURCES_DIR": str(folder / "sources"),
        "TONGGAO_TEST_HOSTS": json.dumps(dict.fromkeys(hosts, f"127.0.0.1:{port}")),
        "TONGGAO_HOST_INTERVAL": str(INTERVAL),
        "TONGGAO_HOST_JITTER": "0",
        "TONGGAO_PARSE_WORKERS": "0",
        "TONGGAO_DATABASE_URL": url,
    }


async def measure(folder: Path, tree: Path, seconds: float) -> Site:
    """Run a daemon until all is there or the time is over."""
    cluster = clusters.open_cluster(folder / "cluster", settings={"fsync": "off"})
    clusters.initialise(cluster)
    clusters.start(cluster)
    with psycopg.connect(clusters.url(cluster, "postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE bench ENCODING 'UTF8' TEMPLATE template0")
    site = Site()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    ids, hosts = write_sources(folder / "sources")
    told = environment(folder, clusters.url(cluster, "bench"), hosts, port)
    command = (sys.executable, "-m", "scheduler")
    try:
        async with await asyncio.start_server(site.serve, "127.0.0.1", port):
            for words in (("init",), ("sources", "enable", *ids)):
                await _told(command, words, tree, told)
            with (folder / "daemon.log").open("w") as log:
                daemon = await asyncio.create_subprocess_exec(
                    *command, "daemon", cwd=tree, env=told, stdout=log, stderr=log
                )
            await _make_due(clusters.url(cluster, "bench"))
            await _until_done(site, seconds)
            daemon.send_signal(signal.SIGTERM)
            await daemon.wait()
    finally:
        clusters.stop(cluster)
    return site


async def _told(
    command: tuple[str, ...], words: tuple[str, ...], tree: Path, told: dict[str, str]
) -> None:
    process = await asyncio.create_subprocess_exec(
        *command, *words, cwd=tree, env=told, stdout=asyncio.subprocess.DEVNULL
    )
    if await process.wait():
        raise RuntimeError(f"`tonggao {words[0]}` failed")


async def _make_due(url: str) -> None:
    """Due at once, the shared columns first, as when a daemon begins on the catalogue."""
    for _ in range(100):
        await asyncio.sleep(0.1)
        with psycopg.connect(url, autocommit=True) as connection:
            planned = connection.execute(
                "UPDATE tonggao.schedule SET next_due_at = now() - interval '30 s'"
                " + substr(source_id, 8)::integer * interval '1 ms' WHERE open_slot_at IS NULL"
            ).rowcount
        if planned:
            return


async def _until_done(site: Site, seconds: float) -> None:
    wanted = sum(SHARED.values()) + OWN
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await asyncio.sleep(0.5)
        if sum(len(times) >= ARTICLES for times in site.asked.values()) == wanted:
            return


def report(site: Site) -> None:
    """The table."""
    began = min(times[0] for times in site.asked.values())
    whole = {
        key: times[ARTICLES - 1] - began
        for key, times in site.asked.items()
        if len(times) >= ARTICLES
    }
    own = sorted(at for (host, _), at in whole.items() if host not in SHARED)
    shared = sorted(at for (host, _), at in whole.items() if host in SHARED)
    asked = sorted(
        at - began for (host, _), times in site.asked.items() if host not in SHARED for at in times
    )
    last = own[-1] if len(own) == OWN else asked[-1]
    moments = [0.0, *(at for at in asked if at <= last)]
    silence = max((later - sooner for sooner, later in pairwise(moments)), default=0.0)
    print(f"{'columns on their own hosts, all articles there':<52} {len(own)} of {OWN}")
    for share in (12, 24, 36, 48):
        told = f"{own[share - 1]:.1f} s" if len(own) >= share else "not within the time"
        print(f"{f'  {share} of them after':<52} {told}")
    print(f"{'longest time in which none of them was asked':<52} {silence:.1f} s")
    print(f"{'columns on the two shared hosts':<52} {len(shared)} of {sum(SHARED.values())}")
    if shared:
        print(f"{'  the last of them after':<52} {shared[-1]:.1f} s")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--tree", type=Path, default=ROOT)
    options.add_argument("--seconds", type=float, default=240.0)
    chosen = options.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="tonggao-starvation-"))
    folder.chmod(0o755)
    try:
        report(asyncio.run(measure(folder, chosen.tree.resolve(), chosen.seconds)))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
