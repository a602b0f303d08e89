"""An erased address stays away whatever brings it; a copy elsewhere does not; exports hold no word of it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from pyarrow import parquet

from scraper.archive import Archive
from scraper.archive.erasure.erasing import erase, named
from scraper.archive.exchange.exporting import export_jsonl, export_table, export_warc
from scraper.archive.exchange.importing import Importer
from scraper.archive.exchange.tables import CsvTable, ParquetTable, XlsxTable
from scraper.archive.exchange.warc_reading import read_warc
from scraper.archive.observations.observation import PageBytes
from scraper.archive.querying.reading import Selection
from scraper.archive.querying.tombstones import tombstones
from scraper.archive.writing.reparsing import ReparseRequest, reparse
from scraper.clock import now
from scraper.database import Pool
from scraper.record.release import Release
from scraper.urls import normal_url

from .conftest import MakeObservation
from .marker import COPY, MARK, MARKED, PDF, URL, found, mark, other_text, page_of

REASON = "撤稿函〔2024〕3号"


@pytest.fixture
async def marked(archive: Archive, pool: Pool, observe: MakeObservation) -> int:
    return await mark(pool, archive, observe)


async def lines(pool: Pool, selection: Selection | None = None) -> list[str]:
    out = io.StringIO()
    await export_jsonl(pool, selection or Selection(), out)
    return out.getvalue().splitlines()


async def warc(pool: Pool) -> bytes:
    out = io.BytesIO()
    await export_warc(pool, Selection(), out, name="a.warc.gz", software="tonggao")
    return out.getvalue()


def importer(pool: Pool, *, looks: list[str] | None = None) -> Importer:
    async def parse(page: PageBytes) -> Release:
        if looks is not None:
            looks.append(page.url)
        told = page.url in {URL, COPY}
        title, text = ("老水塔重建：" + MARK, MARKED) if told else ("验收", other_text(3))
        return Release(title=title, paragraphs=text, url=page.url)

    return Importer(Archive(pool), pool, parse=parse, normal=normal_url, now=now())


async def erased(pool: Pool, name: str | int) -> None:
    await erase(pool, await named(pool, str(name)), REASON)


async def publications(pool: Pool) -> dict[str, bool]:
    """Each address, and whether it has a text."""
    async with pool.connection() as connection:
        rows = await connection.execute(
            "SELECT url, revision_id IS NOT NULL FROM tonggao.publication"
        )
        return {str(url): bool(has) for url, has in await rows.fetchall()}


async def test_lines_of_an_erased_address_are_refused_and_those_of_its_copies_are_not(
    pool: Pool, marked: int
) -> None:
    before = await lines(pool)
    await erased(pool, URL)
    of_third = next(json.loads(line) for line in before if json.loads(line)["url"] == COPY)
    third = "https://national.example/third.html"
    of_third |= {"url": third, "source_id": "national.net"}
    of_third = {
        name: of_third[name]
        for name in ("url", "source_id", "title", "paragraphs", "fetched_at")
        if name in of_third
    }
    report = await importer(pool).jsonl([*before, json.dumps(of_third)])
    assert (report.refused, report.broken) == ({"erased": 1}, 0)
    kept = await publications(pool)
    assert (kept[URL], kept[COPY], kept[third]) == (False, True, True)
    async with pool.connection() as connection:
        row = await connection.execute(
            "SELECT release_id FROM tonggao.publication WHERE url = %s", [third]
        )
        assert await row.fetchone() == (marked,)


async def test_records_of_an_erased_address_are_refused_and_those_of_its_copies_are_not(
    pool: Pool, other: Pool, marked: int
) -> None:
    before = await warc(pool)
    await erased(pool, URL)
    looks: list[str] = []
    report = await importer(pool, looks=looks).warc(read_warc(io.BytesIO(before), now()))
    assert set(report.refused) == {"erased"}
    assert report.broken == 0
    kept = await publications(pool)
    assert (kept[URL], kept[COPY]) == (False, True)
    await erased(pool, COPY)
    await importer(pool).warc(read_warc(io.BytesIO(before), now()))
    assert await found(pool, MARK) == []
    await importer(other).warc(read_warc(io.BytesIO(before), now()))
    assert (await publications(other))[URL]  # an archive that erased nothing takes the same records


async def test_reading_again_passes_by_what_was_erased_and_reads_its_copies(
    pool: Pool, archive: Archive, marked: int
) -> None:
    await erased(pool, URL)
    looks: list[str] = []

    async def parse(page: PageBytes) -> Release:
        looks.append(page.url)
        return Release(
            title="另一个标题", paragraphs=other_text(1), url=page.url, parser_version="2"
        )

    report = await reparse(archive, pool, parse, ReparseRequest("2"))
    assert report.refused == {}
    assert URL not in looks
    assert COPY in looks
    assert (await publications(pool))[URL] is False
    assert len([each for each in await tombstones(pool) if each.url == URL]) == 1


async def test_the_same_text_at_another_address_is_archived(
    pool: Pool, archive: Archive, observe: MakeObservation, marked: int
) -> None:
    await erased(pool, marked)
    again = "https://qingchuan.example/marked-again.html"
    stored = await archive.store(
        observe(again, title="老水塔重建：" + MARK, paragraphs=MARKED, body=page_of(MARKED))
    )
    assert stored.release_id != marked
    assert (await publications(pool))[again]


async def test_no_form_of_export_has_a_word_of_it(pool: Pool, marked: int, tmp_path: Path) -> None:
    files = {}
    for when in ("before", "after"):
        folder = tmp_path / when
        folder.mkdir()
        text = io.StringIO()
        await export_table(pool, Selection(), CsvTable(text, bom=False))
        book, table = XlsxTable(folder / "a.xlsx"), ParquetTable(folder / "a.parquet")
        await export_table(pool, Selection(), book)
        await export_table(pool, Selection(), table)
        book.close()
        table.close()
        sheet = openpyxl.load_workbook(folder / "a.xlsx").worksheets[0]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        history = await lines(pool, replace(Selection(), history=True))
        files[when] = {
            "csv": text.getvalue(),
            "xlsx": str(rows),
            "parquet": str(parquet.read_table(folder / "a.parquet").to_pylist()),
            "jsonl": "\n".join(await lines(pool)),
            "history": "\n".join(history),
            "warc": gzip.decompress(await warc(pool)).decode("utf-8", "replace"),
        }
        if when == "before":
            await erased(pool, marked)
    assert [name for name, text in files["before"].items() if MARK not in text] == []
    assert [name for name, text in files["after"].items() if MARK in text] == []
    assert len(list(csv.reader(io.StringIO(files["after"]["csv"])))) == 1 + 12


async def test_an_export_since_a_cursor_tells_what_was_erased_since(
    pool: Pool, marked: int
) -> None:
    async def newest() -> str:
        async with pool.connection() as connection:
            rows = await connection.execute("SELECT cursor FROM archive.changes_since(NULL, NULL)")
            return str((await rows.fetchall())[-1][0])

    async def told(cursor: str) -> set[object]:
        since = [json.loads(line) for line in await lines(pool, Selection(after=cursor))]
        return {line["url"] for line in since if line.get("kind") == "erased"}

    first = await newest()
    assert await told(first) == set()
    await erased(pool, URL)
    second = await newest()
    assert await told(first) == {URL}
    await erased(pool, COPY)
    assert await told(first) - {None} == {URL, COPY}
    assert await told(second) - {None} == {COPY}
    assert PDF not in "".join(await lines(pool))
