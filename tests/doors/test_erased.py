"""What was erased is told as such at both doors for programs: never as what is not there yet."""

from __future__ import annotations

import hashlib

import httpx
import pytest

from scraper.archive import Archive
from scraper.archive.erasure.erasing import erase, named
from scraper.archive.observations.file import FileContent, WantedFile
from scraper.archive.writing.file_store import FileArchive
from scraper.database import Pool
from scraper.errors import Erased
from scraper.mcp.tools import Tools
from scraper.web.application import create_application
from scraper.web.archive import Reading
from tests.web.conftest import DAY, archive, observation, reading  # noqa: F401 - fixtures

REASON = "撤稿函〔2026〕3号"
PDF = b"%PDF-1.7 withdrawn"
DIGEST = hashlib.sha256(PDF).hexdigest()
AT = "https://qingchuan.example/1.pdf"


async def test_what_was_erased_is_gone_with_its_reason_not_unknown(
    pool: Pool,
    archive: Archive,  # noqa: F811 - the fixture
    reading: Reading,  # noqa: F811 - the fixture
) -> None:
    gone = await archive.store(observation(1, files=(WantedFile(AT, "attachment", 1, keep=True),)))
    content = FileContent(AT, "attachment", PDF, keep=True, fetched_at=DAY, digest=DIGEST)
    await FileArchive(pool).store(content)
    await erase(pool, await named(pool, str(gone.release_id)), REASON)
    transport = httpx.ASGITransport(create_application(reading, ["reader"]))
    base = f"/api/v1/releases/{gone.release_id}"
    async with httpx.AsyncClient(transport=transport, base_url="http://reader") as client:
        for path in (
            base,
            f"{base}/revisions",
            f"{base}/citation",
            f"/api/v1/files/{DIGEST}/bytes",
        ):
            answer = await client.get(path)
            assert answer.headers["content-type"] == "application/problem+json", path
            told = answer.json()
            assert (answer.status_code, told["title"]) == (410, "erased"), path
            assert REASON in told["detail"], path
            assert "第1场" not in answer.text
        for path in (f"/file/{DIGEST}", f"/file/{DIGEST}/text"):
            page = await client.get(path)
            assert (page.status_code, REASON in page.text) == (410, True), path
        for path in (f"/api/v1/files/{'0' * 64}", f"/file/{'0' * 64}"):
            assert (await client.get(path)).status_code == 404, path
    with pytest.raises(Erased, match=REASON):
        await Tools(pool, "", "").release(gone.release_id)


async def test_a_file_that_was_erased_alone_is_gone_with_its_reason(
    pool: Pool,
    archive: Archive,  # noqa: F811 - the fixture
    reading: Reading,  # noqa: F811 - the fixture
) -> None:
    await archive.store(observation(1, files=(WantedFile(AT, "attachment", 1, keep=True),)))
    content = FileContent(AT, "attachment", PDF, keep=True, fetched_at=DAY, digest=DIGEST)
    await FileArchive(pool).store(content)
    await erase(pool, await named(pool, f"sha256:{DIGEST}"), REASON)
    transport = httpx.ASGITransport(create_application(reading, ["reader"]))
    async with httpx.AsyncClient(transport=transport, base_url="http://reader") as client:
        answer = await client.get(f"/api/v1/files/{DIGEST}/bytes")
        assert (answer.status_code, answer.json()["title"]) == (410, "erased")
        assert REASON in answer.json()["detail"]
