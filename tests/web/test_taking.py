"""What is taken away from the reader: files of a search, citations, feeds and their list."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tempfile
import warnings
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import httpx
import pytest

from scraper.archive import Archive
from scraper.archive.exchange.exporting import export_jsonl
from scraper.archive.exchange.lines import record_of, release_of
from scraper.archive.exchange.tables import COLUMNS
from scraper.archive.querying.reading import Reading as Text
from scraper.archive.querying.reading import Selection
from scraper.clock import now
from scraper.database import Pool
from scraper.record.citation import Style
from scraper.web import create_application, exports
from scraper.web.archive import EXPORTS_AT_ONCE, Reading
from scraper.web.feeds import Feed, atom, json_feed
from scraper.web.forms import forms
from scraper.web.opml import opml
from scraper.web.places import Wanted, by_province
from scraper.web.query import Query
from scraper.web.rows import Entry, FeedIdentity, RegionName, SourceName
from tests.web.conftest import DAY, observation

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its own use of the standard library
    import feedparser

ATOM = "{http://www.w3.org/2005/Atom}"
IDENTITY = FeedIdentity(UUID("6f1f3a52-0c55-4d0a-9a3e-1e6f0a8b2c11"), 7)


@pytest.fixture
async def reader(reading: Reading) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_application(reading))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


async def test_a_search_leaves_as_the_command_writes_it(
    reader: httpx.AsyncClient, archive: Archive, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        await archive.store(
            observation(number, title=f"供热会{number}", paragraphs=("甲乙" * 50 * number,))
        )
    await archive.store(observation(3, title="=别的会", paragraphs=("丙丁" * 50,)))
    answer = await reader.get("/export.jsonl?q=供热")
    lines = answer.text.splitlines()
    assert [json.loads(line)["title"] for line in lines] == ["供热会1", "供热会2"]
    assert "tonggao-%E4%BE%9B%E7%83%AD.jsonl" in answer.headers["content-disposition"]
    command = io.StringIO()
    await export_jsonl(pool, Selection(words="供热"), command)
    assert lines == command.getvalue().splitlines()
    assert release_of(record_of(lines[0].encode()), now()).title == "供热会1"

    table = await reader.get("/export.csv")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert table.content.startswith(b"\xef\xbb\xbf")
    assert list(rows[0]) == list(COLUMNS)
    assert [row["title"] for row in rows] == ["供热会1", "供热会2", "'=别的会"]
    for form, sign in (("xlsx", b"PK"), ("parquet", b"PAR1")):
        assert (await reader.get(f"/export.{form}?q=供热")).content.startswith(sign)
    assert (await reader.get("/export.warc")).status_code == 404
    assert (await reader.get("/export.csv?since=x")).status_code == 400

    monkeypatch.setattr(exports, "MOST", 2)
    refused = await reader.get("/export.csv", headers={"Accept-Language": "zh"})
    assert refused.status_code == 400
    assert "3 篇通稿超过一个文件的 2 篇" in refused.text


@pytest.mark.parametrize("form", ["jsonl", "csv", "xlsx"])
async def test_a_file_is_bounded_in_bytes_and_leaves_nothing_behind(
    form: str,
    reader: httpx.AsyncClient,
    archive: Archive,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    await archive.store(observation(1))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert (await reader.get(f"/export.{form}")).status_code == 200
    monkeypatch.setattr(exports, "MOST_BYTES", 100)
    refused = await reader.get(f"/export.{form}", headers={"Accept-Language": "zh"})
    assert refused.status_code == 400
    assert "tonggao export" in refused.text
    assert "超过一个文件" in refused.text
    assert list(tmp_path.iterdir()) == []


async def test_only_some_files_are_written_at_a_time(
    reader: httpx.AsyncClient, reading: Reading
) -> None:
    for _ in range(EXPORTS_AT_ONCE):
        await reading.exporting.acquire()
    assert (await reader.get("/export.csv")).status_code == 503
    reading.exporting.release()
    assert (await reader.get("/export.csv")).status_code == 200


async def test_a_release_is_cited_with_day_and_digest(
    reader: httpx.AsyncClient, archive: Archive, reading: Reading
) -> None:
    stored = await archive.store(observation(1, title="冬季供热新闻发布会"))
    page = (await reader.get(f"/release/{stored.release_id}")).text
    (snapshot,) = await reading.snapshots(stored.publication_id)
    for style in Style:
        answer = await reader.get(f"/release/{stored.release_id}/cite/{style}")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "冬季供热新闻发布会" in answer.text
        assert snapshot.digest in answer.text
        assert f'href="/release/{stored.release_id}/cite/{style}"' in page
    assert "冬季供热新闻发布会[EB/OL]" in page
    assert (await reader.get(f"/release/{stored.release_id}/cite/harvard")).status_code == 404
    assert (await reader.get("/release/99/cite/ris")).status_code == 404


def entry(number: int) -> Entry:
    return Entry(
        number, "供热 & <会>", DAY, "qingchuan.gov", "青川市", "今日青川", "https://a.example/1",
        DAY, "第一段\x0b\n第二段", None, [], ["120000"], DAY, DAY,
    )  # fmt: skip


def feed(base: str = "http://reader.example", identity: FeedIdentity = IDENTITY) -> Feed:
    return Feed("通稿 · 供热", base, "/?q=x&since=7d", "/feed.atom?q=x&since=7d", identity)


def test_entries_are_known_by_the_archive_whatever_the_host_is_called() -> None:
    here, there = feed(), feed("https://elsewhere.example:8443")
    assert here.entry_id(8) == there.entry_id(8)
    assert here.entry_id(8).startswith("urn:uuid:")
    assert here.entry_id(8) != here.entry_id(9)
    assert here.entry_id(8) != feed(identity=FeedIdentity(UUID(int=1), 7)).entry_id(8)
    # Those that were published before the archive had an identity keep what they had.
    assert here.entry_id(7) == "http://reader.example/release/7"


@pytest.mark.parametrize("numbers", [[], [7, 8]])
def test_feeds_are_valid_with_and_without_entries(numbers: list[int]) -> None:
    text = atom(feed(), [entry(number) for number in numbers])
    read = feedparser.parse(text)
    assert not read.bozo, read.get("bozo_exception")
    assert (read.version, read.feed.title) == ("atom10", "通稿 · 供热")
    assert [each.id for each in read.entries] == [feed().entry_id(number) for number in numbers]
    assert all(each.title == "供热 & <会>" for each in read.entries)
    root = ET.fromstring(text)  # RFC 4287 section 4.1.1 and 4.1.2
    for node in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            (found,) = node.findall(f"{ATOM}{name}")
            assert (found.text or "").strip()
        assert dt.datetime.fromisoformat(node.findtext(f"{ATOM}updated") or "").tzinfo
    assert root.find(f"{ATOM}author") is not None
    assert [link.get("rel") for link in root.findall(f"{ATOM}link")] == ["self", "alternate"]
    told = json_feed(feed(), [entry(number) for number in numbers])  # jsonfeed.org/version/1.1
    assert told["version"] == "https://jsonfeed.org/version/1.1"
    assert told["title"]
    for item in told["items"]:
        assert isinstance(item["id"], str)
        assert item["content_html"]
        assert dt.datetime.fromisoformat(item["date_published"]).tzinfo


async def test_a_feed_keeps_its_id_and_is_titled_by_names(
    reader: httpx.AsyncClient, archive: Archive, pool: Pool
) -> None:
    await archive.store(observation(1))
    async with pool.connection() as connection:
        row = await (
            await connection.execute("SELECT named_by_host FROM archive.feed_identity")
        ).fetchone()
    assert row == (0,), "a new archive published nothing before"
    read = feedparser.parse(
        (await reader.get("/feed.atom?region=120000&source=qingchuan.gov&since=7y")).content
    )
    assert read.feed.title == "通稿 · 天津市 今日青川 7y"
    assert read.feed.id.endswith("/feed.atom?since=7y&region=120000&source=qingchuan.gov")
    assert read.entries[0].id.startswith("urn:uuid:")


async def test_entries_from_before_the_upgrade_keep_their_ids(
    reader: httpx.AsyncClient, archive: Archive, pool: Pool
) -> None:
    """The statement of the migration, in an archive that has releases."""
    stored = await archive.store(observation(1))
    async with pool.connection() as connection:
        await connection.execute("DELETE FROM tonggao.feed_identity")
        await connection.execute(
            "INSERT INTO tonggao.feed_identity (named_by_host)"
            " SELECT coalesce(max(r.release_id), 0) FROM tonggao.release r"
        )
    later = await archive.store(observation(2, paragraphs=("丙" * 90,)))
    items = json.loads((await reader.get("/feed.json")).text)["items"]
    ids = {item["url"]: item["id"] for item in items}
    old, new = (f"http://localhost/release/{s.release_id}" for s in (stored, later))
    assert ids[old] == old
    assert ids[new].startswith("urn:uuid:")


def test_sources_stand_by_province_and_leave_as_opml() -> None:
    sources = [
        SourceName("b", "今日青川", "青川市", "120111"),
        SourceName("a", "要闻 & <二>\x0b", "某报", None),
        SourceName("c", "别处", "某省", "990000"),
    ]
    groups = by_province(sources, [RegionName("120000", "天津市"), RegionName("370000", "山东省")])
    assert [(p.name if p else None, [s.source_id for s in some]) for p, some in groups] == [
        (None, ["a", "c"]),
        ("天津市", ["b"]),
    ]
    root = ET.fromstring(opml("来源", "http://reader.example", "未注明地区", groups))
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title") == "来源"
    leaves = root.findall("body/outline/outline")
    assert {leaf.get("type") for leaf in leaves} == {"rss"}
    assert [leaf.get("xmlUrl") for leaf in leaves] == [
        f"http://reader.example/feed.atom?source={each}" for each in "acb"
    ]
    assert all(leaf.get("text") for leaf in root.iter("outline"))
    wanted = [
        Wanted(region="120000"), Wanted(region="1201"), Wanted(region="120110"), Wanted("青川 B"),
    ]  # fmt: skip
    assert [each.names(sources[0]) for each in wanted] == [True, True, False, True]


async def test_the_page_of_sources_is_narrowed_and_its_list_too(reader: httpx.AsyncClient) -> None:
    page = (await reader.get("/sources?region=120000")).text
    assert "今日青川" in page
    assert "东山要闻" not in page
    assert "天津市</a> <small>1</small>" in page
    assert 'href="/sources.opml?q=&amp;region=120000"' in page
    narrowed = await reader.get("/sources.opml?q=东山")
    assert narrowed.headers["content-type"].startswith("text/x-opml")
    assert [
        o.get("text") for o in ET.fromstring(narrowed.content).findall("body/outline/outline")
    ] == ["东山要闻"]
    assert (await reader.get("/sources?region=x")).status_code == 400
    source = (await reader.get("/sources/qingchuan.gov")).text
    assert '<a href="/regions/120000"><span lang="zh">天津市</span></a>' in source
    assert (await reader.get("/sources.opml?state=best")).status_code == 400


@pytest.fixture
def spool(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where files are written before they are sent."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


async def test_a_file_that_cannot_be_finished_leaves_nothing(
    reading: Reading,
    reader: httpx.AsyncClient,
    archive: Archive,
    monkeypatch: pytest.MonkeyPatch,
    spool: Path,
) -> None:
    await archive.store(observation(1))
    texts = reading.texts

    async def broken(query: Query) -> AsyncIterator[Text]:
        async for text in texts(query):
            for _ in range(300):
                yield text
        raise RuntimeError("a defect")

    monkeypatch.setattr(reading, "texts", broken)
    for form in forms():
        with pytest.raises(RuntimeError):
            await reader.get(f"/export.{form}")
        assert list(spool.iterdir()) == [], form


async def test_a_file_is_gone_whatever_part_of_it_was_asked_for(
    reader: httpx.AsyncClient, spool: Path
) -> None:
    parts = {"bytes=0-3": 206, "bytes=9-2": 400, "lines=1": 400, "bytes=999999-": 416}
    for part, status in parts.items():
        assert (await reader.get("/export.csv", headers={"Range": part})).status_code == status
        assert list(spool.iterdir()) == [], part
