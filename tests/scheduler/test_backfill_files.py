"""Backfills from a file of addresses and from a WARC file."""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path

import pytest

from scheduler.backfill.planning import orders_for_urls, parse_day, read_addresses
from scheduler.backfill.warc import archive_warc
from scraper.archive import Archive
from scraper.archive.observations.observation import PageBytes
from scraper.database import Pool
from scraper.errors import UsageError
from scraper.page import parse_page
from scraper.record.release import Release
from scraper.sources import Kind, Source
from scraper.visit import register_sources
from tests.scheduler.conftest import rows
from tests.scheduler.redesign import Publisher

NO_DAYS = (None, None)


def source(name: str) -> Source:
    return Source(
        id=name,
        name=name,
        publisher=name,
        kind=Kind.GOV_PORTAL,
        lists=(f"http://{name}.test/col/",),
        allow=("/art/",),
    )


async def parse(page: PageBytes) -> Release:
    return parse_page(page.body, page.url, page.http_charset)


def write_warc(file: Path, pages: list[tuple[str, str]]) -> None:
    """Response records of WARC/1.0 (ISO 28500): address and day of fetching."""
    with file.open("wb") as out:
        for number, (url, day) in enumerate(pages):
            body = Publisher("a.test")._page(number, "old").encode()
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
                f"WARC-Date: {day}T03:00:00Z\r\nWARC-Record-ID: <urn:uuid:{uuid.uuid4()}>\r\n"
                "Content-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(answer)}\r\n\r\n"
            )
            out.write(head.encode() + answer + b"\r\n\r\n")


async def test_a_warc_file_is_archived_by_source_and_day_and_only_once(
    pool: Pool, tmp_path: Path
) -> None:
    await register_sources(pool, [source("a"), source("b")])
    file = tmp_path / "pages.warc"
    write_warc(
        file,
        [
            ("http://a.test/art/t1.html", "2026-05-01"),
            ("http://b.test/art/t2.html", "2026-05-02"),
            ("http://a.test/art/t3.html", "2026-06-01"),
            ("http://other.test/art/t4.html", "2026-05-01"),
            ("http://a.test/col/", "2026-05-01"),
        ],
    )
    may = (dt.date(2026, 5, 1), dt.date(2026, 5, 31))
    chosen = [source("a"), source("b")]
    first = await archive_warc(pool, Archive(pool), parse, file, chosen, may)
    assert (first.outcomes["new"], first.passed_over) == (2, 3)
    again = await archive_warc(pool, Archive(pool), parse, file, chosen, may)
    assert again.outcomes == {"unchanged": 2}
    urls = await rows(pool, "SELECT url, source_id FROM tonggao.publication ORDER BY url")
    assert urls == [("http://a.test/art/t1.html", "a"), ("http://b.test/art/t2.html", "b")]


async def test_a_file_that_is_not_there_is_named(pool: Pool, tmp_path: Path) -> None:
    missing = tmp_path / "none.warc"
    with pytest.raises(UsageError, match=r"none\.warc"):
        await archive_warc(pool, Archive(pool), parse, missing, [], NO_DAYS)
    with pytest.raises(UsageError, match=r"none\.txt"):
        read_addresses(tmp_path / "none.txt")


def test_addresses_go_to_the_sources_that_accept_them(tmp_path: Path) -> None:
    file = tmp_path / "urls.txt"
    file.write_text(
        "# two of a, one of b\nhttp://a.test/art/1.html\n\nhttp://b.test/art/2.html\n"
        "http://a.test/art/3.html\nhttp://c.test/art/4.html\n"
    )
    orders, unplaced = orders_for_urls(
        file, read_addresses(file), [source("a"), source("b")], NO_DAYS
    )
    assert [(order.source_id, order.kind, len(urls)) for order, urls in orders] == [
        ("a", "urls", 2),
        ("b", "urls", 1),
    ]
    assert unplaced == ["http://c.test/art/4.html"]


def test_a_day_that_is_none_is_refused() -> None:
    assert parse_day("--from", None) is None
    assert parse_day("--from", "2026-05-01") == dt.date(2026, 5, 1)
    with pytest.raises(UsageError, match="--from '1 May'"):
        parse_day("--from", "1 May")
