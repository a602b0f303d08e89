"""A visit archives what is new, once; a second one finds what has changed, and nothing else."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from scheduler.demo.site import DemoSite
from scheduler.jobs.moves import keep
from scraper.archive.erasure.erasing import erase, named
from scraper.database import Pool
from scraper.errors import ParserCrashed
from scraper.listing.model import Link
from scraper.outcome import Outcome
from scraper.page import FieldRules, parse_page
from scraper.readers import OwnProcess
from scraper.record.release import Release
from scraper.sources import Source
from scraper.visit import ArticleResult, RunSummary, Tools, register_sources, visit
from scraper.visit.quarantine import quarantined


async def one(pool: Pool, query: str) -> tuple[object, ...]:
    async with pool.connection() as connection:
        row = await (await connection.execute(query.encode())).fetchone()
    assert row is not None
    return tuple(row)


async def test_every_site_is_archived(
    sources: dict[str, Source], tools: Tools, site: DemoSite, pool: Pool
) -> None:
    summaries = [await visit(source, tools) for source in sources.values()]
    assert [s.error for s in summaries] == [None] * 3
    assert sum(s.listed for s in summaries) == len(site.releases)
    assert sum(s.new + s.copies for s in summaries) == len(site.releases) - 1
    assert sum((Counter(s.reasons) for s in summaries), Counter()) == {"empty": 1}
    assert await one(pool, "SELECT count(*) FROM archive.publications") == (8,)
    assert await one(pool, "SELECT count(*) FROM archive.releases") == (7,)
    assert await one(pool, "SELECT count(*), sum(new + copies) FROM tonggao.run") == (3, 8)


async def test_a_gb2312_page_keeps_its_rare_characters(
    sources: dict[str, Source], tools: Tools, pool: Pool
) -> None:
    await visit(sources["liuxi"], tools)
    assert await one(pool, "SELECT DISTINCT editor FROM archive.releases") == ("沈喆",)


async def test_a_second_visit_writes_nothing_and_asks_conditionally(
    sources: dict[str, Source], tools: Tools, site: DemoSite, pool: Pool
) -> None:
    for source in sources.values():
        await visit(source, tools)
    site.requests.clear()
    again = [await visit(source, tools) for source in sources.values()]
    assert sum(s.new + s.copies + s.revisions for s in again) == 0
    assert sum(s.unchanged for s in again) == 8
    assert site.requests[304] == 8
    assert await one(pool, "SELECT count(*) FROM tonggao.revision") == (8,)


async def test_an_erased_article_is_neither_asked_for_nor_archived_again(
    sources: dict[str, Source], tools: Tools, site: DemoSite, pool: Pool
) -> None:
    await visit(sources["qinghe"], tools)
    url = str((await one(pool, "SELECT min(url) FROM archive.publications"))[0])
    await erase(pool, await named(pool, url), "court order")
    site.edit()
    site.requests.clear()
    summary = await visit(sources["qinghe"], tools)
    assert (summary.error, summary.new, summary.revisions, summary.failed) == (None, 0, 0, 0)
    assert (summary.unchanged, site.requests) == (
        1,
        {200: 1, 304: 1},
    )  # the list, the other article
    assert await one(pool, "SELECT count(*) FROM tonggao.revision") == (1,)
    site.requests.clear()
    kept = await keep(sources["qinghe"], tools, summary.run_id, Link(url))  # as a backfill does
    assert (kept.outcome, dict(site.requests)) == (Outcome.ERASED, {})


async def test_a_silent_edit_becomes_a_revision(
    sources: dict[str, Source], tools: Tools, site: DemoSite, pool: Pool
) -> None:
    await visit(sources["qinghe"], tools)
    site.edit()
    summary = await visit(sources["qinghe"], tools)
    assert (summary.revisions, summary.unchanged) == (1, 1)
    row = await one(pool, "SELECT number, added, removed FROM archive.revisions WHERE number = 2")
    assert "四十八天" in str(row[1])
    assert "四十五天" in str(row[2])


async def test_a_scheduled_visit_looks_again_only_when_it_is_time(
    sources: dict[str, Source], tools: Tools, site: DemoSite
) -> None:
    await visit(sources["cri"], tools, kind="scheduled")
    site.requests.clear()
    summary = await visit(sources["cri"], tools, kind="scheduled")
    assert summary.unchanged == 3
    assert site.requests == {200: 1, 304: 3}


async def test_a_visit_that_is_cut_short_goes_on_where_it_was(
    sources: dict[str, Source], tools: Tools, pool: Pool
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
    assert await one(pool, "SELECT state, new FROM tonggao.run") == ("interrupted", 1)
    summary = await visit(sources["cri"], tools)
    assert summary.new + summary.unchanged == 3
    assert await one(pool, "SELECT count(*) FROM tonggao.revision") == (3,)


async def test_a_list_that_holds_nothing_fails_the_run(
    sources: dict[str, Source], tools: Tools, site: DemoSite, pool: Pool
) -> None:
    site.releases.clear()
    summary = await visit(sources["cri"], tools)
    assert summary.error is not None
    assert "city.cri.example" in summary.error
    assert await one(pool, "SELECT state FROM tonggao.run") == ("failed",)


async def test_a_page_that_is_gone_is_withdrawn_only_once_confirmed(
    sources: dict[str, Source], tools: Tools, site: DemoSite, pool: Pool
) -> None:
    await visit(sources["cri"], tools)
    gone = next(key for key, release in site.releases.items() if release.site == "cri")
    listing = site._listing("cri")
    del site.releases[gone]
    site._listing = lambda name: listing  # type: ignore[method-assign]
    summary = await visit(sources["cri"], tools)
    assert summary.reasons == {"gone": 1}
    assert await one(pool, "SELECT count(withdrawn_at) FROM tonggao.publication") == (0,)


async def test_registering_again_keeps_what_is_enabled(
    sources: dict[str, Source], pool: Pool
) -> None:
    async with pool.connection() as connection:
        await connection.execute("UPDATE tonggao.source SET enabled = true")
    await register_sources(pool, sources.values())
    assert await one(pool, "SELECT bool_and(enabled) FROM tonggao.source") == (True,)


class CrashingParser(OwnProcess):
    """A parser whose process dies on one page."""

    async def parse(
        self,
        html: bytes,
        url: str,
        http_charset: str | None = None,
        rules: FieldRules | None = None,
        **dated: Any,
    ) -> Release:
        if "7f3c1a52" in url:
            raise ParserCrashed("the process died (signal 11)", page=html, url=url)
        return parse_page(html, url, http_charset, rules=rules, **dated)


async def test_a_page_that_crashes_the_parser_is_set_aside_and_the_rest_goes_on(
    sources: dict[str, Source], tools: Tools, pool: Pool
) -> None:
    summary = await visit(sources["cri"], replace(tools, workers=CrashingParser()))
    assert (summary.new, summary.reasons) == (2, {"parser_crashed": 1})
    (page,) = await quarantined(pool, "demo.cri.tianjin")
    assert page.crashes == 1
    assert "signal 11" in page.detail
    assert page.bytes > 1000


class LongArticles(OwnProcess):
    """A parser to which every article has a second page, which no site has."""

    async def parse(
        self,
        html: bytes,
        url: str,
        http_charset: str | None = None,
        rules: FieldRules | None = None,
        **dated: Any,
    ) -> Release:
        return replace(
            parse_page(html, url, http_charset, rules=rules, **dated), next_pages=(f"{url}?2",)
        )


async def test_a_further_page_that_does_not_come_fails_its_article_only(
    sources: dict[str, Source], tools: Tools, pool: Pool
) -> None:
    summary = await visit(sources["cri"], replace(tools, workers=LongArticles()))
    assert summary.error is None
    assert (summary.new, summary.reasons) == (0, {"gone": 3})
    assert await one(pool, "SELECT count(*) FROM tonggao.publication") == (0,)


class TwoPages(OwnProcess):
    """A parser to which one article goes on on the page of another, whose headline it bears."""

    def __init__(self, other: str, title: str) -> None:
        self.other, self.title = other, title

    async def parse(
        self,
        html: bytes,
        url: str,
        http_charset: str | None = None,
        rules: FieldRules | None = None,
        **dated: Any,
    ) -> Release:
        release = parse_page(html, url, http_charset, rules=rules, **dated)
        if "7f3c1a52" not in url:
            return release
        return replace(release, title=self.title, next_pages=(self.other,))


async def test_an_article_on_two_pages_is_always_asked_for_whole(
    sources: dict[str, Source], tools: Tools, site: DemoSite, pool: Pool
) -> None:
    await visit(sources["cri"], tools)
    other, title = await one(
        pool, "SELECT url, title FROM archive.publications WHERE url !~ '7f3c'"
    )
    tools = replace(tools, workers=TwoPages(str(other), str(title)))
    async with pool.connection() as connection:
        await connection.execute("UPDATE tonggao.publication SET body_digest = NULL, etag = NULL")
    assert (await visit(sources["cri"], tools)).revisions == 1
    assert await one(pool, "SELECT place, url, kept FROM archive.further_pages") == (2, other, True)
    site.requests.clear()
    assert (await visit(sources["cri"], tools)).unchanged == 3
    assert site.requests == {200: 3, 304: 2}


async def test_the_second_wall_ends_the_visit(
    sources: dict[str, Source], tools: Tools, site: DemoSite, pool: Pool
) -> None:
    site.walls.add("city.cri.example")
    summary = await visit(sources["cri"], tools)
    assert summary.error is not None
    assert "wall" in summary.error
    assert summary.listed == 3
    assert summary.failed == 2
    assert await one(pool, "SELECT state, failure FROM tonggao.run") == ("failed", "host")


async def test_a_wall_before_one_article_is_that_articles_failure(
    sources: dict[str, Source], tools: Tools, site: DemoSite, pool: Pool
) -> None:
    site.walls.add(next(r.path for r in site.releases.values() if r.site == "cri"))
    summary = await visit(sources["cri"], tools)
    assert summary.error is None
    assert (summary.new, summary.reasons) == (2, {"wall": 1})


def test_broken_rows_of_a_list_stand_in_the_ledger() -> None:
    summary = RunSummary(1, "liuxi")
    summary.count_list(20, 0)
    assert summary.reasons == {}
    summary.count_list(18, 2)
    summary.count_list(19, 1)
    assert (summary.pages, summary.listed, summary.reasons) == (3, 57, {"broken_rows": 3})


async def test_an_article_listed_under_another_session_is_the_same(
    sources: dict[str, Source],
    tools: Tools,
    site: DemoSite,
    pool: Pool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    listing, find, session = DemoSite._listing, DemoSite._find, "A1"

    def listed(self: DemoSite, name: str) -> bytes:
        return re.sub(rb'href="([^"]+html)"', rb'href="\1;jsessionid=%s"' % session.encode(), listing(self, name))  # fmt: skip

    monkeypatch.setattr(DemoSite, "_listing", listed)
    monkeypatch.setattr(
        DemoSite, "_find", lambda self, host, path: find(self, host, path.partition(";")[0])
    )
    first = await visit(sources["cri"], tools)
    session = "B2"
    assert site._listing("cri").count(b".html;jsessionid=B2") == 3
    again = await visit(sources["cri"], tools)
    assert (first.new, again.new, again.unchanged) == (3, 0, 3)
    stored = await one(pool, "SELECT count(*), count(address) FROM tonggao.publication")
    assert stored == (3, 0)
    assert await one(pool, "SELECT count(*) FROM archive.publications WHERE url LIKE '%jsession%'") == (0,)  # fmt: skip
