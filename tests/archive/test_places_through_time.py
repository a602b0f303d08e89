"""A region in a filter stands for what became it, and for what it became."""

from __future__ import annotations

import pytest

from scraper.archive import Archive, sync_regions
from scraper.database import Pool

from .conftest import MakeObservation


async def found(pool: Pool, region: str) -> set[int]:
    async with pool.connection() as connection:
        rows = await connection.execute(
            "SELECT release_id FROM archive.search('发布会', region => %s)", (region,)
        )
        return {number for (number,) in await rows.fetchall()}


@pytest.fixture
async def releases(archive: Archive, pool: Pool, observe: MakeObservation) -> list[int]:
    """Of 莱芜市 in 2018, of 莱芜区 in 2020, of 济南's 历下区, of 下城区, of 拱墅区."""
    await sync_regions(pool)
    regions = [
        ("370000", "371200"),
        ("370000", "370100", "370116"),
        ("370000", "370100", "370102"),
        ("330000", "330100", "330103"),
        ("330000", "330100", "330105"),
    ]
    stored = [
        await archive.store(
            observe(
                f"https://national.example/{at}.html",
                source_id="national.net",
                title=f"第{'甲乙丙丁戊己'[at] * 6}次发布会",
                region=codes,
                paragraphs=("甲乙丙丁戊己"[at] * 150,),
            )
        )
        for at, codes in enumerate(regions, 1)
    ]
    return [one.release_id for one in stored]


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("370100", {0, 1, 2}),
        ("370116", {0, 1}),
        ("371200", {0, 1}),
        ("370102", {2}),
        ("370000", {0, 1, 2}),
        ("330105", {3, 4}),
        ("330103", {3, 4}),
        ("330100", {3, 4}),
        ("120000", set()),
    ],
)
async def test_a_region_finds_what_it_was(
    pool: Pool, releases: list[int], region: str, expected: set[int]
) -> None:
    assert await found(pool, region) == {releases[at] for at in expected}


async def test_the_view_has_one_row_a_code(pool: Pool, releases: list[int]) -> None:
    async with pool.connection() as connection:
        rows = await connection.execute(
            "SELECT code, name, until, successors, predecessors, former_names, releases FROM archive.regions"
            " WHERE code IN ('330103', '370116', '130502') ORDER BY code"
        )
        assert await rows.fetchall() == [
            ("130502", "襄都区", None, [], ["130521"], ["桥东区"], 0),
            ("330103", "下城区", "2021-07", ["330105"], [], [], 1),
            ("370116", "莱芜区", None, [], ["371200", "371202"], [], 1),
        ]
        doubled = await connection.execute(
            "SELECT code FROM archive.regions GROUP BY code HAVING count(*) > 1"
        )
        assert await doubled.fetchall() == []
