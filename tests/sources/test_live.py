"""Every engine end to end: over the network, through the fetcher, page by page; and the check."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterable, Iterator

import pytest

from scheduler.settings import Settings
from scheduler.tools import open_tools
from scraper.database import Pool
from scraper.fetch import Answer
from scraper.listing.walk import walk
from scraper.record.release import Release
from scraper.sources import Source
from scraper.sources.checking import check_source
from scraper.visit import Tools, field_rules, read_list_page, register_sources
from tests.sources.site import LISTS, SITE, Site, build, path, serve, title

TODAY = dt.date(2026, 10, 1)


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve(build()) as started:
        yield started


@pytest.fixture
async def tools(pool: Pool, site: Site) -> AsyncIterator[Tools]:
    settings = Settings(test_hosts=site.hosts, host_interval=0, host_jitter=0, parse_workers=0)
    async with open_tools(settings, pool) as opened:
        yield opened


def source(engine: str, **changes: object) -> Source:
    values = {
        "id": f"qinghe.{engine}", "name": "要闻", "publisher": "清河市人民政府", "kind": "gov-portal",
        "lists": SITE + LISTS[engine], "engine": engine if engine == "cri" else "auto",
        "allow": r"/\d{6}/t\d{8}_\d+\.html",
    }  # fmt: skip
    return Source.model_validate({**values, **changes})


async def nothing_known(_urls: Iterable[str]) -> set[str]:
    return set()


async def test_every_engine_walks_its_column_over_the_network(tools: Tools) -> None:
    for engine in LISTS:
        await walk_column(engine, tools)


async def walk_column(engine: str, tools: Tools) -> None:
    chosen = source(engine)
    await register_sources(tools.pool, [chosen])

    async def read_page(url: str, form):
        return await read_list_page(chosen, tools, None, url, form)

    pages = [page async for page in walk(chosen, read_page, nothing_known)]
    assert {page.listing.engine for page in pages} == {engine}
    links = [link for page in pages for link in page.fresh]
    assert [link.url for link in links] == [SITE + path(number) for number in range(20)]
    days = [dt.date(2026, 9, 30 - number) for number in range(20)]
    assert [link.date for link in links] == days
    if engine != "sitemap":
        assert [link.title for link in links] == [title(number) for number in range(20)]


async def check(chosen: Source, tools: Tools, today: dt.date = TODAY):
    await register_sources(tools.pool, [chosen])

    async def parse(source: Source, answer: Answer, day: dt.date | None) -> Release:
        rules = field_rules(source, day)
        return await tools.workers.parse(answer.body, answer.url, answer.http_charset, rules)

    return await check_source(chosen, tools.fetcher.fetch, tools.workers.read_listing, parse, today)


async def test_a_good_source_is_found_well(tools: Tools) -> None:
    for engine in LISTS:
        finding = await check(source(engine), tools)
        assert finding.ok, finding.problem
        assert finding.engine == engine
        assert finding.accepted == finding.dated >= 10
        assert finding.newest == dt.date(2026, 9, 30)
        assert finding.fields == ("title", "source", "published_at", "paragraphs")


async def test_a_page_that_a_script_fills_is_followed_with_its_form(tools: Tools) -> None:
    finding = await check(source("jpage", id="q.post", lists=f"{SITE}/col/col8/index.html"), tools)
    assert finding.ok, finding.problem
    assert (finding.engine, finding.accepted) == ("jpage", 10)


async def test_what_is_wrong_is_told_in_one_line(tools: Tools) -> None:
    gone = await check(source("html", id="qinghe.gone", lists=f"{SITE}/gone/"), tools)
    assert not gone.reachable
    assert "404" in gone.problem
    none = await check(source("html", allow="/nothing/"), tools)
    assert none.problem == "0 of 10 links belong to the source; see `allow`, `deny`, `hosts`"
    old = await check(source("html"), tools, dt.date(2027, 1, 1))
    assert old.problem == "the newest row is of 2026-09-30, 93 days ago"
    assert "\n" not in f"{gone.problem}{none.problem}{old.problem}"


async def test_an_article_that_is_no_article_is_told(tools: Tools, site: Site) -> None:
    row = "<li><a href='/202609/t20260930_1.html'>一条没有正文的新闻标题</a><span>2026-09-30</span></li>"
    site.put("/bare/", f"<ul>{row * 1}</ul>")
    site.put("/202609/t20260930_1.html", "<h1>一条没有正文的新闻标题</h1>")
    finding = await check(source("html", id="qinghe.bare", lists=f"{SITE}/bare/"), tools)
    assert finding.problem.startswith("the article")
    assert finding.accepted == 1
