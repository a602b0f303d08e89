"""Checks of the chain: what the operator may do is no alteration, what was forged is named by day and leaf."""

from __future__ import annotations

import datetime as dt

import pytest

from scheduler.health.integrity import check_share
from scraper.archive import Archive
from scraper.archive.erasure.erasing import erase, named
from scraper.archive.integrity.chain import amiss_between
from scraper.archive.integrity.checking import check
from scraper.archive.integrity.findings import WHOLE, Covered, Share
from scraper.archive.proof.chain import Root, head_of, root_of
from scraper.archive.proof.merkle import BLOCK, EMPTY
from scraper.archive.proof.sealing import seal
from scraper.clock import now
from scraper.database import Pool

from .chains import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, archived_on, leaves, tamper
from .conftest import MakeObservation

DAYS = (MONDAY, TUESDAY, WEDNESDAY)


@pytest.fixture
async def sealed(archive: Archive, pool: Pool, observe: MakeObservation) -> Pool:
    """A release a day on three days, sealed each."""
    for number, day in enumerate(DAYS):
        sign = "甲乙丙"[number]
        await archive.store(
            observe(f"https://qingchuan.example/{number}.html", title=f"{sign}会", paragraphs=(sign * 90,))
        )  # fmt: skip
        await archived_on(pool, day)
    await seal(pool, THURSDAY)
    return pool


async def altered(pool: Pool, share: Share = WHOLE, since: dt.datetime | None = None) -> list[str]:
    return [each.row for each in (await check(pool, share, since=since)).altered]


async def test_an_untouched_chain_is_counted_and_well(sealed: Pool) -> None:
    found = await check(sealed)
    assert (found.altered, found.checked[Covered.ROOT], found.checked[Covered.LEAF]) == ([], 1, 6)


async def test_erasing_and_pruning_are_no_alterations(sealed: Pool) -> None:
    await erase(sealed, await named(sealed, "1"), "法院裁定")
    await tamper(sealed, "DELETE FROM tonggao.content")
    assert await altered(sealed) == []
    await archived_on(sealed, THURSDAY)
    await seal(sealed, THURSDAY + dt.timedelta(days=1))
    assert await altered(sealed) == []


async def test_an_altered_tombstone_is_named(sealed: Pool) -> None:
    await erase(sealed, await named(sealed, "1"), "法院裁定")
    await archived_on(sealed, THURSDAY)
    await seal(sealed, THURSDAY + dt.timedelta(days=1))
    await tamper(sealed, "UPDATE tonggao.erasure SET reason = '撤稿'")
    assert await altered(sealed) == ["tonggao.tombstone of erasing 1 (leaf 7)"]


async def test_a_tombstone_does_not_excuse_another_text(sealed: Pool) -> None:
    await erase(sealed, await named(sealed, "1"), "法院裁定")
    await tamper(sealed, "DELETE FROM tonggao.revision WHERE revision_id = 2")
    [row] = await altered(sealed)
    assert row.startswith("tonggao.revision 2 (leaf ")


async def test_the_daemon_finds_what_is_altered_of_the_chain_within_a_day(sealed: Pool) -> None:
    await tamper(sealed, "UPDATE tonggao.root SET leaves = 7")
    begin = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
    told = [await check_share(sealed, begin + dt.timedelta(minutes=10 * n)) for n in range(144)]
    assert sum(told) > 0
    async with sealed.connection() as connection:
        rows = await connection.execute("SELECT sentence FROM tonggao.event")
        assert "tonggao.root" in (await rows.fetchall())[0][0]


async def test_shares_cover_the_chain_once(sealed: Pool) -> None:
    thirds = [Share(n / 3, (n + 1) / 3) for n in range(3)]
    found = [await check(sealed, share) for share in thirds]
    assert sum(each.checked[Covered.LEAF] for each in found) == 6
    assert sum(each.checked[Covered.ROOT] for each in found) == 1


async def test_since_leaves_out_what_was_sealed_before(sealed: Pool) -> None:
    await tamper(sealed, "UPDATE tonggao.root SET root = sha256('x')")
    assert len(await altered(sealed, since=now() - dt.timedelta(days=1))) == 1
    assert await altered(sealed, since=now() + dt.timedelta(days=1)) == []


async def test_the_altered_leaf_of_a_large_root_is_named(pool: Pool) -> None:
    await tamper(
        pool,
        "INSERT INTO tonggao.file (digest, size, content) SELECT sha256(n::text::bytea), 1, 'x'"
        " FROM generate_series(1, %s) AS n",
        2 * BLOCK,
    )
    await archived_on(pool, MONDAY)
    await seal(pool, TUESDAY)
    place = BLOCK + 7
    await tamper(pool, "UPDATE tonggao.leaf SET digest = sha256('x'), kind = 'snapshot' WHERE place = %s", place)  # fmt: skip
    rows = [row for row in await altered(pool) if not row.startswith("tonggao.file ")]
    [leaf] = [each for each in await leaves(pool) if each.place == place]
    assert rows == [
        f"tonggao.root {MONDAY} (the tree of its leaves)",
        f"tonggao.content {leaf.digest.hex()} (leaf {place})",
    ]


def link(day: dt.date, before: Root | None, **other: object) -> Root:
    previous = before.root if before else None
    root = root_of(head_of(day, 0, EMPTY, previous))
    values = {
        "day": day, "root": root, "previous": previous, "tree": EMPTY, "leaves": 0,
        "last_place": before.last_place if before else 0, "records_to": 0, "sealed_at": now(),
    }  # fmt: skip
    return Root(**{**values, **other})  # type: ignore[arg-type]


FIRST = link(MONDAY, None)
SECOND = link(TUESDAY, FIRST)


@pytest.mark.parametrize(
    ("before", "root", "rows"),
    [
        (None, FIRST, []),
        (FIRST, SECOND, []),
        (None, SECOND, [f"tonggao.root {MONDAY}"]),
        (FIRST, link(WEDNESDAY, SECOND), [f"tonggao.root {TUESDAY}"]),
        (FIRST, link(TUESDAY, None), [f"tonggao.root {TUESDAY} (the root before)"]),
        (FIRST, link(TUESDAY, FIRST, root=EMPTY), [f"tonggao.root {TUESDAY}"]),
        (
            FIRST,
            link(TUESDAY, FIRST, last_place=4),
            [f"tonggao.root {TUESDAY} (the place behind which its leaves begin)"],
        ),
    ],
    ids=["the first", "the second", "no first", "a day left out", "not chained", "another root", "a leaf left out"],
)  # fmt: skip
def test_a_root_follows_from_itself_and_the_one_before(
    before: Root | None, root: Root, rows: list[str]
) -> None:
    assert [each.row for each in amiss_between(before, root)] == rows
