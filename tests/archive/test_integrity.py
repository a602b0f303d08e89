"""A stored value that is altered is found, named and not handed out."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.health.integrity import check_share
from scraper.archive import Archive
from scraper.archive.exchange.exporting import export_jsonl, export_table, export_warc
from scraper.archive.exchange.tables import CsvTable
from scraper.archive.integrity.checking import check, not_kept
from scraper.archive.integrity.findings import (
    CHAIN,
    WHOLE,
    Alteration,
    Covered,
    Share,
    of_the_day,
    sample,
)
from scraper.archive.querying.reading import Selection, show_release
from scraper.archive.snapshots.compression import compress
from scraper.archive.writing.file_store import FileArchive
from scraper.database import Pool
from scraper.errors import Altered

from .conftest import MakeObservation

FORGED = b"<html>" + b"forged " * 200


async def execute(pool: Pool, statement: str, *values: object) -> None:
    async with pool.connection() as connection:
        await connection.execute(statement.encode(), values)


@pytest.fixture
async def stored(archive: Archive, pool: Pool, observe: MakeObservation) -> bytes:
    """Two pages and a file; the first page's digest."""
    body = b"<html>" + "真".encode() * 500
    await archive.store(observe("https://qingchuan.example/1.html", body=body))
    await archive.store(
        observe("https://qingchuan.example/2.html", title="另一场会", paragraphs=("乙" * 90,))
    )
    await execute(
        pool,
        "INSERT INTO tonggao.file (digest, size, content) VALUES (sha256('abc'), 3, 'abc')",
    )
    return hashlib.sha256(body).digest()


async def test_what_was_stored_agrees(pool: Pool, stored: bytes) -> None:
    found = await check(pool)
    assert found.altered == []
    assert {kind: found.checked[kind] for kind in Covered if kind not in CHAIN} == {
        Covered.SNAPSHOT: 2,
        Covered.FILE: 1,
        Covered.RECORD: 2,
    }


async def test_forged_bytes_of_a_snapshot_are_found_and_not_read(
    pool: Pool, archive: Archive, stored: bytes
) -> None:
    forge = (
        "UPDATE tonggao.content SET bytes = %s, size = %s, dictionary_id = NULL WHERE digest = %s"
    )
    await execute(pool, forge, compress(FORGED), len(FORGED), stored)
    [altered] = (await check(pool)).altered
    assert altered == Alteration(
        Covered.SNAPSHOT,
        f"tonggao.content {stored.hex()}",
        stored.hex(),
        hashlib.sha256(FORGED).hexdigest(),
    )
    with pytest.raises(Altered, match=stored.hex()):
        await archive.snapshots.read(stored)


async def test_a_damaged_frame_is_an_alteration(pool: Pool, stored: bytes) -> None:
    await execute(pool, "UPDATE tonggao.content SET bytes = 'torn' WHERE digest = %s", stored)
    [altered] = (await check(pool)).altered
    assert altered.found == "unreadable"


async def test_an_altered_file_is_found_and_not_handed_out(pool: Pool, stored: bytes) -> None:
    await execute(pool, "UPDATE tonggao.file SET content = 'abd'")
    [altered] = (await check(pool)).altered
    assert altered.kind is Covered.FILE
    with pytest.raises(Altered):
        await FileArchive(pool).read(hashlib.sha256(b"abc").hexdigest())


@pytest.mark.parametrize(
    "change",
    [
        "title = '改'",
        "body = body || '。'",
        "author = '某某'",
        "published_at = published_at + interval '1 s'",
    ],
)
async def test_an_altered_record_is_found(pool: Pool, stored: bytes, change: str) -> None:
    await execute(pool, f"UPDATE tonggao.revision SET {change} WHERE title <> '另一场会'")
    [altered] = (await check(pool)).altered
    assert altered.kind is Covered.RECORD
    assert "https://qingchuan.example/1.html" in altered.row


async def test_what_a_policy_deleted_is_not_kept_and_no_alteration(
    pool: Pool, stored: bytes
) -> None:
    await execute(pool, "DELETE FROM tonggao.content WHERE digest = %s", stored)
    found = await check(pool)
    assert (found.altered, found.checked[Covered.SNAPSHOT], await not_kept(pool)) == ([], 1, 1)


async def test_the_daemon_tells_within_a_day_and_once(pool: Pool, stored: bytes) -> None:
    await execute(pool, "UPDATE tonggao.file SET content = 'abd'")
    begin = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
    told = [await check_share(pool, begin + dt.timedelta(minutes=10 * n)) for n in range(144)]
    assert sum(told) == 1
    async with pool.connection() as connection:
        rows = await connection.execute("SELECT kind, sentence FROM tonggao.event")
        [(kind, sentence)] = await rows.fetchall()
    assert kind == "integrity"
    assert "tonggao.file" in sentence


@given(st.integers(1, 10_000), st.integers(1, 10_000))
def test_shares_of_a_sample_have_about_so_many(total: int, wanted: int) -> None:
    shares = sample(total, wanted, lambda: 0.5)
    width = sum(share.high - share.low for share in shares)
    assert shares == [WHOLE] if wanted >= total else abs(width * total - wanted) < 1e-6 * total


def test_the_shares_of_a_day_are_everything_once() -> None:
    begin = dt.datetime(2026, 11, 28, tzinfo=dt.UTC)
    shares = sorted(
        (of_the_day(begin + dt.timedelta(seconds=600 * n), 600.0) for n in range(144)),
        key=lambda share: share.low,
    )
    assert shares[0].low == 0
    assert shares[-1].high == 1
    assert all(one.digests()[1] == other.digests()[0] for one, other in pairwise(shares))
    assert [Share().numbers(10)] == [(0, 10)]


async def _jsonl(pool: Pool) -> None:
    await export_jsonl(pool, Selection(), io.StringIO())


async def _table(pool: Pool) -> None:
    await export_table(pool, Selection(), CsvTable(io.StringIO(), raw=True))


async def _warc(pool: Pool) -> None:
    await execute(pool, "DELETE FROM tonggao.content")
    await export_warc(pool, Selection(), io.BytesIO(), name="a.warc.gz", software="tonggao")


async def _show(pool: Pool) -> None:
    for number in (1, 2):
        await show_release(pool, number)


@pytest.mark.parametrize("way", [_jsonl, _table, _warc, _show])
async def test_an_altered_record_leaves_the_archive_in_no_way(
    pool: Pool, stored: bytes, way: Callable[[Pool], Awaitable[None]]
) -> None:
    await way(pool)
    await execute(pool, "UPDATE tonggao.revision SET body = body || '。' WHERE title <> '另一场会'")
    with pytest.raises(
        Altered, match=r"tonggao\.revision \d+ \(https://qingchuan\.example/1\.html\)"
    ):
        await way(pool)
