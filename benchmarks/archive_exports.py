"""Exports at size: time and memory by format; then the cookbook's aggregates on ten million rows in DuckDB.

Run:  make bench-exports    (or  python -m benchmarks.archive_exports --releases 1000000 --folder DIR)

1. Generated releases are copied in (``archive_copy``), unless the folder has them already.
2. ``tonggao export`` runs as a process of its own in each format. Its peak of resident memory is read after
   a tenth, a half and all of the rows: an export that streams has the same at each. WARC needs pages, so
   ``--pages`` releases go through the whole write path and are exported by their sources.
3. Parquet files by month are written with the program's own schema, ``--rows`` rows in all, their texts cut
   to one paragraph; the queries of ``docs/cookbook.md`` are asked of them, each in a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from benchmarks.archive_copy import RECEIVED, bulk_load
from benchmarks.archive_database import SOURCES, temporary_archive
from benchmarks.archive_load import observations
from benchmarks.archive_texts import BEGIN, Newsroom
from scraper.archive import Archive
from scraper.archive.exchange.tables import arrow_schema
from scraper.database import Pool

ROOT = Path(__file__).resolve().parents[1]
FORMATS = {
    "jsonl": ("--format", "jsonl", "-o"),
    "csv": ("--format", "csv", "-o"),
    "parquet": ("--format", "parquet", "-o"),
    "by month": ("--into",),
    "xlsx": ("--format", "xlsx", "--split", "-o"),
}
SHARES = (0.1, 0.5, 1.0)
_ROWS = 20_000
"""Rows that are made; the others repeat them with numbers, days and sources of their own."""


async def exports(pool: Pool, chosen: list[str], folder: Path) -> None:
    """Each format for the first tenth, the first half, and all of the time that the texts are of."""
    async with pool.connection() as connection:
        server = connection.info.dsn
    for name in chosen:
        for share in SHARES:
            until = BEGIN + (RECEIVED - BEGIN) * share
            words = () if share == 1.0 else ("--until", f"{until:%Y-%m-%d}")
            await asyncio.to_thread(_export, server, name, words, folder)


async def pages(archive: Archive, pool: Pool, count: int, folder: Path) -> None:
    """WARC of so many pages, and of a tenth of them."""
    async with pool.connection() as connection:
        server = connection.info.dsn
        row = await connection.execute("SELECT count(*) FROM tonggao.snapshot")
        [stored] = await row.fetchone() or (0,)
    if stored < count:
        room = Newsroom(stored + 5)
        await archive.store_many(list(observations(room, 500_000_000 + stored, count - stored)))
    for words in (("--source", "bench.1"), ()):
        await asyncio.to_thread(_export, server, "warc", words, folder)


def _export(server: str, name: str, words: tuple[str, ...], folder: Path) -> None:
    target = folder / f"out.{name.replace(' ', '-')}"
    command = [sys.executable, "-m", "scheduler", "export", *words]
    environment = os.environ | {"TONGGAO_DATABASE_URL": server, "PYTHONPATH": str(ROOT)}
    begin = time.perf_counter()
    if name == "warc":
        command += ["--format", "warc", "-o", str(target)]
    else:
        command += [*FORMATS[name], str(target)]
    child = subprocess.Popen(  # noqa: S603 - our own program
        command, env=environment, stderr=subprocess.PIPE, text=True
    )
    told = child.stderr.read() if child.stderr else ""
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    spent = time.perf_counter() - begin
    size = sum(file.stat().st_size for file in [target, *target.rglob("*")] if file.is_file())
    shutil.rmtree(target) if target.is_dir() else target.unlink()
    if child.returncode:
        raise SystemExit(told)
    count = re.search(r"(\d+) (?:texts|pages) written", told)
    print(
        f"  {name:<9} {count[1] if count else '?':>8} rows {spent:7.1f} s  CPU here {used.ru_utime + used.ru_stime:6.1f} s"
        f"  peak {used.ru_maxrss / 1024:6.0f} MiB  file {size / 1e6:7.0f} MB  load {os.getloadavg()[0] / 2:.1f} a core",
        flush=True,
    )


def generate(folder: Path, rows: int) -> None:
    """Months of Parquet as ``export --into`` has them."""
    rnd, room = random.Random(1), Newsroom(1)
    base = pa.RecordBatch.from_pylist(
        [_row(rnd, room, number) for number in range(_ROWS)], schema=arrow_schema()
    )
    months = [dt.date(2023 + n // 12, n % 12 + 1, 1) for n in range(24)]
    for at, month in enumerate(months):
        place = folder / f"month={month:%Y-%m}"
        place.mkdir(parents=True, exist_ok=True)
        with parquet.ParquetWriter(
            place / "releases.parquet", base.schema, compression="zstd"
        ) as file:
            wanted = rows // len(months)
            for start in range(0, wanted, _ROWS):
                part = _repeated(base, rnd, month, at * wanted + start, min(_ROWS, wanted - start))
                file.write_batch(part)


def _row(rnd: random.Random, room: Newsroom, number: int) -> dict[str, object]:
    story = room.story(number, sentences=4)
    return {
        "title": story.title,
        "paragraphs": story.paragraphs,
        "url": f"https://qingchuan.example/{number}",
        "source": f"来源{rnd.randrange(200)}" if number % 3 else None,
        "published_precision": "minute" if number % 4 else "day",
        "region": [f"{rnd.randrange(11, 66)}{rnd.randrange(1, 20):02d}{rnd.randrange(1, 20):02d}"],
        "parser_version": "bench",
        "source_id": f"bench.{number % SOURCES}",
        "publisher": f"出版者{number % SOURCES}",
        "canonical": number % 5 != 0,
        "brought_by": "visit",
    }


def _repeated(
    base: pa.RecordBatch, rnd: random.Random, month: dt.date, first: int, count: int
) -> pa.RecordBatch:
    begin = dt.datetime.combine(month, dt.time(), dt.UTC)
    times = pa.array(
        [begin + dt.timedelta(minutes=rnd.randrange(28 * 1440)) for _ in range(count)],
        base.schema.field("dated_at").type,
    )
    numbers = pa.array(range(first, first + count))
    columns = {
        "dated_at": times,
        "published_at": times,
        "fetched_at": times,
        "publication_id": numbers,
        "revision_id": numbers,
        # A copy, every fifth, is of the release before it.
        "release_id": pa.array([n - (n % 5 == 0) for n in range(first, first + count)]),
    }
    part = base.slice(0, count)
    for name, values in columns.items():
        part = part.set_column(part.schema.get_field_index(name), base.schema.field(name), values)
    return part


_ASK = """
import sys, resource, time, duckdb
view, query = sys.argv[1:]
with duckdb.connect() as database:
    database.execute("SET enable_progress_bar = false")
    database.execute(view)
    begin = time.perf_counter()
    rows = database.execute(query).fetchall()
    spent = time.perf_counter() - begin
used = resource.getrusage(resource.RUSAGE_SELF)
print(f"{spent:6.2f} s  CPU {used.ru_utime + used.ru_stime:6.1f} s  peak {used.ru_maxrss / 1024:6.0f} MiB  {len(rows)} rows")
"""


def aggregates(folder: Path) -> None:
    """Each query of the cookbook on the months in a folder."""
    text = (ROOT / "docs/cookbook.md").read_text("utf-8")
    view, *queries = re.findall(r"^```duckdb\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    view = view.replace("by-month/", f"{folder}/")
    for query in queries:
        done = subprocess.run(  # noqa: S603 - a script of ours
            [sys.executable, "-c", _ASK, view, query], capture_output=True, text=True, check=True
        )
        print(f"  {done.stdout.strip()}  {' '.join(query.split())[:60]}", flush=True)


async def measure(options: argparse.Namespace) -> None:
    """The first two steps."""
    async with temporary_archive(options.folder) as (archive, pool):
        async with pool.connection() as connection:
            row = await connection.execute("SELECT count(*) FROM tonggao.publication")
            [stored] = await row.fetchone() or (0,)
        if stored < options.releases:
            await bulk_load(pool, options.releases - stored, seed=1, start=stored)
        print(f"tonggao export, {options.releases} releases:", flush=True)
        with tempfile.TemporaryDirectory(dir=options.folder) as out:
            await exports(pool, options.formats.split(","), Path(out))
            await pages(archive, pool, options.pages, Path(out))


def outside(options: argparse.Namespace) -> None:
    """The third step."""
    with tempfile.TemporaryDirectory(dir=options.folder) as months:
        begin = time.perf_counter()
        generate(Path(months), options.rows)
        size = sum(file.stat().st_size for file in Path(months).rglob("*.parquet"))
        print(f"{options.rows} rows, {size / 1e6:.0f} MB, in {time.perf_counter() - begin:.0f} s")
        aggregates(Path(months))


def main() -> None:
    """Read the options and run."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--releases", type=int, default=1_000_000, help="0: no exports")
    parser.add_argument("--formats", default=",".join(FORMATS), help="some of them, with commas")
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--rows", type=int, default=10_000_000, help="0: no aggregates")
    parser.add_argument("--folder", type=Path, default=Path("/tmp/tonggao-bench-bulk"))  # noqa: S108
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.releases:
        asyncio.run(measure(options))
    if options.rows:
        outside(options)


if __name__ == "__main__":
    main()
