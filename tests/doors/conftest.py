"""The demo's archive without its daemon, one for all tests of the doors: they only read it."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
import uvicorn
from starlette.types import ASGIApp

from scheduler.demo.conductor import SOURCES
from scheduler.demo.site import DemoRelease, DemoSite, load_site
from scraper import parse_release
from scraper.archive import Archive, Observation, sync_regions
from scraper.archive.observations.file import FileContent, FileReading, WantedFile
from scraper.archive.writing.file_store import FileArchive
from scraper.clock import SHANGHAI
from scraper.database import Pool, open_pool
from scraper.record.release import Attachment
from scraper.sources import load_catalogue
from scraper.visit import register_sources
from scraper.web import create_application
from scraper.web.archive import open_reading
from scraper.web.server import server_config
from tests.conftest import new_database

TODAY = dt.date(2026, 11, 24)
FIRST = dt.datetime(2026, 11, 24, 20, 0, tzinfo=SHANGHAI)
LATER = FIRST + dt.timedelta(hours=2)
PDF = b"%PDF-1.7 a list of bodies of water"
PDF_DIGEST = hashlib.sha256(PDF).hexdigest()
PDF_TEXT = "西青区河湖名录\n大小河湖一百零七处。"
IN_SITES = {"cri": "demo.cri.tianjin", "trs": "demo.qinghe.xwfb", "hanweb": "demo.liuxi.today"}


@pytest.fixture(scope="session")
def demo_url(server: str, template: str) -> Iterator[str]:
    """Connection string of the demo's archive: eight articles, one of them edited, one a repost; a file."""
    with new_database(server, template) as url:
        asyncio.run(_fill(url))
        yield url


@pytest.fixture(scope="session")
def address(demo_url: str) -> Iterator[str]:
    """Where the reader of the demo's archive listens."""
    with listening(demo_url) as at:
        yield at


def article(site: DemoSite, title: str) -> DemoRelease:
    """The demo's article whose headline begins so."""
    return next(each for each in site.releases.values() if each.title.startswith(title))


def observed(release: DemoRelease, at: dt.datetime) -> Observation:
    """The article's page as a visit would have brought it."""
    url = f"http://{release.publisher.host}{release.path}"
    page = release.page()
    read = parse_release(page, url, received_at=at)
    return Observation(IN_SITES[release.site], url, read, at, body=page, status=200)


async def _fill(url: str) -> None:
    async with open_pool(url) as pool:
        await sync_regions(pool)
        await register_sources(pool, list(load_catalogue(SOURCES).select(tag="demo")))
        await _fetch(pool, load_site(TODAY))


async def _fetch(pool: Pool, site: DemoSite) -> None:
    archive = Archive(pool)
    for release in site.releases.values():
        if not release.broken:
            await archive.store(_with_file(observed(release, FIRST)))
    site.edit()
    await archive.store(observed(article(site, "关于冬季供热"), LATER))
    reading = FileReading(recognised=False, state="read", reader="t", body=PDF_TEXT, pages=1)
    content = FileContent(
        "http://city.cri.example/名录.pdf", "attachment", PDF,
        keep=True, fetched_at=FIRST, digest=PDF_DIGEST, readings=(reading,),
    )  # fmt: skip
    await FileArchive(pool).store(content)


def _with_file(seen: Observation) -> Observation:
    """The press conference's page offers its list of bodies of water."""
    if "绿色河海" not in seen.release.title:
        return seen
    url = "http://city.cri.example/名录.pdf"
    offers = replace(seen.release, attachments=(Attachment(url, "西青区河湖名录.pdf"),))
    return replace(seen, release=offers, files=(WantedFile(url, "attachment", 1, True),))


class listening:  # noqa: N801 - used as a context, like the functions of contextlib
    """A server in a thread of its own, whose loop is not the test's; gives its address."""

    def __init__(self, url: str, wrap: object = None) -> None:
        self._url = url
        self._started = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._server: uvicorn.Server | None = None
        self._wrap = wrap

    def __enter__(self) -> str:
        self._thread.start()
        assert self._started.wait(30)
        assert self._server is not None
        [listener] = self._server.servers
        return f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.should_exit = True
        self._thread.join(30)

    async def _serve(self) -> None:
        async with open_reading(self._url) as reading:
            application: ASGIApp = create_application(reading, rate=1_000_000)
            server = uvicorn.Server(server_config(application, port=0))
            started = server.startup

            async def startup(sockets: object = None) -> None:
                await started(sockets)  # type: ignore[arg-type]
                self._started.set()

            server.startup = startup  # type: ignore[method-assign]
            self._server = server
            await server._serve()
