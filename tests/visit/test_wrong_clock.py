"""A wrong clock freezes nothing: neither while it is wrong, nor what it left behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from scheduler.daemon.clock_watch import ClockWatch
from scheduler.demo.site import DemoSite
from scraper.clock import now
from scraper.database import Pool
from scraper.errors import ClockWrong
from scraper.fetch import Fetcher
from scraper.sources import Source
from scraper.visit import Recheck, Tools, visit
from tests.visit.test_visiting import one

Ahead = Callable[[dt.timedelta], AbstractAsyncContextManager[Tools]]


@pytest.fixture
def ahead(tools: Tools) -> Ahead:
    """The tools of a machine whose clock is so far ahead."""

    @asynccontextmanager
    async def opened(by: dt.timedelta) -> AsyncIterator[Tools]:
        policy = tools.fetcher.policy
        async with Fetcher(tools.pool, policy, clock=lambda: now() + by) as fetcher:
            yield replace(tools, fetcher=fetcher)

    return opened


FUTURE = "now() + interval '1 minute'"


@pytest.mark.parametrize("hours", [1, -1])
async def test_observations_of_a_doubtful_clock_have_the_databases_time_and_a_mark(
    sources: dict[str, Source], ahead: Ahead, pool: Pool, hours: int
) -> None:
    async with ahead(dt.timedelta(hours=hours)) as wrong:
        assert (await visit(sources["cri"], wrong)).new == 3
    for column, table in (
        ("last_seen_at", "publication"),
        ("valid_from", "revision"),
        ("fetched_at", "snapshot"),
        ("started_at", "attempt"),
    ):
        near = f"bool_and({column} BETWEEN now() - interval '2 minutes' AND {FUTURE})"
        assert await one(pool, f"SELECT {near} FROM tonggao.{table}") == (True,), table
    for table in ("snapshot", "revision", "attempt"):
        assert await one(pool, f"SELECT bool_and(clock_doubtful) FROM tonggao.{table}") == (True,)


@pytest.mark.parametrize("days", [400, -400])
async def test_a_clock_that_is_more_than_a_day_off_stops_the_visit(
    sources: dict[str, Source], tools: Tools, ahead: Ahead, pool: Pool, days: int
) -> None:
    async with ahead(dt.timedelta(days=days)) as wrong:
        with pytest.raises(ClockWrong, match=r"(399|400) days"):
            await visit(sources["cri"], wrong)
        with pytest.raises(ClockWrong):
            await visit(sources["cri"], wrong)
    assert await one(pool, "SELECT count(*) FROM tonggao.publication") == (0,)
    assert await one(pool, "SELECT array_agg(state) FROM tonggao.run") == (["interrupted"],)
    assert (await visit(sources["cri"], tools)).new == 3  # by itself, once the clock is right


async def test_the_operator_is_told_once(
    sources: dict[str, Source], ahead: Ahead, pool: Pool
) -> None:
    async with ahead(dt.timedelta(hours=1)) as wrong:
        crew: Any = SimpleNamespace(tools=wrong, pool=pool, worker="m:1")
        watch = ClockWatch(crew)
        await watch.look()
        assert not watch.doubtful  # the database alone is one witness
        await visit(sources["cri"], wrong)
        for _ in range(3):
            await watch.look()
    told = "SELECT kind, new_state, sentence FROM tonggao.event"
    kind, state, sentence = await one(pool, told)
    assert (kind, state) == ("clock", "degraded")
    assert "1:00:00 ahead of the database's clock and the Date headers" in str(sentence)
    assert await one(pool, "SELECT count(*) FROM tonggao.event") == (1,)


async def test_an_edit_comes_into_force_over_a_text_from_the_future(
    sources: dict[str, Source], tools: Tools, site: DemoSite, pool: Pool
) -> None:
    await visit(sources["qinghe"], tools)
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE tonggao.publication SET last_seen_at = now() + interval '400 days', "
            "revision_from = now() + interval '400 days', body_at = now() + interval '400 days'"
        )
    site.edit()
    hourly = replace(tools, recheck=Recheck(hours=6))
    assert (await visit(sources["qinghe"], hourly, kind="scheduled")).revisions == 1
    sane = f"SELECT bool_and(last_seen_at < {FUTURE}), count(*) FILTER (WHERE revision_from < {FUTURE})"
    assert await one(pool, f"{sane} FROM tonggao.publication") == (True, 1)
    body = "SELECT count(*) FROM archive.publications WHERE body LIKE '%四十八天%'"
    assert await one(pool, body) == (1,)


async def test_a_failure_told_by_a_wrong_clock_is_due_now(
    sources: dict[str, Source], tools: Tools, site: DemoSite, pool: Pool
) -> None:
    path = next(each.path for each in site.releases.values() if each.site == "cri")
    site.walls.add(path)
    await visit(sources["cri"], tools)
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE tonggao.url_state SET tried_at = now() + interval '400 days', "
            "next_try_at = now() + interval '401 days'"
        )
    site.walls.clear()
    assert (await visit(sources["cri"], tools, kind="scheduled")).new == 1
