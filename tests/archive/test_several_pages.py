"""Articles that go on over several pages: every page is kept, and they stay one text."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace

import pytest

from scraper.archive import Archive, FurtherPage
from scraper.archive.exchange.exporting import export_warc
from scraper.archive.exchange.importing import Importer
from scraper.archive.exchange.warc_reading import read_warc
from scraper.archive.querying.reading import Selection
from scraper.archive.snapshots.pruning import prune_snapshots
from scraper.archive.writing.reparsing import ReparseRequest, reparse
from scraper.clock import now
from scraper.page import join_pages
from scraper.record.release import Release

from .conftest import MORNING, STORY

HOUR = dt.timedelta(hours=1)
FIRST, SECOND = "https://qingchuan.example/a1.html", "https://qingchuan.example/a1_2.html"


async def read_page(page):
    """Stands for the parser: the pages of these tests are their records."""
    return Release.from_dict(json.loads(page.body))


@pytest.fixture
def article(observe):
    """Makes an article on two pages as it is observed; any paragraphs of the second."""

    def make(rest=STORY[2:], **given):
        one = replace(observe(FIRST, paragraphs=STORY[:2], **given), further=())
        two = replace(one.release, url=SECOND, paragraphs=tuple(rest))
        pages = [json.dumps(release.to_dict()).encode() for release in (one.release, two)]
        later = FurtherPage(SECOND, one.fetched_at, pages[1], (("Server", "a"),), 200, "utf-8")
        joined = join_pages(one.release, [two])
        return replace(one, release=joined, body=pages[0], further=(later,))

    return make


async def _everything(pool):
    queries = (
        "SELECT url, title, body, valid_from FROM archive.revisions ORDER BY url, valid_from",
        "SELECT fetched_at, digest, status, http_charset FROM archive.snapshots ORDER BY 1",
        """SELECT fetched_at, place, url, received_at, digest, status, http_charset, headers, kept
           FROM archive.further_pages ORDER BY 1, 2""",
        "SELECT url, next_pages FROM tonggao.revision JOIN tonggao.publication USING (publication_id)",
    )
    async with pool.connection() as connection:
        return [await (await connection.execute(query)).fetchall() for query in queries]


async def test_every_page_is_kept(archive, article, rows):
    observation = article()
    await archive.store(observation)
    ((digest, kept),) = await rows("SELECT decode(digest, 'hex'), kept FROM archive.further_pages")
    assert kept
    assert await archive.snapshots.read(digest) == observation.further[0].body


async def test_a_change_of_a_later_page_alone_is_a_revision(archive, article, rows):
    await archive.store(article())
    edited = (*STORY[2:], "发布会后，记者们参观了两家智能工厂。")
    stored = await archive.store(article(edited, fetched_at=MORNING + HOUR))
    assert stored.change == "revision"
    assert await rows("SELECT added FROM archive.revisions WHERE number = 2") == [([edited[-1]],)]
    assert await rows("SELECT count(*), count(DISTINCT digest) FROM tonggao.snapshot") == [(2, 1)]
    assert await rows("SELECT count(DISTINCT digest) FROM tonggao.further_page") == [(2,)]


async def test_the_same_pages_again_leave_no_snapshot(archive, article, rows):
    await archive.store(article())
    assert (await archive.store(article(fetched_at=MORNING + HOUR))).change == "unchanged"
    assert await rows("SELECT count(*) FROM tonggao.snapshot") == [(1,)]
    assert await rows("SELECT count(*) FROM tonggao.further_page") == [(1,)]


async def test_it_is_known_that_a_later_page_may_change_alone(archive, article, observe):
    await archive.store(article())
    await archive.store(observe("https://qingchuan.example/short.html"))
    known = await archive.known([FIRST, "https://qingchuan.example/short.html"])
    assert {url: each.several_pages for url, each in known.items()} == {
        FIRST: True,
        "https://qingchuan.example/short.html": False,
    }


async def test_reparsing_joins_them_again(archive, article, pool, rows):
    async def better(page):
        return replace(await read_page(page), editor="尹媛", parser_version="2")

    await archive.store(article())
    told: list[int] = []
    request = ReparseRequest("2")
    report = await reparse(archive, pool, better, request, tell=lambda: told.append(1))
    assert (report.pages, report.fields) == (1, {"editor": {"gained": 1}})
    assert told == [1]
    assert await rows("SELECT body, editor FROM archive.revisions WHERE in_force") == [
        ("\n".join(STORY), "尹媛")
    ]


async def test_half_an_article_is_not_read_again(archive, article, pool):
    await archive.store(article())
    async with pool.connection() as connection:
        await connection.execute(
            "DELETE FROM tonggao.content WHERE digest IN (SELECT digest FROM tonggao.further_page)"
        )
    report = await reparse(archive, pool, read_page, ReparseRequest("2"))
    assert (report.pages, report.changed) == (0, 0)


async def test_a_page_that_was_altered_is_not_read_again_and_counted(archive, article, pool, rows):
    await archive.store(article())
    async with pool.connection() as connection:
        await connection.execute("UPDATE tonggao.content SET bytes = 'torn'")
    report = await reparse(archive, pool, read_page, ReparseRequest("2"))
    assert (report.pages, report.changed, report.refused) == (1, 0, {"altered": 1})
    assert await rows("SELECT body FROM archive.revisions WHERE in_force") == [("\n".join(STORY),)]


async def test_a_round_trip_through_warc_loses_no_page(archive, article, pool, other):
    await archive.store(article())
    await archive.store(article((*STORY[2:], "又及。"), fetched_at=MORNING + HOUR))
    out = io.BytesIO()
    await export_warc(pool, Selection(), out, name="a.warc.gz", software="tonggao")
    importer = Importer(Archive(other), other, parse=read_page, normal=lambda url: url, now=now())
    await importer.warc(read_warc(io.BytesIO(out.getvalue()), now()))
    assert await _everything(other) == await _everything(pool)


async def test_the_policy_spares_the_pages_of_the_text_in_force(archive, article, pool, rows):
    await archive.store(article())
    await archive.store(article((*STORY[2:], "又及。"), fetched_at=MORNING + HOUR))
    pages, _ = await prune_snapshots(pool, now())
    assert pages == 1
    assert await rows("SELECT kept FROM archive.further_pages ORDER BY fetched_at") == [
        (False,),
        (True,),
    ]
