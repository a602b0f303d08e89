"""The kept counts are what counting gives, whatever was written, joined, moved or erased."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import random

import pytest
from psycopg import AsyncConnection

from scraper.archive import Archive
from scraper.archive.erasure.erasing import erase, named
from scraper.archive.writing.counting import count_anew
from scraper.archive.writing.divisions import sync_regions
from scraper.database import Pool
from scraper.errors import AddressErased

from .conftest import MORNING, STORY, MakeObservation

REGIONS = ((), ("120000",), ("120111",), ("370102", "370000"), ("999999",), ("110101", "120111"))
DIRECT = """
WITH told AS MATERIALIZED (
    SELECT m.dated_at, s.source_id, s.name, s.publisher, s.kind, v.region || s.region AS region, v.named_source, v.column_name
    FROM tonggao.matching(tonggao.asked('', false), %(filters)s) AS m
    JOIN tonggao.publication p ON p.publication_id = m.publication_id
    JOIN tonggao.source s ON s.source_id = p.source_id
    JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from
), place AS (
    SELECT part.code, count(*) AS releases, bool_or(part.code = ANY (t.region)) AS named
    FROM told t CROSS JOIN LATERAL unnest(tonggao.with_those_above(t.region)) AS part (code) GROUP BY 1
)
SELECT 'region', c.code, tonggao.division_name(c.code), coalesce(g.parent, CASE WHEN g.code IS NULL THEN left(c.code, 2) || '0000' END), c.releases
FROM place c LEFT JOIN tonggao.region g ON g.code = c.code WHERE c.named OR g.code IS NOT NULL
UNION ALL SELECT 'source', source_id, name, publisher, count(*) FROM told GROUP BY source_id, name, publisher
UNION ALL SELECT 'named source', named_source, named_source, NULL, count(*) FROM told WHERE named_source IS NOT NULL GROUP BY 2
UNION ALL SELECT 'column', column_name, column_name, NULL, count(*) FROM told WHERE column_name IS NOT NULL GROUP BY 2
UNION ALL SELECT 'kind', kind, tonggao.kind_name(kind), NULL, count(*) FROM told GROUP BY 2
UNION ALL SELECT 'month', month, month, NULL, count(*)
FROM (SELECT to_char(dated_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month FROM told) AS t GROUP BY 2
ORDER BY 1, 5 DESC, 2
"""
"""The facets counted one by one, from the pages that match."""
NARROWED = "SELECT * FROM tonggao.counted_facets(tonggao.asked('', false), %(filters)s)"
FILTERS = """
SELECT tonggao.filter_condition(f.since, f.until, f.region, f.source, f.kind, f.named_source, f.column_name)
FROM (VALUES (NULL::date, NULL::date, NULL, NULL, NULL, NULL, NULL),
             ('2026-01-01', '2099-01-01', NULL, NULL, NULL, NULL, NULL), (%(middle)s, NULL, NULL, NULL, NULL, NULL, NULL),
             (NULL, %(middle)s, NULL, NULL, NULL, NULL, NULL), (NULL, NULL, '12', NULL, NULL, NULL, NULL),
             (NULL, NULL, '370102', NULL, NULL, NULL, NULL), (NULL, NULL, NULL, 'national.net', NULL, NULL, NULL),
             (NULL, NULL, NULL, NULL, 'gov-portal', NULL, NULL), (NULL, NULL, NULL, NULL, NULL, '东山日报', NULL),
             (%(middle)s, NULL, '37', NULL, NULL, NULL, '要闻'))
     AS f (since, until, region, source, kind, named_source, column_name)
"""
KEPT = "SELECT * FROM tonggao.kept_facets()"
DIRECT_REGIONS = """
SELECT g.code, count(r.release_id), max(r.dated_at)
FROM tonggao.region g
LEFT JOIN (tonggao.release r
    JOIN tonggao.publication p ON p.publication_id = r.canonical_id
    JOIN tonggao.revision v ON v.revision_id = p.revision_id AND v.valid_from = p.revision_from)
    ON r.merged_into IS NULL AND g.code = ANY (tonggao.with_those_above(v.region))
GROUP BY g.code ORDER BY g.code
"""
REGIONS_KEPT = "SELECT code, releases, newest_at FROM archive.regions ORDER BY code"


async def same(connection: AsyncConnection) -> list[tuple[object, ...]]:
    """The facets, which must be those that are counted one by one; the regions, too."""

    async def rows(statement: str, **given: object) -> list[tuple[object, ...]]:
        return await (await connection.execute(statement.encode(), given or None)).fetchall()

    kept, direct = await rows(KEPT), await rows(DIRECT, filters="true")
    assert kept == direct
    assert await rows(REGIONS_KEPT) == await rows(DIRECT_REGIONS)
    for (filters,) in await rows(FILTERS, middle=MORNING.date() + dt.timedelta(days=45)):
        assert await rows(NARROWED, filters=filters) == await rows(DIRECT, filters=filters)
    return kept


def story_of(rnd: random.Random, number: int) -> tuple[str, ...]:
    """A text that is near another's now and then: the same but for its end."""
    which = number - rnd.choice((0, 0, 0, 1))
    return (*(f"{line}（第{which}期，共{which * 7}项）" for line in STORY), f"完{number % 2}。")


async def step(
    rnd: random.Random, archive: Archive, pool: Pool, observe: MakeObservation, number: int
) -> None:
    """Something that changes what releases count under."""
    at = MORNING + dt.timedelta(hours=number)
    kind = rnd.choices(("store", "edit", "erase", "move", "redate", "count"), (8, 3, 1, 1, 1, 2))[0]
    which = number if kind == "store" else rnd.randrange(number + 1)
    if kind in {"store", "edit"}:
        source = ("qingchuan.gov", "dongshan.daily", "national.net")[which % 3]
        with contextlib.suppress(AddressErased):
            await archive.store(
                observe(
                    url=f"https://{source}.example/{which}.html",
                    source_id=source,
                    fetched_at=at,
                    title=f"青川市第{which}号新闻发布会",
                    paragraphs=story_of(rnd, which),
                    published_at=MORNING + dt.timedelta(days=rnd.randrange(90)),
                    region=rnd.choice(REGIONS),
                    source=rnd.choice((None, "东山日报", "新华社" * 40)),
                    column=rnd.choice((None, "要闻", "发布")),
                )
            )
    elif kind == "count":
        await count_anew(pool, portions=rnd.choice((1, None)))
    elif kind == "erase":
        async with pool.connection() as connection:
            found = await (
                await connection.execute(
                    "SELECT release_id FROM archive.releases ORDER BY random() LIMIT 1"
                )
            ).fetchone()
        if found:
            await erase(pool, await named(pool, str(found[0])), "test")
    else:
        async with pool.connection() as connection:
            if kind == "move":
                await connection.execute(
                    "UPDATE tonggao.source SET region = %s WHERE source_id = 'national.net'",
                    (rnd.choice((None, "310000", "370102")),),
                )
            else:
                await connection.execute(
                    "UPDATE tonggao.revision SET dated_at = dated_at - interval '40 days'"
                    " WHERE revision_id % 5 = 0"
                )


@pytest.mark.parametrize("seed", range(3))
async def test_kept_counts_are_those_of_counting(
    archive: Archive, pool: Pool, observe: MakeObservation, seed: int
) -> None:
    await sync_regions(pool)
    rnd = random.Random(seed)
    for number in range(40):
        await step(rnd, archive, pool, observe, number)
        if number % 8 == 0:
            async with pool.connection() as connection:
                pending = await same(connection)
    async with pool.connection() as connection:
        pending = await same(connection)
    await count_anew(pool)
    async with pool.connection() as connection:
        assert await same(connection) == pending
        left = await (await connection.execute("SELECT count(*) FROM tonggao.uncounted")).fetchone()
        assert left == (0,)
    assert pending


CHANGES = {
    "the release's date": "UPDATE tonggao.release SET dated_at = dated_at - interval '40 days'",
    "its canonical publication": "UPDATE tonggao.release SET canonical_id = NULL",
    "the text in force": "UPDATE tonggao.publication SET revision_id = NULL, revision_from = NULL",
    "the publication's source": "UPDATE tonggao.publication SET source_id = 'national.net'",
    "what a text names": "UPDATE tonggao.revision SET region = '{370102}', column_name = '发布'",
    "that there is a text": "DELETE FROM tonggao.revision",
    "the source's division": "UPDATE tonggao.source SET region = '310000'",
    "a release put in by hand": """
        INSERT INTO tonggao.release OVERRIDING SYSTEM VALUE
        SELECT (jsonb_populate_record(r, '{"release_id": 999, "canonical_id": 999}')).* FROM tonggao.release r;
        INSERT INTO tonggao.publication OVERRIDING SYSTEM VALUE
        SELECT (jsonb_populate_record(p, '{"publication_id": 999, "release_id": 999, "revision_id": 999, "url": "http://a.example/"}')).*
        FROM tonggao.publication p;
        INSERT INTO tonggao.revision OVERRIDING SYSTEM VALUE
        SELECT (jsonb_populate_record(v, '{"revision_id": 999, "publication_id": 999}')).* FROM tonggao.revision v
        """,
}


@pytest.mark.parametrize("changed", CHANGES)
async def test_whatever_is_changed_is_counted(
    archive: Archive, pool: Pool, observe: MakeObservation, changed: str
) -> None:
    await sync_regions(pool)
    await archive.store(observe(region=("120111",), column="要闻"))
    await count_anew(pool)
    async with pool.connection() as connection:
        before = await same(connection), await _named(connection)
        await connection.execute(CHANGES[changed].encode())
        pending = await same(connection), await _named(connection)
    assert pending != before
    await count_anew(pool)
    async with pool.connection() as connection:
        assert (await same(connection), await _named(connection)) == pending


async def test_what_is_written_while_it_is_counted_is_counted_later(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    """Counting does not wait for a writer, and takes no mark of one that it cannot see."""
    await sync_regions(pool)
    await archive.store(observe(region=("120111",)))
    await count_anew(pool)
    async with pool.connection() as writer:
        await writer.execute("UPDATE tonggao.revision SET region = '{370102}'")
        assert await asyncio.wait_for(count_anew(pool), 30) == 0
        async with pool.connection() as other:
            assert ("120111", 1, MORNING) in await _named(other)
    async with pool.connection() as connection:
        named = await _named(connection)
        assert ("370102", 1, MORNING) in named
        assert ("120111", 0, None) in named
        await same(connection)
    assert await count_anew(pool) == 1
    async with pool.connection() as connection:
        await same(connection)


async def _named(connection: AsyncConnection) -> list[tuple[object, ...]]:
    rows = await connection.execute(
        "SELECT code, releases, newest_at FROM archive.regions ORDER BY code"
    )
    return await rows.fetchall()


async def test_nothing_of_what_was_erased_stays_counted(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    stored = await archive.store(observe(source="仅此一家报社", region=("370102",)))
    await count_anew(pool)
    await erase(pool, await named(pool, str(stored.release_id)), "test")
    async with pool.connection() as connection:
        for table in ("counted", "release_count", "uncounted"):
            rows = await connection.execute(f"SELECT count(*) FROM tonggao.{table}".encode())
            assert await rows.fetchone() == (0,)
