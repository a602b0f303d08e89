"""An archive made by a released version survives every later migration, and its interruption."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace

import psycopg
import pytest

from scheduler.watches.outbox import gather
from scraper.archive import bring_addresses, ensure_partitions, refold, unfolded
from scraper.archive.watching import keeping
from scraper.archive.watching.evaluation import Evaluator
from scraper.archive.watching.events import read_wanted
from scraper.archive.watching.keeping import NewWatch
from scraper.clock import now
from scraper.database import known_migrations, migrate, migrations, open_pool
from scraper.database.embedded.binaries import wheel_programs
from scraper.urls import normal_url
from tests.database.servers import POSTGRESQL_15, restore, running

pytestmark = pytest.mark.long

RELEASED = {
    "0001_foundation": "de7fe4d39cb72f78c28cbd61d5bcebc4decea251ba21a46e8748cee7f10dade9",
    "0002_fetching": "85345f2ff0636102ba46d11d814a8cd14167c000d3e60c69a997e047c8e9d4d8",
    "0003_archive": "eda4df1f0e06bfc44f68bf6716c4f49c19bb73cf8cddb4844a0a58b59da17c13",
    "0004_scheduling": "99b2872430d1be78416d48ec526c8865c0c7985763372d6f42efd4bb8ab20642",
    "0005_search": "a76fecf063d63d163ad2d1f3f26f578fe44b8026478349ec5ac966080dec2f23",
    "0006_views": "924cbc60149422067f133893fae565929353674d2df1f73c744ccfb8a58a8e08",
    "0007_queue": "b5f6321791eb0334921d677790ef01569c95c09cb9e5b0be9775c1687e09f6f8",
    "0008_reparsing": "bf43166ee00127d75daf27a1f6f4feac061f48e672c3dcceda1f1e04205b410d",
    "0009_quarantine": "3893368f7b85552e104550e85efad682111cbeeeaa4e51cdf023ae0b1ba48550",
    "0010_attempts_by_month": "566bfda182506f995e78d6461abed21acd92f881ad763741410bf302403992f0",
    "0011_further_pages": "3ae50b747d746684f26dc02b3f5a20d5036660395f5d1d8e2e9af01cd6507504",
    "0012_merged_releases": "8aff25398c09e7d3c8079224d252195152598dc2cad34c4b022b5d6653e2d309",
}
"""SHA-256 of the migrations that archives in use were made by. They never change again."""
TABLES = (
    *("publication", "release", "revision", "change", "snapshot", "further_page", "content"),
    *("dictionary", "fingerprint", "fingerprint_key", "link", "source", "run", "region"),
    *("url_state", "attempt", "kept_file", "file", "backfill", "backfill_item"),
)
NOT_COMPARED = {
    ("change", "xid"),  # numbers of the server's transactions, which mean nothing on another one
    ("publication", "dated_at"),  # mended by 0022, see the test of its own
    ("revision", "dated_at"),
    ("release", "dated_at"),
    ("url_state", "next_try_at"),  # spread by 0013 where it is long past, see the test of its own
}


def test_released_migrations_are_unchanged() -> None:
    files = sorted((migrations.sql_folder() / "migrations").glob("*.sql"))  # type: ignore[attr-defined]
    digests = {file.stem: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    assert {name: digests.get(name) for name in RELEASED} == RELEASED


def test_migrations_are_numbered_without_a_gap_or_a_double() -> None:
    numbers = [migration.number for migration in known_migrations()]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.fixture(scope="module", params=[18, 15])
def restored(request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Makes a database with the released archive in it, on a server of either release."""
    with ExitStack() as stack:
        if request.param == 18:
            server, programs = request.getfixturevalue("server"), wheel_programs()
            with psycopg.connect(f"{server} dbname=postgres") as connection:
                if connection.info.server_version < 180_000:
                    pytest.skip("the server that the tests were given is older than this dump")
        elif POSTGRESQL_15.exists():
            server, programs = stack.enter_context(running(POSTGRESQL_15)), POSTGRESQL_15
        else:
            pytest.skip(f"PostgreSQL 15 is not installed ({POSTGRESQL_15})")
        made: list[str] = []

        def make() -> str:
            made.append(f"released_{len(made)}")
            restore(server, programs, f"postgresql{request.param}.dump", made[-1])
            return f"{server} dbname={made[-1]}"

        yield make
        with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
            for name in made:
                connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


Columns = dict[str, tuple[str, ...]]


def columns(url: str) -> Columns:
    """The columns of each table now."""
    with psycopg.connect(url) as connection:
        return {
            table: tuple(
                name
                for (name,) in connection.execute(
                    "SELECT attname::text FROM pg_attribute WHERE attrelid = %s::regclass"
                    " AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
                    (f"tonggao.{table}",),
                )
                if (table, name) not in NOT_COMPARED
            )
            for table in TABLES
        }


def rows(url: str, wanted: Columns) -> dict[str, list[str]]:
    """Every row as text, by table: years that Python has no date for are among them."""
    with psycopg.connect(url) as connection:
        connection.execute("SET timezone = 'UTC'")
        return {
            table: sorted(
                row
                for (row,) in connection.execute(
                    f"SELECT ROW({', '.join(names)})::text FROM tonggao.{table}"
                )
            )
            for table, names in wanted.items()
        }


async def test_all_rows_are_the_same_after_all_migrations(restored: Callable[[], str]) -> None:
    url = restored()
    released = columns(url)
    before = rows(url, released)
    assert [table for table in TABLES if not before[table]] == []
    done = await migrate(url)
    assert [migration.number for migration in done] == [
        migration.number for migration in known_migrations()[len(RELEASED) :]
    ]
    assert rows(url, released) == before


@pytest.mark.parametrize(("since", "spread"), [("2 days", True), ("2 hours", False)])
async def test_what_was_long_due_is_asked_for_over_a_week(
    restored: Callable[[], str], since: str, *, spread: bool
) -> None:
    url = restored()
    due = "SELECT url, next_try_at, next_try_at BETWEEN %s AND %s FROM tonggao.url_state WHERE next_try_at IS NOT NULL"
    begin = now()
    week = (begin, begin + dt.timedelta(days=8))
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE tonggao.url_state SET next_try_at = now() - %s::interval WHERE next_try_at IS NOT NULL",
            (since,),
        )
        before = connection.execute(due, week).fetchall()
    assert before
    await migrate(url)
    with psycopg.connect(url) as connection:
        after = connection.execute(due, week).fetchall()
    if spread:
        assert [soon for _, _, soon in after] == [True] * len(before)
    else:
        assert after == before


async def test_an_upgrade_tells_nobody_and_a_watch_nothing_of_the_past(
    restored: Callable[[], str],
) -> None:
    url = restored()
    await migrate(url)
    async with open_pool(url) as pool:
        await ensure_partitions(pool)
        evaluator = Evaluator(pool)
        assert await evaluator.catch_up() == 0
        every = "new,edit,withdrawn,restored,carried:2"
        await keeping.add(pool, NewWatch("的 | 市", read_wanted(every), days=36500), None)
        assert await evaluator.catch_up() == 0
        assert await gather(pool, now()) == 0
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM tonggao.watch_match").fetchone()
        told = connection.execute("SELECT count(*) FROM tonggao.watch_message").fetchone()
    assert (found, told) == ((0,), (0,))


async def test_an_interrupted_migration_is_run_again(
    restored: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each later one in turn fails after its last statement; the next call does it whole."""
    url, known = restored(), known_migrations()
    released = columns(url)
    before = rows(url, released)
    for place in range(len(RELEASED), len(known)):
        broken = replace(known[place], text=f"{known[place].text}\n;SELECT 1 / 0;")
        monkeypatch.setattr(migrations, "known_migrations", lambda: (*known[:place], broken))  # noqa: B023
        with pytest.raises(psycopg.errors.DivisionByZero):
            await migrate(url)
    monkeypatch.setattr(migrations, "known_migrations", lambda: known)
    assert len(await migrate(url)) == (1 if len(known) > len(RELEASED) else 0)
    assert rows(url, released) == before


PAIRS = (
    ("http://qingchuan.test/show.jsp;jsessionid={}?id=1", "A", "B"),
    ("http://qingchuan.test/show.asp?id=2&PHPSESSID={}", "A", "B"),
    ("http://{}/3.html", "政务.test", "xn--zfr164b.test"),
)


async def test_addresses_of_the_released_archive_are_brought_over(
    restored: Callable[[], str],
) -> None:
    """Pairs of its publications are given addresses that have one key now: nothing is lost or doubled."""
    url = restored()
    wanted = [form.format(name) for form, *names in PAIRS for name in names]
    with psycopg.connect(url) as connection:
        numbers = connection.execute(
            "SELECT publication_id FROM tonggao.publication WHERE withdrawn_at IS NULL AND revision_id IS NOT NULL"
            " ORDER BY publication_id LIMIT %s",
            (len(wanted),),
        ).fetchall()
        for (number,), address in zip(numbers, wanted, strict=True):
            connection.execute(
                "UPDATE tonggao.publication SET url = %s WHERE publication_id = %s",
                (address, number),
            )
    before = counted(url)
    await migrate(url)
    async with open_pool(url) as pool:
        done = {each.relation: each for each in await bring_addresses(pool, batch=3)}
    assert done["publication"].merged == len(PAIRS)
    after = counted(url)
    assert after.pop("publication") == before.pop("publication") - len(PAIRS)
    assert after == before
    with psycopg.connect(url) as connection:
        left = {row[0] for row in connection.execute("SELECT url FROM archive.publications")}
        assert {normal_url(address) for address in wanted} <= left
        assert len(left) == len({normal_url(address) for address in left})
        merged = connection.execute(
            "SELECT publication_id, merged_into FROM archive.merged_publications ORDER BY 1"
        ).fetchall()
    pairs = [number for (number,) in numbers]
    assert merged == [(pairs[n + 1], pairs[n]) for n in range(0, len(pairs), 2)]


def counted(url: str) -> dict[str, int]:
    """How many rows stand, and how many publications are withdrawn."""
    tables = ("publication", "revision", "snapshot", "further_page", "content", "fingerprint")
    queries = {name: f"SELECT count(*) FROM tonggao.{name}" for name in (*tables, "kept_file")}
    queries["withdrawn"] = "SELECT count(*) FROM tonggao.publication WHERE withdrawn_at IS NOT NULL"
    with psycopg.connect(url) as connection:
        rows = {name: connection.execute(query).fetchone() for name, query in queries.items()}
    return {name: row[0] for name, row in rows.items() if row}


async def test_only_dates_that_slid_are_mended(restored: Callable[[], str]) -> None:
    """An undated page's date is that of its first sight again; no canonical publication moves."""
    url = restored()
    dates = """
        SELECT p.url, p.dated_at::text, r.dated_at::text, r.canonical_id, p.ranked_at::text, p.first_seen_at::text
        FROM tonggao.publication p JOIN tonggao.release r USING (release_id) ORDER BY p.url"""
    with psycopg.connect(url) as connection:
        before = connection.execute(dates).fetchall()
    await migrate(url)
    with psycopg.connect(url) as connection:
        after = connection.execute(dates).fetchall()
    assert [(row[0], *row[3:]) for row in after] == [(row[0], *row[3:]) for row in before]
    moved = [
        (new[0], new[1] == new[2] == new[5])
        for old, new in zip(before, after, strict=True)
        if old != new
    ]
    assert moved == [("https://www.qingchuan.example/yw/notice.html", True)]


async def test_the_search_index_of_the_released_archive_is_brought_over(
    restored: Callable[[], str],
) -> None:
    """And a view of the user's own over the former function goes on."""
    url = restored()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE VIEW public.mine AS SELECT * FROM archive.search('的')")
        before = connection.execute("SELECT release_id FROM public.mine ORDER BY 1").fetchall()
        assert before
    await migrate(url)
    async with open_pool(url) as pool:
        assert await unfolded(pool)
        await refold(pool)
        assert await unfolded(pool) == []
    with psycopg.connect(url) as connection:
        mine = connection.execute("SELECT release_id FROM public.mine ORDER BY 1").fetchall()
        found = connection.execute("SELECT release_id FROM archive.search('的') ORDER BY 1")
        assert mine == found.fetchall() == before
        parts = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE x.indisvalid) FROM pg_index x"
            " WHERE x.indexrelid IN ('tonggao.revision_by_folded_words'::regclass,"
            " 'tonggao.revision_by_folded_title'::regclass)"
        )
        assert parts.fetchone() == (2, 2)


async def test_kept_files_keep_bytes_and_dates_and_nothing_more_is_fetched(
    restored: Callable[[], str],
) -> None:
    """Each kept file is a version of its address; enabled sources stay at off."""
    url = restored()
    with psycopg.connect(url) as connection:
        connection.execute(
            "UPDATE tonggao.source SET enabled = true, enabled_at = now() WHERE source_id = 'qingchuan.gov'"
        )
        kept = connection.execute(
            "SELECT k.url, k.fetched_at, encode(k.digest, 'hex'), f.content FROM tonggao.kept_file k"
            " JOIN tonggao.file f USING (digest) ORDER BY 1, 2"
        ).fetchall()
    assert kept
    await migrate(url)
    with psycopg.connect(url) as connection:
        versions = connection.execute(
            "SELECT a.url, v.first_at, encode(v.digest, 'hex'), f.content FROM tonggao.file_version v"
            " JOIN tonggao.file_address a USING (url_digest) JOIN tonggao.file f ON f.digest = v.digest ORDER BY 1, 2"
        ).fetchall()
        due = connection.execute(
            "SELECT count(*) FROM tonggao.file_address WHERE next_try_at IS NOT NULL"
        ).fetchone()
        told = connection.execute("SELECT source_id, attachments FROM tonggao.source").fetchall()
    assert versions == kept
    assert due == (0,)
    assert ("qingchuan.gov", "off") in told
    assert ("dongshan.daily", "text") in told
