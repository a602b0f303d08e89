"""Addresses of any length are archived once, and found by those who write SQL."""

from __future__ import annotations

import random

import pytest

from tests.archive.conftest import MORNING

ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789-_~"


def long_address(seed: int, length: int = 3500) -> str:
    """An address that no compression makes short enough for a b-tree."""
    chosen = random.Random(seed).choices(ALPHABET, k=length)
    return f"https://qingchuan.example/{''.join(chosen)}"


async def test_a_long_address_is_archived_and_the_ones_behind_it_too(archive, observe, rows):
    urls = [long_address(1), "https://qingchuan.example/b", long_address(2, 60_000)]
    stored = [await archive.store(observe(url)) for url in urls]
    assert len({each.publication_id for each in stored}) == 3
    again = await archive.store(observe(urls[0], fetched_at=MORNING.replace(hour=12)))
    assert again.publication_id == stored[0].publication_id
    assert set(await archive.known(urls)) == set(urls)
    assert await rows("SELECT count(*) FROM archive.publications") == [(3,)]


@pytest.mark.parametrize(
    ("condition", "access"),
    [
        ("url = 'https://qingchuan.example/17'", "publication_by_url"),
        ("url LIKE 'https://qingchuan.example/17%'", "publication_by_url"),
        (
            "url IN ('https://qingchuan.example/1', 'https://qingchuan.example/2')",
            "publication_by_url",
        ),
    ],
)
@pytest.mark.parametrize("view", ["publications", "copies", "releases"])
async def test_an_address_is_looked_up_by_index_in_the_views(pool, view, condition, access):
    async with pool.connection() as connection:
        await _fill(connection)
        plan = await connection.execute(
            f"EXPLAIN SELECT publication_id FROM archive.{view} WHERE {condition}"
        )
        lines = "\n".join(line for (line,) in await plan.fetchall())
    assert access in lines
    assert "Seq Scan on publication" not in lines


async def _fill(connection):
    await connection.execute(
        "INSERT INTO tonggao.source (source_id, name, publisher, kind, lists) VALUES ('x', 'x', 'x', 'x', '{}')"
    )
    await connection.execute(
        "INSERT INTO tonggao.release (release_id, canonical_id) SELECT n, n FROM generate_series(1, 3000) n"
    )
    await connection.execute(
        "INSERT INTO tonggao.publication (publication_id, url, source_id, release_id, first_seen_at, last_seen_at)"
        " SELECT n, 'https://qingchuan.example/' || n, 'x', n, now(), now() FROM generate_series(1, 3000) n"
    )
    await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    await connection.execute("ANALYZE tonggao.publication, tonggao.release")
