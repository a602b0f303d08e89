"""``open_archive``: the archive in a notebook."""

from __future__ import annotations

import datetime as dt

import pytest

from scraper import open_archive, parse_release, read_listing
from scraper.archive.querying.reading import Selection
from scraper.database import prepare_reading, reader_url
from scraper.errors import UsageError

from .conftest import STORY


async def test_a_notebook(archive, observe, database_url):
    await archive.store(observe())
    await archive.store(
        observe(
            paragraphs=(*STORY, "会后补充。"), fetched_at=dt.datetime(2024, 11, 20, tzinfo=dt.UTC)
        )
    )
    async with open_archive(database_url) as opened:
        [hit] = await opened.search("智能製造", since=dt.date(2024, 11, 1), count=None)
        release = await opened.release(hit.release_id)
        assert release.reading.release.paragraphs == (*STORY, "会后补充。")
        first, second = await opened.revisions(hit.release_id)
        assert (first.number, second.number, second.in_force) == (1, 2, True)
        changes = await opened.changes()
        assert changes[-1].release_id == hit.release_id
        assert await opened.changes(changes[-1].cursor) == []
        with pytest.raises(UsageError, match="is no cursor"):
            await opened.changes("yesterday")
        assert [text.url async for text in opened.publications(Selection())] == [hit.url]
        assert {facet.facet for facet in await opened.facets("智能")} >= {"month", "source"}


async def test_the_reading_login_is_enough(archive, observe, database_url):
    await archive.store(observe())
    await archive.store(
        observe("https://dongshan.example/b.html", source_id="dongshan.daily", title="转载")
    )
    await prepare_reading(database_url)
    told = []
    for url in (database_url, reader_url(database_url)):
        async with open_archive(url) as opened:
            [hit] = await opened.search("智能制造")
            release = await opened.release(hit.release_id)
            texts = [text async for text in opened.publications(Selection(words="智能制造"))]
            every = [text async for text in opened.publications(Selection())]
            changes = await opened.changes()
            told.append((hit, release, texts, every, changes, await opened.facets("", kind="x")))
            assert (len(release.members), len(texts), len(every)) == (2, 1, 2)
            assert await opened.revisions(hit.release_id)
    assert told[0] == told[1]
    async with open_archive(reader_url(database_url)) as opened:
        with pytest.raises(UsageError, match="the login of the archive's owner"):
            [text async for text in opened.publications(Selection(history=True))]


@pytest.mark.parametrize("given", ["<html></html>", None, 5])
def test_what_is_no_bytes_is_refused_in_words(given):
    with pytest.raises(TypeError, match="give the page's bytes as delivered"):
        parse_release(given, "https://qingchuan.example/1")
    with pytest.raises(TypeError, match="give the bytes as delivered"):
        read_listing(given, "https://qingchuan.example/")
