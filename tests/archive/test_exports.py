"""What leaves the archive opens rightly elsewhere, and is what the search found."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import replace

import duckdb
import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest

from scraper.archive.exchange import months, tables
from scraper.archive.exchange.exporting import export_jsonl, export_table, measured
from scraper.archive.exchange.lines import LINE_FORMAT, Refused, record_of, release_of
from scraper.archive.exchange.months import bring_months
from scraper.archive.exchange.tables import CsvTable, ParquetTable, XlsxTable, arrow_schema
from scraper.archive.querying.finding import Search, find
from scraper.archive.querying.reading import Selection
from scraper.archive.writing.repair import repair_times
from scraper.clock import SHANGHAI, now
from scraper.errors import UsageError
from scraper.outputs import replacing
from scraper.record.release import Image
from tests.database.servers import ARCHIVES

from .conftest import MORNING, STORY

NOVEMBER = Selection(
    since=dt.datetime(2024, 11, 1, tzinfo=SHANGHAI), until=dt.datetime(2024, 12, 1, tzinfo=SHANGHAI)
)


@pytest.fixture
async def filled(archive, observe):
    await archive.store_many(
        [
            observe(
                images=(Image("https://qingchuan.example/1.jpg", caption="会场"),),
                keywords=("智能", "制造"),
            ),
            observe(
                "https://national.example/1",
                source_id="national.net",
                title="=转载：青川智能制造",
                paragraphs=(*STORY, "尾声另有花絮。"),
                published_at=MORNING.replace(day=23),
            ),
            observe(
                "https://dongshan.example/1",
                source_id="dongshan.daily",
                title="柳河乡供熱完工",
                paragraphs=("两岸农田三千余亩受益，\t村民送来锦旗。" * 3, "第二段。"),
                published_at=MORNING.replace(month=12),
                region=("120111",),
            ),
        ]
    )
    return archive


async def _lines(pool, selection):
    out = io.StringIO()
    await export_jsonl(pool, selection, out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


async def test_a_line_has_every_key_of_the_first_version(filled, pool):
    """Programs that read them by name are older than the archive."""
    released = json.loads((ARCHIVES / "archive.jsonl").read_text("utf-8").splitlines()[0])
    assert len(released) > 20
    for line in await _lines(pool, Selection()):
        assert [key for key in released if key not in line] == []


@pytest.mark.parametrize(
    ("selection", "search"),
    [
        (Selection(words="供热"), Search("供热")),
        (Selection(words="供热", exact=True), Search("供热", exact=True)),
        (Selection(words="智能制造"), Search("智能制造")),
        (replace(NOVEMBER, words="花絮"), Search("花絮")),
        (Selection(region="120111"), Search("", region="120111")),
        (Selection(kind="gov-portal", words="青川"), Search("青川")),
        (
            Selection(words="智能制造", source="national.net"),
            Search("智能制造", source="national.net"),
        ),
        (Selection(words="没有的词"), Search("没有的词")),
    ],
)
async def test_an_export_is_what_the_search_finds(filled, pool, selection, search):
    hits = await find(pool, search)
    lines = await _lines(pool, selection)
    assert sorted(line["url"] for line in lines) == sorted(hit.url for hit in hits)


async def test_lines_carry_their_format_and_a_later_one_is_refused(filled, pool):
    lines = await _lines(pool, Selection())
    assert [line["format"] for line in lines] == [LINE_FORMAT] * 3
    now = MORNING.replace(year=2026)
    for line in lines:
        release_of(record_of(json.dumps(line).encode()), now)
        release_of(record_of(json.dumps({**line, "format": 1}).encode()), now)
    for form in (LINE_FORMAT + 1, "2", 0, 1.5):
        with pytest.raises(Refused, match="is none that this version reads"):
            release_of({**lines[0], "format": form}, now)


async def test_a_cursor_gives_what_changed_since(filled, pool, rows, observe, archive):
    [(cursor,)] = await rows("SELECT max(cursor) FROM archive.changes_since(NULL, NULL)")
    assert await _lines(pool, Selection(after=cursor)) == []
    await archive.store(
        observe(
            "https://dongshan.example/1",
            source_id="dongshan.daily",
            title="柳河乡供熱完工",
            paragraphs=("两岸农田四千余亩受益，\t村民送来锦旗。" * 3, "第二段。"),
            published_at=MORNING.replace(month=12),
            fetched_at=MORNING.replace(month=12, day=20),
        )
    )
    [line] = await _lines(pool, Selection(after=cursor))
    assert line["url"] == "https://dongshan.example/1"
    with pytest.raises(UsageError, match="no cursor"):
        await _lines(pool, Selection(after="yesterday"))


async def test_csv_with_and_without_a_mark(filled, pool, tmp_path):
    for bom in (False, True):
        out = io.StringIO()
        assert await export_table(pool, Selection(), CsvTable(out, bom=bom)) == 3
        assert out.getvalue().startswith("\ufeff") == bom
        file = tmp_path / "a.csv"
        file.write_bytes(out.getvalue().encode())
        frame = pd.read_csv(file, encoding="utf-8-sig")
        assert list(frame["url"]) == [line["url"] for line in await _lines(pool, Selection())]
        assert "'=转载：青川智能制造" in set(frame["title"])


async def test_a_workbook_opens_with_times_texts_and_no_formula(filled, pool, tmp_path):
    file = tmp_path / "a.xlsx"
    book = XlsxTable(file)
    assert await export_table(pool, Selection(), book) == 3
    book.close()
    [sheet] = openpyxl.load_workbook(file).worksheets
    heads, *found = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert heads == list(tables.COLUMNS)
    titles = {row[heads.index("title")] for row in found}
    assert "=转载：青川智能制造" in titles
    assert {cell.data_type for row in sheet.iter_rows() for cell in row}.isdisjoint("f")
    frame = pd.read_excel(file)
    assert frame["published_at"][0] == MORNING.replace(tzinfo=None)
    assert frame["paragraphs"][0] == "\n".join(STORY)


async def test_what_no_sheet_holds_is_measured_split_and_cut(filled, pool, tmp_path, monkeypatch):
    assert (await measured(pool, Selection()))[0] == 3
    longest = (await measured(pool, Selection()))[1]
    assert longest >= len("\n".join(STORY))
    monkeypatch.setattr(tables, "SHEET_ROWS", 3)
    monkeypatch.setattr(tables, "SHEET_CHARACTERS", 40)
    book = XlsxTable(tmp_path / "a.xlsx", split=True)
    await export_table(pool, Selection(), book)
    book.close()
    sheets = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets
    assert [sheet.max_row for sheet in sheets] == [3, 2]
    cells = [cell.value for sheet in sheets for row in sheet.iter_rows() for cell in row]
    cut = [value for value in cells if isinstance(value, str) and value.endswith(tables.CUT)]
    assert len(cut) == book.cut > 0
    assert {len(value) for value in cut} == {40}


async def test_parquet_has_one_schema_whatever_the_data(filled, pool, tmp_path):
    for name, selection in (("all", Selection()), ("none", Selection(words="没有的词"))):
        table = ParquetTable(tmp_path / f"{name}.parquet")
        await export_table(pool, selection, table)
        table.close()
        assert pyarrow.parquet.read_schema(tmp_path / f"{name}.parquet") == arrow_schema()
    types = dict(
        duckdb.sql(
            f"SELECT column_name, column_type FROM (DESCRIBE FROM '{tmp_path}/all.parquet')"
        ).fetchall()
    )
    assert types["published_at"] == "TIMESTAMP WITH TIME ZONE"
    assert types["paragraphs"] == "VARCHAR[]"
    assert types["images"].startswith("STRUCT(url VARCHAR, caption VARCHAR")
    assert types["images"].endswith("[]")
    assert types["listed_on"] == "DATE"
    assert types["origins"] == "MAP(VARCHAR, VARCHAR)"
    found = duckdb.sql(
        f"SELECT title, epoch(published_at), images[1].caption, len(paragraphs) FROM '{tmp_path}/all.parquet'"
        " WHERE list_contains(keywords, '智能')"
    ).fetchall()
    assert found == [("青川市举行智能制造专场新闻发布会", MORNING.timestamp(), "会场", 4)]
    frame = pd.read_parquet(tmp_path / "all.parquet")
    assert str(frame["published_at"].dtype).endswith("Asia/Shanghai]")


async def test_a_folder_by_month_follows_the_archive(filled, pool, observe, archive, tmp_path):
    folder = tmp_path / "by month"
    first = await bring_months(pool, Selection(), folder)
    assert (first.months, first.rows) == (("2024-11", "2024-12"), 3)
    again = await bring_months(pool, Selection(), folder)
    assert (again.months, again.rows, again.cursor) == ((), 0, first.cursor)
    untouched = (folder / "month=2024-11/releases.parquet").stat().st_mtime_ns
    # A late edit of December's text, which now says that it was published in January.
    await archive.store(
        observe(
            "https://dongshan.example/1",
            source_id="dongshan.daily",
            title="柳河乡供熱完工（更新）",
            paragraphs=("两岸农田四千余亩受益，\t村民送来锦旗。" * 3, "第二段。"),
            published_at=MORNING.replace(year=2025, month=1),
            fetched_at=MORNING.replace(year=2025, month=1, day=20),
        )
    )
    told: list[str] = []
    edited = await bring_months(pool, Selection(), folder, told.append)
    assert set(told) == set(edited.months) >= {"2024-12"}
    assert (folder / "month=2024-11/releases.parquet").stat().st_mtime_ns == untouched
    table = f"read_parquet('{folder}/*/*.parquet', hive_partitioning = true)"
    found = duckdb.sql(f"SELECT title, month FROM {table} ORDER BY 1").fetchall()
    assert len(found) == 3
    exported = {line["title"] for line in await _lines(pool, Selection())}
    assert {title for title, _ in found} == exported
    assert not list(folder.rglob("*.part"))
    with pytest.raises(UsageError, match="another selection"):
        await bring_months(pool, Selection(words="供热"), folder)
    (folder / months.CURSOR_FILE).write_text("{}")
    with pytest.raises(UsageError, match="no cursor file"):
        await bring_months(pool, Selection(), folder)


async def test_rows_have_the_date_that_is_shown(filled, pool, observe, archive):
    dateless = {"published_at": None, "published_precision": None}
    await archive.store(
        observe("https://dongshan.example/2", paragraphs=("柳河乡无日期的短讯。" * 9,), **dateless)
    )
    hits = {hit.url: hit.dated_at for hit in await find(pool, Search("", count=None))}
    lines = {line["url"]: line["dated_at"] for line in await _lines(pool, Selection())}
    assert {url: dt.datetime.fromisoformat(lines[url]) for url in hits} == hits


async def test_a_folder_of_an_earlier_form_is_written_anew(filled, pool, tmp_path):
    await bring_months(pool, Selection(), tmp_path)
    file = tmp_path / months.CURSOR_FILE
    file.write_text(json.dumps(json.loads(file.read_text()) | {"format": 1}))
    stale = tmp_path / "month=1999-01/releases.parquet"
    stale.parent.mkdir()
    stale.touch()
    assert (await bring_months(pool, Selection(), tmp_path)).months == ("2024-11", "2024-12")
    assert not stale.parent.exists()
    file.write_text(json.dumps(json.loads(file.read_text()) | {"format": months.FORMAT + 1}))
    with pytest.raises(UsageError, match="this version does not read"):
        await bring_months(pool, Selection(), tmp_path)


async def test_a_folder_by_month_follows_dates_that_were_mended(pool, observe, archive, tmp_path):
    ahead = now() + dt.timedelta(days=400)
    dateless = {"published_at": None, "published_precision": None, "fetched_at": ahead}
    await archive.store(observe(**dateless))
    first = await bring_months(pool, Selection(), tmp_path)
    assert first.months == (f"{ahead.astimezone(SHANGHAI):%Y-%m}",)
    await repair_times(pool, apply=True)
    mended = await bring_months(pool, Selection(), tmp_path)
    assert mended.months == (f"{now().astimezone(SHANGHAI):%Y-%m}", *first.months)
    assert [path.parent.name for path in tmp_path.glob("*/*.parquet")] == [
        f"month={mended.months[0]}"
    ]
    [line] = await _lines(pool, Selection(after=first.cursor))
    assert dt.datetime.fromisoformat(line["dated_at"]) <= now()


async def test_an_export_that_fails_leaves_no_half_file(tmp_path):
    file = tmp_path / "a.jsonl"
    file.write_text("before")

    def dies() -> None:
        with replacing(file) as part:
            part.write_text("half")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        dies()
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]
    with replacing(file) as part:
        part.write_text("after")
    assert file.read_text() == "after"


@pytest.mark.parametrize("place", ["folder", "nowhere/file.xlsx"])
async def test_a_place_that_cannot_be_written_is_refused_before_anything_is_done(tmp_path, place):
    (tmp_path / "folder").mkdir()
    file = tmp_path / place
    with pytest.raises(OSError, match=rf"{file}'$"), replacing(file):
        raise AssertionError("begun")
    assert list(tmp_path.rglob("*.part")) == []
