"""The team's stored list pages, read over the network under their own host names."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from scheduler.settings import Settings
from scheduler.tools import open_tools
from scraper.database import Pool
from scraper.listing import Stop
from scraper.listing.walk import walk
from scraper.sources import Source
from scraper.visit import Tools, read_list_page, register_sources
from tests.quality.listing_score import key

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def replay(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of the replaying proxy and its certificate authority."""
    ca = tmp_path_factory.mktemp("replay") / "ca.pem"
    script, corpus = shared / "webreplay" / "webreplay.py", shared / "corpus"
    command = [sys.executable, str(script), str(corpus), "--port", "0", "--ca-out", str(ca)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    yield process.stderr.readline().split()[-1], ca
    process.kill()
    process.communicate()


@pytest.fixture
async def tools(
    pool: Pool, replay: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Tools]:
    address, ca = replay
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, address)
    monkeypatch.setenv("SSL_CERT_FILE", str(ca))
    settings = Settings(host_interval=0, host_jitter=0, parse_workers=0)
    async with open_tools(settings, pool) as opened:
        yield opened


async def test_stored_lists_are_walked_under_their_own_names(shared: Path, tools: Tools) -> None:
    lines = (shared / "corpus" / "listings.jsonl").read_text("utf-8").splitlines()
    entries = [entry for entry in map(json.loads, lines) if is_scored(entry)]
    engines = set()
    for number, entry in enumerate(entries):
        source = source_of(number, entry)
        await register_sources(tools.pool, [source])
        page = await first_page(source, tools)
        engines.add(page.listing.engine)
        wanted = {key(link["url"]) for link in entry["links"] if link["url"]}
        assert {key(link.url) for link in page.fresh} == wanted, entry["id"]
        assert page.stop in {Stop.LIMIT, Stop.END}
    assert engines == {"html", "trs", "jpage", "ucap", "feed", "json", "querylist"}


def is_scored(entry: dict) -> bool:  # type: ignore[type-arg]
    return bool(entry["url"] and entry["links"])


async def first_page(source: Source, tools: Tools):
    async def read_page(url: str, form):
        return await read_list_page(source, tools, None, url, form)

    async def known(_urls: Iterable[str]) -> set[str]:
        return set()

    pages = [page async for page in walk(source, read_page, known)]
    assert len(pages) == 1
    return pages[0]


def source_of(number: int, entry: dict) -> Source:  # type: ignore[type-arg]
    hosts = {urlsplit(link["url"]).hostname for link in entry["links"] if link["url"]}
    values = {
        "id": f"replay.l{number}", "name": entry["id"], "publisher": entry["host"], "kind": "gov-portal",
        "lists": entry["url"], "hosts": sorted(hosts), "max_pages": 1,
    }  # fmt: skip
    return Source.model_validate(values)
