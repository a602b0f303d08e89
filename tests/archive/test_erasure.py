"""What is erased is in no table any more; what stays is a tombstone, and everybody learns of it."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import psycopg
import pytest

from scraper.archive import Archive
from scraper.archive.erasure.erasing import Erasure, erase, named
from scraper.archive.erasure.holds import add_hold, holds, remove_hold
from scraper.archive.exchange.exporting import export_jsonl
from scraper.archive.exchange.importing import Importer, ImportReport
from scraper.archive.exchange.months import bring_months
from scraper.archive.observations.file import FileContent, FileReading, WantedFile
from scraper.archive.observations.observation import PageBytes
from scraper.archive.querying.changes import Asked, ChangeKind, after, latest
from scraper.archive.querying.reading import Selection, show_release
from scraper.archive.querying.tombstones import tombstones
from scraper.archive.snapshots.pruning import prune_snapshots
from scraper.archive.writing.file_store import FileArchive
from scraper.archive.writing.reparsing import ReparseRequest, reparse
from scraper.clock import now
from scraper.database import Pool
from scraper.errors import AddressErased, Erased, UnderHold, UsageError
from scraper.outcome import Outcome
from scraper.record.release import Release
from scraper.urls import normal_url

from .conftest import MakeObservation
from .marker import COPY, MARK, MARKED, OTHER, PDF, URL, found, mark, other_text, page_of, run


@pytest.fixture
async def marked(archive: Archive, pool: Pool, observe: MakeObservation) -> int:
    return await mark(pool, archive, observe)


async def erased(pool: Pool, name: str | int, **how: bool) -> Erasure:
    return await erase(pool, await named(pool, str(name)), "法院裁定（2024）1号", **how)


async def test_nothing_of_it_is_in_any_table(pool: Pool, marked: int) -> None:
    before = set(await found(pool, MARK))
    assert any(table.startswith("tonggao.attempt") for table in before)
    assert {
        "tonggao.backfill_item",
        "tonggao.counted",
        "tonggao.release_count",
        "tonggao.file",
        "tonggao.file_text",
        "tonggao.url_state",
        "tonggao.quarantine",
        "content",
        "dictionary",
        "pg_stats",
    } <= before
    told = await erased(pool, marked)
    assert await found(pool, MARK) == []
    assert sorted(told.addresses) == sorted([URL, COPY])
    assert (
        told.gone["revision"],
        told.gone["content"],
        told.gone["dictionary"],
        told.gone["file"],
    ) == (3, 3, 2, 1)
    assert (told.gone["attempt"], told.gone["url_state"], told.gone["watch_match"]) == (4, 2, 1)
    assert told.recompressed == 12


async def test_other_pages_read_as_before_and_are_compressed_again(
    pool: Pool, archive: Archive, marked: int
) -> None:
    digests = [hashlib.sha256(page_of(other_text(n))).digest() for n in range(12)]
    small = await run(
        pool, "SELECT sum(length(bytes)) FROM tonggao.content WHERE digest = ANY (%s)", digests
    )
    await erased(pool, marked)
    assert [await Archive(pool).snapshots.read(digest) for digest in digests] == [
        page_of(other_text(n)) for n in range(12)
    ]
    after_it = await run(
        pool, "SELECT sum(length(bytes)) FROM tonggao.content WHERE digest = ANY (%s)", digests
    )
    assert (
        int(str(after_it[0][0])) <= int(str(small[0][0])) + 2000
    )  # one page is the dictionary now


async def test_a_running_writer_goes_on_without_the_dictionary_that_went(
    pool: Pool, archive: Archive, observe: MakeObservation, marked: int
) -> None:
    await erased(pool, marked)
    text = other_text(77)
    await archive.store(
        observe(
            "https://qingchuan.example/late.html", title="77号", paragraphs=text, body=page_of(text)
        )
    )
    assert await archive.snapshots.read(hashlib.sha256(page_of(text)).digest()) == page_of(text)


async def test_a_dry_run_tells_the_same_and_changes_nothing(pool: Pool, marked: int) -> None:
    before = await found(pool, MARK)
    would = await erased(pool, marked, dry_run=True)
    assert (await found(pool, MARK), await tombstones(pool)) == (before, [])
    did = await erased(pool, marked)
    assert (would.gone, would.files, would.recompressed) == (did.gone, did.files, did.recompressed)


async def test_the_tombstone_has_numbers_address_reason_day_and_digests(
    pool: Pool, marked: int
) -> None:
    [record] = await run(
        pool, "SELECT encode(record_digest, 'hex') FROM tonggao.publication WHERE url = %s", COPY
    )
    await erased(pool, marked)
    publications = [each for each in await tombstones(pool) if each.kind == "publication"]
    copy = next(each for each in publications if each.url == COPY)
    assert (copy.release_id, copy.reason) == (marked, "法院裁定（2024）1号")
    assert record[0] in {each["digest"] for each in copy.digests if each["kind"] == "record"}
    with pytest.raises(Erased, match="法院裁定"):
        await show_release(pool, marked)
    [change] = [
        each for each in await after(pool, None, None) if each.kind == "erased" and each.url == COPY
    ]
    assert (change.release_id, change.title) == (marked, None)
    assert len(await latest(pool, Asked((ChangeKind.ERASED,)))) == 2


async def test_an_address_alone_leaves_the_copy_which_stands_for_the_release_then(
    pool: Pool, archive: Archive, observe: MakeObservation, marked: int
) -> None:
    told = await erased(pool, URL)
    assert told.copies == [COPY]
    record = await show_release(pool, marked)
    assert record.reading.url == COPY
    gone = next(member for member in record.members if member.url == URL)
    assert (gone.title, gone.erased_at is not None) == (None, True)
    third = "https://national.example/third.html"
    joined = await archive.store(
        observe(third, title="老水塔重建：" + MARK, paragraphs=MARKED, source_id="national.net")
    )
    assert joined.release_id == marked  # copies still find their release


async def test_a_file_alone_goes_and_its_page_stays(pool: Pool, marked: int) -> None:
    digest = hashlib.sha256(f"%PDF {MARK}".encode()).hexdigest()
    told = await erased(pool, f"sha256:{digest}")
    assert told.files == [digest]
    hits = await found(pool, MARK)
    assert not {"tonggao.file", "tonggao.file_text", "tonggao.file_version"} & set(hits)
    assert (await show_release(pool, marked)).reading.url == URL
    await FileArchive(pool).store(  # the address gives it again: known by its digest, not kept
        FileContent(url=PDF, kind="attachment", digest=digest, body=f"%PDF {MARK}".encode(), keep=True, fetched_at=now(),
                    media_type=None, name=f"{MARK}.pdf",
                    readings=(FileReading(recognised=False, state="read", reader="t", body=MARK),))
    )  # fmt: skip
    hits = await found(pool, MARK)
    assert not {"tonggao.file", "tonggao.file_text", "tonggao.file_version"} & set(hits)


async def test_a_file_that_another_release_has_stays(
    pool: Pool, archive: Archive, observe: MakeObservation, marked: int
) -> None:
    files = (WantedFile(PDF, "attachment", 1, keep=True),)
    await archive.store(
        observe(
            "https://qingchuan.example/too.html",
            title="另一条",
            paragraphs=other_text(55),
            files=files,
        )
    )
    told = await erased(pool, marked)
    assert told.files == []
    assert len(told.shared_files) == 1


async def test_an_erased_address_is_not_archived_again(
    pool: Pool, archive: Archive, observe: MakeObservation, marked: int
) -> None:
    page = observe(
        URL, title="换了标题" + MARK, paragraphs=MARKED, body=page_of(MARKED), fetched_at=now()
    )
    await erased(pool, marked)
    with pytest.raises(AddressErased, match="erased"):
        await archive.store(page)
    fresh = observe(
        "https://qingchuan.example/new.html", title="新的一条", paragraphs=other_text(99)
    )
    refused, stored = await archive.store_sound(await archive.ready([page, fresh]))
    assert isinstance(refused, AddressErased)
    assert not isinstance(stored, Exception)
    assert await archive.seen(URL, now()) is False
    assert await archive.withdraw(URL, now(), "gone") is False
    known = await archive.known([URL, OTHER])
    assert (known[URL].erased, known[OTHER].erased) == (True, False)
    assert await found(pool, MARK) == []


async def test_a_page_that_is_erased_while_it_is_read_again_stays_away(
    pool: Pool, archive: Archive, marked: int
) -> None:
    looks: list[str] = []

    async def parse(page: PageBytes) -> Release:
        looks.append(page.url)
        if looks.count(URL) == 1 and page.url == URL:
            await erased(pool, marked)
        return Release(title="新读的标题", paragraphs=other_text(1), url=page.url)

    report = await reparse(archive, pool, parse, ReparseRequest("2", source="qingchuan.gov"))
    assert set(report.refused) == {Outcome.ERASED}
    assert report.changed > 0
    assert await found(pool, MARK) == []


async def test_an_older_export_does_not_bring_it_back_and_a_newer_tells_a_replica(
    pool: Pool, archive: Archive, other: Pool, marked: int
) -> None:
    old = io.StringIO()
    await export_jsonl(pool, Selection(), old)
    assert MARK in old.getvalue()
    await _take_in(other, old.getvalue())
    assert await found(other, MARK) != []
    await erased(pool, marked)
    report = await _take_in(pool, old.getvalue())
    assert (report.refused, report.broken) == ({"erased": 2}, 0)
    assert await found(pool, MARK) == []
    new = io.StringIO()
    await export_jsonl(pool, Selection(), new)
    lines = [json.loads(line) for line in new.getvalue().splitlines()]
    told = [line for line in lines if line.get("kind") == "erased"]
    assert {line["url"] for line in told} == {URL, COPY, None}
    assert {line["format"] for line in told} == {3}
    untold = await _take_in(other, new.getvalue())
    assert (untold.erasures, untold.broken) == (3, 0)
    assert await found(other, MARK) != []  # a file erases nothing unless that is asked for
    await _take_in(other, new.getvalue(), erasures=True)
    assert await found(other, MARK) == []


async def _take_in(pool: Pool, text: str, *, erasures: bool = False) -> ImportReport:
    async def parse(_: PageBytes) -> Release:
        raise AssertionError("JSON lines are not parsed")

    importer = Importer(
        Archive(pool), pool, parse=parse, normal=normal_url, now=now(), erasures=erasures
    )
    return await importer.jsonl(text.splitlines())


async def test_a_folder_by_months_is_written_anew(pool: Pool, marked: int, tmp_path: Path) -> None:
    from pyarrow import parquet

    await bring_months(pool, Selection(), tmp_path)
    await erased(pool, marked)
    brought = await bring_months(pool, Selection(), tmp_path)
    assert brought.months == ("2024-11",)
    titles = parquet.read_table(tmp_path / "month=2024-11" / "releases.parquet")[
        "title"
    ].to_pylist()
    assert len(titles) == 12
    assert not any(MARK in title for title in titles)


async def test_a_hold_beats_pruning_and_erasing_and_all_is_logged(pool: Pool, marked: int) -> None:
    await add_hold(pool, marked, "诉讼保全")
    await prune_snapshots(pool, now().replace(year=now().year + 1), also_in_force=True)
    assert await run(pool, "SELECT count(*) FROM tonggao.content") == [(3,)]
    for name in (str(marked), URL, "sha256:" + hashlib.sha256(f"%PDF {MARK}".encode()).hexdigest()):
        with pytest.raises(UnderHold, match=str(marked)):
            await erased(pool, name)
    told = await erased(pool, marked, override_hold=True)
    assert told.despite == [marked]
    entries = [(each.action, each.reason, each.in_force) for each in await holds(pool)]
    assert entries == [("add", "诉讼保全", True), ("override", "法院裁定（2024）1号", False)]
    [entry] = await remove_hold(pool, marked, "撤诉")
    assert not entry.in_force
    with pytest.raises(UsageError, match="under no hold"):
        await remove_hold(pool, marked, "again")


@pytest.mark.parametrize("table", ["erasure", "tombstone", "hold_entry"])
async def test_the_logs_only_grow(pool: Pool, marked: int, table: str) -> None:
    await add_hold(pool, marked, "x")
    await erased(pool, marked, override_hold=True)
    for statement in (f"DELETE FROM tonggao.{table}", f"TRUNCATE tonggao.{table} CASCADE"):
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
            await run(pool, statement)


async def test_a_name_that_means_nothing_is_refused(pool: Pool, marked: int) -> None:
    for name in ("999", "https://nowhere.example/", "sha256:00", "标题"):
        with pytest.raises(UsageError):
            await named(pool, name)
    await erased(pool, marked)
    for name in (str(marked), URL):
        with pytest.raises(UsageError):
            await named(pool, name)
