"""The pages of changes: what was edited with the words, what is gone, what others carried."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from xml.etree import ElementTree as ET

import httpx
import pytest

from scraper.archive import Archive
from scraper.archive.querying.changes import Asked, ChangeKind, after, latest
from scraper.database import Pool
from scraper.errors import UsageError
from scraper.web.application import create_application
from scraper.web.archive import Reading
from scraper.web.following import ChangesQuery, read_changes_query
from tests.web.conftest import DAY, observation

LATER = DAY + dt.timedelta(days=1)


@pytest.fixture
async def reader(reading: Reading) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(create_application(reading, ["reader", "localhost"]))
    async with httpx.AsyncClient(transport=transport, base_url="http://reader") as client:
        yield client


@pytest.fixture
async def edited(archive: Archive) -> int:
    """A release that was new, edited by its publisher, then read again otherwise by an import."""
    stored = await archive.store(observation(1, paragraphs=("拟投资248亿元。" * 12,)))
    await archive.store(
        observation(1, paragraphs=("拟投资255亿元。" * 12,), body=b"2", fetched_at=LATER)
    )
    await archive.store(observation(2, title="西青区召开会议", paragraphs=("供热工作。" * 20,)))
    return stored.release_id


async def test_the_newest_come_first_narrowed_as_a_search(pool: Pool, edited: int) -> None:
    kinds = [change.kind for change in await latest(pool, Asked())]
    assert kinds == ["new", "revision", "new"]
    [edit] = await latest(pool, Asked((ChangeKind.REVISION,)))
    assert edit.release_id == edited
    assert edit.is_edit
    assert ("248" in (edit.removed or [""])[0], "255" in (edit.added or [""])[0]) == (True, True)
    [heat] = await latest(pool, Asked(query="供热"))
    assert heat.title == "西青区召开会议"
    assert await latest(pool, Asked(source="dongshan.daily")) == []
    assert await latest(pool, Asked(region="370000")) == []
    assert len(await latest(pool, Asked(region="120000"))) == 3
    assert await latest(pool, Asked(until=dt.date(2020, 1, 1))) == []


async def test_pages_of_changes_leave_nothing_out(pool: Pool, edited: int) -> None:
    whole = await latest(pool, Asked())
    first = await latest(pool, Asked(count=2))
    rest = await latest(pool, Asked(before=first[-1].cursor))
    assert first + rest == whole
    assert [each.cursor for each in await after(pool, None, 10)] == [
        each.cursor for each in reversed(whole)
    ]
    assert await after(pool, whole[0].cursor, 10) == []
    with pytest.raises(UsageError, match="no cursor"):
        await latest(pool, Asked(before="yesterday"))


async def test_the_page_shows_what_was_struck_and_written(
    reader: httpx.AsyncClient, edited: int
) -> None:
    page = (await reader.get("/changes?kind=revision")).text
    assert "<del>" in page
    assert "<ins>" in page
    assert f"/release/{edited}" in page
    assert "西青区召开会议" not in page
    assert "西青区召开会议" in (await reader.get("/changes?q=供热")).text
    assert (await reader.get("/changes?kind=gossip")).status_code == 400
    assert (await reader.get("/changes?before=x")).status_code == 400
    assert (await reader.get("/changes?region=37")).status_code == 200
    assert 'value="120111" selected' in (await reader.get("/changes?region=120111")).text


async def test_entries_of_the_feed_do_not_depend_on_the_host(
    reader: httpx.AsyncClient, edited: int
) -> None:
    here = (await reader.get("/changes.atom")).content
    there = (await reader.get("/changes.atom", headers={"Host": "localhost"})).content
    ids = [
        [node.text for node in ET.fromstring(feed).iter("{http://www.w3.org/2005/Atom}id")][1:]
        for feed in (here, there)
    ]
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 3


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.json", "/changes.atom"])
async def test_a_feed_that_has_not_changed_is_not_sent_again(
    reader: httpx.AsyncClient, archive: Archive, edited: int, path: str
) -> None:
    first = await reader.get(path)
    tag = first.headers["etag"]
    assert first.headers["last-modified"].endswith("GMT")
    again = await reader.get(path, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    await archive.store(observation(5, title="又一场会", paragraphs=("丁" * 90,)))
    changed = await reader.get(path, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["etag"] != tag


async def test_feeds_carry_paragraphs_and_no_markup_of_pages(
    reader: httpx.AsyncClient, archive: Archive
) -> None:
    await archive.store(observation(1, paragraphs=("<script>a</script>", "第二段" * 40)))
    atom = ET.fromstring((await reader.get("/feed.atom")).content)
    content = atom.find(".//{http://www.w3.org/2005/Atom}content")
    assert content is not None
    assert content.get("type") == "html"
    assert (content.text or "").startswith("<p>&lt;script&gt;a&lt;/script&gt;</p><p>第二段")


async def test_what_was_carried_and_by_whom(reader: httpx.AsyncClient, archive: Archive) -> None:
    now = dt.datetime.now(DAY.tzinfo)
    for number, source in enumerate(("qingchuan.gov", "dongshan.daily")):
        url = f"https://{source}/1.html"
        await archive.store(
            observation(
                7, url=url, source_id=source, published_at=now, fetched_at=now, body=b"%d" % number
            )
        )
    page = (await reader.get("/carried")).text
    assert "青川市举行第7场新闻发布会" in page
    assert "东山日报社" in page
    assert (await reader.get("/carried?days=8")).status_code == 400


def test_an_address_says_the_same_query_again() -> None:
    query = read_changes_query(
        {"q": "供热", "kind": "withdrawn", "region": "12", "before": "p1-2"}, DAY.date()
    )
    assert query.address() == "/changes?q=%E4%BE%9B%E7%83%AD&region=12&kind=withdrawn"
    assert query.address(before="p0-1").endswith("&kind=withdrawn&before=p0-1")
    assert ChangesQuery().address() == "/changes"
