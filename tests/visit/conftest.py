"""A site of three made-up publishers, and the tools that visit it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator

import pytest

from scheduler.demo.conductor import SOURCES
from scheduler.demo.site import DemoSite, load_site
from scheduler.settings import Settings
from scheduler.tools import open_tools
from scraper.clock import now
from scraper.database import Pool
from scraper.sources import Source, load_catalogue
from scraper.visit import Tools, register_sources


@pytest.fixture
def site() -> Iterator[DemoSite]:
    with load_site(now().date()) as started:
        yield started


@pytest.fixture
async def sources(pool: Pool) -> dict[str, Source]:
    chosen = load_catalogue(SOURCES).select(tag="demo")
    await register_sources(pool, chosen)
    return {source.id.split(".")[1]: source for source in chosen}


@pytest.fixture
async def tools(pool: Pool, site: DemoSite) -> AsyncIterator[Tools]:
    settings = Settings(
        test_hosts=dict(site.hosts),
        host_interval=0,
        host_jitter=0,
        recheck_hours=0,
        parse_workers=0,
    )
    async with open_tools(settings, pool) as opened:
        yield opened


@pytest.fixture
def today() -> dt.date:
    return now().date()
