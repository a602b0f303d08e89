"""Stored pages are read again by whatever worker runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scheduler.crew import Crew
from scheduler.schedule.deferring import archived_sources, defer_reparse
from scraper.archive import Archive, Observation
from scraper.clock import now
from scraper.page import parse_page
from scraper.readers import FilePool, OwnProcess
from scraper.sources import Kind, Source
from scraper.visit import Tools, register_sources
from tests.scheduler.conftest import at_work, rows, until
from tests.scheduler.redesign import Publisher

URL = "http://a.test/art/t1.html"
SOURCE = Source(
    id="a", name="a", publisher="a", kind=Kind.GOV_PORTAL, lists=("http://a.test/col/",)
)


async def test_a_page_that_an_older_parser_read_is_read_again(crew: Crew) -> None:
    body = Publisher("a.test")._page(1, "old").encode()
    today = parse_page(body, URL, "utf-8")
    older = replace(today, author=None, parser_version="0")
    archive = Archive(crew.pool)
    await register_sources(crew.pool, [SOURCE])
    await archive.store(
        Observation("a", URL, older, now(), body=body, status=200, http_charset="utf-8")
    )
    crew.tools = Tools(crew.pool, _none(), OwnProcess(), archive, FilePool())
    crew.find = lambda _: SOURCE
    assert await archived_sources(crew.pool) == {"a"}
    assert await defer_reparse(crew.queue, ["a"]) == 1
    assert await defer_reparse(crew.queue, ["a"]) == 0

    async def read_again() -> bool:
        found = await rows(crew.pool, "SELECT author FROM tonggao.revision WHERE reparsed")
        return found == [(today.author,)]

    async with at_work(crew):
        await until(read_again)
    assert today.author is not None


def _none() -> Any:
    """No fetcher: nothing is asked for."""
