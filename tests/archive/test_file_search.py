"""Search covers what files say: everything that LIKE finds, told by where it stands."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from scraper.archive import Archive
from scraper.archive.observations.file import FileContent, FileReading, WantedFile
from scraper.archive.writing.file_store import FileArchive
from scraper.database import Pool
from scraper.record.release import Attachment

from .conftest import MORNING, MakeObservation

Rows = Callable[..., Awaitable[list[tuple[Any, ...]]]]
SIGNS = "青川东山市县政府通知细则方案智能制造防汛抗旱资金申请企业项目"
TITLE = "关于印发防汛方案的通知"


async def put(
    archive: Archive,
    pool: Pool,
    observe: MakeObservation,
    number: int,
    said: str | None,
    *,
    title: str = TITLE,
    body: str = "各县区人民政府：现印发给你们。",
    recognised: bool = False,
    offered: bool = True,
) -> int:
    """A release with a file that says something; its number."""
    url = f"https://qingchuan.example/{number}.pdf"
    page = observe(
        f"https://qingchuan.example/{number}.html",
        title=title,
        paragraphs=(body + "。" * (number % 7), f"第{number}号"),
        attachments=(Attachment(url, None),) if offered else (),
        files=(WantedFile(url, "attachment", 1, False),),
        fetched_at=MORNING + dt.timedelta(minutes=number),
        published_at=MORNING + dt.timedelta(minutes=number),
    )
    stored = await archive.store(page)
    if said is not None:
        content = said.encode() + bytes([number % 250])
        reading = FileReading(
            recognised, "read", "test 1", said, confidence=0.9 if recognised else None
        )
        digest = hashlib.sha256(content).hexdigest()
        await FileArchive(pool).store(
            FileContent(url, "attachment", content, False, MORNING, digest, readings=(reading,))
        )
    return stored.release_id


async def test_what_matched_is_told(archive, pool, observe, rows: Rows) -> None:
    first = await put(archive, pool, observe, 1, "第一条　保障水库安全。")
    second = await put(archive, pool, observe, 2, "认出的水库", recognised=True)
    third = await put(archive, pool, observe, 3, None, title="水库安全检查的通知")
    fourth = await put(archive, pool, observe, 4, None, body="检查了全部水库。")
    found = await rows(
        "SELECT release_id, matched_in, position('⟦水库⟧' IN snippet) > 0 FROM archive.search('水库')"
    )
    assert found == [
        (fourth, "body", True),
        (third, "title", False),
        (second, "recognised", True),
        (first, "file", True),
    ]
    ranked = await rows("SELECT release_id, matched_in FROM archive.search('水库', sort => 'rank')")
    assert set(ranked) == {(row[0], row[1]) for row in found}
    assert await rows("SELECT count(*) FROM archive.matches('水库')") == [(4,)]
    assert await rows("SELECT DISTINCT matched_in FROM archive.search('')") == [(None,)]
    assert await rows("SELECT release_id FROM archive.search('水庫 保障')") == [
        (first,)
    ]  # in any form
    assert await rows("SELECT release_id FROM archive.search('水庫 保障', exact => true)") == []
    assert await rows(
        "SELECT release_id FROM archive.search('水库 -保障', count => 10) ORDER BY 1"
    ) == [(second,), (third,), (fourth,)]


async def test_a_file_that_is_offered_no_more_is_not_found(
    archive, pool, observe, rows: Rows
) -> None:
    await put(archive, pool, observe, 1, "保障水库安全", offered=False)
    assert await rows("SELECT release_id FROM archive.search('水库')") == []
    assert await rows("SELECT release_id FROM archive.matches('水库')") == []


async def test_a_release_is_found_once(archive, pool, observe, rows: Rows) -> None:
    release = await put(archive, pool, observe, 1, "保障水库安全", body="水库安全，水库安全。")
    assert await rows("SELECT release_id, matched_in FROM archive.search('水库')") == [
        (release, "body")
    ]


@pytest.mark.parametrize("walked", [False, True])
async def test_nothing_is_missed(
    walked: bool, archive, pool, observe, rows: Rows, request: pytest.FixtureRequest
) -> None:
    """All that LIKE finds over headline and text, or over a file, by the index and by the walk."""
    chance = random.Random(7)

    def words(size: int) -> str:
        return "".join(chance.choice(SIGNS) for _ in range(size))

    for number in range(40):
        said = words(300) if number % 2 else None
        await put(archive, pool, observe, number, said, title=words(12), body=words(40))
    if walked:
        async with pool.connection() as connection:
            await connection.execute(
                "CREATE OR REPLACE FUNCTION tonggao.counted_files(asked jsonb, most integer) RETURNS bigint"
                " LANGUAGE sql AS 'SELECT most::bigint'"
            )
    seen = set()
    for word in [
        words(1),
        *(words(2) for _ in range(12)),
        *(words(3) for _ in range(4)),
        "不会有的词",
    ]:
        wanted = await rows(
            "SELECT DISTINCT p.release_id FROM archive.publications p LEFT JOIN archive.files f USING (publication_id)"
            " WHERE p.title || E'\\n' || p.body LIKE '%%' || %s || '%%' OR f.text LIKE '%%' || %s || '%%' ORDER BY 1",
            word,
            word,
        )
        every = await rows(
            "SELECT release_id FROM archive.search(%s, count => NULL) ORDER BY 1", word
        )
        paged = await rows(
            "SELECT release_id FROM archive.search(%s, count => 5) UNION ALL"
            " SELECT release_id FROM archive.search(%s, count => 35, skip => 5) ORDER BY 1",
            word,
            word,
        )
        counted = await rows("SELECT release_id FROM archive.matches(%s) ORDER BY 1", word)
        assert every == paged == counted == wanted, word
        dated = await rows("SELECT dated_at FROM archive.search(%s, count => 40)", word)
        assert dated == sorted(dated, reverse=True)
        seen.add(len(wanted))
    assert max(seen) > 5
    assert 0 in seen
