"""A robots.txt that fails silences its host for a minute, not for an hour, and never without asking."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from scraper.database import Pool
from scraper.fetch import Decision, Fetcher, Outcome
from scraper.fetch.exchange import UrlState
from tests.fetch.test_fetcher import HOST, ask
from tests.fetch.web import Web, answer, policy, serving

FAILS = answer(b"", 503)
RULES = answer(b"User-agent: *\nDisallow: /secret/\n", kind="text/plain")
AGE = (
    "UPDATE tonggao.robots SET fetched_at = fetched_at - %s * interval '1 hour', expires_at = now()"
)


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with serving(Web()) as served:
        yield served


async def anew(pool: Pool, web: Web, path: str = "/a.html") -> tuple[Outcome, int]:
    """What a process that has just begun gets, and how often it asked for robots.txt."""
    web.calls.clear()
    async with Fetcher(pool, policy(HOST, port=web.port)) as fetcher:
        brought = await fetcher.fetch(ask(path))
    return brought.outcome, [call.path for call in web.calls].count("/robots.txt")


async def left(pool: Pool) -> float:
    async with pool.connection() as connection:
        row = await (
            await connection.execute(
                "SELECT extract(epoch FROM expires_at - now()) FROM tonggao.robots"
            )
        ).fetchone()
    assert row is not None
    return float(row[0])


async def age(pool: Pool, hours: float) -> None:
    async with pool.connection() as connection:
        await connection.execute(AGE, (hours,))


async def test_it_is_asked_again_after_1_5_and_15_minutes(pool: Pool, web: Web) -> None:
    web.robots = FAILS
    waits = []
    for _ in range(5):
        assert await anew(pool, web) == (Outcome.BLOCKED_ROBOTS, 1)
        waits.append(await left(pool))
        assert await anew(pool, web) == (Outcome.BLOCKED_ROBOTS, 0)  # not before its time
        await age(pool, 0)
    assert [round(wait / 60) for wait in waits] == [1, 5, 15, 15, 15]
    web.robots = RULES
    assert await anew(pool, web) == (Outcome.OK, 1)
    await age(pool, 30)
    web.robots = FAILS
    assert await anew(pool, web) == (Outcome.BLOCKED_ROBOTS, 1)
    assert round(await left(pool) / 60) == 1  # it had answered in between


async def test_the_one_before_stays_in_force_for_a_day(pool: Pool, web: Web) -> None:
    web.robots = RULES
    assert await anew(pool, web) == (Outcome.OK, 1)
    web.robots = FAILS
    await age(pool, 21)
    assert await anew(pool, web) == (Outcome.OK, 1)
    await age(pool, 0)
    assert await anew(pool, web, "/secret/a.html") == (Outcome.BLOCKED_ROBOTS, 1)
    await age(pool, 2.9)
    assert await anew(pool, web) == (Outcome.OK, 1)
    assert await left(pool) < 6 * 60 + 1  # not beyond its 24 hours
    await age(pool, 0.2)
    assert await anew(pool, web) == (Outcome.BLOCKED_ROBOTS, 1)


async def test_a_page_is_not_blamed_for_its_hosts_robots_txt(pool: Pool, web: Web) -> None:
    web.robots = FAILS
    async with Fetcher(pool, policy(HOST, port=web.port)) as fetcher:
        brought = await fetcher.fetch(ask("/a.html"))
        assert brought.decision is Decision.LATER
        assert brought.retry_at is not None
        assert (brought.retry_at - brought.fetched_at).total_seconds() <= 60
        assert await fetcher.ledger.state(brought.request.url) == UrlState()
    web.robots = RULES
    await age(pool, 0)
    async with Fetcher(pool, policy(HOST, port=web.port)) as fetcher:
        forbidden = await fetcher.fetch(ask("/secret/a.html"))
        assert (await fetcher.ledger.state(forbidden.request.url)).failures == 1
