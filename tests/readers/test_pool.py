"""A document that kills its reader is lost alone: the pool heals and the others go on."""

from __future__ import annotations

import asyncio
import os

import psutil
import pytest

from scraper.errors import EmptyListing, ListingCrashed, PageError, ParserCrashed
from scraper.readers import ReaderLimits, ReaderPool
from scraper.readers import pool as pools
from scraper.readers.processors import by_processors

PAGE = """<html><head><title>西青区举行发布会</title></head><body><h1>西青区举行发布会</h1>
<div id="abody"><p>西青区今天举行新闻发布会，介绍全区今年以来的经济运行情况，并回答记者提问。</p></div></body></html>"""
URL = "http://tj.cri.cn/20241116/one.html"


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    program = "from tests.readers.faulty_process import main; main()"
    monkeypatch.setattr(pools, "_PROGRAM", program)


async def test_many_pages_at_once_give_what_one_call_gives() -> None:
    async with ReaderPool(2) as pool:
        found = await asyncio.gather(*(pool.parse(PAGE.encode(), URL) for _ in range(20)))
    assert {release.title for release in found} == {"西青区举行发布会"}


async def test_an_error_of_the_page_comes_back_as_itself() -> None:
    async with ReaderPool(1) as pool:
        with pytest.raises(PageError, match=URL) as caught:
            await pool.parse(b"", URL)
        assert not isinstance(caught.value, ParserCrashed)


async def test_no_more_processes_start_than_documents_come_at_once() -> None:
    async with ReaderPool(3) as pool:
        for _ in range(4):
            await pool.parse(PAGE.encode(), URL)
        assert len(pool._all) == 1
        await asyncio.gather(*(pool.parse(PAGE.encode(), URL) for _ in range(2)))
        assert len(pool._all) == 2


@pytest.mark.parametrize(("processors", "readers"), [(1, 1), (2, 1), (4, 3), (64, 4)])
def test_readers_by_the_processors_that_may_be_used(
    monkeypatch: pytest.MonkeyPatch, processors: int, readers: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(processors)), raising=False)
    assert by_processors() == readers
    assert by_processors(kept=0) == min(processors, 4)


def test_where_nobody_tells_which_may_be_used_all_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert by_processors() == 2


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize(
    ("page", "reason"),
    [(b"crash", "SIGSEGV"), (b"hang", "more than 1 s"), (b"grow", "ended"), (b"fault", "ZeroDiv")],
)
async def test_a_lost_reader_loses_one_page(page: bytes, reason: str) -> None:
    limits = ReaderLimits(seconds=1, megabytes=1500)
    async with ReaderPool(1, limits=limits) as pool:
        with pytest.raises(ParserCrashed, match=reason) as caught:
            await pool.parse(page, URL)
        assert caught.value.page == page
        assert caught.value.url == URL
        assert (await pool.parse(PAGE.encode(), URL)).title == "西青区举行发布会"


async def test_a_reader_is_replaced_after_its_share_of_pages() -> None:
    async with ReaderPool(1, limits=ReaderLimits(documents=2)) as pool:
        seen = set()  # type: ignore[var-annotated]
        for _ in range(5):
            await pool.parse(PAGE.encode(), URL)
            seen.update(each.process.pid for each in pool._all)
    assert len(seen) == 3  # for pages 1 and 2, 3 and 4, 5


async def test_a_reader_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_PROGRAM", "raise SystemExit(3)")
    async with ReaderPool(1) as pool:
        with pytest.raises(ParserCrashed, match="did not start"):
            await pool.parse(PAGE.encode(), URL)


async def test_no_process_is_left_after_the_pool() -> None:
    async with ReaderPool(2) as pool:
        await asyncio.gather(*(pool.parse(PAGE.encode(), URL) for _ in range(4)))
        pids = [each.process.pid for each in pool._all]
    assert pids
    assert not any(psutil.pid_exists(pid) for pid in pids)


async def test_a_pool_that_is_not_open_refuses_instead_of_waiting_for_ever() -> None:
    pool = ReaderPool(1)
    with pytest.raises(RuntimeError, match="async with"):
        await pool.parse(PAGE.encode(), URL)
    async with pool:
        assert await pool.parse(PAGE.encode(), URL)
    with pytest.raises(RuntimeError, match="async with"):
        await pool.parse(PAGE.encode(), URL)


async def test_a_cancelled_page_leaves_the_pool_usable() -> None:
    async with ReaderPool(1) as pool:
        await pool.parse(PAGE.encode(), URL)
        task = asyncio.create_task(pool.parse(PAGE.encode() * 2000, URL))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await pool.parse(PAGE.encode(), URL)).title == "西青区举行发布会"


LIST = "".join(
    f"<li><a href='/202609/t2026090{n}_{n}.html'>第{n}条新闻的标题写在这里</a></li>"
    for n in range(1, 9)
)


async def test_a_start_that_is_cancelled_leaves_nothing_behind() -> None:
    async with ReaderPool(1) as pool:
        for begun in (lambda: pool._creating, lambda: pool._all):
            asked = asyncio.create_task(pool.parse(PAGE.encode(), URL))
            while not begun():
                await asyncio.sleep(0)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            assert not pool._all
        assert (await pool.parse(PAGE.encode(), URL)).title == "西青区举行发布会"


async def test_who_waits_for_a_reader_when_the_pool_is_closed_starts_none() -> None:
    async with ReaderPool(1) as pool:
        asked = [asyncio.create_task(pool.parse(PAGE.encode(), URL)) for _ in range(5)]
        while not pool._creating:
            await asyncio.sleep(0)
    first, *others = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(first, ParserCrashed)
    assert [str(each) for each in others] == [
        "a pool of readers reads within `async with` only"
    ] * 4
    assert not pool._all
    assert not pool._creating
    assert not psutil.Process().children()


async def test_lists_columns_and_walls_are_read_there_too() -> None:
    async with ReaderPool(1) as pool:
        listing = await pool.read_listing(f"<ul>{LIST}</ul>".encode(), "http://a.cn/yw/")
        assert len(listing.links) == 8
        with pytest.raises(EmptyListing, match="no list of links"):
            await pool.read_listing(b"<p>", "http://a.cn/yw/")
        home = "<a href='/yw/'>要闻</a>".encode()
        assert [link.title for link in await pool.columns_on(home, "http://a.cn/")] == ["要闻"]
        assert await pool.name_wall(412, {}, b"<script>", "http://a.cn/") == "ruishu"
        assert len({each.process.pid for each in pool._all}) == 1


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize(
    ("document", "reason"),
    [(b"crash", "SIGSEGV"), (b"hang", "more than 1 s"), (b"grow", "ended"), (b"fault", "ZeroDiv")],
)
async def test_a_list_that_kills_its_reader_fails_alone(document: bytes, reason: str) -> None:
    async with ReaderPool(1, limits=ReaderLimits(seconds=1, megabytes=1500)) as pool:
        with pytest.raises(ListingCrashed, match=reason):
            await pool.read_listing(document, "http://a.cn/yw/")
        with pytest.raises(ListingCrashed, match=reason):
            await pool.columns_on(document, "http://a.cn/")
        with pytest.raises(ParserCrashed, match=reason):
            await pool.name_wall(200, {}, document, "http://a.cn/")
        assert (await pool.parse(PAGE.encode(), URL)).title == "西青区举行发布会"
