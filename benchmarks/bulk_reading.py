"""Stored pages read again, and a WARC file read in: pages a second.

``python -m benchmarks.bulk_reading [--pages 2000]``: made pages of 20 kB are parsed and archived; then
all are read again, first by a parser that reads what was read before (the common upgrade), then by one
that reads every headline differently; then they are exported as WARC and imported into another archive.
Beside pages a second stand the processors that this process, its readers and the server kept busy: the one
that has none left to take is the full resource.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from benchmarks.archive_database import temporary_archive
from benchmarks.archive_load import observations, server_seconds
from benchmarks.archive_texts import Newsroom
from scraper.archive import Archive
from scraper.archive.exchange.exporting import export_warc
from scraper.archive.exchange.importing import Importer
from scraper.archive.exchange.warc_reading import read_warc
from scraper.archive.observations.observation import PageBytes, Parse
from scraper.archive.querying.reading import Selection
from scraper.archive.writing.reparsing import ReparseRequest, reparse
from scraper.clock import now
from scraper.database import Pool
from scraper.page import PARSER_VERSION
from scraper.readers import ReaderPool
from scraper.readers.processors import by_processors
from scraper.record.release import Release
from scraper.urls import normal_url


def _parse(readers: ReaderPool, mark: str = "") -> Parse:
    async def parse(page: PageBytes) -> Release:
        release = await readers.parse(page.body, page.url, received_at=page.received_at)
        return replace(release, title=release.title + mark)

    return parse


def _readers_seconds() -> float:
    """CPU seconds of our children: readers, and those that did their share and were replaced."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            fields = stat.read_text("utf-8").rpartition(")")[2].split()
            spent += (int(fields[11]) + int(fields[12])) * (int(fields[1]) == os.getpid())
    return spent / os.sysconf("SC_CLK_TCK") + ended.ru_utime + ended.ru_stime


async def _timed(name: str, pages: int, home: Path, work: Callable[[], Awaitable[object]]) -> None:
    began = time.monotonic()
    before = time.process_time(), _readers_seconds(), server_seconds(home)
    told = await work()
    after = time.process_time(), _readers_seconds(), server_seconds(home)
    seconds, load = time.monotonic() - began, os.getloadavg()[0] / (os.cpu_count() or 1)
    used = [then - since for then, since in zip(after, before, strict=True)]
    shares = "; ".join(
        f"{whose} {1000 * each / pages:.1f} ms a page, {each / seconds:.2f} processors"
        for whose, each in zip(("this process", "readers", "server"), used, strict=True)
    )
    print(
        f"{name}: {pages / seconds:.0f} pages/s in {seconds:.1f} s (load {load:.1f} a core of "
        f"{os.cpu_count()}; {shares}): {told}",
        flush=True,
    )


async def _fill(archive: Archive, readers: ReaderPool, pages: int) -> None:
    observed = list(observations(Newsroom(3), 0, pages))
    told = await asyncio.gather(
        *(readers.parse(each.body or b"", each.url) for each in observed),
    )
    await archive.store_many(
        replace(each, release=release) for each, release in zip(observed, told, strict=True)
    )


async def _age(pool: Pool) -> None:
    async with pool.connection() as connection:
        await connection.execute("UPDATE tonggao.revision SET parser_version = 'older'")


async def _reparse(archive: Archive, pool: Pool, parse: Parse) -> str:
    report = await reparse(archive, pool, parse, ReparseRequest(PARSER_VERSION))
    return f"{report.pages} read, {report.changed} differ, {dict(report.refused) or 'none'} refused"


async def _import(archive: Archive, pool: Pool, parse: Parse, file: Path) -> str:
    importer = Importer(archive, pool, parse=parse, normal=normal_url, now=now())
    with file.open("rb") as stream:
        report = await importer.warc(read_warc(stream, now()))
    return f"{dict(report.changes)}, {dict(report.refused) or 'none'} refused"


async def main(pages: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home, file = Path(folder), Path(folder, "pages.warc.gz")
        home.chmod(0o755)  # noqa: ASYNC240 - nothing else runs
        async with ReaderPool(by_processors(kept=0)) as readers:
            parse = _parse(readers)
            async with temporary_archive(home / "first") as (archive, pool):
                await _fill(archive, readers, pages)
                await _age(pool)
                await _timed("same", pages, home, lambda: _reparse(archive, pool, parse))
                await _age(pool)
                other = _parse(readers, "（修订）")
                await _timed("differing", pages, home, lambda: _reparse(archive, pool, other))
                with file.open("wb") as stream:  # noqa: ASYNC230 - nothing else runs
                    await export_warc(pool, Selection(), stream, name="pages", software="bench")
            shutil.rmtree(home / "first")
            async with temporary_archive(home / "second") as (archive, pool):
                await _timed("import", pages, home, lambda: _import(archive, pool, parse, file))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--pages", type=int, default=2000)
    asyncio.run(main(parser.parse_args().pages))
