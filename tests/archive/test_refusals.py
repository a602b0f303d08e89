"""An import refuses lines and records, never files, and what it accepts goes out again."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.archive.exchange.exporting import export_jsonl, export_table, export_warc
from scraper.archive.exchange.file_history import files_of
from scraper.archive.exchange.importing import Importer, Refusal
from scraper.archive.exchange.lines import LINE_BYTES, Refused, lines_of, record_of, release_of
from scraper.archive.exchange.tables import CsvTable, ParquetTable, XlsxTable
from scraper.archive.exchange.warc_reading import ReceivedPage, read_warc
from scraper.archive.querying.finding import Search, find
from scraper.archive.querying.reading import Selection, show_release
from scraper.archive.writing.reparsing import ReparseRequest, reparse
from scraper.clock import SHANGHAI
from scraper.page import parse_page
from scraper.record.release import Release
from scraper.urls import normal_url

NOW = dt.datetime(2026, 11, 28, 12, 0, tzinfo=SHANGHAI)
GOOD = {
    "url": "https://imported.example/1.html",
    "title": "一条导入的旧闻",
    "paragraphs": ["这一段文字足够说明自己是一篇文章的正文。"],
    "published_at": "2024-11-16T09:00:00+08:00",
    "published_precision": "minute",
    "fetched_at": "2024-11-16T10:00:00+08:00",
}
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "NUL in the title": ({"title": "标\x00题"}, "title holds NUL"),
    "NUL in a paragraph": ({"paragraphs": ["a\x00b"]}, "paragraphs holds NUL"),
    "NUL in a caption": (
        {"images": [{"url": "https://a.example/1.jpg", "caption": "\x00"}]},
        "images holds NUL",
    ),
    "NUL in a key": ({"document": {"a\x00": "b"}}, "document holds NUL"),
    "half a surrogate": ({"title": "半\ud83d"}, "title holds half a surrogate"),
    "half a surrogate in a key": ({"origins": {"\ude00": "x"}}, "origins holds half a surrogate"),
    "a title that is a number": ({"title": 7}, "title must be of type text"),
    "a title that is null": ({"title": None}, "title is missing"),
    "an empty title": ({"title": " "}, "title is empty"),
    "paragraphs that are a text": ({"paragraphs": "abc"}, "paragraphs must be of type list"),
    "keywords of numbers": ({"keywords": [1]}, "keywords must be of type text"),
    "an author that is a list": ({"author": ["a"]}, "author must be of type text"),
    "a picture without address": ({"images": [{"url": None}]}, "images.url is missing"),
    "a picture whose address is a number": ({"images": [{"url": 7}]}, "images.url must be of type"),
    "pictures that are texts": ({"images": ["a"]}, "images must be of type object"),
    "an unknown precision": ({"published_precision": "year"}, "published_precision must be one of"),
    "no address": ({"url": None}, "url is missing"),
    "an address that is none": ({"url": "not an address"}, "is no address"),
    "a script's address": ({"url": "javascript:alert(1)"}, "is no address"),
    "an address without host": ({"url": "https:///a"}, "is no address"),
    "an address with a blank": ({"url": "https://a.example/a b"}, "is no address"),
    "an address with a broken host": ({"url": "https://[::1/a"}, "is no address"),
    "an address with an odd port": ({"url": "https://a.example:99999/"}, "is no address"),
    "published in year 1": ({"published_at": "0001-01-01T00:00:00+00:00"}, "the year 1 is not"),
    "published before year 1": ({"published_at": "0001-01-01T00:00:00+14:00"}, "published_at"),
    "published in year 9999": ({"published_at": "9999-12-31T23:59:59+00:00"}, "published_at"),
    "published in 1899": ({"published_at": "1899-12-31T00:00:00+08:00"}, "the year 1899 is not"),
    "published after next year": ({"published_at": "2028-01-01T00:00:00+08:00"}, "2028 is not"),
    "published some time": ({"published_at": "gestern"}, "published_at"),
    "received in year 1": ({"fetched_at": "0001-01-02T00:00:00+00:00"}, "the year 1 is not"),
    "received in year 9999": ({"fetched_at": "9999-12-31T23:59:59+00:00"}, "the year 9999 is not"),
    "received without a zone": ({"fetched_at": "2024-11-16T10:00:00"}, "has no time zone"),
    "received at a number": ({"fetched_at": 5}, "fetched_at must be of type text"),
    "a source that is a number": ({"source_id": 5}, "source_id must be of type text"),
    "a source without end": ({"source_id": "x" * 501}, "source_id is longer than"),
    "a region that is none": ({"source_region": "天津"}, "is no code of GB/T 2260"),
    "a version without end": ({"parser_version": "9" * 501}, "parser_version is longer than"),
}
BROKEN_LINES = {
    b"\xff\xfe{}": "not UTF-8",
    b"{": "not JSON",
    b"[1]": "no JSON object",
    b"7": "no JSON object",
    b'{"title": NaN}': "not JSON",
    b"[" * 100_000: "nested too deeply",
    b'{"a": ' * 50_000: "nested too deeply",
    '\ufeff{"title": "a"}'.encode(): "not JSON",
    b'{"n": ' + b"9" * 5000 + b"}": "not JSON",
}


def importer(archive: Any, pool: Any) -> Importer:
    async def parse(page: Any) -> Release:
        return parse_page(page.body, page.url, page.http_charset)

    return Importer(archive, pool, parse=parse, normal=normal_url, now=NOW)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_record_is_refused_by_its_field(name: str) -> None:
    given, reason = BAD[name]
    if set(given) & {"fetched_at", "source_id", "source_region"}:
        return  # looked at by the importer, below
    with pytest.raises(Refused, match=reason.replace(".", r"\.")):
        release_of({**GOOD, **given}, NOW)


@pytest.mark.parametrize("mark", ["\x00", "\ud83d"])
@pytest.mark.parametrize("field", ["url", "name", "media_type", "format", "body", "heading"])
def test_a_file_that_no_database_keeps_is_refused_by_its_field(field: str, mark: str) -> None:
    """Beside a page of a WARC file nothing else looks at what is told of files."""
    texts = {"body": "a", "heading": "a"}
    told = {"url": "https://a.example/1.pdf", "name": "a", "media_type": "a/b", "format": "pdf"}
    (texts if field in texts else told)[field] += mark
    version = {"digest": "0" * 64, "size": 1, "first_at": GOOD["fetched_at"], **told}
    version |= {"readings": [{"state": "read", **texts}]}
    file = {"url": told["url"], "kind": "attachment", "place": 1, "versions": [version]}
    with pytest.raises(Refused, match=rf"^files\[0\]\.(.*\.)?{field} holds "):
        files_of({"files": [file]}, NOW)


@pytest.mark.parametrize("line", BROKEN_LINES)
def test_a_broken_line_is_refused(line: bytes) -> None:
    with pytest.raises(Refused, match=BROKEN_LINES[line]):
        record_of(line)


def test_marks_and_line_ends_of_other_systems_are_no_part_of_a_line() -> None:
    file = io.BytesIO(b'\xef\xbb\xbf{"a": 1}\r\n\r\n{"b": 2}')
    assert list(lines_of(file)) == [b'{"a": 1}', b"", b'{"b": 2}']


def test_a_line_without_end_is_passed_over_in_little_memory() -> None:
    file = io.BytesIO(b"x" * (2 * LINE_BYTES + 5) + b"\n{}\n" + b"y" * (LINE_BYTES + 1))
    assert list(lines_of(file)) == [None, b"{}", None]


async def test_each_bad_line_is_refused_by_number_and_the_rest_is_stored(archive, pool) -> None:
    bad = [json.dumps({**GOOD, **given}).encode() for given, _ in BAD.values()]
    lines: list[bytes | None] = []
    for number, line in enumerate([*bad, *BROKEN_LINES, None]):
        good = {**GOOD, "url": f"https://imported.example/g{number}", "title": f"第{number}条"}
        lines += [
            line,
            json.dumps({**good, "paragraphs": [chr(0x4E00 + 31 * number) * 60]}).encode(),
        ]
    report = await importer(archive, pool).jsonl(lines)
    assert report.changes == {"new": len(lines) // 2}
    assert [each.place for each in report.refusals] == [
        f"line {number}" for number in range(1, len(lines), 2)
    ]
    for refusal, (_, reason) in zip(report.refusals, BAD.values(), strict=False):
        assert reason in refusal.reason


async def test_what_the_database_alone_refuses_is_found_and_the_rest_stored(
    archive, pool, monkeypatch
) -> None:
    """Something that no check of ours foresees, in a batch of forty."""
    async with pool.connection() as connection:
        await connection.execute(
            "ALTER TABLE tonggao.publication ADD CONSTRAINT odd CHECK (url NOT LIKE '%%/17')"
        )
    lines = [
        json.dumps(
            {
                **GOOD,
                "url": f"https://imported.example/{n}",
                "paragraphs": [chr(0x4E00 + 31 * n) * 60],
            }
        ).encode()
        for n in range(40)
    ]
    report = await importer(archive, pool).jsonl(lines)
    assert report.changes == {"new": 39}
    [refusal] = report.refusals
    assert refusal.place == "line 18"
    assert "the database refuses it" in refusal.reason


TEXTS = st.text(st.characters(codec=None, exclude_categories=[]), max_size=12)
PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Those values, and lists and objects of them."""
    return inner | st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3)


VALUES = nested(nested(PLAIN))
MOMENTS = st.datetimes(timezones=st.just(dt.UTC)).map(dt.datetime.isoformat)
RECORDS = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXTS | VALUES,
        "url": st.integers(0, 9).map(lambda n: f"https://a{n}.example/{n}") | TEXTS,
        "paragraphs": st.lists(TEXTS, max_size=3) | VALUES,
        "published_at": MOMENTS | VALUES,
        "fetched_at": MOMENTS | VALUES,
        "published_precision": st.sampled_from(["day", "minute", "second"]) | VALUES,
        "images": st.lists(
            st.fixed_dictionaries({"url": TEXTS, "caption": TEXTS | VALUES}), max_size=2
        )
        | VALUES,
        "document": st.fixed_dictionaries({}, optional={"number": VALUES, "written_on": VALUES})
        | VALUES,
        **dict.fromkeys(
            (
                *("subtitle", "source", "author", "editor", "attachments", "column", "site_name"),
                *("region", "keywords", "next_pages", "origins", "parser_version", "source_id"),
                *("source_column", "publisher", "source_kind", "source_region"),
            ),
            VALUES,
        ),
    },
).map(lambda given: {**GOOD, **given})


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(records=st.lists(RECORDS | VALUES, min_size=5, max_size=40))
async def test_whatever_json_is_given_is_refused_or_goes_out_again(
    archive, pool, tmp_path, records
) -> None:
    lines = [json.dumps(record).encode() for record in records]
    report = await importer(archive, pool).jsonl(lines)
    assert sum(report.changes.values()) + report.broken == len(records)
    assert all(isinstance(each, Refusal) and each.reason for each in report.refusals)
    await everything_goes_out(pool, tmp_path)


async def everything_goes_out(pool, folder) -> None:
    """Show, search and every export, over all that is stored."""
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT (SELECT count(*) FROM tonggao.publication), (SELECT count(*) FROM tonggao.revision)"
        )
        texts, revisions = await cursor.fetchone()
        cursor = await connection.execute("SELECT release_id FROM archive.releases")
        ids = [number for (number,) in await cursor.fetchall()]
    for number in ids:
        assert json.dumps((await show_release(pool, number)).reading.record())
    await find(pool, Search("的", count=None))
    lines, table = io.StringIO(), io.StringIO()
    assert await export_jsonl(pool, Selection(), lines) == texts
    assert await export_jsonl(pool, Selection(history=True), io.StringIO()) == revisions
    assert await export_table(pool, Selection(), CsvTable(table)) == texts
    file = folder / "all.parquet"
    typed = ParquetTable(file)
    assert await export_table(pool, Selection(), typed) == texts
    typed.close()
    sheets = XlsxTable(folder / "all.xlsx", split=True)
    assert await export_table(pool, Selection(), sheets) == texts
    sheets.close()
    out = io.BytesIO()
    assert await export_warc(pool, Selection(), out, name="a", software="t") == revisions
    assert sum(1 for _ in read_warc(io.BytesIO(out.getvalue()), NOW)) == revisions
    for line in lines.getvalue().splitlines():
        release_of(record_of(line.encode()), NOW)


async def test_a_page_that_cannot_be_stored_again_stops_no_reparse(archive, observe, pool) -> None:
    for name in "ab":
        page = f"https://qingchuan.example/{name}"
        await archive.store(observe(page, title=name, paragraphs=(f"{name}的正文。",), body=b"x"))
    async with pool.connection() as connection:
        await connection.execute(
            "ALTER TABLE tonggao.revision ADD CONSTRAINT odd CHECK (title <> 'a, read anew')"
        )

    async def parse(page: Any) -> Release:
        title = f"{page.url[-1]}, read anew"
        return Release(title=title, paragraphs=("正文。",), url=page.url, parser_version="2")

    report = await reparse(archive, pool, parse, ReparseRequest("2"))
    assert report.refused == {"unstorable": 1}
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT title FROM archive.publications ORDER BY url")
        assert await cursor.fetchall() == [("a",), ("b, read anew",)]


async def test_headers_that_are_no_ascii_go_out_in_percent_signs(archive, observe, pool) -> None:
    odd = (("X-\ufffd", "é\r\n值"), ("", "a"), ("a b:", "c"), ("Content-Type", "text/html"))
    await archive.store(observe(headers=odd))
    out = io.BytesIO()
    assert await export_warc(pool, Selection(), out, name="a", software="t") == 1
    [page] = read_warc(io.BytesIO(out.getvalue()), NOW)
    assert isinstance(page, ReceivedPage)
    assert page.headers[-1] == ("Content-Type", "text/html")
    assert page.headers[0] == ("X-%EF%BF%BD", "%C3%A9%0D%0A%E5%80%BC")
