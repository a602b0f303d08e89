"""Releases in files from a site to the command line, through a daemon in a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from scraper.database import Pool
from tests.cli.conftest import ROOT as CODE
from tests.fetch.web import Web, answer, serving
from tests.files.making.ofd import Page as OfdPage
from tests.files.making.ofd import ofd
from tests.files.making.office import docx, p
from tests.files.making.pdf import Page, pdf
from tests.visit.newsroom import HOST, ROOT, WORD, lead, page, rtf

FOLDER = """id = "qingchuan.tz"
name = "通知公告"
publisher = "青川市人民政府"
kind = "gov-portal"
lists = ["{root}/list.html"]
every = "2s"
max_pages = 1
attachments = "keep"
"""


def paper(text: str) -> bytes:
    """A PDF of one line."""
    made = Page()
    made.text(80, 100, text)
    return pdf(made)


def layout(text: str) -> bytes:
    """An OFD of one line."""
    made = OfdPage()
    made.text(20, 30, text)
    return ofd([made])


OFFERED: dict[str, tuple[str, str, str, bytes, str]] = {
    "link": ("<p>附件：<a href='/att/1.docx'>第一号细则.docx</a></p>", "/att/1.docx", "docx",
             docx(p("第一号细则规定渔业补贴。")), "第一号细则规定渔业补贴。"),
    "handler": ("<p><a href='/download.jsp?id=88'>第二号细则.doc</a></p>", "/download.jsp?id=88", "rtf",
                rtf("第二号细则规定林业补贴。"), "第二号细则规定林业补贴。"),
    "frame": ("<iframe src='/att/3.pdf'></iframe>", "/att/3.pdf", "pdf",
              paper("第三号细则规定牧业补贴。"), "第三号细则规定牧业补贴。"),
    "embed": ("<embed src='/att/4.pdf' type='application/pdf'>", "/att/4.pdf", "pdf",
              paper("第四号细则规定农机补贴。"), "第四号细则规定农机补贴。"),
    "viewer": ("<iframe src='/pdfjs/web/viewer.html?file=/att/5.pdf'></iframe>", "/att/5.pdf", "pdf",
               paper("第五号细则规定种子补贴。"), "第五号细则规定种子补贴。"),
    "row": ("", "/att/6.ofd", "ofd", layout("第六号细则规定化肥补贴。"), "第六号细则规定化肥补贴。"),
}  # fmt: skip
"""By the form in which a site offers a file: markup, address, kind, the file, what it says."""


def headline(form: str) -> str:
    return f"青川市人民政府关于印发{OFFERED[form][4][:5]}的通知"


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    async with serving(Web()) as served:
        served.default = None
        rows = []
        for n, (form, (inside, path, _, body, _)) in enumerate(OFFERED.items(), start=1):
            served.on(path, answer(body, kind=WORD if path.startswith("/d") else "application/x"))
            row = f"/a/{n}.html" if inside else path
            if inside:
                served.on(row, answer(page(headline(form), inside)))
            rows.append((row, headline(form)))
        lead(served, *rows)
        yield served


@pytest.fixture
def environment(web: Web, database_url: str, tmp_path: Path) -> dict[str, str]:
    """For processes of ours that watch the site."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "qingchuan.toml").write_text(FOLDER.format(root=ROOT), "utf-8")
    inherited = {name: value for name, value in os.environ.items() if name[:8] != "TONGGAO_"}
    return inherited | {
        "PYTHONPATH": str(CODE),
        "TONGGAO_CONFIG": str(tmp_path / "none.toml"),
        "TONGGAO_DATABASE_URL": database_url,
        "TONGGAO_SOURCES_DIR": str(tmp_path / "sources"),
        "TONGGAO_TEST_HOSTS": json.dumps({HOST: f"127.0.0.1:{web.port}"}),
        "TONGGAO_HOST_INTERVAL": "0",
        "TONGGAO_HOST_JITTER": "0",
        "TONGGAO_LOG_LEVEL": "warning",
        "LC_ALL": "C.UTF-8",
    }


async def called(environment: dict[str, str], folder: Path, *arguments: str) -> str:
    """What a command of ours prints."""
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "scheduler", *arguments],
        env=environment, cwd=folder, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8", "replace")


async def archived(pool: Pool) -> int:
    async with pool.connection() as connection:
        query = "SELECT count(*) FROM archive.files WHERE text_state IS NOT NULL"
        row = await (await connection.execute(query)).fetchone()
    return int(row[0]) if row else 0


@pytest.mark.long
async def test_every_form_of_a_file_through_the_daemon(
    environment: dict[str, str], pool: Pool, tmp_path: Path
) -> None:
    await called(environment, tmp_path, "sources", "enable", "qingchuan.tz")
    daemon = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "scheduler", "daemon", env=environment, cwd=tmp_path
    )
    try:
        async with asyncio.timeout(120):
            while await archived(pool) < len(OFFERED):
                assert daemon.returncode is None
                await asyncio.sleep(0.2)
        daemon.terminate()
        assert await asyncio.wait_for(daemon.wait(), 60) == 0
    finally:
        if daemon.returncode is None:
            daemon.kill()

    async def asked(*arguments: str) -> list[Any]:
        told = await called(environment, tmp_path, *arguments, "--json")
        return [json.loads(line) for line in told.splitlines()]

    listed = {row["url"].removeprefix(ROOT): row for row in await asked("files", "list")}
    assert len(listed) == len(OFFERED)
    for form, (_, path, kind, body, _) in OFFERED.items():
        row = listed[path]
        stands = (row["main"], row["kept"], row["format"], row["text_state"], row["complete"])
        assert stands == (True, True, kind, "read", True), form
        assert (row["size"], row["versions"], row["outcome"]) == (len(body), 1, "ok"), form
    digests = {form: listed[path]["digest"] for form, (_, path, *_) in OFFERED.items()}
    hits = {hit["title"]: hit for hit in await asked("search", "补贴")}
    assert {title: hit["matched_in"] for title, hit in hits.items()} == dict.fromkeys(
        map(headline, OFFERED), "file"
    )
    (told,) = await asked("files", "text", digests["row"])
    assert told["reading"]["body"] == OFFERED["row"][4]
    await called(environment, tmp_path, "files", "get", digests["row"], "-o", "row.ofd")
    assert (tmp_path / "row.ofd").read_bytes() == OFFERED["row"][3]
    async with pool.connection() as connection:
        texts = await (
            await connection.execute("SELECT digest, text FROM archive.files")
        ).fetchall()
    assert dict(texts) == {digests[form]: OFFERED[form][4] for form in OFFERED}
    async with pool.connection() as connection:
        bodies = await (await connection.execute("SELECT body FROM archive.releases")).fetchall()
    assert len(bodies) == len(OFFERED)
    assert all("细则规定" not in body for (body,) in bodies)
