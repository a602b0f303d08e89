"""Sites that change overnight: each change is noticed within three visits, and named."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime

import pytest

from scheduler.health.causes import Cause
from scheduler.health.doctor import diagnose
from scheduler.health.store import ensure_months
from scheduler.tools import OwnProcess
from scheduler.work import moves
from scraper.archive import Archive, ensure_partitions
from scraper.clock import now
from scraper.database import Pool
from scraper.fetch import Fetcher, FetchPolicy
from scraper.sources import Kind, Source
from scraper.visit import Tools, register_sources
from tests.scheduler.conftest import rows
from tests.scheduler.redesign import Publisher, Web, served

CHANGES = [
    ("list_empty", Cause.LIST_EMPTY),
    ("list_gone", Cause.LIST_GONE),
    ("redirected", Cause.REDIRECTED),
    ("wall", Cause.WALL),
    ("server_error", Cause.SERVER_ERROR),
    ("refused", Cause.REFUSED),
    ("robots", Cause.ROBOTS),
    ("soft_404", Cause.SOFT_404),
    ("articles_gone", Cause.ARTICLES_GONE),
    ("login", Cause.LOGIN),
    ("article_layout", Cause.ARTICLE_LAYOUT),
    ("dates_lost", Cause.DATES_LOST),
    ("fields_lost", Cause.FIELDS_LOST),
    ("encoding", Cause.ENCODING),
    ("body_shift", Cause.BODY_SHIFT),
    ("duplicates", Cause.DUPLICATES),
]
VISITS_BEFORE = 10
A_VISIT_BRINGS = 3


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    with served() as opened:
        yield opened


@asynccontextmanager
async def open_tools(pool: Pool, web: Web, host: str) -> AsyncIterator[Tools]:
    policy = FetchPolicy(
        minimum_interval=0.0,
        jitter=0.0,
        load_factor=0.0,
        attempts=1,
        test_hosts={host: ("127.0.0.1", web.port)},
    )
    async with Fetcher(pool, policy) as fetcher:
        yield Tools(pool, fetcher, OwnProcess(), Archive(pool))


def source_on(host: str) -> Source:
    return Source(
        id=f"test.{host.split('.')[0].replace('_', '-')}",
        name="新闻发布",
        publisher="市政府",
        kind=Kind.GOV_PORTAL,
        lists=(f"http://{host}/col/",),
        max_pages=1,
    )


async def poll(pool: Pool, tools: Tools, source: Source, slot: datetime) -> str:
    """One visit as a worker makes it; the state of the source after it."""
    async with (
        pool.connection() as connection
    ):  # hosts and URLs that failed are asked again at once
        await connection.execute("DELETE FROM tonggao.host")
        await connection.execute("DELETE FROM tonggao.url_state")
    summary = await moves.visit(source, tools, slot)
    async with pool.connection() as connection:
        await moves.judge(connection, source, summary)
    return str((await rows(pool, "SELECT state FROM tonggao.health"))[0][0])


def redesign(publisher: Publisher, change: str) -> None:
    publisher.style = change
    publisher.changed_at = publisher.count
    if change == "robots":
        publisher.robots = "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(("change", "cause"), CHANGES, ids=[change for change, _ in CHANGES])
async def test_a_change_is_noticed_within_three_visits_and_named(
    pool: Pool, web: Web, change: str, cause: Cause
) -> None:
    host = f"{change.replace('_', '-')}.test"
    publisher, source = web.add(host), source_on(host)
    await register_sources(pool, [source])
    await ensure_partitions(pool)
    await ensure_months(pool)
    async with open_tools(pool, web, host) as tools:
        for _ in range(VISITS_BEFORE):
            publisher.count += A_VISIT_BRINGS
            assert await poll(pool, tools, source, now()) == "ok"
    redesign(publisher, change)
    async with pool.connection() as connection:  # a day later
        await connection.execute("DELETE FROM tonggao.robots")
    states = []
    async with open_tools(pool, web, host) as tools:
        for _ in range(3):
            publisher.count += A_VISIT_BRINGS
            states.append(await poll(pool, tools, source, now()))
    assert states[-1] in {"degraded", "failing"}, states
    events = await rows(pool, "SELECT cause, new_state, sentence FROM tonggao.event")
    assert [(found, state) for found, state, _ in events] == [(cause.value, states[-1])]
    assert source.id in events[0][2]
    diagnosis = await diagnose(pool, source.id, now())
    assert diagnosis.finding is not None
    assert diagnosis.finding.cause is cause
    assert diagnosis.good_page is not None


async def test_a_site_that_is_mended_is_well_again(pool: Pool, web: Web) -> None:
    host = "mended.test"
    publisher, source = web.add(host), source_on(host)
    await register_sources(pool, [source])
    await ensure_partitions(pool)
    await ensure_months(pool)
    async with open_tools(pool, web, host) as tools:
        for style in ["old"] * 8 + ["list_gone"] * 3 + ["old"] * 3:
            publisher.style = style
            publisher.count += A_VISIT_BRINGS
            await poll(pool, tools, source, now())
    events = await rows(pool, "SELECT old_state, new_state FROM tonggao.event ORDER BY event_id")
    assert events == [("ok", "failing"), ("failing", "ok")]
