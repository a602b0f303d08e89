"""Roots: one a day, over all that was archived or erased on it, never made again, and none left out."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import io

import psycopg
import pytest

from scraper.archive import Archive
from scraper.archive.erasure.erasing import erase, named
from scraper.archive.exchange.exporting import export_jsonl
from scraper.archive.exchange.importing import Importer
from scraper.archive.integrity.checking import check
from scraper.archive.observations.observation import PageBytes
from scraper.archive.proof import rows as proof_rows
from scraper.archive.proof import sealing
from scraper.archive.proof.chain import head_of, root_of
from scraper.archive.proof.merkle import leaf_hash, tree_hash
from scraper.archive.proof.proving import roots
from scraper.archive.proof.sealing import seal
from scraper.archive.querying.reading import Selection
from scraper.clock import now
from scraper.database import Pool, Statements
from scraper.record.release import Release
from scraper.record.serial import record_digest
from scraper.urls import normal_url

from .chains import MONDAY, THURSDAY, TUESDAY, WEDNESDAY, archived_on, kinds, leaves, tamper
from .conftest import MakeObservation

ONE = "https://qingchuan.example/1.html"
TWO = "https://qingchuan.example/2.html"


async def put_file(pool: Pool, body: bytes) -> bytes:
    digest = hashlib.sha256(body).digest()
    await tamper(
        pool,
        "INSERT INTO tonggao.file (digest, size, content) VALUES (%s, %s, %s)",
        digest,
        len(body),
        body,
    )
    return digest


async def store(archive: Archive, observe: MakeObservation, url: str, sign: str) -> None:
    await archive.store(observe(url, title=f"{sign}号会议", paragraphs=(sign * 90,)))


async def test_a_day_is_sealed_once_it_is_over_over_all_that_it_brought(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    observation = observe(ONE)
    await archive.store(observation)
    file = await put_file(pool, b"%PDF")
    await archived_on(pool, MONDAY)
    assert await seal(pool, MONDAY) == []
    [root] = await seal(pool, TUESDAY)
    found = await leaves(pool)
    assert observation.release is not None
    page = hashlib.sha256(observation.body or b"").hexdigest()
    assert [leaf.line() for leaf in found] == [
        f"snapshot - {page}",
        f"file - {file.hex()}",
        f"record 1 {record_digest(observation.release).hex()}",
    ]
    tree = tree_hash(leaf_hash(leaf.line().encode()) for leaf in found)
    assert (root.day, root.leaves, root.tree, root.previous) == (MONDAY, 3, tree, None)
    assert root.root == root_of(head_of(MONDAY, 3, tree, None))


async def test_the_first_root_covers_all_before_and_the_next_are_chained_without_a_gap(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    await store(archive, observe, ONE, "甲")
    await archived_on(pool, dt.date(2024, 2, 3))
    [first] = await seal(pool, MONDAY)
    assert (first.day, first.leaves) == (MONDAY - dt.timedelta(days=1), 2)
    await store(archive, observe, TWO, "乙")
    await archived_on(pool, TUESDAY)
    made = await seal(pool, THURSDAY)  # nobody was there to seal for two days
    assert [(root.day, root.leaves) for root in made] == [(MONDAY, 0), (TUESDAY, 2), (WEDNESDAY, 0)]
    assert [root.previous for root in made] == [first.root, made[0].root, made[1].root]
    assert [root.last_place for root in made] == [2, 4, 4]


async def test_what_is_archived_late_belongs_to_the_day_it_was_archived(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    await store(archive, observe, ONE, "甲")
    await archived_on(pool, MONDAY)
    [before] = await seal(pool, TUESDAY)
    old = observe(
        TWO,
        title="旧闻",
        paragraphs=("乙" * 90,),
        fetched_at=dt.datetime(2023, 5, 6, tzinfo=dt.UTC),
        published_at=dt.datetime(2023, 5, 6, tzinfo=dt.UTC),
    )
    await archive.store(old)
    await archived_on(pool, TUESDAY)
    [root] = await seal(pool, WEDNESDAY)
    assert (root.day, root.leaves, root.previous) == (TUESDAY, 2, before.root)


async def test_what_was_committed_after_its_day_was_sealed_is_in_the_next_root(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    await store(archive, observe, ONE, "甲")
    await archived_on(pool, MONDAY)
    await seal(pool, TUESDAY)
    await store(archive, observe, TWO, "乙")
    await archived_on(pool, MONDAY, hour=23)  # by its own account of the day before
    [root] = await seal(pool, WEDNESDAY)
    assert (root.day, root.leaves) == (TUESDAY, 2)


async def test_a_value_of_a_clock_that_was_ahead_is_in_a_root_all_the_same(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    await store(archive, observe, ONE, "甲")
    await archived_on(pool, WEDNESDAY)
    await store(archive, observe, TWO, "乙")
    values = "UPDATE tonggao.revision SET recorded_at = %s WHERE revision_id = 2"
    await tamper(pool, values, dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC))
    await tamper(
        pool,
        "UPDATE tonggao.content SET stored_at = %s WHERE stored_at > %s",
        dt.datetime(2026, 11, 2, 4, tzinfo=dt.UTC),
        dt.datetime(2026, 11, 10, tzinfo=dt.UTC),
    )
    assert kinds(await leaves(pool)) == {}
    await seal(pool, TUESDAY)
    assert kinds(await leaves(pool)) == {"snapshot": 1, "record": 2}
    await seal(pool, THURSDAY)
    assert kinds(await leaves(pool)) == {"snapshot": 2, "record": 2}


async def test_an_erasing_is_a_leaf_and_what_was_sealed_stays_one(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    await store(archive, observe, ONE, "甲")
    await archived_on(pool, MONDAY)
    await seal(pool, TUESDAY)
    before = await leaves(pool)
    await erase(pool, await named(pool, "1"), "法院裁定")
    await archived_on(pool, TUESDAY)
    [root] = await seal(pool, WEDNESDAY)
    after = await leaves(pool)
    assert after[: len(before)] == before
    assert (kinds(after[len(before) :]), root.leaves) == ({"tombstone": 1}, 1)


async def test_what_is_erased_on_the_day_it_came_is_in_the_root_by_its_tombstone(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    await store(archive, observe, ONE, "甲")
    await erase(pool, await named(pool, "1"), "误发")
    await archived_on(pool, MONDAY)
    await seal(pool, TUESDAY)
    assert kinds(await leaves(pool)) == {"tombstone": 1}


async def test_a_page_pruned_and_received_again_is_one_leaf(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    await store(archive, observe, ONE, "甲")
    await archived_on(pool, MONDAY)
    await seal(pool, TUESDAY)
    await tamper(
        pool,
        "WITH gone AS (DELETE FROM tonggao.content RETURNING *) SELECT FROM gone",
    )
    body = "\n".join(("甲" * 90,)).encode()
    await tamper(
        pool,
        "INSERT INTO tonggao.content (digest, size, bytes) VALUES (%s, 1, '2')",
        hashlib.sha256(body).digest(),
    )
    await archived_on(pool, TUESDAY)
    [root] = await seal(pool, WEDNESDAY)
    assert root.leaves == 0


async def test_an_empty_archive_has_no_root(pool: Pool) -> None:
    assert await seal(pool, TUESDAY) == []


async def test_no_day_is_sealed_that_is_not_over_by_the_servers_clock(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    await store(archive, observe, ONE, "甲")
    present = now().date()
    await archived_on(pool, present - dt.timedelta(days=2))
    made = await seal(pool, present + dt.timedelta(days=400))  # this machine's clock is off
    assert [root.day for root in made] == [present - dt.timedelta(days=1)]


async def test_two_that_seal_at_once_make_one_chain(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    for number in range(6):
        await store(
            archive, observe, f"https://qingchuan.example/{number}.html", "甲乙丙丁戊己"[number]
        )
        await archived_on(pool, MONDAY)
    made = await asyncio.gather(*(seal(pool, THURSDAY) for _ in range(4)))
    days = [root.day for some in made for root in some]
    assert days == [WEDNESDAY]
    assert [leaf.place for leaf in await leaves(pool)] == list(range(1, 13))


@pytest.mark.parametrize("statement", ["put_files", "put_records", "put_tombstones", "put_root"])
async def test_a_sealing_that_is_killed_goes_on_and_makes_the_same_root(
    archive: Archive,
    pool: Pool,
    observe: MakeObservation,
    statement: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await store(archive, observe, ONE, "甲")
    await put_file(pool, b"%PDF")
    await archived_on(pool, MONDAY)
    whole = sealing._SQL

    class Killing:
        """The statements, but the server ends the session before one of them."""

        def __getitem__(self, name: str) -> bytes:
            return (
                b"SELECT pg_terminate_backend(pg_backend_pid())"
                if name == statement
                else whole[name]
            )

    monkeypatch.setattr(sealing, "_SQL", Killing())
    with pytest.raises(psycopg.Error):
        await seal(pool, TUESDAY)
    monkeypatch.setattr(sealing, "_SQL", whole)
    [root] = await seal(pool, TUESDAY)
    found = await leaves(pool)
    assert (root.leaves, kinds(found)) == (3, {"snapshot": 1, "file": 1, "record": 1})
    assert root.tree == tree_hash(leaf_hash(leaf.line().encode()) for leaf in found)


async def test_one_killed_between_days_goes_on_with_the_next(
    archive: Archive, pool: Pool, observe: MakeObservation, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store(archive, observe, ONE, "甲")
    await archived_on(pool, MONDAY)
    [first] = await seal(pool, TUESDAY)
    await store(archive, observe, TWO, "乙")
    await archived_on(pool, WEDNESDAY)
    whole, asked = sealing._SQL, []

    class KillingTheSecond:
        def __getitem__(self, name: str) -> bytes:
            asked.append(name)
            second = name == "put_root" and asked.count(name) == 2
            return b"SELECT pg_terminate_backend(pg_backend_pid())" if second else whole[name]

    monkeypatch.setattr(sealing, "_SQL", KillingTheSecond())
    with pytest.raises(psycopg.Error):
        await seal(pool, THURSDAY)
    assert [root.day for root in await roots(pool)] == [MONDAY, TUESDAY]
    monkeypatch.setattr(sealing, "_SQL", whole)
    assert len(await seal(pool, THURSDAY)) == 1
    chain = await roots(pool)
    assert [root.leaves for root in chain] == [2, 0, 2]
    assert [root.previous for root in chain] == [None, first.root, chain[1].root]
    assert (await check(pool)).altered == []


async def test_what_is_written_while_a_day_is_sealed_is_waited_for(
    archive: Archive, pool: Pool, observe: MakeObservation
) -> None:
    """Else its number, lower than one that is sealed, would be in no root ever."""
    await store(archive, observe, ONE, "甲")
    await archived_on(pool, MONDAY)
    async with pool.connection() as writer:
        await writer.execute(Statements("archive")["gate_shared"])
        await writer.execute(
            "INSERT INTO tonggao.revision (publication_id, valid_from, recorded_at, parser_version, source_id,"
            " record_digest, text_digest, dated_at, title, body) SELECT publication_id, valid_from + interval '1 s',"
            " recorded_at, '2', source_id, record_digest, text_digest, dated_at, title, body FROM tonggao.revision"
        )
        await store(archive, observe, TWO, "乙")
        await archived_on(pool, MONDAY)
        sealing_it = asyncio.create_task(seal(pool, TUESDAY))
        while not await waiting(pool):
            assert not sealing_it.done()
        await writer.commit()
    [root] = await sealing_it
    numbers = [leaf.number for leaf in await leaves(pool) if leaf.number]
    assert (root.records_to, numbers) == (3, [1, 2, 3])


async def waiting(pool: Pool) -> bool:
    """Whether a session waits for the writers' gate."""
    async with pool.connection() as connection:
        rows = await connection.execute(
            "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return bool(await rows.fetchall())


async def test_gaps_between_numbers_cost_nothing(
    archive: Archive, pool: Pool, observe: MakeObservation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An archive that was copied may have numbers from a milliard on."""
    asked: list[str] = []
    whole = sealing._SQL

    class Counting:
        def __getitem__(self, name: str) -> bytes:
            asked.append(name)
            return whole[name]

    await store(archive, observe, ONE, "甲")
    await tamper(pool, "UPDATE tonggao.revision SET revision_id = 4000000000")
    await archived_on(pool, MONDAY)
    monkeypatch.setattr(sealing, "_SQL", Counting())
    [root] = await seal(pool, TUESDAY)
    assert (root.records_to, root.leaves, len(asked) < 20) == (4_000_000_000, 2, True)


async def test_small_portions_make_the_same_root(
    archive: Archive, pool: Pool, observe: MakeObservation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, sign in enumerate("甲乙丙丁戊己庚"):
        await store(archive, observe, f"https://qingchuan.example/{number}.html", sign)
    await archived_on(pool, MONDAY)
    monkeypatch.setattr(sealing, "PORTION", 2)
    monkeypatch.setattr(proof_rows, "READ", 3)
    [root] = await seal(pool, TUESDAY)
    found = await leaves(pool)
    assert (root.leaves, kinds(found)) == (14, {"snapshot": 7, "record": 7})
    assert root.tree == tree_hash(leaf_hash(leaf.line().encode()) for leaf in found)


@pytest.mark.parametrize("table", ["leaf", "root"])
@pytest.mark.parametrize("change", ["DELETE FROM tonggao.{}", "UPDATE tonggao.{} SET digest = ''"])
async def test_what_is_sealed_is_neither_changed_nor_deleted(
    archive: Archive, pool: Pool, observe: MakeObservation, table: str, change: str
) -> None:
    await store(archive, observe, ONE, "甲")
    await archived_on(pool, MONDAY)
    await seal(pool, TUESDAY)
    statement = change.format(table).replace("root SET digest", "root SET root")
    with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
        async with pool.connection() as connection:
            await connection.execute(statement.encode())


async def test_what_is_imported_elsewhere_is_sealed_there_on_its_own_day(
    archive: Archive, pool: Pool, other: Pool, observe: MakeObservation
) -> None:
    """Texts travel, roots do not: the other archive can only say when it had them."""
    await store(archive, observe, ONE, "甲")
    await archived_on(pool, MONDAY)
    await seal(pool, TUESDAY)
    lines = io.StringIO()
    await export_jsonl(pool, Selection(), lines)

    async def parse(_: PageBytes) -> Release:
        raise AssertionError("JSON lines are not parsed")

    importer = Importer(Archive(other), other, parse=parse, normal=normal_url, now=now())
    await importer.jsonl(lines.getvalue().splitlines())
    await archived_on(other, TUESDAY)
    [root] = await seal(other, WEDNESDAY)
    assert (root.day, root.previous, kinds(await leaves(other))) == (TUESDAY, None, {"record": 1})
    [here, there] = [[leaf for leaf in await leaves(each) if leaf.number] for each in (pool, other)]
    assert [leaf.digest for leaf in here] == [leaf.digest for leaf in there]
    assert [root.day for root in await roots(pool)] == [MONDAY]
