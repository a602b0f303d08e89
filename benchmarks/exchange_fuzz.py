"""Random JSON lines and damaged WARC files, read in; then everything that is stored, shown and written out.

Run:  make prove-exchange    (or  python -m benchmarks.exchange_fuzz --lines 10000 --files 2000 --seed 1)

Nothing but a refusal with its reason may come of a line or record, and nothing but rows of an export.
Prints what was stored, what was refused and why, and how many errors of another kind there were: the
process ends with 1 if there was any.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import io
import json
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import brotli

from benchmarks.archive_database import temporary_archive
from scraper.archive import Archive
from scraper.archive.exchange.exporting import export_jsonl, export_table, export_warc
from scraper.archive.exchange.importing import Importer
from scraper.archive.exchange.output import write_csv, write_parquet
from scraper.archive.exchange.warc_reading import read_warc
from scraper.archive.observations.observation import PageBytes
from scraper.archive.querying.finding import Search, find
from scraper.archive.querying.reading import Selection, show_release
from scraper.archive.querying.statistics import statistics
from scraper.clock import now
from scraper.database import Pool
from scraper.errors import UsageError
from scraper.page import parse_page
from scraper.record.release import Release
from scraper.urls import normal_url

SHOWN = 500
"""Releases that are shown one by one."""
SIGNS = "a标 \x00\x1b\x9b\u202e\u2028\ud83d\U0001f600\\\"'=\r\n\t,<" + "是的"
NAMES = (
    *("title", "subtitle", "kicker", "source", "author", "editor", "published_at", "column"),
    *(
        "published_precision",
        "paragraphs",
        "images",
        "attachments",
        "site_name",
        "site_id",
        "region",
    ),
    *("keywords", "document", "next_pages", "origins", "parser_version", "url", "fetched_at"),
    *("source_id", "publisher", "source_column", "source_region", "source_kind", "withdrawn_at"),
)
TIMES = (
    *(
        "0001-01-01T00:00:00+14:00",
        "1899-12-31T00:00:00Z",
        "1900-01-01T00:00:00+08:00",
        "2024-02-30",
    ),
    *(
        "2024-11-16T09:00:00+08:00",
        "2024-11-16",
        "9999-12-31T23:59:59Z",
        "10000-01-01T00:00:00Z",
        "",
    ),
)


class Chance:
    """Random lines and damage, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def text(self) -> str:
        """A few signs, sometimes many."""
        length = self._random.choice((0, 1, 5, 40, 40, 400, 20_000))
        return "".join(self._random.choices(SIGNS, k=min(length, 400))) * (
            1 if length < 401 else 50
        )

    def value(self, depth: int = 0) -> Any:
        """Any value of JSON."""
        kind = self._random.randrange(7 if depth > 2 else 9)
        if kind == 7:
            return [self.value(depth + 1) for _ in range(self._random.randrange(4))]
        if kind == 8:
            keys = (
                self._random.choice(("url", "caption", "number", self.text())) for _ in range(3)
            )
            return {key: self.value(depth + 1) for key in keys}
        plain = (None, True, 0, -(10**30), 1.5, self.text(), self._random.choice(TIMES))
        return plain[kind]

    def line(self, number: int) -> bytes:
        """A sound line, one with some odd fields, or none at all."""
        body = "".join(chr(0x4E00 + self._random.randrange(8000)) for _ in range(60))
        record: Any = {
            "url": f"https://imported{number % 7}.example/{number}.html",
            "title": f"第{number}条",
            "paragraphs": [body],
            "published_at": "2024-11-16T09:00:00+08:00",
            "fetched_at": "2024-11-16T10:00:00+08:00",
        }
        kind = self._random.randrange(10)
        if kind < 6:
            for name in self._random.sample(NAMES, self._random.randrange(1, 4)):
                record[name] = self._random.choice((self.value, self.text))()
        elif kind == 6:
            record = self.value()
        line = json.dumps(record, ensure_ascii=self._random.random() < 0.7)
        return self.damaged(line.encode("utf-8", "surrogatepass"), self._random.random() < 0.1)

    def damaged(self, data: bytes, wanted: bool = True) -> bytes:
        """Some bytes changed, lost, doubled or cut off."""
        for _ in range(self._random.randrange(1, 5) if wanted else 0):
            place, length = self._random.randrange(len(data) + 1), self._random.randrange(60)
            part = data[place : place + length]
            fresh = self._random.choice(
                (b"", part * 2, self._random.randbytes(length), bytes(length))
            )
            data = data[:place] + fresh + data[place + length :]
            if self._random.random() < 0.15:
                data = data[:place]
        return data

    def warc(self, number: int) -> bytes:
        """A file of three records, compressed or not, damaged."""
        compressed = self._random.random() < 0.5
        parts = [self._record(3 * number + n) for n in range(3)]
        data = b"".join(gzip.compress(part) if compressed else part for part in parts)
        return self.damaged(data)

    def _record(self, number: int) -> bytes:
        body = "".join(chr(0x4E00 + self._random.randrange(8000)) for _ in range(120))
        page = (
            f"<html><title>第{number}页</title><h1>第{number}页的标题</h1><p>{body}。</p>".encode()
        )
        coding = self._random.choice(("identity", "br", "gzip"))
        pack: dict[str, Callable[[bytes], bytes]] = {"br": brotli.compress, "gzip": gzip.compress}
        answer = (
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: {coding}\r\n\r\n"
        ).encode() + pack.get(coding, bytes)(page)
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:{number}>\r\n"
            f"WARC-Target-URI: https://pages{number % 5}.example/{number}.html\r\n"
            f"WARC-Date: 2024-11-{1 + number % 28:02}T01:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
        )
        return head.encode() + answer + b"\r\n\r\n"


class Count:
    """What became of it all."""

    def __init__(self) -> None:
        self.stored: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.errors: list[str] = []

    async def guarded(self, what: str, work: Callable[[], Awaitable[Any]]) -> Any:
        """Do it; an error that is not ours is noted with its trace."""
        try:
            return await work()
        except UsageError as error:
            self.refused[str(error)[:60]] += 1
        except Exception:  # noqa: BLE001 - that is what is counted
            self.errors.append(f"{what}: {traceback.format_exc()}")
        return None


async def parse(page: PageBytes) -> Release:
    """The page's record, in this process."""
    return parse_page(page.body, page.url, page.http_charset)


async def read_in(pool: Pool, chance: Chance, lines: int, files: int, count: Count) -> None:
    """Lines in one file, then each WARC file by itself."""

    def importer() -> Importer:
        return Importer(Archive(pool), pool, parse=parse, normal=normal_url, now=now())

    async def take(work: Awaitable[Any]) -> None:
        report = await work
        count.stored.update(report.changes)
        count.refused.update(Counter({_kind(why): n for why, n in report.refused.items()}))

    made = (chance.line(number) for number in range(lines))
    await count.guarded("lines", lambda: take(importer().jsonl(made)))
    for number in range(files):
        data = chance.warc(number)
        await count.guarded(
            f"file {number}",
            lambda: take(importer().warc(read_warc(io.BytesIO(data), now()))),  # noqa: B023
        )


async def write_out(pool: Pool, folder: Path, count: Count) -> dict[str, int]:
    """Everything that is stored, shown, searched and exported; rows by form."""
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT release_id FROM archive.releases ORDER BY 1")
        ids = [row[0] for row in await cursor.fetchall()]
    for number in ids[:: max(1, len(ids) // SHOWN)]:
        await count.guarded(f"show {number}", lambda: show_release(pool, number))  # noqa: B023
    await count.guarded("search", lambda: find(pool, Search("的", count=None)))
    await count.guarded("stats", lambda: statistics(pool, days=30, most=10))
    every, table = Selection(history=True), io.StringIO()
    file = folder / "all.parquet"
    return {
        "jsonl": await count.guarded("jsonl", lambda: export_jsonl(pool, every, io.StringIO())),
        "csv": await count.guarded(
            "csv", lambda: export_table(pool, every, lambda c, r: write_csv(table, c, r))
        ),
        "parquet": await count.guarded(
            "parquet", lambda: export_table(pool, every, lambda c, r: write_parquet(file, c, r))
        ),
        "warc": await count.guarded(
            "warc", lambda: export_warc(pool, every, io.BytesIO(), name="all", software="bench")
        ),
    }


def _kind(reason: str) -> str:
    """A reason without what differs from one record to the next."""
    return reason.split(":", maxsplit=1)[0].split("'", maxsplit=1)[0][:60].rstrip()


async def prove(lines: int, files: int, seed: int) -> int:
    """Do it all and print the figures; the exit code."""
    count, began = Count(), time.monotonic()
    async with temporary_archive() as (_, pool):
        await read_in(pool, Chance(seed), lines, files, count)
        with tempfile.TemporaryDirectory() as folder:
            rows = await write_out(pool, Path(folder), count)
    print(f"{lines} lines and {files} files in {time.monotonic() - began:.0f} s, seed {seed}")
    print("stored  ", dict(count.stored))
    for reason, number in count.refused.most_common(20):
        print(f"refused {number:7} {reason}")
    print("written ", rows)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"most memory of this process {memory:.0f} MiB")
    print(f"errors of another kind: {len(count.errors)}")
    for error in count.errors[:3]:
        print(error)
    return 1 if count.errors else 0


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    sys.exit(asyncio.run(prove(given.lines, given.files, given.seed)))


if __name__ == "__main__":
    main()
