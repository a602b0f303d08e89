"""What one answer means for the next request to the same host."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from scraper.clock import now
from scraper.database import Pool
from scraper.fetch import Decision, Fetcher, HostRules, Outcome, Request
from tests.fetch.web import Web, answer, policy, serving

HOST, OTHER = "www.xiqing.test", "www.beichen.test"


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with serving(Web()) as served:
        yield served


def ask(path: str, host: str = HOST, **more: object) -> Request:
    return Request(url=f"http://{host}{path}", **more)  # type: ignore[arg-type]


async def rests(pool: Pool) -> dict[str, float]:
    """Seconds that each host is left alone from now on."""
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT host, extract(epoch FROM next_start - clock_timestamp())::float8"
            " FROM tonggao.host"
        )
        return dict(await cursor.fetchall())


async def test_retry_after_holds_for_the_whole_host(pool: Pool, web: Web) -> None:
    web.on("/a.html", answer(b"", 429, {"Retry-After": "120"}))
    async with Fetcher(pool, policy(HOST, port=web.port)) as fetcher:
        limited = await fetcher.fetch(ask("/a.html"))
        busy = await fetcher.fetch(ask("/b.html"))
    assert (limited.outcome, busy.outcome) == (Outcome.RATE_LIMITED, Outcome.BUSY)
    assert busy.decision is Decision.LATER
    assert limited.retry_at is not None
    assert busy.retry_at is not None
    assert (busy.retry_at - now()).total_seconds() > 110
    assert web.paths() == ["/a.html"]


async def test_a_rate_limit_is_not_tried_again_at_once(pool: Pool, web: Web) -> None:
    web.on("/a.html", answer(b"", 503, {"Retry-After": "120"}))
    async with Fetcher(pool, policy(HOST, port=web.port, attempts=3, backoff=0.01)) as fetcher:
        await fetcher.fetch(ask("/a.html"))
    assert web.paths() == ["/a.html"]


async def test_a_wall_leaves_the_host_alone(pool: Pool, web: Web) -> None:
    web.on("/a.html", answer(b"<script>$_ts=window['$_ts']</script>", 412))
    async with Fetcher(pool, policy(HOST, port=web.port, wall_rest=900.0)) as fetcher:
        walled = await fetcher.fetch(ask("/a.html"))
        assert (await fetcher.fetch(ask("/b.html"))).outcome is Outcome.BUSY
    assert (walled.outcome, walled.wall) == (Outcome.WALL, "ruishu")
    assert web.paths() == ["/a.html"]


async def test_each_host_of_a_redirect_has_its_own_budget(pool: Pool, web: Web) -> None:
    web.on("/a.html", answer(b"", 302, {"Location": f"http://{OTHER}/b.html"}))
    rules = HostRules(allowed_hosts=(HOST, OTHER), minimum_interval=60.0, ignore_robots=True)
    async with Fetcher(pool, policy(HOST, OTHER, port=web.port)) as fetcher:
        assert (await fetcher.fetch(ask("/a.html", rules=rules))).outcome is Outcome.OK
    assert {host: rest > 50 for host, rest in (await rests(pool)).items()} == {
        HOST: True,
        OTHER: True,
    }


async def test_each_hop_on_the_same_host_waits_for_its_slot(pool: Pool, web: Web) -> None:
    web.on("/a.html", answer(b"", 302, {"Location": "/b.html"}))
    rules = HostRules(minimum_interval=60.0, ignore_robots=True)
    async with Fetcher(pool, policy(HOST, port=web.port)) as fetcher:
        assert (await fetcher.fetch(ask("/a.html", rules=rules))).outcome is Outcome.BUSY
    assert web.paths() == ["/a.html"]


async def test_crawl_delay_slows_every_source_of_the_host(pool: Pool, web: Web) -> None:
    web.robots = answer(b"User-agent: *\nCrawl-delay: 40\n", kind="text/plain")
    impatient = HostRules(minimum_interval=1.0)
    operator = HostRules(minimum_interval=0.0, override_interval=True)
    async with Fetcher(pool, policy(HOST, port=web.port)) as fetcher:
        assert (await fetcher.fetch(ask("/a.html", rules=impatient))).outcome is Outcome.BUSY
        assert (await fetcher.fetch(ask("/a.html", rules=operator))).outcome is Outcome.OK
    assert web.paths() == ["/a.html"]


async def test_an_old_robots_txt_is_asked_for_again(pool: Pool, web: Web) -> None:
    rules = policy(HOST, port=web.port)
    async with Fetcher(pool, rules) as fetcher:
        assert (await fetcher.fetch(ask("/a.html"))).outcome is Outcome.OK
    web.robots = answer(b"User-agent: *\nDisallow: /\n", kind="text/plain")
    async with Fetcher(pool, rules) as fetcher:
        assert (await fetcher.fetch(ask("/a.html"))).outcome is Outcome.OK
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE tonggao.robots SET expires_at = now() - interval '1 second'"
        )
    async with Fetcher(pool, rules) as fetcher:
        assert (await fetcher.fetch(ask("/a.html"))).outcome is Outcome.BLOCKED_ROBOTS


async def test_a_host_that_was_not_reached_is_asked_again_at_once(pool: Pool, web: Web) -> None:
    async with Fetcher(pool, policy(HOST, port=1)) as fetcher:
        assert (await fetcher.fetch(ask("/a.html"))).outcome is Outcome.CONNECT
    async with Fetcher(pool, policy(HOST, port=web.port)) as fetcher:
        assert (await fetcher.fetch(ask("/a.html"))).outcome is Outcome.OK
