"""The archive written out: JSON lines or WARC."""

from __future__ import annotations

import json
from typing import BinaryIO, TextIO

from scraper.archive.exchange.warc import WarcFile
from scraper.archive.querying.reading import Selection, further_pages, pages, reading, readings
from scraper.archive.snapshots.storage import SnapshotStore
from scraper.database import Pool


async def export_jsonl(pool: Pool, selection: Selection, out: TextIO) -> int:
    """One publication a line, or one revision with ``selection.history``; returns the lines."""
    count = 0
    async for text in readings(pool, selection):
        out.write(json.dumps(text.record(), ensure_ascii=False) + "\n")
        count += 1
    return count


async def export_warc(
    pool: Pool, selection: Selection, out: BinaryIO, *, name: str, software: str
) -> int:
    """Every page whose bytes are kept, and as text those whose bytes are not; returns how many.

    Args:
        pool: the archive.
        selection: which sources and days.
        out: where to; records are compressed one by one, as ``.warc.gz`` has it.
        name: the file's name, for its first record.
        software: name and version of this program.
    """
    warc, store, count = WarcFile(out), SnapshotStore(pool), 0
    warc.begin(name, software)
    async for page in pages(pool, selection):
        body = await store.read(page.digest)
        if body is not None:
            joined = page.joined_revision
            record = (await reading(pool, joined)).record() if joined else None
            further = await further_pages(pool, store, page.publication_id, page.fetched_at)
            warc.page(page, body, further or (), record)
            count += 1
    every = Selection(selection.source, selection.since, selection.until, history=True)
    async for text in readings(pool, every, without_bytes=True):
        warc.text(text)
        count += 1
    return count
