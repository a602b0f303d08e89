"""Every kind of value that a digest covers, altered by as little as one bit: found, and named by its row."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, get_args

import pytest
import zstandard

from scraper.archive import Archive, Observation
from scraper.archive.integrity.checking import check, counts
from scraper.archive.integrity.findings import CHAIN, Covered
from scraper.archive.proof.chain import head_of, root_of
from scraper.archive.proof.merkle import leaf_hash, tree_hash
from scraper.archive.proof.sealing import seal
from scraper.archive.snapshots.compression import compress, decompress
from scraper.archive.snapshots.storage import UNREADABLE
from scraper.database import Pool
from scraper.record import serial
from scraper.record.forms import plain
from scraper.record.release import Release
from scraper.record.serial import FIELDS, convicts, record_digest, to_columns

from .chains import MONDAY, TUESDAY, archived_on, leaves, tamper
from .conftest import MORNING, MakeObservation
from .test_fields import full_release

PAGE = (
    "<html><body>" + "".join(f"<p>第{n}段，{n * 37 % 101}家企业</p>" for n in range(150))
).encode()
LIKE_IT = PAGE.replace("企业".encode(), "工厂".encode())
FILE = b"%PDF-1.7 of the attachment"
FULL = full_release()
Found = tuple[str, str]
"""The row of an altered value, and the digest of what is there."""


@pytest.fixture
async def stored(archive: Archive, pool: Pool, observe: MakeObservation) -> Pool:
    """A page, one that is compressed against it, a file, and a record of which every field has a value."""
    await archive.store(observe("https://qingchuan.example/1.html", body=PAGE))
    await archive.store(observe("https://qingchuan.example/2.html", title="另一", body=LIKE_IT))
    await archive.store(Observation("qingchuan.gov", FULL.url, FULL, MORNING))
    await execute(
        pool,
        "INSERT INTO tonggao.file (digest, size, content) VALUES (%s, %s, %s)",
        hashlib.sha256(FILE).digest(),
        len(FILE),
        FILE,
    )
    await archived_on(pool, MONDAY)
    await seal(pool, TUESDAY)
    return pool


async def execute(pool: Pool, statement: str, *values: object) -> None:
    async with pool.connection() as connection:
        done = await connection.execute(statement.encode(), values)
        assert done.rowcount == 1


async def altered(pool: Pool) -> list[tuple[Covered, str, str]]:
    return [(each.kind, each.row, each.found) for each in (await check(pool)).altered]


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


async def alter_page_stored_alone(pool: Pool) -> list[Found]:
    forged = PAGE.replace(b"37", b"38", 1)
    await put_frame(pool, PAGE, compress(forged), dictionary="NULL")
    return [(f"tonggao.content {sha256(PAGE)}", sha256(forged))]


async def alter_page_beside_another(pool: Pool) -> list[Found]:
    forged = LIKE_IT.replace(b"37", b"38", 1)
    await put_frame(pool, LIKE_IT, compress(forged, PAGE))
    return [(f"tonggao.content {sha256(LIKE_IT)}", sha256(forged))]


async def alter_page_that_others_are_compressed_against(pool: Pool) -> list[Found]:
    forged = PAGE.replace("第".encode(), "策".encode())
    await execute(pool, "UPDATE tonggao.dictionary SET bytes = %s", compress(forged))
    return [
        (
            f"tonggao.content {sha256(page)}",
            sha256(decompress(compress(page, PAGE), len(page), forged)),
        )
        for page in sorted((PAGE, LIKE_IT), key=sha256)
    ]


async def put_frame(
    pool: Pool, page: bytes, frame: bytes, *, dictionary: str = "dictionary_id"
) -> None:
    await execute(
        pool,
        f"UPDATE tonggao.content SET bytes = %s, dictionary_id = {dictionary} WHERE digest = %s",
        frame,
        hashlib.sha256(page).digest(),
    )


async def alter_bytes_of_a_file(pool: Pool) -> list[Found]:
    await execute(pool, "UPDATE tonggao.file SET content = set_byte(content, 4, 7)")
    return [(f"tonggao.file {sha256(FILE)}", sha256(FILE[:4] + b"\x07" + FILE[5:]))]


async def alter_digest_of_a_file(pool: Pool) -> list[Found]:
    await execute(pool, "UPDATE tonggao.file SET digest = set_byte(digest, 31, 0)")
    return [(f"tonggao.file {sha256(FILE)[:-2]}00", sha256(FILE))]


async def alter_record(pool: Pool) -> list[Found]:
    await execute(
        pool, "UPDATE tonggao.revision SET title = title || '。' WHERE title = %s", FULL.title
    )
    forged = record_digest(replace(FULL, title=f"{FULL.title}。"))
    return [(f"tonggao.revision 3 ({FULL.url})", forged.hex())]


async def alter_leaf(pool: Pool) -> list[Found]:
    """A leaf of a page: told by the root, and found as the page that nothing has."""
    await tamper(pool, "UPDATE tonggao.leaf SET digest = sha256('x') WHERE place = 1")
    return [
        (f"tonggao.root {MONDAY} (the tree of its leaves)", await tree_of(pool)),
        (f"tonggao.content {sha256(b'x')} (leaf 1)", "missing"),
    ]


async def alter_leaf_of_a_record(pool: Pool) -> list[Found]:
    record = record_digest(FULL).hex()
    await tamper(
        pool,
        "UPDATE tonggao.leaf SET digest = set_byte(digest, 32, 255 - get_byte(digest, 32)) WHERE number = 3",
    )
    return [
        (f"tonggao.root {MONDAY} (the tree of its leaves)", await tree_of(pool)),
        ("tonggao.revision 3 (leaf 6)", record),
    ]


async def alter_record_and_its_digest(pool: Pool) -> list[Found]:
    """What the record's own digest cannot tell."""
    forged = replace(FULL, title=f"{FULL.title}。")
    await execute(
        pool,
        "UPDATE tonggao.revision SET title = %s, record_digest = %s WHERE revision_id = 3",
        forged.title,
        record_digest(forged),
    )
    return [("tonggao.revision 3 (leaf 6)", record_digest(forged).hex())]


async def take_a_record_out(pool: Pool) -> list[Found]:
    await tamper(pool, "DELETE FROM tonggao.revision WHERE revision_id = 3")
    return [("tonggao.revision 3 (leaf 6)", "missing")]


async def take_a_file_out(pool: Pool) -> list[Found]:
    await tamper(pool, "DELETE FROM tonggao.file")
    return [(f"tonggao.file {sha256(FILE)} (leaf 3)", "missing")]


async def take_a_leaf_out(pool: Pool) -> list[Found]:
    await tamper(pool, "DELETE FROM tonggao.leaf WHERE place = 2")
    return [
        ("tonggao.leaf 2", "missing"),
        (f"tonggao.root {MONDAY} (the tree of its leaves)", await tree_of(pool)),
    ]


async def put_a_record_in_afterwards(pool: Pool) -> list[Found]:
    """Under a number that the roots cover all of: that of a text that was never committed."""
    await tamper(pool, "DELETE FROM tonggao.leaf WHERE number = 3")
    await tamper(pool, "UPDATE tonggao.root SET leaves = 5, last_place = 5")
    tree = await tree_of(pool)
    values = "UPDATE tonggao.root SET tree = %s, blocks = %s, root = %s"
    told = bytes.fromhex(tree)
    await tamper(pool, values, told, told, root_of(head_of(MONDAY, 5, told, None)))
    return [("tonggao.revision 3", record_digest(FULL).hex())]


async def alter_root(pool: Pool) -> list[Found]:
    await tamper(pool, "UPDATE tonggao.root SET root = sha256('x')")
    tree = await tree_of(pool)
    return [
        (f"tonggao.root {MONDAY}", root_of(head_of(MONDAY, 6, bytes.fromhex(tree), None)).hex())
    ]


async def alter_day_of_root(pool: Pool) -> list[Found]:
    await tamper(pool, "UPDATE tonggao.root SET day = day - 1")
    tree, before = await tree_of(pool), MONDAY - dt.timedelta(days=1)
    return [
        (f"tonggao.root {before}", root_of(head_of(before, 6, bytes.fromhex(tree), None)).hex())
    ]


async def tree_of(pool: Pool) -> str:
    """The tree hash of the leaves that there are."""
    return tree_hash(leaf_hash(leaf.line().encode()) for leaf in await leaves(pool)).hex()


ALTERING: Mapping[Covered, tuple[Callable[[Pool], Awaitable[list[Found]]], ...]] = {
    Covered.SNAPSHOT: (
        alter_page_stored_alone,
        alter_page_beside_another,
        alter_page_that_others_are_compressed_against,
    ),
    Covered.FILE: (alter_bytes_of_a_file, alter_digest_of_a_file),
    Covered.RECORD: (alter_record,),
    Covered.LEAF: (
        alter_leaf,
        alter_leaf_of_a_record,
        alter_record_and_its_digest,
        take_a_record_out,
        take_a_file_out,
        take_a_leaf_out,
        put_a_record_in_afterwards,
    ),
    Covered.ROOT: (alter_root, alter_day_of_root),
}
"""What is done to a value of each kind: gives what is to be found, in the order of the rows."""


@pytest.mark.parametrize("kind", Covered)
async def test_each_kind_that_is_covered_is_altered_here_and_counted(
    stored: Pool, kind: Covered
) -> None:
    assert ALTERING[kind]
    assert (await counts(stored))[kind] > 0
    assert (await check(stored)).checked[kind] == (await counts(stored))[kind]


@pytest.mark.parametrize(("kind", "alter"), [(k, a) for k in ALTERING for a in ALTERING[k]])
async def test_an_altered_value_is_named_with_both_digests(
    stored: Pool, kind: Covered, alter: Callable[[Pool], Awaitable[list[Found]]]
) -> None:
    assert await altered(stored) == []
    expected = await alter(stored)
    found = await altered(stored)
    assert kind in {each for each, *_ in found}
    of_it = [(row, digest) for each, row, digest in found if each is kind or kind in CHAIN]
    assert of_it == expected


@pytest.mark.parametrize(
    ("page", "beside"), [(PAGE, None), (LIKE_IT, PAGE)], ids=["alone", "beside another"]
)
def test_whatever_bit_of_a_frame_is_turned_the_page_is_the_same_or_refused(
    page: bytes, beside: bytes | None
) -> None:
    """Or other bytes, which the digest tells; never an error of another kind, such as of memory."""
    frame = compress(page, beside)
    ends: set[bool | None] = set()
    for place in range(len(frame) * 8):
        turned = bytearray(frame)
        turned[place // 8] ^= 1 << place % 8
        try:
            ends.add(decompress(bytes(turned), len(page), beside) == page)
        except zstandard.ZstdError:
            ends.add(None)
    assert ends == {True, False, None}


async def test_a_frame_that_claims_more_than_was_stored_is_an_alteration(stored: Pool) -> None:
    frame = bytearray(compress(PAGE))
    frame[4] |= 0x80  # eight bytes of length in place of two
    await put_frame(stored, PAGE, bytes(frame), dictionary="NULL")
    assert await altered(stored) == [
        (Covered.SNAPSHOT, f"tonggao.content {sha256(PAGE)}", UNREADABLE)
    ]


def leaves_altered(kind: Any, value: Any) -> Iterator[Any]:
    """The value with one of its parts altered, for each part."""
    if isinstance(value, str):
        other = [word for word in get_args(kind) if word != value]
        yield other[0] if other else value[:-1] + chr(ord(value[-1]) ^ 1)
    elif isinstance(value, dt.datetime):
        yield value + dt.timedelta(seconds=1)
    elif isinstance(value, dt.date):
        yield value + dt.timedelta(days=1)
    elif isinstance(value, tuple):
        inner = get_args(kind)[0]
        for place, part in enumerate(value):
            for each in leaves_altered(inner, part):
                yield (*value[:place], each, *value[place + 1 :])
    else:
        assert is_dataclass(value), kind
        for part in fields(value):
            for each in leaves_altered(part.type, getattr(value, part.name)):
                yield replace(value, **{part.name: each})  # type: ignore[type-var]


def alterations() -> list[tuple[str, Release]]:
    return [
        (f"{part.name} {place}", replace(FULL, **{part.name: each}))
        for part in FIELDS
        if part.stated and part.column
        for place, each in enumerate(leaves_altered(part.type, getattr(FULL, part.name)))
    ]


@pytest.mark.parametrize(
    ("where", "forged"), alterations(), ids=lambda value: value if isinstance(value, str) else ""
)
def test_any_part_of_a_record_that_is_altered_convicts_it(where: str, forged: Release) -> None:
    assert convicts(record_digest(FULL), forged), where


async def test_a_record_with_every_field_altered_in_turn_is_found_where_it_stands(
    stored: Pool,
) -> None:
    """One by one in the database, as whoever has the owner's password would do it."""
    seen: dict[str, Release] = {}
    for where, forged in alterations():
        seen.setdefault(where.partition(" ")[0], forged)
    assert len(seen) > 15
    for name, forged in seen.items():
        (column,) = (part.column for part in FIELDS if part.name == name)
        await execute(
            stored,
            f"UPDATE tonggao.revision SET {column} = %s WHERE revision_id = 3",
            to_columns(forged)[column],
        )
        [(kind, row, found)] = await altered(stored)
        assert (kind, row) == (Covered.RECORD, f"tonggao.revision 3 ({FULL.url})"), name
        assert found == record_digest(forged).hex(), name
        await execute(
            stored,
            f"UPDATE tonggao.revision SET {column} = %s WHERE revision_id = 3",
            to_columns(FULL)[column],
        )
    assert await altered(stored) == []


async def test_a_record_of_the_first_form_is_named_as_unproved(stored: Pool) -> None:
    """What it differs in may be what that form told otherwise: no alarm, but the row is said."""
    first = Release("标题", ("正文",), FULL.url)
    values = {part.name: plain(getattr(first, part.name)) for part in FIELDS}
    digest = serial._sha256({name: values[name] for name in serial._FIELDS_OF_THE_FIRST_FORM})
    columns = {**to_columns(first), "record_digest": digest}
    await tamper(stored, "TRUNCATE tonggao.root, tonggao.root_timestamp, tonggao.leaf")
    await execute(
        stored,
        f"UPDATE tonggao.revision SET {', '.join(f'{name} = %s' for name in columns)} WHERE revision_id = 3",
        *columns.values(),
    )
    untouched = await check(stored)
    assert (untouched.altered, untouched.unproved) == ([], [])
    await execute(stored, "UPDATE tonggao.revision SET body = '正丈' WHERE revision_id = 3")
    touched = await check(stored)
    assert touched.altered == []
    assert touched.unproved == [f"tonggao.revision 3 ({FULL.url})"]
