"""Kept files in the reader: shown or handed over, and never as anything that acts on our origin."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace

import httpx
import pytest

from scraper.archive import Archive
from scraper.archive.erasure.erasing import erase, named
from scraper.archive.exchange.exporting import export_jsonl
from scraper.archive.observations.file import FileContent, FileReading, Kind, WantedFile
from scraper.archive.querying.reading import Selection
from scraper.archive.writing.file_store import FileArchive
from scraper.database import Pool
from scraper.record.release import Attachment, Image
from scraper.web import create_application
from scraper.web.archive import Reading
from scraper.web.outputs import shown_type
from tests.web.conftest import DAY, observation

PDF = b"%PDF-1.7 rules"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
SITE = "https://qingchuan.example"
HOSTILE = {
    "html": b"<html><script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "zip": b"PK\x03\x04rest",
    "mhtml": b"MIME-Version: 1.0\nContent-Type: text/html",
}


@pytest.fixture
async def reader(reading: Reading) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_application(reading))
    return httpx.AsyncClient(transport=transport, base_url="http://localhost")


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


async def put(pool: Pool, name: str, body: bytes, *readings: FileReading, keep: bool = True) -> str:
    kind: Kind = "image" if name.endswith("png") else "attachment"
    content = FileContent(
        f"{SITE}/{name}",
        kind,
        body,
        keep=keep,
        fetched_at=DAY,
        digest=digest(body),
        readings=readings,
    )
    await FileArchive(pool).store(content)
    return content.digest


async def offer(archive: Archive, *names: str) -> int:
    attachments = tuple(Attachment(f"{SITE}/{name}", name) for name in names)
    files = [WantedFile(f"{SITE}/{name}", "attachment", n, True) for n, name in enumerate(names, 1)]
    picture = f"{SITE}/1.png"
    page = observation(1, attachments=attachments, images=(Image(picture),))
    wanted = (*files, WantedFile(picture, "image", 1, True))
    return (await archive.store(replace(page, files=wanted))).release_id


async def test_a_release_shows_what_is_kept(
    archive: Archive, pool: Pool, reader: httpx.AsyncClient
) -> None:
    release = await offer(archive, "细则.pdf")
    await put(pool, "细则.pdf", PDF, FileReading(False, "read", "t", "第一条　<制定>本细则。"))
    await put(pool, "1.png", PNG)
    page = (await reader.get(f"/release/{release}")).text
    assert f'src="/file/{digest(PNG)}"' in page
    assert f'href="/file/{digest(PDF)}/text"' in page
    shown = await reader.get(f"/file/{digest(PDF)}")
    assert (shown.content, shown.headers["content-type"]) == (PDF, "application/pdf")
    assert shown.headers["content-disposition"].startswith("inline;")
    assert "sandbox" in shown.headers["content-security-policy"]
    saved = await reader.get(f"/file/{digest(PDF)}?download")
    assert saved.headers["content-disposition"].startswith("attachment;")
    text = await reader.get(f"/file/{digest(PDF)}/text")
    assert (text.text, text.headers["content-type"].split(";")[0]) == (
        "第一条　<制定>本细则。",
        "text/plain",
    )


@pytest.mark.parametrize("kind", HOSTILE)
async def test_what_may_act_is_handed_over_and_never_shown(
    kind: str, archive: Archive, pool: Pool, reader: httpx.AsyncClient
) -> None:
    await offer(archive, f"a.{kind}")
    await put(pool, f"a.{kind}", HOSTILE[kind])
    answer = await reader.get(f"/file/{digest(HOSTILE[kind])}")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; sandbox")


async def test_bytes_that_are_not_kept_are_gone_and_the_text_stays(
    archive: Archive, pool: Pool, reader: httpx.AsyncClient
) -> None:
    await offer(archive, "a.pdf")
    seen = FileReading(True, "read", "t", "认出的字", confidence=0.93)
    await put(pool, "a.pdf", PDF, FileReading(False, "pictured", "t"), seen, keep=False)
    gone = await reader.get(f"/file/{digest(PDF)}", headers={"Accept-Language": "zh"})
    assert (gone.status_code, "未保存该文件" in gone.text) == (410, True)
    assert "删除" not in gone.text, "nobody deleted what was never kept"
    text = (await reader.get(f"/file/{digest(PDF)}/text")).text
    assert text == "[recognised in pictures, confidence 0.93]\n认出的字"
    assert (await reader.get("/file/00ff")).status_code == 404


def test_types_are_told_by_bytes() -> None:
    assert [shown_type(body) for body in (PDF, PNG, b"\xff\xd8\xff", b"GIF89a")] == [
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/gif",
    ]
    assert [shown_type(body) for body in HOSTILE.values()] == [None] * 4


async def test_a_search_takes_along_what_its_files_say(
    archive: Archive, pool: Pool, reader: httpx.AsyncClient
) -> None:
    """As the command writes it: an import of the file knows the texts again."""
    await offer(archive, "细则.pdf")
    await put(pool, "细则.pdf", PDF, FileReading(False, "read", "t", "第一条　<制定>本细则。"))
    command = io.StringIO()
    await export_jsonl(pool, Selection(words="发布会"), command)
    lines = (await reader.get("/export.jsonl?q=发布会")).text
    assert "<制定>本细则" in lines
    assert lines == command.getvalue()


async def test_an_erased_file_is_told_as_such(
    archive: Archive, pool: Pool, reader: httpx.AsyncClient
) -> None:
    await offer(archive, "细则.pdf", "附表.pdf")
    await put(pool, "细则.pdf", PDF, FileReading(False, "read", "t", "第一条"))
    unkept = await put(pool, "附表.pdf", PDF + b"2", keep=False)
    await erase(pool, await named(pool, f"sha256:{digest(PDF)}"), "撤稿函〔2026〕3号")
    for path in (
        f"/file/{digest(PDF)}",
        f"/file/{digest(PDF).upper()}",
        f"/file/{digest(PDF)}/text",
    ):
        answer = await reader.get(path, headers={"Accept-Language": "zh"})
        assert (answer.status_code, "撤稿函〔2026〕3号" in answer.text) == (410, True), path
        assert "仍然保留" not in answer.text, "nothing of it is kept"
    assert (await reader.get(f"/file/{unkept}")).status_code == 410
    assert (await reader.get(f"/file/{'0' * 64}")).status_code == 404
