"""What was once listed is tried for as long as it makes sense, whatever the list does meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest

from scheduler.demo.site import DemoRelease, DemoSite
from scraper.database import Pool
from scraper.page import FieldRules
from scraper.readers import OwnProcess
from scraper.release import Release
from scraper.sources import Source
from scraper.visit import ArticleResult, Recheck, RunSummary, Tools, visit
from tests.visit.test_visiting import LongArticles, one


@dataclass
class Shelf:
    """What the site lists and has, each on its own."""

    site: DemoSite
    unlisted: set[str]
    gone: set[str]

    def first(self) -> DemoRelease:
        return next(each for each in self.site.releases.values() if each.site == "cri")


@pytest.fixture
def shelf(site: DemoSite) -> Shelf:
    kept = Shelf(site, set(), set())
    find, listing = site._find, site._listing

    def find_kept(host: str, path: str) -> bytes | None:
        return None if path in kept.gone else find(host, path)

    def list_kept(name: str) -> bytes:
        whole = dict(site.releases)
        site.releases = {k: r for k, r in whole.items() if r.path not in kept.unlisted}
        try:
            return listing(name)
        finally:
            site.releases = whole

    site._find, site._listing = find_kept, list_kept  # type: ignore[method-assign]
    return kept


async def later(pool: Pool, hours: float = 24) -> None:
    """As if so much time had passed for all that fails or was seen."""
    async with pool.connection() as connection:
        shift = "make_interval(secs => %s)"
        await connection.execute(
            f"UPDATE tonggao.url_state SET next_try_at = least(next_try_at, now()) - {shift}, "
            f"tried_at = tried_at - {shift}, sighted_at = sighted_at - {shift}",
            (hours * 3600,) * 3,
        )


async def test_an_article_that_left_the_list_is_tried_again(
    sources: dict[str, Source], tools: Tools, shelf: Shelf, pool: Pool
) -> None:
    path = shelf.first().path
    shelf.gone.add(path)
    assert (await visit(sources["cri"], tools)).failed == 1
    shelf.gone.clear()
    shelf.unlisted.add(path)
    assert (await visit(sources["cri"], tools, kind="scheduled")).retried == 0
    await later(pool)
    summary = await visit(sources["cri"], tools, kind="scheduled")
    assert (summary.new, summary.retried, summary.failed) == (1, 1, 0)
    assert await one(pool, "SELECT count(*) FROM tonggao.url_state") == (0,)


async def test_what_was_listed_is_asked_for_though_the_visit_was_cut_short(
    sources: dict[str, Source], tools: Tools, shelf: Shelf, pool: Pool
) -> None:
    reached = asyncio.Event()

    def progress(_: RunSummary, result: ArticleResult | None) -> None:
        if result is not None:
            reached.set()

    task = asyncio.create_task(visit(sources["cri"], tools, progress=progress))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    states = "SELECT array_agg(DISTINCT state), count(*) FROM archive.unread"
    assert await one(pool, states) == (["listed"], 2)
    shelf.unlisted |= {each.path for each in shelf.site.releases.values() if each.site == "cri"}
    await visit(sources["cri"], tools, kind="scheduled")  # the list is empty by now
    assert await one(pool, "SELECT count(*) FROM tonggao.publication") == (3,)
    assert await one(pool, states) == (None, 0)


async def test_what_fails_once_more_is_no_failure_of_this_visit(
    sources: dict[str, Source], tools: Tools, shelf: Shelf, pool: Pool
) -> None:
    path = shelf.first().path
    shelf.gone.add(path)
    await visit(sources["cri"], tools)
    shelf.unlisted.add(path)
    await later(pool)
    summary = await visit(sources["cri"], tools, kind="scheduled")
    assert (summary.retried, summary.failed, summary.reasons) == (1, 0, {})
    assert await one(pool, "SELECT failures FROM tonggao.url_state") == (2,)


async def test_an_article_withdrawn_before_it_was_read_is_shown_and_taken_back(
    sources: dict[str, Source], tools: Tools, shelf: Shelf, pool: Pool
) -> None:
    path = shelf.first().path
    shelf.gone.add(path)
    states = []
    for _ in range(4):
        summary = await visit(sources["cri"], tools, kind="scheduled")
        assert summary.withdrawn == 0  # nothing that was archived is gone
        states.append(await one(pool, "SELECT state, sightings FROM archive.unread"))
        await later(pool)
    told = "withdrawn before it was read"
    assert states == [("failing", 1), ("failing", 2), (told, 3), (told, 4)]
    shelf.gone.clear()
    await later(pool, 24 * 100)
    assert (await visit(sources["cri"], tools, kind="scheduled")).new == 1
    assert await one(pool, "SELECT count(*) FROM archive.unread") == (0,)


@pytest.mark.parametrize("listed", [True, False])
async def test_what_comes_back_is_back(
    sources: dict[str, Source], tools: Tools, shelf: Shelf, pool: Pool, listed: bool
) -> None:
    path = shelf.first().path
    await visit(sources["cri"], tools)
    shelf.gone.add(path)
    told = []
    for _ in range(4):
        told.append((await visit(sources["cri"], tools, kind="scheduled")).withdrawn)
        await later(pool)
    assert told == [0, 0, 1, 0]  # told once, though it is looked at again
    shelf.gone.clear()
    if not listed:
        shelf.unlisted.add(path)
    await later(pool)
    assert (await visit(sources["cri"], tools, kind="scheduled")).error is None
    assert await one(pool, "SELECT count(withdrawn_at) FROM tonggao.publication") == (0,)
    kinds = "SELECT array_agg(kind ORDER BY change_id) FROM tonggao.change WHERE kind ~ '(drawn|stored)$'"
    assert await one(pool, kinds) == (["withdrawn", "restored"],)


async def test_resting_pages_take_no_other_pages_place(
    sources: dict[str, Source], tools: Tools, pool: Pool
) -> None:
    await visit(sources["cri"], tools)
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO tonggao.url_state (url_digest, url, source_id, purpose, outcome, decision,"
            " failures, failing_since, tried_at, next_try_at) SELECT sha256(convert_to(url, 'UTF8')), url,"
            " source_id, 'article', 'timeout', 'later', 3, now(), now(), now() + interval '1 day'"
            " FROM tonggao.publication ORDER BY publication_id LIMIT 2"
        )
        await connection.execute(
            "UPDATE tonggao.publication SET last_seen_at = last_seen_at - publication_id % 7 * interval '1 h'"
        )
    few = replace(tools, recheck=Recheck(hours=0, at_once=1))
    assert (await visit(sources["cri"], few, kind="scheduled")).unchanged == 1


async def test_a_last_sight_in_the_future_is_due_now(
    sources: dict[str, Source], tools: Tools, pool: Pool
) -> None:
    await visit(sources["cri"], tools)
    async with pool.connection() as connection:
        await connection.execute(
            "UPDATE tonggao.publication SET last_seen_at = now() + interval '400 days'"
        )
    hourly = replace(tools, recheck=Recheck(hours=6))
    assert (await visit(sources["cri"], hourly, kind="scheduled")).unchanged == 3


async def test_a_further_page_that_fails_is_no_article_to_try(
    sources: dict[str, Source], tools: Tools, pool: Pool
) -> None:
    await visit(sources["cri"], replace(tools, workers=LongArticles()))
    assert await one(pool, "SELECT count(*) FROM tonggao.url_state WHERE url ~ '[?]2$'") == (0,)


@dataclass
class Faulty(OwnProcess):
    """A parser with an error of ours."""

    error: Exception

    async def parse(
        self,
        html: bytes,
        url: str,
        http_charset: str | None = None,
        rules: FieldRules | None = None,
        **dated: Any,
    ) -> Release:
        raise self.error


async def test_a_visit_that_ends_in_an_error_of_ours_is_a_failed_visit(
    sources: dict[str, Source], tools: Tools, pool: Pool
) -> None:
    summary = await visit(sources["cri"], replace(tools, workers=Faulty(ValueError("a bad row"))))
    assert summary.error == "ValueError: a bad row; please report it"
    row = await one(pool, "SELECT state, failure, error FROM tonggao.run")
    assert row == ("failed", "program", summary.error)


async def test_a_visit_without_a_database_is_interrupted(
    sources: dict[str, Source], tools: Tools, pool: Pool
) -> None:
    away = replace(tools, workers=Faulty(psycopg.OperationalError("the connection is lost")))
    with pytest.raises(psycopg.OperationalError):
        await visit(sources["cri"], away)
    row = await one(pool, "SELECT state, failure FROM tonggao.run")
    assert row == ("interrupted", "database")


class Told(OwnProcess):
    """A parser that writes down which listed days it is told."""

    def __init__(self) -> None:
        self.days: list[object] = []

    async def parse(self, *page: Any, **more: Any) -> Release:
        self.days.append(more.get("listed_on"))
        return await super().parse(*page, **more)


async def test_a_later_look_is_told_the_day_as_first_listed(
    sources: dict[str, Source], tools: Tools, site: DemoSite, pool: Pool
) -> None:
    told = Told()
    watched = replace(tools, workers=told)
    await visit(sources["qinghe"], watched)
    first = set(told.days)
    assert None not in first
    async with pool.connection() as connection:
        await connection.execute("UPDATE tonggao.publication SET etag = NULL, body_digest = NULL")
    told.days.clear()
    assert (await visit(sources["qinghe"], watched, kind="scheduled")).revisions == 0
    assert len(told.days) > 0
    assert set(told.days) <= first
