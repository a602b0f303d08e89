"""The demo's course: the real daemon on the demo's site, an edit in between, then what there is."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from psycopg.rows import class_row

from scheduler.demo.site import DemoSite
from scraper.database import Pool, Statements
from scraper.errors import TonggaoError
from scraper.sources import load_catalogue
from scraper.visit import register_sources

SOURCES = Path(__file__).parent / "sources"
SQL = Statements("demo")
Row = TypeVar("Row")
ROUND_SECONDS = 120.0
"""A round takes a few seconds; a demo that waits longer says that something is wrong."""


@dataclass(frozen=True, slots=True)
class Round:
    """What the daemon has done so far: finished visits per source at least, and articles."""

    visits: int
    listed: int
    archived: int
    failed: int


@dataclass(frozen=True, slots=True)
class ShownRelease:
    """A release, as the demo lists it."""

    release_id: int
    title: str
    named_source: str | None
    published: str | None
    copies: int
    site: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A repost that was folded into a release."""

    title: str
    copy_title: str
    site: str
    copy_site: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A silent change that was kept: the line before and after."""

    title: str
    before: str
    after: str


async def prepare(pool: Pool) -> None:
    """Register and enable the demo's sources."""
    sources = list(load_catalogue(SOURCES).select(tag="demo"))
    await register_sources(pool, sources)
    async with pool.connection() as connection:
        await connection.execute(SQL["enable"], {"ids": [source.id for source in sources]})


def environment(url: str, site: DemoSite) -> dict[str, str]:
    """What the daemon's process is told: the demo's database, hosts, sources, and a quick pace."""
    return {
        **os.environ,
        "TONGGAO_DATABASE_URL": url,
        "TONGGAO_TEST_HOSTS": json.dumps(dict(site.hosts)),
        "TONGGAO_SOURCES_DIR": str(SOURCES),
        "TONGGAO_HOST_INTERVAL": "0.1",
        "TONGGAO_HOST_JITTER": "0",
        "TONGGAO_RECHECK_HOURS": "0",
        "TONGGAO_LOG_FORMAT": "json",
    }


@asynccontextmanager
async def daemon(variables: Mapping[str, str], log: Path) -> AsyncIterator[None]:
    """``tonggao daemon`` in a process of its own; it is stopped as a service manager stops it.

    Raises:
        TonggaoError: it ended by itself, or with an error.
    """
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "scheduler", "daemon", env=variables, stdout=output, stderr=output
        )
        try:
            yield
        finally:
            ended = process.returncode is not None
            if not ended:
                process.terminate()
            code = await process.wait()
    if ended or code:
        raise TonggaoError(f"the daemon ended with {code}; its log is {log}")


async def rounds(pool: Pool, wanted: int, report: Callable[[Round], None]) -> None:
    """Wait until every source has been visited ``wanted`` times.

    Raises:
        TonggaoError: it took too long.
    """
    try:
        async with asyncio.timeout(ROUND_SECONDS):
            while True:
                state = await _state(pool)
                report(state)
                if state.visits >= wanted:
                    return
                await asyncio.sleep(0.2)
    except TimeoutError as error:
        message = f"the daemon made no {wanted} visits of each source in {ROUND_SECONDS:.0f} s"
        raise TonggaoError(message) from error


async def _state(pool: Pool) -> Round:
    (found,) = await _rows(pool, "rounds", Round)
    return found


async def releases(pool: Pool) -> list[ShownRelease]:
    """What was archived, newest first."""
    return await _rows(pool, "releases", ShownRelease)


async def copies(pool: Pool) -> list[Copy]:
    """The reposts that were folded."""
    return await _rows(pool, "copies", Copy)


async def edits(pool: Pool) -> list[Edit]:
    """The silent changes that were kept."""
    return await _rows(pool, "edits", Edit)


async def _rows(pool: Pool, statement: str, kind: type[Row]) -> list[Row]:
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(kind)) as cursor,
    ):
        await cursor.execute(SQL[statement])
        return await cursor.fetchall()


async def found(pool: Pool, words: str) -> list[str]:
    """Headlines of the releases that hold the words."""
    async with pool.connection() as connection:
        cursor = await connection.execute(SQL["found"], {"words": words})
        return [row[0] for row in await cursor.fetchall()]
