"""A large archive of generated releases, copied straight into the tables, its indexes built after.

Run:  make bench-load RELEASES=2000000    (or  python -m benchmarks.archive_copy --releases N --folder DIR)

Rows of the shape that the write path makes, but for snapshots and changes. Every tenth text is in
traditional characters, every tenth has full-width digits, every twentieth zero-width spaces within words;
places are counties, common ones often. The folder is kept: the benchmarks of search, facets and exports use it again.

Each process writes blocks over a connection of its own; a block's texts depend on the seed and its number
only, so the same options make the same archive. References are not checked row by row, since all are made here.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import hashlib
import os
import random
import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import psycopg
from opencc import OpenCC

from benchmarks.archive_database import SOURCES, temporary_archive
from benchmarks.archive_texts import BEGIN, Newsroom, Story
from scraper.archive.writing.counting import count_anew
from scraper.archive.writing.divisions import divisions, sync_regions
from scraper.database import Pool

RECEIVED = BEGIN + dt.timedelta(days=700)
"""When what goes through the write path is received; the last day of a generated text."""
BASE = 1_000_000_000
"""Added to the numbers of what is copied, so that they are none that a sequence gives."""
BLOCK = 10_000
_TABLES = ("release", "publication", "revision", "fingerprint", "fingerprint_key")
_WIDE = str.maketrans({str(n): chr(0xFF10 + n) for n in range(10)})
_PUBLICATION = (
    "publication_id, url, source_id, release_id, first_seen_at, last_seen_at,"
    " revision_id, revision_from, dated_at, ranked_at"
)
_REVISION = (
    "revision_id, publication_id, valid_from, parser_version, source_id, record_digest, text_digest,"
    " dated_at, published_at, published_precision, title, body, region, named_source, column_name"
)


@dataclass(frozen=True, slots=True)
class Block:
    """So many releases from a number on, as one process copies them in one transaction."""

    server: str
    seed: int
    start: int
    count: int
    regions: tuple[str, ...]
    with_keys: bool
    with_forms: bool


def forms() -> Callable[[int, str], str]:
    """Gives the text of a number its form."""
    traditional = OpenCC("s2t")

    def form(number: int, text: str) -> str:
        if number % 10 == 3:
            return str(traditional.convert(text))
        if number % 10 == 6:
            return text.translate(_WIDE)
        return (
            "\u200b".join(text[at : at + 7] for at in range(0, len(text), 7))
            if number % 20 == 9
            else text
        )

    return form


def _as_it_is(number: int, text: str) -> str:
    del number
    return text


def copy_block(block: Block) -> int:
    """Write one block; how many releases it was."""
    room = Newsroom(block.seed * 1_000_003 + block.start)
    form = forms() if block.with_forms else _as_it_is
    numbers = range(block.start, block.start + block.count)
    stories = [(number, room.story(number)) for number in numbers]
    with psycopg.connect(block.server) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")
        for target, rows in _rows(block, room.random, stories, form):
            if target.startswith("fingerprint") and not block.with_keys:
                continue
            with cursor.copy(f"COPY tonggao.{target} FROM STDIN".encode()) as copy:
                for row in rows:
                    copy.write_row(row)
    return block.count


def _rows(
    block: Block,
    rnd: random.Random,
    stories: list[tuple[int, Story]],
    form: Callable[[int, str], str],
) -> Iterator[tuple[str, Iterator[tuple[object, ...]]]]:
    weights = list(accumulate(1 / (rank + 20) for rank in range(len(block.regions))))
    yield (
        "release (release_id, canonical_id, dated_at)",
        ((BASE + n, BASE + n, story.published_at) for n, story in stories),
    )
    yield (
        f"publication ({_PUBLICATION})",
        (
            (BASE + n, _url(n), _source(n), BASE + n, at, at, BASE + n, at, at, at)
            for n, story in stories
            for at in [story.published_at]
        ),
    )
    yield (
        f"revision ({_REVISION})",
        (
            _revision(n, s, form, rnd.choices(block.regions, cum_weights=weights))
            for n, s in stories
        ),
    )
    yield (
        "fingerprint (fingerprint_id, version, digest, release_id, publication_id, revision_id, revision_from)",
        ((n - BASE, 1, _digest(n), *[BASE + n] * 3, story.published_at) for n, story in stories),
    )
    yield (
        "fingerprint_key",
        (
            ((rnd.getrandbits(46) << 16) | _day(story), n - BASE)
            for n, story in stories
            for _ in range(33)  # near-duplicate keys of unlike texts are random
        ),
    )


def _url(number: int) -> str:
    return f"https://ballast.example/{number}"


def _source(number: int) -> str:
    return f"bench.{number % SOURCES}"


def _digest(number: int) -> bytes:
    return hashlib.blake2b(str(number).encode(), digest_size=16).digest()


def _day(story: Story) -> int:
    return (story.published_at.date().toordinal() - 719163) & 65535


def _revision(
    number: int, story: Story, form: Callable[[int, str], str], region: list[str]
) -> tuple[object, ...]:
    digest, at, key = number.to_bytes(32, "big"), story.published_at, BASE + number
    title, body = form(number, story.title), form(number, "\n".join(story.paragraphs))
    named = f"来源{number * 7919 % 997 % 211}" if number % 3 else None
    return (
        *(key, key, at, "bench", _source(number), digest, digest[:16], at, at, "minute"),
        *(title, body, region, named, f"栏目{number % 37}"),
    )


async def bulk_load(
    pool: Pool,
    count: int,
    *,
    seed: int,
    start: int = 0,
    processes: int = 2,
    with_keys: bool = True,
    with_forms: bool = True,
    unbuilt: Collection[str] = (),
) -> None:
    """Copy so many releases in and build the indexes; prints how long each took.

    Args:
        pool: connections of the tables' owner.
        count: how many releases.
        seed: of their texts.
        start: number of the first.
        processes: copy and build at once.
        with_keys: whether they get fingerprints and near-duplicate keys.
        with_forms: whether some texts are in traditional characters, full-width digits, and so on.
        unbuilt: indexes of the whole revision table whose parts are left without them.
    """
    await sync_regions(pool)
    async with pool.connection() as connection:
        server = connection.info.dsn
        await connection.execute(
            "SELECT tonggao.ensure_partition('revision', quarter)"
            " FROM generate_series(%s, %s, interval '3 months') AS quarter",
            (BEGIN, RECEIVED),
        )
    counties = [str(each["code"]) for each in divisions() if each["level"] == "county"]
    random.Random(seed).shuffle(counties)
    dropped = await asyncio.to_thread(_drop_indexes, server)
    built = [index for index in dropped if index.parent not in unbuilt]
    begin = time.perf_counter()
    blocks = [
        Block(
            *(server, seed, at, min(BLOCK, start + count - at)),
            *(tuple(counties), with_keys, with_forms),
        )
        for at in range(start, start + count, BLOCK)
    ]
    with ProcessPoolExecutor(processes) as workers:
        done = 0
        for copied in await asyncio.to_thread(lambda: workers.map(copy_block, blocks)):
            done += copied
            if done % 100_000 == 0:
                print(
                    f"  {done} of {count} copied, {time.perf_counter() - begin:.0f} s", flush=True
                )
    print(f"  copied in {time.perf_counter() - begin:.0f} s", flush=True)
    begin = time.perf_counter()
    with ThreadPoolExecutor(processes) as builders:
        await asyncio.to_thread(lambda: [*builders.map(lambda each: _build(server, each), built)])
    _attach(server, built)
    print(f"  indexes built in {time.perf_counter() - begin:.0f} s", flush=True)
    begin = time.perf_counter()
    await count_anew(pool)
    print(f"  counted in {time.perf_counter() - begin:.0f} s", flush=True)


@dataclass(frozen=True, slots=True)
class Index:
    """An index that is dropped for the time of the copying; ``parent`` where it is one of a part."""

    name: str
    definition: str
    parent: str | None
    parent_definition: str | None
    words: bool


_INDEXES = """
SELECT x.relname, pg_get_indexdef(x.oid), u.relname, pg_get_indexdef(u.oid), m.amname = 'gin'
FROM pg_index i
JOIN pg_class x ON x.oid = i.indexrelid
JOIN pg_am m ON m.oid = x.relam
JOIN pg_class t ON t.oid = i.indrelid AND t.relkind = 'r'
LEFT JOIN pg_inherits h ON h.inhrelid = x.oid
LEFT JOIN pg_class u ON u.oid = h.inhparent
LEFT JOIN pg_inherits p ON p.inhrelid = t.oid
WHERE coalesce(p.inhparent, t.oid) = ANY (ARRAY(SELECT ('tonggao.' || name)::regclass FROM unnest(%s::text[]) AS name))
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid IN (x.oid, u.oid))
ORDER BY m.amname = 'gin' DESC, pg_get_indexdef(x.oid) LIKE '%%body%%' DESC, x.relname
"""


def _drop_indexes(server: str) -> list[Index]:
    """Drop what is no constraint; of a divided table the index of the whole, each part's to be built again."""
    with psycopg.connect(server, autocommit=True) as connection:
        found = [Index(*row) for row in connection.execute(_INDEXES, (list(_TABLES),)).fetchall()]
        for name in {index.parent or index.name for index in found}:
            connection.execute(f"DROP INDEX tonggao.{name}".encode())
        for definition in {i.parent_definition for i in found if i.parent_definition}:
            connection.execute(_only(definition).encode())
    return found


def _only(definition: str) -> str:
    return definition if " ON ONLY " in definition else definition.replace(" ON ", " ON ONLY ", 1)


def _build(server: str, index: Index) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("SET maintenance_work_mem = '1GB'")
        connection.execute(index.definition.encode())


def _attach(server: str, built: Iterable[Index]) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        for index in built:
            if index.parent:
                connection.execute(
                    f"ALTER INDEX tonggao.{index.parent} ATTACH PARTITION tonggao.{index.name}".encode()
                )
        connection.execute(
            "SELECT tonggao.prepare_search(c.relname) FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid"
            " WHERE inhparent = 'tonggao.revision'::regclass"
        )
        connection.execute("VACUUM ANALYZE")
        # Whoever copies as a replica leaves no marks of what is to be counted.
        connection.execute(
            "INSERT INTO tonggao.uncounted (release_id) SELECT release_id FROM tonggao.release"
        )


async def load(options: argparse.Namespace) -> None:
    """The archive in its folder, and how long it took."""
    begin = time.perf_counter()
    async with temporary_archive(options.folder) as (_, pool):
        await bulk_load(
            pool,
            options.releases,
            seed=options.seed,
            processes=options.processes,
            with_keys=not options.without_keys,
        )
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    print(f"{options.releases} in {time.perf_counter() - begin:.0f} s, load {load:.1f} a core")


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--releases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--without-keys", action="store_true", help="no near-duplicate keys: for reading only"
    )
    parser.add_argument("--folder", type=Path, default=Path("/tmp/tonggao-bench-bulk"))  # noqa: S108
    asyncio.run(load(parser.parse_args()))


if __name__ == "__main__":
    main()
