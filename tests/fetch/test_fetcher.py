from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import LiteralString

import pytest

from scraper.clock import SHANGHAI, now
from scraper.database import Pool
from scraper.errors import FetchError
from scraper.fetch import Decision, Fetcher, HostRules, Outcome, Purpose, Request
from tests.fetch.web import PAGE, Web, answer, policy, serving

HOST = "www.xiqing.test"


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with serving(Web()) as served:
        yield served


@pytest.fixture
async def fetcher(pool: Pool, web: Web) -> AsyncIterator[Fetcher]:
    async with Fetcher(pool, policy(HOST, port=web.port)) as opened:
        yield opened


def ask(path: str, **more: object) -> Request:
    return Request(url=f"http://{HOST}{path}", source_id="tianjin.xiqing", **more)  # type: ignore[arg-type]


async def test_a_page_comes_and_its_attempt_is_written(pool: Pool, fetcher: Fetcher) -> None:
    brought = await fetcher.fetch(ask("/a.html"))
    assert brought.require().body == PAGE
    assert brought.http_charset == "utf-8"
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT attempt_id, source_id, outcome, status, bytes, decision FROM tonggao.attempt"
            " WHERE purpose = 'article'"
        )
        rows = await cursor.fetchall()
    assert rows == [(brought.attempt_id, "tianjin.xiqing", "ok", 200, len(PAGE), "none")]


async def test_a_304_leaves_the_held_body_in_force(web: Web, fetcher: Fetcher) -> None:
    web.on("/a.html", answer(b"", 304, {"ETag": '"1"'}))
    brought = await fetcher.fetch(
        ask("/a.html", etag='"1"', last_modified="Sat, 01 Nov 2025 00:00:00 GMT")
    )
    assert brought.outcome is Outcome.NOT_MODIFIED
    assert web.calls[-1].headers["if-none-match"] == '"1"'
    assert web.calls[-1].headers["if-modified-since"] == "Sat, 01 Nov 2025 00:00:00 GMT"


async def test_a_body_sent_again_is_not_modified_whatever_the_etag(
    web: Web, fetcher: Fetcher
) -> None:
    first = await fetcher.fetch(ask("/a.html"))
    web.on("/a.html", answer(headers={"ETag": '"other"'}))
    second = await fetcher.fetch(ask("/a.html", body_digest=first.digest, etag='"1"'))
    assert (second.outcome, second.status) == (Outcome.NOT_MODIFIED, 200)


async def test_a_304_that_names_another_etag_is_not_believed(web: Web, fetcher: Fetcher) -> None:
    web.on("/a.html", answer(b"", 304, {"ETag": '"2"'}), answer())
    brought = await fetcher.fetch(ask("/a.html", etag='"1"'))
    assert (brought.outcome, brought.body) == (Outcome.OK, PAGE)
    assert "if-none-match" not in web.calls[-1].headers


async def test_after_a_long_time_a_304_is_not_asked_for(web: Web, fetcher: Fetcher) -> None:
    long_ago = now() - dt.timedelta(days=8)
    brought = await fetcher.fetch(ask("/a.html", etag='"1"', body_at=long_ago))
    assert brought.outcome is Outcome.OK
    assert "if-none-match" not in web.calls[-1].headers


async def test_robots_txt_is_obeyed_and_asked_once(web: Web, fetcher: Fetcher) -> None:
    web.robots = answer(b"User-agent: *\nDisallow: /secret/\n", kind="text/plain")
    assert (await fetcher.fetch(ask("/secret/a.html"))).outcome is Outcome.BLOCKED_ROBOTS
    assert (await fetcher.fetch(ask("/open/a.html"))).outcome is Outcome.OK
    assert [call.path for call in web.calls] == ["/robots.txt", "/open/a.html"]


async def test_processes_share_one_robots_txt(pool: Pool, web: Web) -> None:
    rules = policy(HOST, port=web.port, minimum_interval=0.3, maximum_interval=0.3)
    async with Fetcher(pool, rules) as one, Fetcher(pool, rules) as other:
        asked = [each.fetch(ask(f"/{n}.html")) for n, each in enumerate((one, other))]
        assert [each.outcome for each in await asyncio.gather(*asked)] == [Outcome.OK, Outcome.OK]
    assert [call.path for call in web.calls].count("/robots.txt") == 1


@pytest.mark.parametrize(
    ("robots", "outcome"),
    [
        (answer(b"", 500), Outcome.BLOCKED_ROBOTS),
        (answer(b"", 503), Outcome.BLOCKED_ROBOTS),
        (answer(b"", 429), Outcome.BLOCKED_ROBOTS),
        (answer(b"", 403), Outcome.OK),
        (answer(b"", 404), Outcome.OK),
        (answer(b"<html>not rules</html>"), Outcome.OK),
        (answer(b"", 302, {"Location": "/robots.txt"}), Outcome.OK),
    ],
)
async def test_what_robots_txt_failing_means(
    web: Web, fetcher: Fetcher, robots: bytes, outcome: Outcome
) -> None:
    web.robots = robots
    assert (await fetcher.fetch(ask("/a.html"))).outcome is outcome


async def test_robots_txt_can_be_disregarded_by_the_operator(
    web: Web, pool: Pool, fetcher: Fetcher
) -> None:
    web.robots = answer(b"User-agent: *\nDisallow: /\n", kind="text/plain")
    brought = await fetcher.fetch(ask("/a.html", rules=HostRules(ignore_robots=True)))
    assert brought.outcome is Outcome.OK
    assert web.paths() == ["/a.html"]
    assert await column(pool, "SELECT robots_ignored FROM tonggao.attempt") == [True]


async def test_redirects_are_followed_within_the_list(web: Web, fetcher: Fetcher) -> None:
    web.on("/a.html", answer(b"", 301, {"Location": "/b.html"}))
    brought = await fetcher.fetch(ask("/a.html"))
    assert (brought.outcome, brought.url, brought.redirects) == (
        Outcome.OK,
        f"http://{HOST}/b.html",
        1,
    )


async def test_a_redirect_off_the_list_is_not_followed(web: Web, fetcher: Fetcher) -> None:
    web.on("/a.html", answer(b"", 302, {"Location": "http://elsewhere.example/"}))
    assert (await fetcher.fetch(ask("/a.html"))).outcome is Outcome.OFF_LIST


async def test_a_failing_url_is_remembered_until_it_comes(web: Web, fetcher: Fetcher) -> None:
    web.on("/a.html", answer(b"", 500), answer(b"", 500), answer())
    first, second = await fetcher.fetch(ask("/a.html")), await fetcher.fetch(ask("/a.html"))
    assert (first.failures, second.failures) == (1, 2)
    url = f"http://{HOST}/a.html"
    assert await fetcher.ledger.not_due([url, f"http://{HOST}/b.html"]) == {url}
    assert [each.url for each in await fetcher.ledger.failing(least=2)] == [url]
    assert (await fetcher.fetch(ask("/a.html"))).outcome is Outcome.OK
    assert await fetcher.ledger.not_due([url]) == set()


async def test_a_transient_failure_is_tried_again_in_the_same_call(pool: Pool, web: Web) -> None:
    web.on("/a.html", answer(b"", 502), answer())
    rules = policy(HOST, port=web.port, attempts=3, backoff=0.01, backoff_cap=0.02)
    async with Fetcher(pool, rules) as fetcher:
        assert (await fetcher.fetch(ask("/a.html"))).outcome is Outcome.OK
    assert await column(
        pool, "SELECT decision FROM tonggao.attempt WHERE purpose = 'article' ORDER BY attempt_id"
    ) == ["again", "none"]


async def test_an_article_is_withdrawn_only_after_confirmation(pool: Pool, web: Web) -> None:
    web.on("/a.html", answer(b"", 404))
    today = dt.datetime(2025, 11, 1, tzinfo=SHANGHAI)
    seen = []
    async with Fetcher(pool, policy(HOST, port=web.port), clock=lambda: today) as fetcher:
        for _ in range(3):
            seen.append((await fetcher.fetch(ask("/a.html"))).decision.value)
            today += dt.timedelta(days=1)
    assert seen == ["confirm", "confirm", "withdrawn"]


async def test_a_list_page_that_is_gone_is_expected_back(web: Web, fetcher: Fetcher) -> None:
    web.on("/list.html", answer(b"", 404))
    for _ in range(4):
        brought = await fetcher.fetch(ask("/list.html", purpose=Purpose.LISTING))
    assert (brought.outcome, brought.decision, brought.withdrawn) == (
        Outcome.GONE,
        Decision.LATER,
        False,
    )


async def test_what_reading_the_page_shows_amends_the_attempt(pool: Pool, fetcher: Fetcher) -> None:
    brought = await fetcher.fetch(ask("/a.html"))
    amended = await fetcher.amend(brought, Outcome.PARSE_ERROR, "no headline")
    assert amended.retry_at is not None
    assert await column(pool, "SELECT outcome FROM tonggao.attempt WHERE purpose = 'article'") == [
        "parse_error"
    ]
    with pytest.raises(FetchError, match=r"tianjin.xiqing.*could not be read"):
        amended.require()


async def test_a_page_that_comes_and_stays_unreadable_is_tried_ever_more_rarely(
    fetcher: Fetcher,
) -> None:
    url, failures = f"http://{HOST}/a.html", []
    for _ in range(3):
        brought = await fetcher.fetch(ask("/a.html"))
        failures.append((await fetcher.amend(brought, Outcome.PARSE_ERROR, "no headline")).failures)
        assert await fetcher.ledger.not_due([url]) == {url}
    assert failures == [1, 2, 3]
    await fetcher.fetch(ask("/a.html"))
    assert await fetcher.ledger.not_due([url]) == set()


async def test_a_page_that_says_it_is_gone_is_confirmed_too(pool: Pool, web: Web) -> None:
    today, seen = dt.datetime(2025, 11, 1, tzinfo=SHANGHAI), []
    async with Fetcher(pool, policy(HOST, port=web.port), clock=lambda: today) as fetcher:
        for _ in range(3):
            brought = await fetcher.fetch(ask("/a.html", key="the key"))
            amended = await fetcher.amend(brought, Outcome.GONE, "页面不存在")
            seen.append((amended.decision.value, amended.state.failing_since))
            today += dt.timedelta(days=1)
    assert [decision for decision, _ in seen] == ["confirm", "confirm", "withdrawn"]
    assert seen[2][1] == dt.datetime(2025, 11, 1, tzinfo=SHANGHAI)


async def test_an_address_is_escaped_as_a_browser_does(web: Web, fetcher: Fetcher) -> None:
    await fetcher.fetch(ask("/附件 1.html?a=b c#top"))
    assert web.paths() == ["/%E9%99%84%E4%BB%B6%201.html?a=b%20c"]


async def test_a_form_is_posted(web: Web, fetcher: Fetcher) -> None:
    await fetcher.fetch(ask("/proxy.jsp", form=(("col", "1"), ("path", "/"))))
    call = web.calls[-1]
    assert (call.method, call.body) == ("POST", b"col=1&path=%2F")


async def test_cookies_are_kept_only_where_the_source_asks(web: Web, fetcher: Fetcher) -> None:
    web.on("/a.html", answer(headers={"Set-Cookie": "seen=1; Path=/"}))
    for _ in range(2):
        await fetcher.fetch(ask("/a.html"))
    assert "cookie" not in web.calls[-1].headers
    for _ in range(2):
        await fetcher.fetch(ask("/a.html", rules=HostRules(cookies=True)))
    assert web.calls[-1].headers["cookie"] == "seen=1"


@pytest.mark.parametrize(
    "url", ["http://\ud800.cn/", "http://a.cn/\x00", "", "http://a.cn/" + "a" * 9000]
)
async def test_a_url_that_cannot_be_one_is_refused_and_recorded(fetcher: Fetcher, url: str) -> None:
    refused = await fetcher.fetch(Request(url=url))
    assert (refused.outcome, refused.attempt_id) == (Outcome.REFUSED_UNSAFE, 1)


async def test_a_validator_outside_ascii_goes_back_as_it_came(web: Web, fetcher: Fetcher) -> None:
    web.on("/a.html", answer(headers={"ETag": '"\xe9"'}))
    first = await fetcher.fetch(ask("/a.html"))
    await fetcher.fetch(ask("/a.html", etag=first.etag))
    assert web.calls[-1].headers["if-none-match"] == first.etag == '"\xe9"'
    assert (await fetcher.fetch(ask("/a.html", etag='"a\r\nX: y"'))).outcome is Outcome.OK


async def test_old_attempts_are_purged(pool: Pool, fetcher: Fetcher) -> None:
    await fetcher.fetch(ask("/a.html"))
    assert await fetcher.purge_attempts() == 0
    assert await fetcher.ledger.purge(now() + dt.timedelta(days=1)) == 2
    assert await column(pool, "SELECT count(*) FROM tonggao.attempt") == [0]


async def column(pool: Pool, query: LiteralString) -> list[object]:
    async with pool.connection() as connection:
        return [row[0] for row in await (await connection.execute(query)).fetchall()]
