"""Times from the future are mended, with what they were beside them; a trial changes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from scraper.archive import Archive
from scraper.archive.writing.repair import repair_times
from scraper.clock import now
from scraper.database import Pool
from tests.archive.conftest import STORY, MakeObservation

AHEAD = dt.timedelta(days=400)
Rows = Callable[..., Any]
TIMES = {
    "publication": "first_seen_at, last_seen_at, withdrawn_at, body_at, revision_from, dated_at, ranked_at",
    "revision": "valid_from, dated_at",
    "snapshot": "fetched_at",
    "fingerprint": "revision_from",
    "release": "dated_at",
    "url_state": "tried_at, next_try_at, sighted_at, failing_since",
    "attempt": "started_at",
}


async def spoil(archive: Archive, observe: MakeObservation, pool: Pool) -> None:
    """What one run with the clock 400 days ahead leaves, beside what was there before."""
    before, ahead = now() - dt.timedelta(hours=3), now() + AHEAD
    edited = (*STORY[:-1], "发布会由市政府新闻办主任张磊主持，三十余家媒体的记者参加了发布会。")
    url = "https://qingchuan.example/a1.html"
    await archive.store(observe(url, fetched_at=before))
    await archive.store(observe(url, fetched_at=ahead, paragraphs=edited))
    fresh = {"fetched_at": ahead, "published_at": None, "published_precision": None}
    told = ("青川市图书馆新馆十二月一日起试开放，市民凭身份证即可入馆阅览。",) * 3
    await archive.store(observe(f"{url}?2", title="市图书馆新馆开放", paragraphs=told, **fresh))
    await archive.withdraw(f"{url}?2", ahead + dt.timedelta(hours=1), "gone (404)")
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO tonggao.url_state (url_digest, url, source_id, purpose, outcome, decision, failures,"
            " sighted_at, failing_since, tried_at, next_try_at) VALUES (sha256('x'), 'x', 'qingchuan.gov',"
            " 'article', 'gone', 'confirm', 1, %(at)s, %(at)s, %(at)s, %(at)s)",
            {"at": ahead},
        )
        await connection.execute(
            "INSERT INTO tonggao.attempt (started_at, purpose, url, outcome, decision)"
            " VALUES (%s, 'article', 'x', 'gone', 'confirm')",
            (ahead,),
        )


async def in_future(rows: Rows) -> dict[str, int]:
    """Rows by table that have a time in the future."""
    late = "> now() + interval '5 minutes'"
    counts = {
        table: (
            await rows(f"SELECT count(*) FROM tonggao.{table} WHERE greatest({columns}) {late}")
        )[0][0]
        for table, columns in TIMES.items()
    }
    return {table: count for table, count in counts.items() if count}


async def test_a_trial_tells_and_changes_nothing(
    archive: Archive, observe: MakeObservation, pool: Pool, rows: Rows
) -> None:
    await spoil(archive, observe, pool)
    before = await in_future(rows)
    assert set(before) == set(TIMES)
    told = await repair_times(pool, apply=False)
    assert {each.relation for each in told} == set(TIMES)
    assert await in_future(rows) == before
    assert await rows("SELECT count(*) FROM tonggao.mended_time") == [(0,)]


async def test_mending_keeps_every_text_and_what_the_times_were(
    archive: Archive, observe: MakeObservation, pool: Pool, rows: Rows
) -> None:
    await spoil(archive, observe, pool)
    texts = "SELECT revision_id, publication_id, body FROM tonggao.revision ORDER BY 1"
    kept = await rows(texts)
    told = await repair_times(pool, apply=False)
    assert await repair_times(pool, apply=True) == told
    assert await in_future(rows) == {}
    assert await rows(texts) == kept
    ahead = await rows(
        "SELECT count(*) FROM tonggao.mended_time WHERE old_value > now() + interval '399 days'"
        " AND (new_value IS NULL OR new_value <= now())"
    )
    assert ahead == [(sum(each.values for each in told),)]
    number = "SELECT number, strpos(body, '三十余家') > 0 FROM archive.revisions WHERE url ~ 'a1.html$' ORDER BY 1"
    assert await rows(number) == [(1, False), (2, True)]
    joined = (
        "SELECT count(*) FROM tonggao.publication p JOIN tonggao.revision r"
        " ON r.revision_id = p.revision_id AND r.valid_from = p.revision_from"
    )
    assert await rows(joined) == [(2,)]
    assert await repair_times(pool, apply=True) == []


async def test_what_was_mended_can_be_edited_seen_and_copied(
    archive: Archive, observe: MakeObservation, pool: Pool, rows: Rows
) -> None:
    await spoil(archive, observe, pool)
    await repair_times(pool, apply=True)
    url = "https://qingchuan.example/a1.html"
    again = await archive.store(observe(url, fetched_at=now()))
    assert again.change == "revision"
    assert await archive.seen(f"{url}?2", now())
    assert await rows("SELECT count(withdrawn_at) FROM tonggao.publication") == [(0,)]
    copy = await archive.store(
        observe("https://dongshan.example/b.html", source_id="dongshan.daily", fetched_at=now())
    )
    assert copy.change == "copy"
