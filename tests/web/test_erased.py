"""What was erased is told as such: 410 with the day and the reason, in the reader's words."""

from __future__ import annotations

import httpx

from scraper.archive import Archive
from scraper.archive.erasure.erasing import erase, named
from scraper.database import Pool
from scraper.web.application import create_application
from scraper.web.archive import Reading
from tests.web.conftest import observation


async def test_an_erased_release_is_gone_with_its_reason(
    pool: Pool, archive: Archive, reading: Reading
) -> None:
    gone = await archive.store(observation(1))
    text = observation(2).release.paragraphs
    kept = await archive.store(observation(2))
    copy = await archive.store(
        observation(
            9, paragraphs=text, title="青川市举行第2场新闻发布会", source_id="dongshan.daily"
        )
    )
    assert copy.release_id == kept.release_id
    for name in (str(gone.release_id), "https://qingchuan.example/9.html"):
        await erase(pool, await named(pool, name), "撤稿函〔2026〕3号")
    transport = httpx.ASGITransport(create_application(reading, ["reader"]))
    async with httpx.AsyncClient(transport=transport, base_url="http://reader") as client:
        for path in (
            f"/release/{gone.release_id}",
            f"/publication/{gone.publication_id}/revisions",
        ):
            answer = await client.get(path, headers={"accept-language": "zh"})
            assert (answer.status_code, "撤稿函〔2026〕3号" in answer.text) == (410, True)
            assert "已被彻底删除" in answer.text
            assert "https://qingchuan.example/1.html" in answer.text
            assert "第1场" not in answer.text
        page = await client.get(f"/release/{kept.release_id}")
        assert (page.status_code, page.text.count("已彻底删除")) == (200, 1)
        changes = await client.get("/changes?kind=erased")
        assert changes.text.count("https://qingchuan.example/") >= 2
        assert (await client.get("/changes.atom")).status_code == 200
        found = await client.get("/", params={"q": "第1场"})
        assert f"/release/{gone.release_id}" not in found.text
        assert (await client.get("/release/999")).status_code == 404
