"""Which stored page a text was read from: its own, or none; never one that merely came before."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest

from scraper.archive import Archive
from scraper.archive.observations.observation import BroughtBy
from scraper.archive.querying.citing import cited, seen
from scraper.archive.querying.histories import read_from, revisions_of
from scraper.database import Pool

from .conftest import MORNING, STORY, MakeObservation

HOUR = dt.timedelta(hours=1)


def digest(body: bytes | None) -> str:
    return hashlib.sha256(body or b"").hexdigest()


@pytest.fixture
async def twice_brought(archive: Archive, observe: MakeObservation) -> str:
    """A visit's text, and behind it one that was imported without a page; gives the digest of the visit's page."""
    visited = observe()
    await archive.store(visited)
    other = (*STORY[:3], "发布会由市政府新闻办副主任李岩主持。")
    imported = {"fetched_at": MORNING + HOUR, "body": None, "status": None}
    await archive.store(observe(paragraphs=other, brought_by=BroughtBy.IMPORT, **imported))
    return digest(visited.body)


async def test_a_text_without_a_page_is_not_told_with_the_page_before_it(
    twice_brought: str, pool: Pool
) -> None:
    _, told = await seen(pool, 1)
    assert told is None
    assert (await cited(pool, 1)).digest is None
    first, second = await revisions_of(pool, 1)
    assert second.in_force
    pages = await read_from(pool, [(1, first.revision_id), (1, second.revision_id), (1, None)])
    assert pages == {first.revision_id: twice_brought, second.revision_id: None}


async def test_each_text_of_a_visit_has_its_own_page(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    visits = [observe(), observe(paragraphs=STORY[:3], fetched_at=MORNING + HOUR)]
    for visit in visits:
        await archive.store(visit)
    texts = await revisions_of(pool, 1)
    pages = await read_from(pool, [(1, text.revision_id) for text in texts])
    assert [pages[text.revision_id] for text in texts] == [digest(each.body) for each in visits]
    assert (await seen(pool, 1))[1] == digest(visits[-1].body)
