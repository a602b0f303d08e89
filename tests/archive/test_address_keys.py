"""An archive with keys of version 1 is brought over: nothing lost, nothing twice, nothing withdrawn."""

from __future__ import annotations

import datetime as dt
import re

import psycopg
import pytest

from scraper.archive import Archive
from scraper.archive.querying.reading import release_named
from scraper.archive.writing import address_keys
from scraper.archive.writing.address_keys import bring_addresses, brought
from scraper.errors import UsageError
from scraper.urls import KEY_VERSION, normal_url, without_session
from scraper.web.archive import open_reading

from .conftest import MORNING, STORY

HOUR = dt.timedelta(hours=1)
SITE = "http://www.qingchuan.example"
OTHER_STORY = tuple(line.replace("智能制造", "防汛抗旱")[::-1] for line in STORY)
PLAIN = f"{SITE}/plain.html"
FIRST, SECOND = (f"{SITE}/show.jsp;jsessionid={name}?id=1" for name in ("A1", "B2"))
EDITED, EDITED_LATER = (f"{SITE}/show.asp?id=2&ASPSESSIONID{n}=X" for n in ("QQQQQQQQ", "RRRRRRRR"))
RAW, CODED = "http://政务.example/3.html", "http://xn--zfr164b.example/3.html"
GONE, THERE = f"{SITE}/4.html;jsessionid=C3", f"{SITE}//4.html"
ALL = (PLAIN, FIRST, SECOND, EDITED, EDITED_LATER, RAW, CODED, GONE, THERE)
KEYS = {normal_url(url) for url in ALL}


@pytest.fixture
async def old(archive: Archive, observe, rows) -> Archive:
    """An archive as version 1 left it: nine publications of five pages."""
    for number, url in enumerate(ALL):
        given = {"fetched_at": MORNING + number * HOUR}
        if url == EDITED_LATER:
            given["paragraphs"] = OTHER_STORY  # type: ignore[assignment]
        if url == CODED:
            given["fetched_at"] = MORNING + (number - 1) * HOUR  # at the moment of the other one
        await archive.store(observe(url, title=f"青川市发布会第{normal_url(url)[-6]}号", **given))
    await archive.store(observe(FIRST, paragraphs=STORY[:3], fetched_at=MORNING + 20 * HOUR))
    await archive.withdraw(GONE, MORNING + 30 * HOUR, "gone (404)")
    assert await rows(
        "SELECT count(*) FROM archive.publications WHERE withdrawn_at IS NOT NULL"
    ) == [(1,)]
    return archive


async def counts(rows) -> list[int]:
    names = ("revision", "snapshot", "content", "fingerprint", "source")
    return [(await rows(f"SELECT count(*) FROM tonggao.{name}"))[0][0] for name in names]


async def test_two_addresses_of_one_page_become_one_publication(old, pool, rows):
    before, numbers = (
        await counts(rows),
        dict(await rows("SELECT url, publication_id FROM tonggao.publication")),
    )
    done = {each.relation: each for each in await bring_addresses(pool)}
    assert (done["publication"].looked_at, done["publication"].merged) == (9, 4)
    assert all(each.finished for each in done.values())
    assert await counts(rows) == before
    left = dict(await rows("SELECT url, publication_id FROM archive.publications"))
    assert set(left) == KEYS
    for one, other in ((FIRST, SECOND), (EDITED, EDITED_LATER), (RAW, CODED), (GONE, THERE)):
        kept, lost = numbers[one], numbers[other]
        assert left[normal_url(one)] == kept == min(kept, lost)
        assert (lost, kept) in await rows(
            "SELECT publication_id, merged_into FROM archive.merged_publications"
        )
        for address in (one, other):
            if address not in KEYS:
                assert (kept,) in await rows(
                    "SELECT publication_id FROM archive.former_addresses WHERE url = %s", address
                )
    assert await rows(
        "SELECT count(*) FROM archive.publications WHERE withdrawn_at IS NOT NULL"
    ) == [(0,)]


async def test_the_histories_of_both_stay_and_the_later_text_is_in_force(old, pool, rows):
    await bring_addresses(pool)
    texts = await rows(
        "SELECT r.in_force, r.valid_from FROM archive.revisions r JOIN archive.publications p USING (publication_id)"
        " WHERE p.url = %s ORDER BY r.number",
        normal_url(EDITED),
    )
    assert [each[0] for each in texts] == [False, True]
    at_once = await rows(
        "SELECT n.fetched_at FROM archive.snapshots n JOIN archive.publications p USING (publication_id)"
        " WHERE p.url = %s ORDER BY 1",
        normal_url(RAW),
    )
    assert [each[0] for each in at_once] == [
        MORNING + 5 * HOUR,
        MORNING + 5 * HOUR + dt.timedelta(microseconds=1),
    ]


async def test_every_row_refers_to_rows_that_stand(old, pool, rows):
    await bring_addresses(pool)
    standing = "SELECT publication_id FROM tonggao.publication"
    for query in (
        f"SELECT count(*) FROM tonggao.fingerprint WHERE publication_id NOT IN ({standing})",
        f"SELECT count(*) FROM tonggao.publication WHERE joined_to NOT IN ({standing}) OR joined_to = publication_id",
        f"SELECT count(*) FROM tonggao.release WHERE merged_into IS NULL AND (canonical_id IS NULL OR canonical_id NOT IN ({standing}))",
        (
            "SELECT count(*) FROM tonggao.fingerprint f LEFT JOIN tonggao.revision r"
            " ON r.revision_id = f.revision_id AND r.valid_from = f.revision_from WHERE r.revision_id IS NULL"
        ),
        (
            "SELECT count(*) FROM tonggao.publication p LEFT JOIN tonggao.revision r ON r.revision_id = p.revision_id"
            " AND r.valid_from = p.revision_from AND r.publication_id = p.publication_id WHERE r.revision_id IS NULL"
        ),
        (
            "SELECT count(*) FROM tonggao.release r WHERE r.merged_into IS NULL AND NOT EXISTS"
            " (SELECT FROM tonggao.publication p WHERE p.release_id = r.release_id)"
        ),
    ):
        assert await rows(query) == [(0,)], query


async def test_the_next_visit_finds_every_article_and_a_second_call_nothing(old, pool, rows):
    await bring_addresses(pool)
    assert set(await old.known(sorted(KEYS))) == KEYS
    asked = await rows("SELECT address FROM tonggao.publication WHERE address IS NOT NULL")
    assert [url for (url,) in asked if "jsession" in url.lower()] == []
    before = await rows("SELECT * FROM tonggao.publication ORDER BY 1")
    again = await bring_addresses(pool)
    assert await rows("SELECT * FROM tonggao.publication ORDER BY 1") == before
    assert next(each for each in again if each.relation == "publication").looked_at == 9
    assert await rows("SELECT DISTINCT version FROM tonggao.address_key") == [(KEY_VERSION,)]


@pytest.mark.parametrize("fails_at", range(1, 9))
async def test_a_process_that_dies_goes_on_where_it_was(old, pool, rows, monkeypatch, fails_at):
    before, calls = await counts(rows), 0
    rename = address_keys._rename

    async def dying(*arguments):
        nonlocal calls
        calls += 1
        if calls == fails_at:
            raise psycopg.OperationalError("the server is gone")
        await rename(*arguments)

    monkeypatch.setattr(address_keys, "_rename", dying)
    for _ in range(2):
        try:
            await bring_addresses(pool, batch=2)
        except psycopg.OperationalError:
            continue
    await bring_addresses(pool, batch=2)
    assert [each.finished for each in await brought(pool)] == [True] * 4
    assert await counts(rows) == before
    assert {url for (url,) in await rows("SELECT url FROM archive.publications")} == KEYS


async def test_old_addresses_and_numbers_still_find_their_article(old, pool, rows):
    numbers = dict(await rows("SELECT url, publication_id FROM tonggao.publication"))
    await bring_addresses(pool)
    releases = dict(await rows("SELECT url, release_id FROM archive.publications"))
    for address in ALL:
        assert await release_named(pool, address) == releases[normal_url(address)]
    assert await release_named(pool, "17") == 17
    async with open_reading(pool.conninfo) as reading:
        for one, other in ((FIRST, SECOND), (EDITED, EDITED_LATER)):
            texts = await reading.revisions(numbers[other])
            assert texts == await reading.revisions(numbers[one])
            assert len(texts) == len(await reading.snapshots(numbers[other])) > 1
    for neither in ("x", "http://www.qingchuan.example/nowhere.html", "²"):
        with pytest.raises(UsageError, match=re.escape(neither)):
            await release_named(pool, neither)


async def put_failure(rows, url: str, failures: int, sightings: int = 0) -> None:
    await rows(
        "INSERT INTO tonggao.url_state (url_digest, url, purpose, outcome, decision, failures, sightings, failing_since, tried_at, next_try_at)"
        " VALUES (sha256(convert_to(%s, 'UTF8')), %s, 'article', 'gone', 'confirm', %s, %s, now(), now(), now()) RETURNING 1",
        url, url, failures, sightings,
    )  # fmt: skip


async def test_of_two_failures_under_one_key_the_milder_is_believed(old, pool, rows):
    await put_failure(rows, FIRST, 5, 2)
    await put_failure(rows, SECOND, 1)
    await put_failure(rows, RAW, 1)
    await put_failure(rows, CODED, 7, 3)
    await put_failure(rows, PLAIN, 4)
    done = {each.relation: each for each in await bring_addresses(pool)}
    assert done["url_state"].merged == 2
    found = dict(await rows("SELECT url, failures FROM tonggao.url_state"))
    assert found == {normal_url(FIRST): 1, normal_url(RAW): 1, PLAIN: 4}
    digests = await rows(
        "SELECT count(*) FROM tonggao.url_state WHERE url_digest <> sha256(convert_to(url, 'UTF8'))"
    )
    assert digests == [(0,)]


async def test_files_go_along_with_their_page(old, pool, rows):
    put = (
        "INSERT INTO tonggao.kept_file (page_url, url, kind, digest, fetched_at, page_digest, url_digest)"
        " VALUES (%s, %s, 'image', %s, %s, sha256(convert_to(%s, 'UTF8')), sha256(convert_to(%s, 'UTF8'))) RETURNING 1"
    )
    for name in (b"a" * 32, b"b" * 32):
        await rows(
            "INSERT INTO tonggao.file (digest, media_type, size, content) VALUES (%s, 'image/png', 1, 'x') RETURNING 1",
            name,
        )
    for page, picture, digest, at in (
        (FIRST, "1.png", b"a" * 32, MORNING), (SECOND, "1.png", b"b" * 32, MORNING + HOUR), (SECOND, "2.png", b"a" * 32, MORNING),
        (PLAIN, "1.png", b"a" * 32, MORNING),
    ):  # fmt: skip
        await rows(put, page, picture, digest, at, page, picture)
    done = {each.relation: each for each in await bring_addresses(pool)}
    assert done["kept_file"].merged == 1
    found = await rows("SELECT page_url, url, digest FROM tonggao.kept_file ORDER BY 1, 2")
    key = normal_url(FIRST)
    assert found == [
        (PLAIN, "1.png", b"a" * 32),
        (key, "1.png", b"b" * 32),
        (key, "2.png", b"a" * 32),
    ]


async def test_an_article_listed_twice_is_asked_for_once(old, pool, rows):
    number = (await rows(
        "INSERT INTO tonggao.backfill (source_id, kind, created_by) VALUES ('qingchuan.gov', 'lists', 'test') RETURNING backfill_id"
    ))[0][0]  # fmt: skip
    for url in (FIRST, PLAIN, SECOND):
        await rows(
            "INSERT INTO tonggao.backfill_item (backfill_id, url, url_digest) VALUES (%s, %s, sha256(convert_to(%s, 'UTF8'))) RETURNING 1",
            number, url, url,
        )  # fmt: skip
    done = {each.relation: each for each in await bring_addresses(pool)}
    assert (done["backfill_item"].looked_at, done["backfill_item"].merged) == (3, 1)
    assert await rows(
        "SELECT url FROM tonggao.backfill_item WHERE outcome IS NULL ORDER BY item_id"
    ) == [(FIRST,), (PLAIN,)]


@pytest.mark.parametrize(
    ("url", "without"),
    [
        (FIRST, f"{SITE}/show.jsp?id=1"),
        (EDITED, f"{SITE}/show.asp?id=2"),
        (f"{SITE}/a?PHPSESSID=1", f"{SITE}/a"),
        (f"{SITE}/a?b=1&&c", f"{SITE}/a?b=1&&c"),
        (PLAIN, PLAIN),
    ],
)
def test_a_session_is_not_asked_with_again(url: str, without: str) -> None:
    assert without_session(url) == without
