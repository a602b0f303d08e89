"""What a catch-up of recognition notes: what was seen, that there was nothing, and why it failed."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace
from typing import Self

import pytest

from scheduler.daemon import recognising
from scheduler.daemon.recognising import recognise_some, require_library
from scraper.archive.observations.file import FileContent, Kind
from scraper.archive.writing.file_store import FileArchive
from scraper.database import Pool
from scraper.errors import FileReaderCrashed, FileUnsupported, SettingsError
from scraper.files import FilePart, FileText
from scraper.refusal import Refusal
from scraper.visit.catching_up import catch_up
from scraper.visit.files import with_readings
from tests.files.making.pdf import Page, pdf
from tests.visit.newsroom import Here, rtf
from tests.visit.newsroom import pdf as broken

AT = dt.datetime(2026, 11, 20, 1, 30, tzinfo=dt.UTC)
PICTURE = b"\x89PNG\r\n\x1a\n picture"


def scan(*stated: str) -> bytes:
    """A PDF of a picture, before it pages that state something."""
    picture = Page()
    picture.paint(b"\x80" * 400, 20, 20)
    pages = []
    for text in stated:
        pages.append(Page())
        pages[-1].text(80, 100, text)
    return pdf(*pages, picture)


@dataclass
class Eye:
    """A recogniser that sees what a test says, or fails."""

    sees: str = "看见的字"
    error: Exception | None = None
    looked: list[str] = field(default_factory=list)

    async def recognise(self, data: bytes, url: str, text: FileText, **_: object) -> FileText:
        del data
        self.looked.append(url)
        if self.error:
            raise self.error
        seen = FilePart(self.sees, recognised=True, confidence=0.9)
        parts = (seen if each.pictured else each for each in text.parts)
        return replace(text, parts=tuple(parts))


async def keep(pool: Pool, body: bytes, kind: Kind = "attachment") -> str:
    """A file as a visit archives it."""
    url = f"https://qingchuan.example/{hashlib.sha256(body).hexdigest()[:6]}"
    files = FileArchive(pool)
    digest = hashlib.sha256(body).hexdigest()
    content = FileContent(url, kind, body, True, AT, digest)
    await files.store(await with_readings(content, files, Here()))
    return url


async def texts(pool: Pool) -> list[tuple[bool, str, str, bool]]:
    async with pool.connection() as connection:
        query = "SELECT recognised, state, body, complete FROM tonggao.file_text ORDER BY 1, 2"
        return await (await connection.execute(query)).fetchall()


@pytest.mark.parametrize(
    ("body", "kind", "stated"),
    [
        (scan(), "attachment", ("pictured", "")),
        (PICTURE, "image", ("pictured", "")),
        (scan("正文一页"), "attachment", ("read", "正文一页")),
    ],
    ids=["scan", "picture", "scanned appendix"],
)
async def test_what_is_seen_stands_beside_what_is_stated(
    body: bytes, kind: Kind, stated: tuple[str, str], pool: Pool
) -> None:
    url, eye = await keep(pool, body, kind), Eye()
    await catch_up(pool, Here(), eye)
    await catch_up(pool, Here(), eye)
    assert eye.looked == [url]  # once
    state, text = stated
    assert await texts(pool) == [(False, state, text, False), (True, "read", "看见的字", True)]


async def test_a_picture_without_text_is_looked_at_once(pool: Pool) -> None:
    await keep(pool, scan())
    await keep(pool, rtf("无图的文件"))
    eye = Eye(sees="")
    await catch_up(pool, Here(), eye)
    await catch_up(pool, Here(), eye)
    assert len(eye.looked) == 1
    assert (True, "empty", "", True) in await texts(pool)


async def test_a_failure_is_noted_beside_and_what_is_stated_stays(pool: Pool) -> None:
    await keep(pool, scan("正文一页"))
    eye = Eye(error=FileReaderCrashed("too slow", Refusal.TOO_SLOW))
    await catch_up(pool, Here(), eye)
    await catch_up(pool, Here(), eye)
    assert len(eye.looked) == 1
    assert [(each[0], each[1]) for each in await texts(pool)] == [
        (False, "read"),
        (True, "too_slow"),
    ]


async def test_without_the_library_it_fails_and_changes_nothing(pool: Pool) -> None:
    await keep(pool, scan())
    before = await texts(pool)
    with pytest.raises(FileUnsupported, match="extra"):
        await catch_up(
            pool, Here(), Eye(error=FileUnsupported("install the extra ocr", Refusal.NO_LIBRARY))
        )
    assert await texts(pool) == before


async def test_a_daemon_begins_only_where_no_other_is_at_it(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Shared(Eye):
        async def __aenter__(self) -> Self:
            return self

        async def __aexit__(self, *_: object) -> None:
            return

    eye = Shared()
    monkeypatch.setattr(recognising, "Recogniser", lambda share: eye)
    for number in range(3):
        await keep(pool, scan() + b"\n" * number)
    await keep(pool, broken())  # damaged: not read again and again
    async with pool.connection() as other:
        await other.execute(recognising._SQL["lock"])
        assert await recognise_some(pool, Here(), 0.1) == {}
        await other.execute(recognising._SQL["unlock"])
    await recognise_some(pool, Here(), 0.1, most=2)
    assert len(eye.looked) == 2
    await recognise_some(pool, Here(), 0.1)
    assert len(eye.looked) == 3
    assert await recognise_some(pool, Here(), 0.1) == {}


def test_a_share_without_the_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognising, "find_spec", lambda name: None)
    require_library(0.0)
    with pytest.raises(SettingsError, match="extra ocr"):
        require_library(0.2)
