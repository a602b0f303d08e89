"""What an earlier version accepted can be shown, searched, counted and written out in every form."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from pyarrow import parquet

from scraper.archive.exchange.exporting import export_jsonl, export_table, export_warc
from scraper.archive.exchange.tables import CsvTable, ParquetTable
from scraper.archive.exchange.warc_reading import Damaged, read_warc
from scraper.archive.integrity.checking import check
from scraper.archive.integrity.findings import Covered
from scraper.archive.querying.explanation import explain
from scraper.archive.querying.finding import Search, find
from scraper.archive.querying.reading import Selection, show_release
from scraper.archive.querying.statistics import statistics
from scraper.clock import now
from scraper.database import Pool, migrate, open_pool
from scraper.database.embedded.binaries import wheel_programs

DUMP = Path(__file__).resolve().parents[1] / "fixtures/archives/7c5fad8/postgresql18.dump"


@pytest.fixture(scope="module")
def poisoned_url(server: str) -> str:
    """The fixture of 7c5fad8, upgraded: it holds the odd rows that version let in."""
    name = "poisoned"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        if connection.info.server_version < 180_000:
            pytest.skip("the server that the tests were given is older than this dump")
        connection.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        if not connection.execute("SELECT FROM pg_roles WHERE rolname = 'tonggao_reader'").rowcount:
            connection.execute("CREATE ROLE tonggao_reader")
    url = f"{server} dbname={name}"
    program = [str(wheel_programs() / "pg_restore"), "--no-owner", f"--dbname={url}", str(DUMP)]
    subprocess.run(program, check=True, capture_output=True)
    return url


@pytest.fixture
async def poisoned(poisoned_url: str) -> AsyncIterator[Pool]:
    await migrate(poisoned_url)
    async with open_pool(poisoned_url) as pool:
        yield pool


async def test_every_release_is_shown_and_explained(poisoned: Pool) -> None:
    async with poisoned.connection() as connection:
        cursor = await connection.execute("SELECT release_id FROM archive.releases")
        ids = [number for (number,) in await cursor.fetchall()]
    assert len(ids) > 20
    for number in ids:
        record = await show_release(poisoned, number)
        assert json.dumps(record.reading.record(), ensure_ascii=False)
        assert list(explain(record))


async def test_it_is_searched_and_counted(poisoned: Pool) -> None:
    hits = await find(poisoned, Search("旧闻", count=None))
    assert len(hits) > 10
    assert (await statistics(poisoned, days=30, most=5)).totals.releases > 20


@pytest.mark.parametrize("history", [False, True])
async def test_every_text_goes_out_in_every_form(
    poisoned: Pool, tmp_path: Path, history: bool
) -> None:
    selection = Selection(history=history)
    async with poisoned.connection() as connection:
        table = "revision" if history else "publication"
        cursor = await connection.execute(f"SELECT count(*) FROM tonggao.{table}".encode())
        row = await cursor.fetchone()
    assert row is not None
    lines = io.StringIO()
    assert await export_jsonl(poisoned, selection, lines) == row[0]
    assert len([json.loads(line) for line in lines.getvalue().splitlines()]) == row[0]
    csv.field_size_limit(10_000_000)  # one of them has a headline of a million characters
    out = io.StringIO()
    assert await export_table(poisoned, selection, CsvTable(out)) == row[0]
    assert len(list(csv.reader(io.StringIO(out.getvalue(), newline="")))) == row[0] + 1
    file = tmp_path / "all.parquet"
    typed = ParquetTable(file)
    assert await export_table(poisoned, selection, typed) == row[0]
    typed.close()
    assert parquet.read_table(file).num_rows == row[0]


async def test_what_nobody_touched_is_not_called_altered(poisoned: Pool) -> None:
    found = await check(poisoned)
    assert found.altered == []
    # An author that was a list, an editor that was a number: a digest of then covers them as they came.
    names = [row.split("(")[1] for row in found.unproved]
    assert names == ["https://imported.example/19.html)", "https://imported.example/20.html)"]
    assert found.checked[Covered.RECORD] > 50


async def test_a_warc_of_it_has_every_record_and_names_what_is_odd(poisoned: Pool) -> None:
    out = io.BytesIO()
    count = await export_warc(poisoned, Selection(), out, name="a", software="t")
    found = list(read_warc(io.BytesIO(out.getvalue()), now()))
    # The later pages of articles are no records of their own; damaged ones are named, not skipped.
    assert len(found) >= count
    reasons = {each.reason for each in found if isinstance(each, Damaged)}
    assert all("address" in reason or "year" in reason for reason in reasons)


async def test_a_time_beyond_the_calendar_is_shown_as_its_end(poisoned: Pool) -> None:
    async with poisoned.connection() as connection:
        row = await (
            await connection.execute(
                "SELECT '10000-01-01 00:00+08'::timestamptz, '4713-01-01 00:00+00 BC'::timestamptz,"
                " 'infinity'::timestamptz, '2024-01-01 00:00+08'::timestamptz"
            )
        ).fetchone()
    assert row is not None
    assert [moment.year for moment in row] == [9999, 1, 9999, 2024]


async def test_changes_of_then_are_told_and_their_cursors_go_on(poisoned: Pool) -> None:
    async with poisoned.connection() as connection:
        cursor = await connection.execute(
            "SELECT c.xid::text, c.change_id FROM tonggao.change c ORDER BY c.xid, c.change_id"
        )
        before = await cursor.fetchall()
        told = await connection.execute("SELECT kind FROM archive.changes_since(NULL, NULL)")
        assert len(await told.fetchall()) == len(before) > 20
        for place, (xid, number) in enumerate(before):
            rest = await connection.execute(
                "SELECT count(*) FROM archive.changes_since(%s, NULL)", (f"{xid}.{number}",)
            )
            assert await rest.fetchone() == (len(before) - place - 1,)
