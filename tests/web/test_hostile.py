"""No script of a stored page ever runs: each wall alone, then the reader as it is."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from selenium.webdriver import Chrome

from scraper.archive import Archive
from scraper.web import headers
from scraper.web.headers import SNAPSHOT_POLICY
from scraper.web.snapshot_page import cleaned
from tests.web.conftest import hostile_observation
from tests.web.hostile import PAGES, RUN


class Shelf:
    """A server that gives each page under chosen headers."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.headers: dict[str, str] = {}
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = shelf.pages.get(self.path[1:], b"")
                self.send_response(200)
                for name, value in {"Content-Type": "text/html", **shelf.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf()
    yield made
    made.server.shutdown()
    made.server.server_close()


def acted(browser: Chrome, address: str) -> bool:
    """Whether opening an address left the mark; asked of the browser, not of the page."""
    browser.get(address)
    return browser.current_url.endswith("#pwned")


def acting(browser: Chrome, shelf: Shelf) -> list[str]:
    return [name for name in PAGES if acted(browser, f"{shelf.address}/{name}")]


def test_corpus_is_alive(browser: Chrome, shelf: Shelf) -> None:
    shelf.pages = PAGES
    assert len(acting(browser, shelf)) >= 35, "the corpus no longer acts in this Chromium"


def test_cleaning_alone_holds(browser: Chrome, shelf: Shelf) -> None:
    shelf.pages = {
        name: cleaned(page, None, "https://qingchuan.example/", pictures=True).encode()
        for name, page in PAGES.items()
    }
    assert acting(browser, shelf) == []


def test_policy_alone_holds(browser: Chrome, shelf: Shelf) -> None:
    shelf.pages = PAGES
    shelf.headers = {"Content-Security-Policy": SNAPSHOT_POLICY}
    assert acting(browser, shelf) == []


async def fill(archive: Archive) -> None:
    for number, page in enumerate(PAGES.values(), 1):
        text = page.decode("utf-8", "replace").replace("\x00", "")
        await archive.store(hostile_observation(number, text, page))


def acting_paths(browser: Chrome, address: str, paths: list[str]) -> list[str]:
    return [path for path in paths if acted(browser, address + path)]


NUMBERS = range(1, len(PAGES) + 1)
SEARCHES = ["/", "/?q=pwned", "/?q=img&page=2", f"/?q={RUN}<script>{RUN}</script>"]


async def test_reader_holds(browser: Chrome, archive: Archive, address: str) -> None:
    await fill(archive)
    paths = [*SEARCHES, "/sources", "/regions", "/feed.atom", "/feed.json"]
    paths += ["/changes", "/changes.atom", "/carried"]
    paths += [f"/release/{n}" for n in NUMBERS[::10]]
    paths += [f"/snapshot/{n}" for n in NUMBERS[::10]]
    paths += [f"/snapshot/{n}/source" for n in NUMBERS[::10]]
    paths += [f"/snapshot/{n}/page?pictures" for n in NUMBERS]
    assert await asyncio.to_thread(acting_paths, browser, address, paths) == []


async def test_escaping_alone_holds(
    browser: Chrome, archive: Archive, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Our own pages without any policy, as in a browser that knows none."""
    monkeypatch.setattr(headers, "PAGE_POLICY", "")
    await fill(archive)
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{address}/")).headers["content-security-policy"] == ""
    paths = [*SEARCHES, *(f"/release/{n}" for n in NUMBERS)]
    assert await asyncio.to_thread(acting_paths, browser, address, paths) == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_that_could_act_is_left(name: str) -> None:
    text = cleaned(PAGES[name], None, "https://qingchuan.example/", pictures=True)
    body = text.partition("<body>")[2].lower()
    tags = body.replace("&lt;", "").split("<")[1:]
    assert not [tag for tag in tags if tag.startswith(("script", "iframe", "style", "svg", "form"))]
    assert not [
        tag
        for tag in tags
        if " on" in tag.partition(">")[0].replace('"', " ")
        and "=" in tag
        and "title=" not in tag
        and "alt=" not in tag
    ]
    assert "href=" not in "".join(tag.partition(">")[0] for tag in tags)
