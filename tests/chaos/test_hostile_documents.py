"""Two daemons, one healthy source, and every document that once held a process for a minute or more.

The healthy list is read all the while, ``/healthz`` answers, and SIGTERM ends both daemons in time.
``make test-chaos``; TONGGAO_TEST_HOSTILE_SECONDS sets how long it goes on (default 100).
"""

from __future__ import annotations

import asyncio
import gzip
import itertools
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from scheduler.schedule.claims import enabled_sources
from scraper.database import open_pool
from scraper.sources import load_catalogue
from scraper.sources.switching import switch_sources
from scraper.visit import register_sources

pytestmark = pytest.mark.chaos

ROOT = Path(__file__).resolve().parents[2]
SECONDS = float(os.environ.get("TONGGAO_TEST_HOSTILE_SECONDS", "100"))
LONGEST_GAP = 60.0
"""Seconds between two reads of the healthy list, which is due every ten."""
STOPPED_WITHIN = 25.0
HEALTHY_WITHIN = 5.0
EVERY = "10s"

_LONG = "/1" * 1_900
_ROW = "<li><a href='{href}'>第{n}条新闻的标题写在这里</a><span>2026-09-01</span></li>"
_DATED = "<a href='/202609/t20260901_{n}.html'>第{n}条新闻的标题写在这里</a>"

DOCUMENTS: dict[str, bytes] = {
    "calls": b"<script>" + b"reatePage" * 34_000,
    "parameters": b"x.jpage( columnid data={" + b"columnid " * 12_000,
    "group": b"<datastore>" + b"<nextgroup>" * 20_000,
    "addresses": "".join(
        _ROW.format(href=f"{_LONG}{n}.html", n=n) for n in range(2_000)
    ).encode() + b"channelId",
    "folders": b"channelId" + _LONG.encode() * 80,
    "comments": b"<!--" * 8_000,
    "titles": b"<title>" * 4_600,
    "scripts": b"<script>" * 4_000,
    "tags": b"<" * 32_000,
    "feed": b"<rss><channel>" + b"<item><title>" * 60_000,
    "sitemap": gzip.compress(b"<urlset>" + b"<url><loc>http://a/1" * 400_000),
    "json": b'{"data":' + b"[" * 400_000,
    "blanks": b"<ul>" + b" " * 2_000_000,
    "nesting": b"<div>" * 300_000,
}  # fmt: skip
"""List pages and articles that took, or would take, the square of their length and more."""

HEADERS = {"comments": {"content-type": "text/html; charset" + " " * 6_000}}
STATUS = {"comments": 403, "titles": 403, "scripts": 403}


@dataclass
class Site:
    """Serves one healthy column, a hostile one for each document, and one of hostile articles."""

    reads: list[float] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while request := await reader.readuntil(b"\r\n\r\n"):
                head = request.decode("latin-1").split("\r\n")
                host = next(line[6:] for line in head if line.lower().startswith("host: "))
                writer.write(self.answer(host.partition(".")[0], head[0].split(" ")[1]))
                await writer.drain()
        writer.close()

    def answer(self, name: str, path: str) -> bytes:
        self.asked[name] = self.asked.get(name, 0) + 1
        if path == "/robots.txt":
            return _response(404, b"", {})
        if name == "healthy":
            self.reads.append(time.monotonic())
            rows = "".join(f"<li>{_DATED.format(n=n)}</li>" for n in range(9))
            return _response(200, f"<ul>{rows}</ul>".encode(), {})
        if name == "articles" and path == "/col/":
            rows = "".join(f"<li><a href='/202609/t20260901_{n}.html?{key}'>第{n}条新闻的标题写在这里</a></li>"
                           for n, key in enumerate(DOCUMENTS))  # fmt: skip
            return _response(200, f"<ul>{rows}</ul>".encode(), {})
        key = path.partition("?")[2] or name
        document = DOCUMENTS.get(key, b"")
        return _response(STATUS.get(key, 200), document, HEADERS.get(key, {}))


def _response(status: int, body: bytes, headers: dict[str, str]) -> bytes:
    lines = {
        "content-type": "text/html; charset=utf-8",
        "content-length": str(len(body)),
        **headers,
    }
    told = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} X\r\n{told}\r\n".encode() + body


def write_sources(folder: Path) -> None:
    folder.mkdir()
    for name in ("healthy", "articles", *DOCUMENTS):
        (folder / f"{name}.toml").write_text(
            f'id = "hostile.{name}"\nname = "{name}"\npublisher = "甲县"\nkind = "gov-portal"\n'
            f'lists = ["http://{name}.test/col/"]\nevery = "{EVERY}"\nmax_pages = 1\n',
            "utf-8",
        )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def daemon(
    folder: Path, url: str, site: int, port: int
) -> AsyncIterator[asyncio.subprocess.Process]:
    hosts = {f"{n}.test": f"127.0.0.1:{site}" for n in ("healthy", "articles", *DOCUMENTS)}
    with (folder / f"{port}.log").open("w") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "scheduler", "daemon"),
            cwd=ROOT,
            stdout=log,
            stderr=log,
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("TONGGAO_")},
                "TONGGAO_CONFIG": str(folder / "none.toml"),
                "TONGGAO_SOURCES_DIR": str(folder / "sources"),
                "TONGGAO_DATABASE_URL": url,
                "TONGGAO_TEST_HOSTS": json.dumps(hosts),
                "TONGGAO_HOST_INTERVAL": "0.2",
                "TONGGAO_HOST_JITTER": "0",
                "TONGGAO_METRICS_PORT": str(port),
                "TONGGAO_LOG_FORMAT": "json",
            },
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def is_healthy(port: int) -> bool:
    async with httpx.AsyncClient(timeout=HEALTHY_WITHIN) as client:
        try:
            return (await client.get(f"http://127.0.0.1:{port}/healthz")).status_code == 200
        except httpx.TransportError:
            return False


async def test_no_document_halts_a_daemon(database_url: str, tmp_path: Path) -> None:
    write_sources(tmp_path / "sources")
    site = Site()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, limit=1 << 20)
    place = server.sockets[0].getsockname()[1]
    async with open_pool(database_url) as pool:
        chosen = list(load_catalogue(tmp_path / "sources").select(ids=[
            f"hostile.{name}" for name in ("healthy", "articles", *DOCUMENTS)
        ]))  # fmt: skip
        await register_sources(pool, chosen)
        await switch_sources(pool, [source.id for source in chosen], on=True)
        assert len(await enabled_sources(pool)) == len(chosen)
    ports = (free_port(), free_port())
    silent, looks = 0, 0
    async with (
        daemon(tmp_path, database_url, place, ports[0]) as first,
        daemon(tmp_path, database_url, place, ports[1]) as second,
    ):
        async with asyncio.timeout(90):
            while not site.reads:
                await asyncio.sleep(0.2)
        began = time.monotonic()
        while time.monotonic() < began + SECONDS:
            await asyncio.sleep(2)
            looks += 2
            silent += sum(not each for each in [await is_healthy(port) for port in ports])
        told = time.monotonic()
        for process in (first, second):
            process.send_signal(signal.SIGTERM)
        codes = [await asyncio.wait_for(each.wait(), STOPPED_WITHIN) for each in (first, second)]
        stopped = time.monotonic() - told
    server.close()
    times = [began, *(at for at in site.reads if at > began), told]
    gap = max(after - before for before, after in itertools.pairwise(times))
    print(f"\nhealthy list read {len(site.reads)} times, longest gap {gap:.1f} s; /healthz silent "
          f"{silent} of {looks}; stopped in {stopped:.1f} s; asked: {site.asked}")  # fmt: skip
    assert set(site.asked) == {"healthy", "articles", *DOCUMENTS}
    assert gap <= LONGEST_GAP
    assert silent == 0
    assert codes == [0, 0]
