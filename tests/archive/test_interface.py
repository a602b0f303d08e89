"""The SQL interface: documented to the last column, and readable by those who may only read."""

from __future__ import annotations

import psycopg
import pytest

from scraper.archive import Archive, ensure_partitions, sync_regions
from scraper.archive.querying.description import describe
from scraper.archive.querying.explanation import explain
from scraper.archive.querying.reading import show_release
from scraper.archive.snapshots.pruning import prune_snapshots
from scraper.clock import now
from scraper.errors import UsageError

from .conftest import MORNING, STORY


@pytest.mark.parametrize("schema", ["archive", "tonggao"])
async def test_everything_has_a_comment(pool, schema):
    described = await describe(pool, schema)
    assert len(described) > 30
    bare = [(row.object, row.column) for row in described if not row.meaning]
    mine = [pair for pair in bare if pair[0] != "migration"]
    assert mine == []


async def test_a_function_is_described_with_its_whole_signature(pool):
    described = {row.object.partition("(")[0]: row.object for row in await describe(pool)}
    assert all(told.count("(") == told.count(")") for told in described.values())
    for argument in ("region text", "source text", "sort text", "count integer", "skip integer"):
        assert argument in described["search"]


async def test_the_reader_reads_the_interface_and_nothing_else(archive, observe, pool):
    await archive.store(observe())
    async with pool.connection() as connection:
        await connection.execute("SET ROLE tonggao_reader")
        for statement in (
            "SELECT * FROM archive.search('制造')",
            "SELECT * FROM archive.changes_since()",
            "SELECT * FROM archive.region_tree()",
            "SELECT * FROM archive.revisions",
            "SELECT * FROM archive.regions",
        ):
            await connection.execute(statement)
        for statement in (
            "SELECT FROM tonggao.publication",
            "DELETE FROM archive.sources",
            "CREATE TABLE archive.x ()",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                async with connection.transaction():
                    await connection.execute(statement)
        await connection.execute("RESET ROLE")


async def test_divisions_have_their_parents(pool, rows):
    assert await sync_regions(pool) > 3000
    assert await sync_regions(pool) > 3000
    assert await rows(
        "SELECT name, path FROM archive.region_tree('120000') WHERE code = '120111'"
    ) == [("西青区", "天津市 西青区")]
    assert await rows("SELECT count(*) FROM archive.region_tree() WHERE depth = 0") == [(34,)]


async def test_partitions_are_made_ahead_and_twice_does_no_harm(pool, rows):
    await ensure_partitions(pool, ahead=3)
    await ensure_partitions(pool, ahead=3)
    counts = await rows(
        "SELECT p.relname, count(*) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent"
        " WHERE p.relkind = 'p' AND p.relname = ANY (%s) GROUP BY 1",
        ["revision", "snapshot", "change"],
    )
    assert dict(counts) == {"change": 4, "revision": 4, "snapshot": 4}


async def test_a_late_commit_is_not_skipped_by_a_consumer(archive, observe, pool, rows):
    """A consumer asks while an older transaction is still open; its row comes later, not never."""
    await ensure_partitions(pool)
    async with pool.connection() as slow:
        await slow.execute(
            "INSERT INTO tonggao.source (source_id, name, publisher, kind, lists) VALUES ('x', 'x', 'x', 'x', '{}')"
        )
        await slow.execute("INSERT INTO tonggao.change (kind, release_id) VALUES ('new', 4711)")
        async with pool.connection() as fast:
            before = await (
                await fast.execute("SELECT count(*) FROM archive.changes_since()")
            ).fetchone()
    assert before == (0,)
    await archive.store(observe())
    seen = await rows("SELECT cursor, release_id FROM archive.changes_since()")
    assert seen[0][1] == 4711
    assert len(seen) == 2
    assert await rows("SELECT * FROM archive.changes_since(%s)", seen[-1][0]) == []
    assert len(await rows("SELECT * FROM archive.changes_since(%s)", seen[0][0])) == 1
    assert len(await rows("SELECT * FROM archive.changes_since(NULL, 1)")) == 1


async def test_why_tells_each_step(archive, observe, pool):
    first = await archive.store(observe())
    await archive.store(observe("https://dongshan.example/1", source_id="dongshan.daily"))
    cut = ("本报讯" + STORY[0], *STORY[1:3])
    await archive.store(
        observe(
            "https://national.example/2",
            source_id="national.net",
            paragraphs=cut,
            published_at=MORNING.replace(hour=11),
        )
    )
    series = tuple(p.replace("4.3", "5.1") for p in STORY)
    await archive.store(observe("https://qingchuan.example/a2.html", paragraphs=series))
    lines = "\n".join(explain(await show_release(pool, first.release_id)))
    assert f"canonical: publication {first.publication_id}" in lines
    assert "(b) text: the same as publication" in lines
    assert "(c) near-duplicate of publication" in lines
    assert "(d) its texts were brought by: visit (1)" in lines
    assert "similar release" in lines
    assert "numbers were changed in place" in lines
    with pytest.raises(UsageError, match="no release 99"):
        await show_release(pool, 99)


async def test_pruning_frees_bytes_and_keeps_texts(archive, observe, pool, rows):
    await archive.store(observe())
    await archive.store(observe(paragraphs=STORY[:2], fetched_at=MORNING.replace(hour=12)))
    pages, size = await prune_snapshots(pool, now())
    assert (pages, size > 0) == (1, True)
    assert await rows("SELECT kept FROM archive.snapshots ORDER BY fetched_at") == [
        (False,),
        (True,),
    ]
    assert await rows("SELECT count(*) FROM archive.revisions") == [(2,)]
    assert (await prune_snapshots(pool, now(), also_in_force=True))[0] == 1
    assert await Archive(pool).snapshots.read(observe().body_digest) is None
