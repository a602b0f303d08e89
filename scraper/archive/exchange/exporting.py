"""The archive written out: JSON lines, tables or WARC. What cannot go out as it is, is named in the log."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any, BinaryIO, TextIO

from psycopg.rows import class_row

from scraper.archive.exchange.erasures import tombstone_line
from scraper.archive.exchange.file_history import KeptBytes, files_out
from scraper.archive.exchange.lines import LINE_BYTES, line_of
from scraper.archive.exchange.tables import Row, Table, Told, longest_cell, row_of, silent
from scraper.archive.exchange.warc import WarcFile
from scraper.archive.querying.reading import (
    Reading,
    Selection,
    further_pages,
    pages,
    reading,
    readings,
)
from scraper.archive.querying.tombstones import tombstones
from scraper.archive.snapshots.storage import SnapshotStore
from scraper.controls import visible_json
from scraper.database import Pool, Statements, is_substitute
from scraper.log import get_logger

_log = get_logger(__name__)
_FILES = Statements("files")
KEPT_AT_ONCE = 4
"""Kept files that a cursor fetches at a time; each may have 20 MB and more."""


async def export_jsonl(pool: Pool, selection: Selection, out: TextIO, told: Told = silent) -> int:
    """One publication a line, or one revision with ``selection.history``; returns their number.

    After them a line for each tombstone, unless words, a region or a kind select.
    """
    count = 0
    async for text in readings(pool, selection):
        out.write(await line_out(pool, text) + "\n")
        count += 1
        told(count)
    if not selection.searched:
        out.writelines(
            visible_json(json.dumps(tombstone_line(stone), ensure_ascii=False)) + "\n"
            for stone in await tombstones(pool, source=selection.source, after=selection.after)
        )
    return count


async def export_table(pool: Pool, selection: Selection, table: Table, told: Told = silent) -> int:
    """The same as rows of a table with one schema whatever the data; returns their number."""
    count = 0
    async for text in readings(pool, selection):
        table.add(row_out(text))
        count += 1
        told(count)
    return count


async def line_out(pool: Pool, text: Reading) -> str:
    """A text as a line of JSON with its files; what an import would not take as it is stored, the log names.

    Args:
        pool: of a role that sees what files say.
        text: from the archive.
    """
    tell_substitutes(text)
    line = line_of(await _record(pool, text))
    if len(line) * 3 > LINE_BYTES and len(line.encode()) > LINE_BYTES:
        _log.warning("a line is longer than an import reads", url=text.url)
    return line


def row_out(text: Reading) -> Row:
    """The same as a row of a table, which tells nothing of files' contents."""
    tell_substitutes(text)
    return row_of(text)


async def measured(pool: Pool, selection: Selection) -> tuple[int, int]:
    """How many rows a table would have, and the characters of its longest cell."""
    count = longest = 0
    async for text in readings(pool, selection):
        count += 1
        longest = max(longest, longest_cell(row_of(text)))
    return count, longest


async def _record(pool: Pool, text: Reading) -> dict[str, Any]:
    """A line of an export: the release, and its files where any were fetched."""
    record = text.record()
    if text.release.attachments or text.release.images:
        files = await files_out(pool, text.publication_id)
        record |= {"files": files} if files else {}
    return record


async def _kept(pool: Pool, selection: Selection) -> AsyncIterator[KeptBytes]:
    async with (
        pool.connection() as connection,
        connection.cursor("kept", row_factory=class_row(KeptBytes)) as cursor,
    ):
        cursor.itersize = KEPT_AT_ONCE
        await cursor.execute(_FILES["kept_bytes"], selection.values())
        async for row in cursor:
            yield row


def tell_substitutes(text: Reading) -> None:
    """Say in the log what does not go out as it is stored.

    A time before the year 1 or after 9999 goes out as the first or the last moment of the calendar.
    """
    times = {"published_at": text.release.published_at, "fetched_at": text.valid_from}
    for name, value in times.items():
        if is_substitute(value):
            _log.warning(
                "a time beyond the calendar goes out as its end",
                publication=text.publication_id,
                field=name,
                substitute=str(value),
            )


async def export_warc(
    pool: Pool,
    selection: Selection,
    out: BinaryIO,
    *,
    name: str,
    software: str,
    told: Told = silent,
) -> int:
    """Every page whose bytes are kept, as text those whose bytes are not, and kept files.

    Returns how many pages and texts.

    Args:
        pool: the archive.
        selection: which sources and days.
        out: where to; records are compressed one by one, as ``.warc.gz`` has it.
        name: the file's name, for its first record.
        software: name and version of this program.
        told: hears how many pages are written.
    """
    warc, store, count = WarcFile(out), SnapshotStore(pool), 0
    warc.begin(name, software)
    async for page in pages(pool, selection):
        body = await store.read(page.digest)
        if body is not None:
            joined = page.joined_revision
            whole = await reading(pool, joined) if joined else None
            if joined and whole is None:
                continue  # erased since its bytes were read
            further = await further_pages(pool, store, page.publication_id, page.fetched_at)
            files = await files_out(pool, page.publication_id)
            warc.page(page, body, further or (), whole.record() if whole else None, files)
            count += 1
            told(count)
    every = replace(selection, history=True)
    async for text in readings(pool, every, without_bytes=True):
        tell_substitutes(text)
        warc.text(text, await _record(pool, text))
        count += 1
    async for kept in _kept(pool, selection):
        warc.kept(kept)
    return count
