"""The open surroundings of all visits of one process, as the settings want them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import cache

from scheduler.settings import Settings
from scraper.archive import Archive
from scraper.database import Pool
from scraper.errors import SettingsError
from scraper.fetch import Fetcher, FetchPolicy, SizeLimit
from scraper.files import Programs
from scraper.readers import FilePool, OwnProcess, ReaderPool, Readers
from scraper.sources import load_catalogue
from scraper.visit import Recheck, Tools
from scraper.visit.stored_pages import PageReader

MIB = 1 << 20


@asynccontextmanager
async def open_tools(settings: Settings, pool: Pool) -> AsyncIterator[Tools]:
    """What visits work with, open while the block runs.

    Raises:
        SettingsError: a value of ``test_hosts`` is no ``address:port``.
    """
    async with AsyncExitStack() as opened:
        readers: Readers = OwnProcess()
        if settings.parse_workers != 0:
            readers = await opened.enter_async_context(ReaderPool(settings.parse_workers))
        policy = fetch_policy(settings)
        fetcher = await opened.enter_async_context(
            Fetcher(pool, policy, name_wall=readers.name_wall)
        )
        recheck = Recheck(days=settings.recheck_days, hours=settings.recheck_hours)
        reader = PageReader(readers, cache(lambda: load_catalogue(settings.own_sources)))
        files = await opened.enter_async_context(file_pool(settings))
        yield Tools(pool, fetcher, readers, Archive(pool, reader.read), files, recheck)


def file_pool(settings: Settings) -> FilePool:
    """Processes that read attached files, with the programs of this machine that may help."""
    return FilePool(programs=Programs.found(libreoffice=settings.libreoffice))


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
