"""An archive that the web reader shows, and the reader itself on a port of loopback."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

from scraper.archive import Archive, Observation, sync_regions
from scraper.clock import SHANGHAI
from scraper.database import Pool
from scraper.record.release import Attachment, Image, Release
from scraper.web import create_application
from scraper.web.archive import Reading, open_reading
from scraper.web.server import server_config

DAY = dt.datetime(2026, 11, 20, 9, 30, tzinfo=SHANGHAI)
CHROMIUM_FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


def observation(number: int, **given: Any) -> Observation:
    """An observation of a made-up page; fields of the release or the answer can be given."""
    url = given.pop("url", f"https://qingchuan.example/{number}.html")
    outer = {k: given.pop(k) for k in ("body", "fetched_at", "source_id", "files") if k in given}
    release = {
        "title": f"青川市举行第{number}场新闻发布会",
        "paragraphs": (f"青川市政府新闻办公室举行第{number}场发布会，介绍有关情况。" * 3,),
        "published_at": DAY + dt.timedelta(hours=number),
        "published_precision": "minute",
        "region": ("120000", "120111"),
        **given,
    }
    page = "\n".join(release["paragraphs"]).encode()
    answer = {"body": page, "fetched_at": DAY, "source_id": "qingchuan.gov", **outer}
    return Observation(url=url, release=Release(url=url, **release), status=200, **answer)


@pytest.fixture
async def archive(pool: Pool) -> Archive:
    await sync_regions(pool)
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO tonggao.source (source_id, name, publisher, region, kind, lists)"
            " VALUES ('qingchuan.gov', '今日青川', '青川市人民政府', '120000', 'gov-portal', '{}'),"
            " ('dongshan.daily', '东山要闻', '东山日报社', NULL, 'provincial-news', '{}')"
        )
    return Archive(pool)


@pytest.fixture
async def reading(archive: Archive, database_url: str) -> AsyncIterator[Reading]:
    async with open_reading(database_url) as opened:
        yield opened


@pytest.fixture
async def address(reading: Reading) -> AsyncIterator[str]:
    """Where the reader listens."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(server_config(create_application(reading)))
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment]
    task = asyncio.create_task(server.serve([listening]))
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    await task
    listening.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """The machine's Chromium without a window; tests are skipped where there is none."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        pytest.skip("Chromium and ChromeDriver are not on this machine")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    profile: Path = tmp_path_factory.mktemp("profile")
    for flag in (*CHROMIUM_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    options.set_capability("unhandledPromptBehavior", "dismiss")
    chromium = webdriver.Chrome(options=options, service=Service(driver))
    chromium.set_page_load_timeout(20)
    yield chromium
    chromium.quit()


def hostile_observation(number: int, text: str, page: bytes) -> Observation:
    """An observation whose every field tries to act."""
    return observation(
        number,
        url=f"https://qingchuan.example/{number}.html",
        body=page,
        title=f"{number} {text}",
        subtitle=text,
        kicker=text,
        paragraphs=(f"{number} {text} " * 4, f"第{number}段\t{text}"),
        author=text,
        editor=text,
        source=text,
        column=text,
        keywords=(text,),
        images=(
            Image("javascript:" + text, text, text, text),
            Image(f'https://x.example/{number}"{text}', text),
        ),
        attachments=(
            Attachment("javascript:" + text, text),
            Attachment("data:text/html," + text, text),
        ),
    )
