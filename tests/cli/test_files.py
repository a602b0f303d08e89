"""``tonggao files``: what hangs on releases, what it says, and out again byte for byte."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from scraper.archive import Archive, Observation
from scraper.archive.observations.file import FileContent, FileReading, WantedFile
from scraper.archive.querying.files import FileRow
from scraper.archive.writing.file_store import FileArchive
from scraper.clock import SHANGHAI
from scraper.database import open_pool
from scraper.record.release import Attachment, Release
from tests.cli.conftest import Tonggao

AT = dt.datetime(2026, 11, 20, 9, 30, tzinfo=SHANGHAI)
PAGE, KEPT, READ = (f"https://qingchuan.example/{name}" for name in ("a.html", "1.pdf", "2.doc"))
BODY = b"%PDF-1.7 \x00\xff rules"


async def _fill(url: str) -> None:
    files = tuple(Attachment(each, f"附件{n}") for n, each in enumerate((KEPT, READ), 1))
    wanted = tuple(
        WantedFile(each, "attachment", n, True) for n, each in enumerate((KEPT, READ), 1)
    )
    release = Release("关于印发实施细则的通知", (), PAGE, attachments=files)
    async with open_pool(url) as pool:
        async with pool.connection() as connection:
            await connection.execute(
                "INSERT INTO tonggao.source (source_id, name, publisher, kind, lists)"
                " VALUES ('qingchuan.gov', '通知', '青川市人民政府', 'gov-portal', '{}')"
            )
        await Archive(pool).store(Observation("qingchuan.gov", PAGE, release, AT, files=wanted))
        store = FileArchive(pool)
        said = FileReading(False, "read", "t", "第一条　[制定]本细则。")
        for address, body, keep, name in (
            (KEPT, BODY, True, "../细则.pdf"),
            (READ, b"word", False, None),
        ):
            digest = hashlib.sha256(body).hexdigest()
            await store.store(
                FileContent(
                    address, "attachment", body, keep, AT, digest, name=name, readings=(said,)
                )
            )


def test_files_of_releases(tonggao: Tonggao, database_url: str, tmp_path: Path) -> None:
    asyncio.run(_fill(database_url))
    listed = [json.loads(line) for line in tonggao("files", "list", "--json").stdout.splitlines()]
    assert [(row["url"], row["kept"], row["text_state"], row["main"]) for row in listed] == [
        (KEPT, True, "read", True),
        (READ, False, "read", False),
    ]
    got = tonggao("files", "get", KEPT)
    assert got.returncode == 0, got.stderr
    assert (tmp_path / "_细则.pdf").read_bytes() == BODY
    assert tonggao("files", "get", KEPT).returncode == 2  # nothing is written over
    partly = tonggao("files", "get", "1", "-o", "all.pdf")
    assert (partly.returncode, (tmp_path / "all.pdf").read_bytes()) == (4, BODY)
    assert tonggao("files", "get", READ).returncode == 2
    said = tonggao("files", "text", hashlib.sha256(b"word").hexdigest()[:12])
    assert said.stdout.strip() == "第一条　[制定]本细则。"
    assert tonggao("files", "text", "nothing").returncode == 2
    told = tonggao("files", "policy", "qingchuan.gov", "--attachments", "keep")
    assert told.stdout.strip() == "qingchuan.gov: attachments keep, images off"


@pytest.mark.parametrize(
    ("served", "name", "expected"),
    [
        ("a/b.pdf", None, "a_b.pdf"),
        (None, "实施细则", "实施细则"),
        ("..", "  ", "00000000000000ff.pdf"),
        ("con:x?.doc", None, "con_x_.doc"),
    ],
)
def test_names_to_save_under_are_no_paths(
    served: str | None, name: str | None, expected: str
) -> None:
    values: dict[str, Any] = dict.fromkeys(FileRow.__slots__)
    values |= {"served_name": served, "name": name, "digest": "00000000000000ff", "format": "pdf"}
    assert FileRow(**values).file_name == expected
