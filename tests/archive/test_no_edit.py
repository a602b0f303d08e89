"""An upgrade is no edit: neither a new parser nor a new form of the record changes what pages say."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import count, product

import psycopg
import pytest

from scheduler.demo.conductor import SOURCES
from scraper.archive import Archive, Observation
from scraper.archive.exchange.importing import Importer
from scraper.archive.exchange.warc_reading import read_warc
from scraper.archive.observations.observation import PageBytes, Parse
from scraper.archive.querying.reading import further_pages
from scraper.clock import now
from scraper.database import Pool, migrate, open_pool
from scraper.database.embedded.binaries import wheel_programs
from scraper.page import join_pages
from scraper.readers import OwnProcess
from scraper.record.release import Release
from scraper.record.serial import agrees, from_columns
from scraper.sources import load_catalogue
from scraper.urls import normal_url
from scraper.visit.stored_pages import PageReader
from tests.database.servers import ARCHIVES, restore

pytestmark = pytest.mark.long

_numbers = count(1)
LATER = dt.datetime(2026, 12, 5, 9, 0, tzinfo=dt.UTC)
_COUNTER = re.compile("(浏览次数：)[0-9]+".encode())
SERVED = """
    SELECT DISTINCT ON (p.publication_id) p.publication_id, p.url, p.source_id, p.body_digest, n.fetched_at, n.http_charset
    FROM tonggao.publication p
    JOIN tonggao.snapshot n ON n.publication_id = p.publication_id AND n.digest = p.body_digest
    ORDER BY p.publication_id, n.fetched_at DESC"""


@pytest.fixture(scope="module")
def released(server: str) -> Iterator[str]:
    """The released archive with all later migrations; each test gets a copy of it."""
    with psycopg.connect(f"{server} dbname=postgres") as connection:
        if connection.info.server_version < 180_000:
            pytest.skip("the server that the tests were given is older than this dump")
    name = f"upgraded_{next(_numbers)}"
    restore(server, wheel_programs(), "postgresql18.dump", name)
    asyncio.run(migrate(f"{server} dbname={name}"))
    yield name
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def upgraded(server: str, released: str) -> AsyncIterator[Pool]:
    name = f"{released}_{next(_numbers)}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{released}"')
        async with open_pool(f"{server} dbname={name}") as pool:
            yield pool
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def today(page: PageBytes) -> Release:
    """The parser of this version."""
    catalogue = load_catalogue(SOURCES)
    return await PageReader(OwnProcess(), lambda: catalogue).read(page)


async def next_one(page: PageBytes) -> Release:
    """A parser to come, which reads a field that today's does not, and one otherwise."""
    release = await today(page)
    return replace(release, parser_version="next", keywords=("新规则",), editor="另一种读法")


PARSERS = pytest.mark.parametrize("parse", [today, next_one], ids=["today", "next"])


def counted(body: bytes) -> bytes:
    """The page with other counters, and with two more that stand in the text."""
    more = "<p>128人点赞</p><p>下载次数：35</p><p>已读 77</p>".encode()
    body = _COUNTER.sub(rb"\g<1>98765", body)
    return (
        body.replace(b'\n</div><div class="editor">', more + b'\n</div><div class="editor">')
        + b"<!-- 1 -->"
    )


async def serve(pool: Pool, parse: Parse, change: Callable[[bytes], bytes] = bytes) -> int:
    """Look at every page that is kept as a visit does; returns how many there were."""
    archive = Archive(pool, parse)
    async with pool.connection() as connection:
        rows = await (await connection.execute(SERVED)).fetchall()
    for number, url, source_id, digest, fetched_at, charset in rows:
        body = change(await archive.snapshots.read(digest) or b"")
        further = await further_pages(pool, archive.snapshots, number, fetched_at) or []
        first, *rest = [
            await parse(PageBytes(each, at, charset, source_id, LATER.date()))
            for at, each in ((url, body), *((page.url, page.body) for page in further))
        ]
        release = join_pages(first, rest) if rest else first
        observation = Observation(
            source_id, url, release, LATER, body=body, http_charset=charset, further=tuple(further)
        )
        await archive.store(observation)
    return len(rows)


@asynccontextmanager
async def told(pool: Pool) -> AsyncIterator[dict[str, int]]:
    """What was told of changes while the block ran, by kind."""
    found: dict[str, int] = {}
    async with pool.connection() as connection:
        (last,) = await (  # type: ignore[misc]
            await connection.execute("SELECT max(change_id) FROM tonggao.change")
        ).fetchone()
        yield found
        rows = await connection.execute(
            "SELECT kind, count(*) FROM tonggao.change WHERE change_id > %s GROUP BY 1",
            (last or 0,),
        )
        found.update(dict(await rows.fetchall()))


async def test_every_stored_digest_can_be_checked(upgraded):
    """Those of the form that hashed nulls too; poisoned rows never held what was hashed."""
    async with upgraded.connection() as connection:
        cursor = connection.cursor(row_factory=psycopg.rows.dict_row)
        await cursor.execute(
            "SELECT v.*, p.url FROM tonggao.revision v JOIN tonggao.publication p USING (publication_id)"
            " WHERE v.source_id <> 'imported'"
        )
        rows = await cursor.fetchall()
    assert len(rows) > 30
    assert [
        row["url"]
        for row in rows
        if not agrees(bytes(row["record_digest"]), from_columns(row["url"], row))
    ] == []


@PARSERS
async def test_pages_served_again_unchanged(upgraded, parse):
    async with told(upgraded) as changes:
        assert await serve(upgraded, parse) > 20
    assert changes.keys() <= {"reparsed", "restored"}


@PARSERS
async def test_pages_served_again_with_other_counters(upgraded, parse):
    async with told(upgraded) as changes:
        await serve(upgraded, parse, counted)
    assert changes.keys() <= {"reparsed", "restored"}
    assert (changes.get("reparsed", 0) > 20) == (parse is next_one)


async def test_an_edit_is_told_beside_what_the_parser_explains(upgraded):
    def edited(body: bytes) -> bytes:
        return body.replace("齐万山".encode(), "齐万水".encode())

    async with told(upgraded) as changes:
        await serve(upgraded, next_one, edited)
    assert changes["revision"] == 1
    async with upgraded.connection() as connection:
        rows = await connection.execute(
            "SELECT reparsed, brought_by, array_length(added, 1) FROM archive.revisions"
            " WHERE url LIKE '%%/n/4.html' ORDER BY number DESC LIMIT 2"
        )
        assert await rows.fetchall() == [(False, "visit", 1), (True, "reparse", None)]


@PARSERS
@pytest.mark.parametrize("reparsed", [False, True])
async def test_exports_of_the_released_version_are_no_edits(upgraded, other, parse, reparsed):
    """Read into the archive they came from, also after it was reparsed, and twice into an empty one."""
    if reparsed:
        await serve(upgraded, next_one, counted)
    for pool, name in product(
        (upgraded, other), ("history.jsonl", "archive.jsonl", "archive.warc.gz")
    ):
        async with told(pool) as changes:
            await read_in(pool, parse, name)
        assert "revision" not in changes or (pool is other and name == "history.jsonl")
        async with told(pool) as changes:
            await read_in(pool, parse, name)
        assert changes == {}


async def read_in(pool: Pool, parse: Parse, name: str) -> None:
    """`tonggao import` of a file."""
    importer = Importer(Archive(pool, parse), pool, parse=parse, normal=normal_url, now=now())
    if name.endswith(".gz"):
        with (ARCHIVES / name).open("rb") as stream:
            await importer.warc(read_warc(stream, now()))
        return
    with (ARCHIVES / name).open(encoding="utf-8") as lines:
        await importer.jsonl(lines)
