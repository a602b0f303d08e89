"""Sites that change overnight: each change is noticed within three visits, and named."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from scheduler.health.causes import Cause
from scheduler.health.doctor import diagnose
from scheduler.health.store import ensure_months
from scheduler.jobs import moves
from scraper.archive import Archive, ensure_partitions
from scraper.clock import now
from scraper.database import Pool
from scraper.fetch import Fetcher, FetchPolicy
from scraper.readers import FilePool, OwnProcess
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
STATE = "SELECT state FROM tonggao.health WHERE source_id = %s"
CAUSES = "SELECT cause FROM tonggao.event WHERE source_id = %s ORDER BY event_id"
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
        wall_rest=0.0,
        attempts=1,
        test_hosts={host: ("127.0.0.1", web.port)},
    )
    async with Fetcher(pool, policy) as fetcher:
        yield Tools(pool, fetcher, OwnProcess(), Archive(pool), FilePool())


def source_on(host: str) -> Source:
    return Source(
        id=f"test.{host.split('.', maxsplit=1)[0].replace('_', '-')}",
        name="新闻发布",
        publisher="市政府",
        kind=Kind.GOV_PORTAL,
        lists=(f"http://{host}/col/",),
        max_pages=1,
    )


def host_of(source: Source) -> str:
    return source.allowed_hosts[0]


async def poll(pool: Pool, tools: Tools, source: Source) -> str:
    """One visit as a worker makes it; the state of the source after it."""
    async with pool.connection() as connection:  # as if hours had passed since the last one
        await connection.execute("DELETE FROM tonggao.url_state WHERE source_id = %s", (source.id,))
    summary = await moves.visit(source, tools, now())
    async with pool.connection() as connection:
        await moves.judge(connection, source, summary)
    return str((await rows(pool, STATE, source.id))[0][0])


def redesign(publisher: Publisher, change: str) -> None:
    publisher.style = change
    publisher.changed_at = publisher.count
    if change == "robots":
        publisher.robots = "User-agent: *\nDisallow: /\n"


async def live_through(pool: Pool, web: Web, change: str) -> tuple[int, str, str]:
    """Ten visits as usual, then three after a change.

    Returns:
        The visit at which it was noticed (0: never), the cause named, the doctor's cause.
    """
    host = f"{change.replace('_', '-')}.test"
    publisher, source = web.add(host), source_on(host)
    await register_sources(pool, [source])
    async with open_tools(pool, web, host) as tools:
        for _ in range(VISITS_BEFORE):
            publisher.count += A_VISIT_BRINGS
            assert await poll(pool, tools, source) == "ok"
    redesign(publisher, change)
    async with pool.connection() as connection:  # robots.txt is asked for once a day
        await connection.execute("DELETE FROM tonggao.robots WHERE origin LIKE %s", (f"%{host}%",))
    states: list[str] = []
    for _ in range(3):
        publisher.count += A_VISIT_BRINGS
        async with open_tools(pool, web, host) as tools:
            states.append(await poll(pool, tools, source))
    noticed = next((number for number, state in enumerate(states, 1) if state != "ok"), 0)
    named = await rows(pool, CAUSES, source.id)
    diagnosis = await diagnose(pool, source.id, now())
    told = diagnosis.finding.cause.value if diagnosis.finding else "nothing"
    assert diagnosis.good_page is not None
    return noticed, ", ".join(cause for (cause,) in named), told


@pytest.mark.long
async def test_each_change_is_noticed_within_three_visits_and_named(pool: Pool, web: Web) -> None:
    await ensure_partitions(pool)
    await ensure_months(pool)
    seen = await asyncio.gather(*(live_through(pool, web, change) for change, _ in CHANGES))
    for (change, _), (noticed, named, told) in zip(CHANGES, seen, strict=True):
        print(f"{change:<16} noticed at visit {noticed}, named {named:<16} doctor: {told}")
    assert all(1 <= noticed <= 3 for noticed, _, _ in seen)
    assert [named for _, named, _ in seen] == [cause.value for _, cause in CHANGES]
    assert [told for _, _, told in seen] == [cause.value for _, cause in CHANGES]


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
            await poll(pool, tools, source)
    events = await rows(pool, "SELECT old_state, new_state FROM tonggao.event ORDER BY event_id")
    assert events == [("ok", "failing"), ("failing", "ok")]
