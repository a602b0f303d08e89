"""Pages that others are compressed against: one that is erased is replaced before it goes."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from psycopg import AsyncConnection
from psycopg.rows import class_row

from scraper.archive.snapshots.compression import SMALLEST_DICTIONARY, compress, decompress
from scraper.archive.snapshots.storage import Content, Dictionary
from scraper.database import Statements
from scraper.errors import Altered

_SQL = Statements("erasure")
_PIECE = 12
"""Signs of a text by which a page is known to hold it: no two texts share them by chance often."""
_CODINGS = ("utf-8", "gb18030")


@dataclass(frozen=True, slots=True)
class SourceDictionary(Dictionary):
    """A row of ``tonggao.dictionary``."""

    source_id: str


def pieces_of(texts: Sequence[tuple[str, str]]) -> list[bytes]:
    """What a page would hold of these headlines and bodies, in the codings of the Chinese web."""
    lines = {line for title, body in texts for line in (title, *body.split("\n"))}
    pieces = {line[:_PIECE] for line in lines if len(line) >= _PIECE}
    return [piece.encode(coding) for piece in sorted(pieces) for coding in _CODINGS]


async def dictionaries_to_go(
    connection: AsyncConnection,
    ids: Sequence[int],
    digests: Sequence[bytes],
    texts: Sequence[tuple[str, str]],
) -> list[SourceDictionary]:
    """Dictionaries that are a page of these publications.

    They are known by their digest, or, where no other publication received the page, by what it says.

    Args:
        connection: in the transaction.
        ids: the publications.
        digests: of pages that only they received.
        texts: headline and body of each of their texts.
    """
    gone, pieces, found = set(digests), pieces_of(texts), list[SourceDictionary]()
    async for each in _dictionaries(connection):
        page = each.page()
        digest = hashlib.sha256(page).digest()
        if digest in gone or (
            any(piece in page for piece in pieces) and not await _received(connection, ids, digest)
        ):
            found.append(each)
    return found


async def replace(connection: AsyncConnection, old: SourceDictionary, gone: Sequence[bytes]) -> int:
    """Compress what stays anew, against one of its own pages; returns how many pages that were.

    Raises:
        Altered: a page is not what was stored; nothing is written over it.
    """
    page, number, count = old.page(), None, 0
    fresh: bytes | None = None
    async for content in _against(connection, old.dictionary_id, gone):
        body = await asyncio.to_thread(decompress, content.frame, content.size, page)
        if hashlib.sha256(body).digest() != content.digest:
            raise Altered("snapshot", content.digest, hashlib.sha256(body).hexdigest())
        if fresh is None and len(body) >= SMALLEST_DICTIONARY:
            fresh, number = body, await _begin(connection, old.source_id, body)
        frame = await asyncio.to_thread(compress, body, fresh)
        row = {"digest": content.digest, "frame": frame, "dictionary_id": number}
        await connection.execute(_SQL["recompress"], row)
        count += 1
    return count


async def _begin(connection: AsyncConnection, source_id: str, page: bytes) -> int:
    row = {"source_id": source_id, "frame": compress(page)}
    answer = await (await connection.execute(_SQL["next_dictionary"], row)).fetchone()
    if answer is None:
        raise AssertionError("an insert returns its row")
    return int(answer[0])


async def _received(connection: AsyncConnection, ids: Sequence[int], digest: bytes) -> bool:
    values = {"ids": list(ids), "digest": digest}
    row = await (await connection.execute(_SQL["is_received"], values)).fetchone()
    return bool(row and row[0])


async def _dictionaries(connection: AsyncConnection) -> AsyncIterator[SourceDictionary]:
    after = 0
    while True:
        async with connection.cursor(row_factory=class_row(SourceDictionary)) as cursor:
            await cursor.execute(_SQL["dictionaries"], {"after": after})
            rows = await cursor.fetchall()
        for row in rows:
            yield row
        if not rows:
            return
        after = rows[-1].dictionary_id


async def _against(
    connection: AsyncConnection, dictionary_id: int, gone: Sequence[bytes]
) -> AsyncIterator[Content]:
    after = b""
    while True:
        values = {"dictionary_id": dictionary_id, "gone": list(gone), "after": after}
        async with connection.cursor(row_factory=class_row(Content)) as cursor:
            await cursor.execute(_SQL["compressed_against"], values)
            rows = await cursor.fetchall()
        for row in rows:
            yield row
        if not rows:
            return
        after = rows[-1].digest
