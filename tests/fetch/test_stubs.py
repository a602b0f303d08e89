"""Pages that only send their reader on: which they are, and how they are followed."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.database import Pool
from scraper.fetch import Fetcher, HostRules, Outcome, Purpose, Request
from scraper.fetch.redirect import Stub, stub_of
from tests.fetch.web import PAGE, Web, answer, policy, serving

HOST = "www.qingchuan.test"
HERE = f"http://{HOST}/a/"
THERE = f"http://{HOST}/b/"
META = '<meta http-equiv="refresh" content="0;url=/b/">'


def page(text: str) -> bytes:
    return f"<html><head><meta charset=utf-8>{text}</head><body></body></html>".encode()


@pytest.mark.parametrize(
    "stub",
    [
        META,
        "<META CONTENT='3; URL=../b/' HTTP-EQUIV=Refresh>",
        "<meta http-equiv=refresh content=\"0,url='/b/'\">正在跳转，请稍候",
        '<meta http-equiv="refresh" content="0; /b/#top">',
        "<script>location.href='/b/'</script>",
        '<script type="text/javascript">window.location = "/b/";</script>',
        "<script>top.location.replace('/b/');</script>",
        "<script><!--\nwindow.location.assign( '/b/' )\n//--></script>",
        '<noscript>请开启 JavaScript</noscript><script>self.location.href="../b/"</script>',
    ],
)
def test_what_only_sends_its_reader_on(stub: str) -> None:
    assert stub_of({}, page(stub), HERE) == Stub(THERE)


STORY = "<h1>青川县召开防汛工作会议</h1><p>来源：青川日报</p><p>会议要求各部门压实责任，确保全县各乡镇平安度汛。</p>"
ROWS = "".join(f"<li><a href=/{n}>县第{n}次会议</a>2026-09-0{n}</li>" for n in range(1, 4))


@pytest.mark.parametrize(
    "other",
    [
        "<p>没有别的内容</p>",
        '<meta http-equiv="refresh" content="600;url=/b/">',
        META + STORY,
        META + ROWS,
        META + "。" * 101,
        f"<!-- {META} -->",
        f"<noscript>{META}</noscript>",
        META + "<script>document.cookie='a=1'</script>",
        "<script>document.cookie='a=1';location.href='/b/'</script>",
        "<script>location.href='/b/'+x</script>",
        "<script>var a='/b/';location.href=a</script>",
        "<script>location.href='/b/';go()</script>",
        "<script src=/x.js></script><script>location.href='/b/'</script>",
        "<script>location.reload()</script>",
    ],
)
def test_what_does_something_else_too(other: str) -> None:
    assert stub_of({}, page(other), HERE) is None


def test_a_refresh_header_and_a_query_in_the_pages_encoding() -> None:
    assert stub_of({"refresh": "0; url=/b/"}, b"<html></html>", HERE) == Stub(THERE)
    assert stub_of({"refresh": "0; url=/b/"}, page(STORY), HERE) is None
    coded = '<script>location.href="/s.asp?c=要闻"</script>'.encode("gbk")
    assert stub_of({}, coded, HERE) == Stub(f"http://{HOST}/s.asp?c=%D2%AA%CE%C5")
    assert stub_of({"set-cookie": "a=1"}, page(META), HERE) == Stub(THERE, sets_cookie=True)
    assert stub_of({}, page("<meta http-equiv=refresh content='5'>"), HERE) == Stub(HERE)


PIECES = st.sampled_from(
    ["<meta ", "http-equiv=refresh ", "content='0;url=", "'>", "<script>", "location.href=", "'/b'", "</script>", " " * 30, "="]
)  # fmt: skip


@given(st.lists(PIECES).map("".join))
def test_any_markup_is_survived(text: str) -> None:
    found = stub_of({"refresh": text}, text.encode(), HERE)
    assert found is None or "#" not in found.url


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with serving(Web()) as served:
        yield served


@pytest.fixture
async def fetcher(pool: Pool, web: Web) -> AsyncIterator[Fetcher]:
    async with Fetcher(pool, policy(HOST, port=web.port)) as opened:
        yield opened


def ask(**more: object) -> Request:
    return Request(url=HERE, source_id="qingchuan", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("purpose", [Purpose.LISTING, Purpose.ARTICLE])
@pytest.mark.parametrize("header", [False, True])
async def test_a_stub_is_followed(
    web: Web, fetcher: Fetcher, purpose: Purpose, *, header: bool
) -> None:
    web.on("/a/", answer(b"<p></p>" if header else page(META), 200, {"Refresh": "0;url=/b/"} if header else {}))  # fmt: skip
    web.on("/b/", answer(PAGE))
    brought = await fetcher.fetch(ask(purpose=purpose))
    assert (brought.outcome, brought.url, brought.redirects) == (Outcome.OK, THERE, 1)
    assert brought.body == PAGE


async def test_each_hop_of_a_stub_asks_its_robots(web: Web, fetcher: Fetcher) -> None:
    web.on("/robots.txt", answer(b"User-agent: *\nDisallow: /b/"))
    web.on("/a/", answer(page(META)))
    brought = await fetcher.fetch(ask())
    assert brought.outcome is Outcome.BLOCKED_ROBOTS
    assert brought.detail.startswith(f"redirects to {THERE}")
    assert [call.path for call in web.calls if call.path == "/b/"] == []


@pytest.mark.parametrize(
    ("stub", "headers", "outcome", "told"),
    [
        (META.replace("/b/", "http://other.test/"), {}, Outcome.OFF_LIST, "redirects to http://other.test/"),
        (META.replace("/b/", "http://127.0.0.1/"), {}, Outcome.REFUSED_UNSAFE, "redirects to http://127.0.0.1/"),
        (META, {"Set-Cookie": "a=1"}, Outcome.BAD_REDIRECT, f"redirects to {THERE}"),
        (META.replace("/b/", "/a/#x"), {}, Outcome.WALL, "back to itself"),
        ("<script>location.href='/a/'</script>", {}, Outcome.WALL, "back to itself"),
    ],
)  # fmt: skip
async def test_a_stub_that_is_not_followed_is_named(
    web: Web, fetcher: Fetcher, stub: str, headers: dict[str, str], outcome: Outcome, told: str
) -> None:
    web.on("/a/", answer(page(stub), 200, headers))
    brought = await fetcher.fetch(ask(rules=HostRules(allowed_hosts=(HOST, "127.0.0.1"))))
    assert brought.outcome is outcome
    assert told in brought.detail


async def test_a_circle_of_stubs_and_a_wall_behind_one_are_walls(
    web: Web, fetcher: Fetcher
) -> None:
    web.on("/a/", answer(page(META)))
    web.on("/b/", answer(page(META.replace("/b/", "/a/"))))
    circle = await fetcher.fetch(ask(wall_rest=0.0))
    assert circle.outcome is Outcome.WALL
    web.on("/b/", answer(b"<html><script>var arg1='0B3F';</script></html>"))
    behind = await fetcher.fetch(ask(wall_rest=0.0))
    assert (behind.outcome, behind.wall) == (Outcome.WALL, "aliyun")
    assert behind.detail.startswith(f"redirects to {THERE}")
