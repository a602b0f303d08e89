"""The open surroundings of all visits of one process, as the settings want them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from scheduler.settings import Settings
from scraper.archive import Archive
from scraper.database import Pool
from scraper.errors import SettingsError
from scraper.fetch import Fetcher, FetchPolicy, SizeLimit
from scraper.page import FieldRules, ParseWorkers, parse_page
from scraper.record.release import Release
from scraper.visit import Recheck, Tools
from scraper.visit.tools import Parser

MIB = 1 << 20


class OwnProcess:
    """Parses pages in this process: for debugging, since a page that crashes the parser ends it."""

    async def parse(
        self,
        html: bytes,
        url: str,
        http_charset: str | None = None,
        rules: FieldRules | None = None,
    ) -> Release:
        """The page as a record; see ``parse_page``."""
        return await asyncio.to_thread(parse_page, html, url, http_charset, rules=rules)


@asynccontextmanager
async def open_tools(settings: Settings, pool: Pool) -> AsyncIterator[Tools]:
    """What visits work with, open while the block runs.

    Raises:
        SettingsError: a value of ``test_hosts`` is no ``address:port``.
    """
    async with AsyncExitStack() as opened:
        fetcher = await opened.enter_async_context(Fetcher(pool, fetch_policy(settings)))
        workers: Parser = OwnProcess()
        if settings.parse_workers:
            workers = await opened.enter_async_context(ParseWorkers(settings.parse_workers))
        recheck = Recheck(days=settings.recheck_days, hours=settings.recheck_hours)
        yield Tools(pool, fetcher, workers, Archive(pool), recheck)


def fetch_policy(settings: Settings) -> FetchPolicy:
    """How the fetcher behaves under these settings."""
    page = settings.max_page_mb * MIB
    return FetchPolicy(
        contact=settings.contact_url,
        minimum_interval=settings.host_interval,
        jitter=settings.host_jitter,
        connect_timeout=settings.connect_timeout,
        read_timeout=settings.read_timeout,
        total_timeout=settings.request_timeout,
        concurrency=settings.concurrency,
        page=SizeLimit(page, page),
        keep_attempts=settings.attempts_days * 86_400.0,
        test_hosts={host: _place(place) for host, place in settings.test_hosts.items()},
    )


def _place(text: str) -> tuple[str, int]:
    address, _, port = text.rpartition(":")
    if not address or not port.isdigit():
        raise SettingsError(f"option test_hosts: {text!r} is no address:port")
    return address, int(port)
