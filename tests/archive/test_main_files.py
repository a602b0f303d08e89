"""Releases without a text of their own: never one by a text that is not there, one by their main file."""

from __future__ import annotations

import hashlib

import pytest

from scraper.archive.duplicates.own_text import has_own_text
from scraper.archive.observations.file import FileChange, FileContent, WantedFile
from scraper.archive.querying.explanation import explain
from scraper.archive.querying.reading import show_release
from scraper.archive.writing.file_store import FileArchive
from scraper.archive.writing.main_files import Bare, merges_of
from scraper.record.release import Attachment

from .conftest import MORNING

TITLE = "青川市人民政府办公室关于印发智能制造三年行动方案的通知"
BODY = b"%PDF-1.4 plan"
FORM = b"%PDF-1.4 form"


@pytest.mark.parametrize(
    ("paragraphs", "names", "own"),
    [
        ((), (), False),
        (("附件：实施细则.docx",), ("实施细则.docx",), False),
        (
            ("附件：", "1.实施细则.docx", "2. 申请表.xls"),
            ("1.实施细则.docx", "2. 申请表.xls"),
            False,
        ),
        (("详见附件。",), ("申请表.docx",), False),
        (("点击下载全文（PDF版）",), ("全文",), False),
        (
            ("现将实施细则印发给你们，请认真贯彻执行。", "附件：实施细则.docx"),
            ("实施细则.docx",),
            True,
        ),
        (("实施细则.docx" * 100,), ("实施细则.docx",), True),
    ],
)
def test_own_text(paragraphs: tuple[str, ...], names: tuple[str, ...], own: bool) -> None:
    assert has_own_text(paragraphs, names) is own


def test_merges_are_of_one_headline() -> None:
    bare = [
        Bare(1, 10, TITLE, "", []),
        Bare(2, 20, "申请表", "", []),
        Bare(3, 30, f"{TITLE} ", "", []),
        Bare(4, 40, TITLE.replace("青川", "东山"), "", []),
        Bare(5, 5, TITLE, "", []),
    ]
    merges = merges_of(bare, "ab")
    assert [(each.loser, each.winner, each.by) for each in merges] == [(30, 10, 1), (10, 5, 1)]


def _content(url: str, body: bytes, kind: str = "attachment") -> FileContent:
    digest = hashlib.sha256(body).hexdigest()
    return FileContent(url, kind, body, keep=True, fetched_at=MORNING, digest=digest)  # type: ignore[arg-type]


def _page(observe, name: str, source: str, title: str, *files: str, text: tuple[str, ...] = ()):
    return observe(
        f"https://{name}.example/a.html",
        source_id=source,
        title=title,
        paragraphs=text,
        attachments=tuple(Attachment(url, None) for url in files),
        files=tuple(WantedFile(url, "attachment", n, True) for n, url in enumerate(files, 1)),
    )


async def test_same_main_file_and_headline_are_one_release(archive, observe, pool, rows) -> None:
    files = FileArchive(pool)
    mine, theirs = "https://qingchuan.example/1.pdf", "https://dongshan.example/x.pdf"
    await archive.store(_page(observe, "qingchuan", "qingchuan.gov", TITLE, mine))
    await archive.store(_page(observe, "dongshan", "dongshan.daily", TITLE, theirs))
    assert await rows("SELECT count(*) FROM archive.releases") == [(2,)]  # nothing shows it yet
    assert await files.store(_content(mine, BODY)) is FileChange.FIRST
    assert await rows("SELECT count(*) FROM archive.releases") == [(2,)]
    await files.store(_content(theirs, BODY))
    assert await rows("SELECT count(*) FROM archive.releases") == [(1,)]
    ((joined, evidence),) = await rows(
        "SELECT joined_by, evidence FROM archive.copies WHERE joined_by <> 'own'"
    )
    assert joined == "file"
    assert evidence["file"] == hashlib.sha256(BODY).hexdigest()
    assert await rows("SELECT kind FROM archive.changes_since()") == [
        ("new",),
        ("new",),
        ("merged",),
    ]


async def test_an_address_that_is_known_joins_at_once(archive, observe, pool, rows) -> None:
    shared = "https://qingchuan.example/1.pdf"
    await archive.store(_page(observe, "qingchuan", "qingchuan.gov", TITLE, shared))
    await FileArchive(pool).store(_content(shared, BODY))
    await archive.store(_page(observe, "dongshan", "dongshan.daily", TITLE, shared))
    assert await rows("SELECT count(*) FROM archive.releases") == [(1,)]


@pytest.mark.parametrize(
    ("title", "text", "place"),
    [
        ("东山市人民政府办公室关于印发智能制造三年行动方案的通知", (), 1),
        (
            TITLE,
            ("各区县人民政府，市政府各部门：现将行动方案印发给你们，请结合实际认真组织实施。",),
            1,
        ),
        (TITLE, (), 2),
    ],
)
async def test_any_other_shared_file_joins_nothing(
    title: str, text: tuple[str, ...], place: int, archive, observe, pool, rows
) -> None:
    """Another headline, a text of its own, or a file that is not the main one: 申请表 hangs on hundreds."""
    files = FileArchive(pool)
    mine, form, other = (f"https://qingchuan.example/{n}.pdf" for n in "abc")
    await archive.store(_page(observe, "qingchuan", "qingchuan.gov", TITLE, mine, form))
    theirs = (other,) if place == 1 else ("https://dongshan.example/0.pdf", other)
    await archive.store(_page(observe, "dongshan", "dongshan.daily", title, *theirs, text=text))
    await files.store(_content(mine, BODY))
    await files.store(_content(other, BODY))
    await files.store(_content(form, FORM))
    assert await rows("SELECT count(*) FROM archive.releases") == [(2,)]
    told = list(explain(await show_release(pool, 1)))
    assert any(
        hashlib.sha256(BODY).hexdigest()[:16] in line and "1 other releases" in line
        for line in told
    )
    assert any("joins nothing" in line for line in told)


async def test_without_text_a_long_headline_joins_nothing(archive, observe, rows) -> None:
    assert len(TITLE) > 24
    for name, source in (("qingchuan", "qingchuan.gov"), ("dongshan", "dongshan.daily")):
        await archive.store(_page(observe, name, source, TITLE))
    assert await rows("SELECT count(*) FROM archive.releases") == [(2,)]
