"""Scans and posters from a visit to every output, by the real models: marked as recognised, and in no body."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scraper.archive.querying.files import FileSelection, list_files
from scraper.database import Pool
from scraper.visit import visit
from tests.cli.conftest import Tonggao
from tests.fetch.web import Web, answer, serving
from tests.files.making.fonts import installed
from tests.files.making.pdf import Page, pdf
from tests.visit.newsroom import lead, opened, page, source

SCAN, POSTER = "青川市关于印发扫描细则的通知", "一图读懂青川市防汛工作"
SEEN = "联系人"
"""Words that only pictures show, in both of them."""


def scanned_document() -> bytes:
    from tests.files.making.scans import LINES, scanned, typeset

    grey = scanned(typeset(next(iter(installed().values())), LINES[:1]), 150)
    made = Page()
    made.paint(grey.tobytes(), grey.shape[1], grey.shape[0])
    return pdf(made)


def poster() -> bytes:
    from tests.files.making.scans import LINES, scanned, typeset, written

    return written(scanned(typeset(next(iter(installed().values())), LINES[1:2]), 150))


@pytest.mark.ocr
async def test_recognised_text_is_marked_in_every_output(
    pool: Pool, tonggao: Tonggao, tmp_path: Path
) -> None:
    watched = source(attachments="keep", images="keep")
    async with serving(Web()) as web:
        web.default = None
        web.on("/a/1.html", answer(page(SCAN, "<p>附件：<a href='/att/1.pdf'>细则.pdf</a></p>")))
        web.on(
            "/a/2.html", answer(page(POSTER, "<p><img src='/att/2.png' width=900 height=1200></p>"))
        )
        web.on("/att/1.pdf", answer(scanned_document(), kind="application/pdf"))
        web.on("/att/2.png", answer(poster(), kind="image/png"))
        lead(web, ("/a/1.html", SCAN), ("/a/2.html", POSTER))
        async with opened(pool, web, watched) as tools:
            summary = await visit(watched, tools)
    assert (summary.new, summary.failed) == (2, 0)

    def told(*arguments: str) -> str:
        done = tonggao(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert json.loads(told("files", "read", "--ocr", "--json"))["read, recognised"] == 2
    hits = {
        hit["title"]: hit for hit in map(json.loads, told("search", SEEN, "--json").splitlines())
    }
    assert {title: hit["matched_in"] for title, hit in hits.items()} == {
        SCAN: "recognised",
        POSTER: "recognised",
    }
    assert hits[SCAN]["release_id"] != hits[POSTER]["release_id"]
    assert "recognised in a picture" in told("search", SEEN)
    for title, hit in hits.items():
        number = str(hit["release_id"])
        assert "(recognised in pictures, 0.9" in told("show", number), title
        shown = json.loads(told("show", number, "--json"))
        assert not any(SEEN in line for line in shown["paragraphs"])
        marks = {each["recognised"]: each["body"] for each in shown["files"][0]["readings"]}
        assert SEEN in marks[True]
        assert not marks.get(False)
    lines = [json.loads(line) for line in told("export", "--format", "jsonl").splitlines()]
    for line in lines:
        (file,) = line["files"]
        readings = file["versions"][0]["readings"]
        assert [each["body"] for each in readings if SEEN in each["body"] and each["recognised"]]
        assert SEEN not in json.dumps(
            [each for each in readings if not each["recognised"]], ensure_ascii=False
        )
        assert SEEN not in "".join(line["paragraphs"])
    for row in await list_files(pool, FileSelection()):
        assert (row.characters, row.complete) == (None, False)
        assert row.recognised_characters
        assert row.confidence is not None
        assert row.confidence > 0.9
