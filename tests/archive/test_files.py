"""Out of one archive and into another: nothing is lost on the way."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from scraper.archive import Archive
from scraper.archive.exchange.exporting import export_jsonl, export_warc
from scraper.archive.exchange.importing import Importer
from scraper.archive.exchange.warc_reading import read_warc
from scraper.archive.observations.file import FileContent, FileReading, WantedFile
from scraper.archive.observations.observation import PageBytes
from scraper.archive.querying.reading import Selection
from scraper.archive.writing.file_store import FileArchive
from scraper.archive.writing.reparsing import ReparseRequest, reparse
from scraper.clock import now
from scraper.errors import TooShort, UsageError
from scraper.record.release import Attachment, Document, Image, Release

from .conftest import MORNING, STORY

HOUR = dt.timedelta(hours=1)
PDF_AT, DOC_AT = "https://qingchuan.example/1.pdf", "https://qingchuan.example/2.doc"
CONTENTS = (
    (
        PDF_AT,
        b"%PDF first",
        True,
        0,
        FileReading(False, "read", "tonggao 1", "第一条\n第二条", heading="细则", pages=2),
    ),
    (
        PDF_AT,
        b"%PDF second",
        True,
        30,
        FileReading(False, "encrypted", "tonggao 1", detail="a password"),
    ),
    (
        DOC_AT,
        b"word",
        False,
        2,
        FileReading(True, "read", "rapidocr", "认出的字", confidence=0.875),
    ),
)


async def _fill_files(pool) -> None:
    """A file that was replaced, one without its bytes, one with recognised text."""
    for url, body, keep, hours, said in CONTENTS:
        digest = hashlib.sha256(body).hexdigest()
        content = FileContent(
            url,
            "attachment",
            body,
            keep,
            MORNING + hours * HOUR,
            digest,
            "application/pdf",
            "细则.pdf",
            "pdf",
            readings=(said,),
        )
        await FileArchive(pool).store(content)


def _page(release) -> bytes:
    return json.dumps(release.to_dict()).encode()


async def read_page(page: PageBytes):
    """Stands for the parser: the pages of these tests are their records."""
    record = json.loads(page.body)
    if len(record["paragraphs"]) == 0:
        raise TooShort("no text")
    return Release.from_dict(record)


@pytest.fixture
async def filled(archive, observe, pool):
    full = {
        "images": (Image("https://qingchuan.example/1.jpg", "发布会现场", "市政府新闻办"),),
        "attachments": (Attachment(PDF_AT, "附件"), Attachment(DOC_AT, "附件2")),
        "document": Document(number="青政发〔2024〕3号", written_on=dt.date(2024, 11, 1)),
        "keywords": ("智能制造",),
        "region": ("120000", "120111"),
        "origins": {"title": "meta ArticleTitle"},
        "subtitle": "副标题",
        "paragraphs": (*STORY, "一段里\n有两行", "表\t格"),
    }
    pages = [
        observe(
            **full,
            files=(
                WantedFile(PDF_AT, "attachment", 1, True),
                WantedFile(DOC_AT, "attachment", 2, False),
            ),
            headers=(
                ("Content-Type", "text/html; charset=gbk"),
                ("ETag", '"1"'),
                ("Content-Encoding", "gzip"),
                ("Set-Cookie", "a=1"),
                ("Set-Cookie", "b=2"),
            ),
        ),
        observe(paragraphs=STORY[:3], fetched_at=MORNING + HOUR),
        observe(
            "https://dongshan.example/p?q=1",
            source_id="dongshan.daily",
            fetched_at=MORNING + dt.timedelta(microseconds=7),
        ),
    ]
    for page in pages:
        await archive.store(replace(page, body=_page(page.release), http_charset="gbk"))
    await archive.store(
        replace(
            observe(
                "https://national.example/t",
                source_id="national.net",
                title="只有文字",
                paragraphs=(STORY[1] * 2,),
            ),
            body=None,
        )
    )
    await _fill_files(pool)
    await archive.seen("https://dongshan.example/p?q=1", MORNING + 5 * HOUR)
    await archive.withdraw("https://qingchuan.example/a1.html", MORNING + 6 * HOUR, "gone (404)")
    return archive


async def _everything(pool) -> dict[str, list]:  # type: ignore[type-arg]
    queries = {
        "publications": "SELECT url, source_id, first_seen_at, last_seen_at, withdrawn_at, withdrawn_for, canonical, joined_by"
        " FROM archive.publications ORDER BY url",
        "revisions": "SELECT url, valid_from, number, title, body, published_at FROM archive.revisions ORDER BY url, number",
        "fields": "SELECT p.url, v.subtitle, v.images, v.attachments, v.document, v.keywords, v.region, v.origins, v.parser_version"
        " FROM tonggao.revision v JOIN tonggao.publication p USING (publication_id) ORDER BY p.url, v.valid_from",
        "snapshots": "SELECT p.url, s.fetched_at, s.digest, s.status, s.headers, s.http_charset"
        " FROM archive.snapshots s JOIN archive.publications p USING (publication_id) ORDER BY p.url, s.fetched_at",
        "files": "SELECT publication_id, kind, place, url, offered, main, digest, served_name, media_type, format, size, text_state,"
        " text_detail, text, heading, pages, complete, reader, recognised_text, confidence, first_at, outcome, next_try_at, versions"
        " FROM archive.files ORDER BY url",
        "versions": "SELECT url, number, digest, first_at, last_at, name, media_type, size, added, removed"
        " FROM archive.file_versions ORDER BY 1, 2",
        "validators": "SELECT url, etag, body_digest FROM tonggao.publication ORDER BY url",
        "sources": "SELECT s.source_id, s.publisher, s.region FROM archive.sources s ORDER BY 1",
    }
    async with pool.connection() as connection:
        return {
            name: await (await connection.execute(query)).fetchall()
            for name, query in queries.items()
        }


def _importer(pool, **given) -> Importer:
    return Importer(
        Archive(pool), pool, parse=read_page, normal=lambda url: url, now=now(), **given
    )


async def _warc(pool, **selection) -> bytes:
    out = io.BytesIO()
    await export_warc(pool, Selection(**selection), out, name="test.warc.gz", software="tonggao")
    return out.getvalue()


async def test_warc_round_trip_loses_nothing(filled, pool, other):
    report = await _importer(other).warc(read_warc(io.BytesIO(await _warc(pool)), now()))
    assert dict(report.changes) == {"new": 2, "revision": 1, "copy": 1}
    assert await _everything(other) == await _everything(pool)
    kept = {row[6] for row in (await _everything(pool))["files"] if row[3] == PDF_AT}
    for digest in kept:
        assert await FileArchive(other).read(digest) == await FileArchive(pool).read(digest) != None  # noqa: E711
    again = await _importer(other).warc(read_warc(io.BytesIO(await _warc(pool)), now()))
    assert dict(again.changes) == {"unchanged": 4}
    assert await _everything(other) == await _everything(pool)


async def test_the_warc_file_is_valid(filled, pool, tmp_path):
    path = tmp_path / "test.warc.gz"
    path.write_bytes(await _warc(pool))

    class Options:
        inputs, verbose = [str(path)], False

    assert Checker(Options()).process_all() in (None, 0)
    kinds = [record.rec_type for record in ArchiveIterator(io.BytesIO(path.read_bytes()))]
    exchange = ["metadata", "request", "response"]
    assert kinds == ["warcinfo", *exchange * 3, "conversion", *exchange * 2]


async def test_a_foreign_warc_takes_the_host_as_source(filled, pool, other):
    out = io.BytesIO()
    for record in ArchiveIterator(io.BytesIO(await _warc(pool))):
        address = record.rec_headers.get_header("WARC-Target-URI") or ""
        if record.rec_type == "response" and not address.endswith((".pdf", ".doc")):
            from warcio.warcwriter import WARCWriter

            WARCWriter(out, gzip=True).write_record(record)
    out.seek(0)
    told = []
    report = await _importer(other).warc(
        read_warc(out, now()), lambda place, what: told.append((place, what))
    )
    assert report.changes.total() == 3
    assert told[0] == ("record 1", "new")
    rows = await _everything(other)
    assert {row[0] for row in rows["sources"]} == {"qingchuan.example", "dongshan.example"}


async def test_jsonl_round_trip(filled, pool, other):
    out = io.StringIO()
    assert await export_jsonl(pool, Selection(history=True), out) == 4
    report = await _importer(other).jsonl(out.getvalue().splitlines())
    assert dict(report.changes) == {"new": 2, "revision": 1, "copy": 1}
    before, after = await _everything(pool), await _everything(other)
    assert after["revisions"] == before["revisions"]
    assert after["fields"] == before["fields"]
    assert after["files"] == before["files"]
    assert after["versions"] == before["versions"]
    again = await _importer(other).jsonl(out.getvalue().splitlines())
    assert dict(again.changes) == {"unchanged": 4}


async def test_lines_from_elsewhere(pool):
    lines = [
        json.dumps(
            {
                "url": "https://x.example/1",
                "source": "某报",
                "title": "标题一则",
                "published_at": "2024-01-02T03:04:05",
                "paragraphs": list(STORY),
            }
        ),
        json.dumps({"url": "https://y.example/1", "title": "另题", "paragraphs": list(STORY)}),
        json.dumps(
            {
                "url": "https://x.example/1",
                "source": "某报",
                "title": "标题一则",
                "published_at": "2024-01-02T03:04:05+08:00",
                "paragraphs": list(STORY),
            }
        ),
        "{not json",
        json.dumps({"title": "没有地址", "paragraphs": []}),
        json.dumps({"url": "https://x.example/2", "title": "段落是字串", "paragraphs": "全文"}),
        "",
    ]
    told = []
    report = await _importer(pool).jsonl(
        lines, lambda place, what: told.append((place, what.split(":")[0]))
    )
    assert dict(report.changes) == {"new": 1, "copy": 1, "unchanged": 1}
    assert sorted(told) == [
        ("line 1", "new"),
        ("line 2", "copy"),
        ("line 3", "unchanged"),
        ("line 4", "refused"),
        ("line 5", "refused"),
        ("line 6", "refused"),
    ]


async def test_no_warc_file(pool):
    with pytest.raises(UsageError, match="not a WARC file"):
        list(read_warc(io.BytesIO(b"<html>no</html>"), now()))


async def test_reparsing_writes_what_differs_once(filled, pool, rows):
    async def better(page):
        release = await read_page(page)
        return replace(release, editor="尹媛", subtitle=None, parser_version="2")

    request = ReparseRequest("2")
    dry = await reparse(filled, pool, better, request, dry_run=True)
    assert (dry.pages, dry.changed) == (3, 3)
    assert await rows("SELECT count(*) FROM tonggao.revision") == [(4,)]
    report = await reparse(filled, pool, better, request)
    assert report.fields == {"editor": {"gained": 3}, "subtitle": {"lost": 1}}
    assert report.examples["subtitle"] == [("https://qingchuan.example/a1.html", "副标题", None)]
    assert await rows(
        "SELECT editor, count(*), bool_and(reparsed) FROM archive.revisions WHERE in_force GROUP BY 1 ORDER BY 1"
    ) == [("尹媛", 2, True), (None, 1, False)]
    changes = await rows("SELECT kind, count(*) FROM archive.changes_since() GROUP BY 1 ORDER BY 1")
    assert ("reparsed", 3) in changes
    again = await reparse(filled, pool, better, request)
    assert (again.pages, again.changed) == (0, 0)


async def test_reparsing_goes_on_where_it_was_interrupted(filled, pool, rows, monkeypatch):
    monkeypatch.setattr("scraper.archive.writing.reparsing.PAGES_AT_ONCE", 1)
    [*_, last] = await rows(
        "SELECT p.url, n.fetched_at FROM tonggao.snapshot n JOIN tonggao.publication p USING (publication_id)"
        " ORDER BY n.publication_id, n.fetched_at"
    )
    failures = [RuntimeError("power failure")]

    async def breaks(page):
        if (page.url, page.received_at) == last and failures:
            raise failures.pop()
        return replace(await read_page(page), parser_version="2")

    with pytest.raises(RuntimeError):
        await reparse(filled, pool, breaks, ReparseRequest("2"))
    report = await reparse(filled, pool, breaks, ReparseRequest("2"))
    assert report.pages == 1
    assert await rows("SELECT count(*) FROM tonggao.reparse") == [(0,)]


async def test_a_page_that_is_refused_now_keeps_its_text(filled, pool, rows):
    async def refuses(page):
        raise TooShort("no")

    report = await reparse(filled, pool, refuses, ReparseRequest("2"))
    assert report.refused == {"too_short": 3}
    assert await rows("SELECT count(*) FROM archive.publications") == [(3,)]


async def test_an_older_line_without_time_of_receipt_is_no_edit_of_today(
    archive, observe, pool, rows
):
    """Its text was in force once; read again, it does not come into force anew."""
    await archive.store(observe())
    line = json.dumps(observe().release.to_dict())
    await archive.store(observe(paragraphs=STORY[:3], fetched_at=MORNING + HOUR))
    report = await _importer(pool).jsonl([line])
    assert dict(report.changes) == {"unchanged": 1}
    assert await rows("SELECT body FROM archive.publications") == [("\n".join(STORY[:3]),)]


async def test_a_line_without_places_gets_those_that_its_text_names(pool):
    told: dict[str, Any] = {
        "url": "http://example.org/1.html",
        "title": "天津市西青区举行新闻发布会",
    }
    silent = told | {"url": "http://example.org/2.html", "title": "关于供热的新闻发布会"}
    lines = [
        told,
        silent | {"source_region": "370000"},
        silent | {"url": "http://example.org/3.html"},
    ]
    lines.append({**told, "url": "http://example.org/4.html", "region": []})
    report = await _importer(pool).jsonl([json.dumps(line) for line in lines])
    assert report.changes.total() == 4
    async with pool.connection() as connection:
        query = "SELECT region FROM archive.publications ORDER BY url"
        rows = await (await connection.execute(query)).fetchall()
    assert [list(row[0] or []) for row in rows] == [["120000", "120111"], ["370000"], [], []]
