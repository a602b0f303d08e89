"""Bytes as received: stored once, compressed against an earlier page of their source."""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import zstandard
from psycopg import AsyncConnection
from psycopg.rows import class_row

from scraper.archive.snapshots.compression import (
    MISSES,
    NO_HELP,
    SMALLEST_DICTIONARY,
    compress,
    decompress,
)
from scraper.database import Pool, Statements, alone
from scraper.errors import Altered

if TYPE_CHECKING:
    from scraper.archive.observations.observation import Observation
    from scraper.archive.observations.preparation import Prepared

_LARGEST_PAGE = 64 << 20
DICTIONARIES_KEPT = 64
AT_ONCE = 128 << 10
"""Bytes up to which a page is compressed where it is: that takes less time than a thread to be handed it
(20 kB 0.05 ms)."""
UNREADABLE = "unreadable"
"""In place of a digest: what is stored cannot be unpacked."""
_SQL = Statements("archive")
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A page that others are compressed against; ``frame`` is the page, compressed."""

    dictionary_id: int
    version: int
    frame: bytes

    def page(self) -> bytes:
        """The page itself."""
        return decompress(self.frame, _LARGEST_PAGE)


@dataclass(frozen=True, slots=True)
class Content:
    """A row of ``tonggao.content``."""

    digest: bytes
    size: int
    dictionary_id: int | None
    frame: bytes


class SnapshotStore:
    """Compresses new bytes and reads stored ones, with the dictionaries in use kept at hand."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._newest: OrderedDict[str, tuple[Dictionary, bytes] | None] = OrderedDict()
        self._misses: dict[str, int] = {}
        self._pages: OrderedDict[int, bytes] = OrderedDict()

    async def pack(self, prepared: Sequence[Prepared]) -> dict[bytes, Content]:
        """The contents to store for these observations, by digest of their bytes."""
        packed: dict[bytes, Content] = {}
        for item in prepared:
            for digest, body in _pages(item):
                if digest not in packed:
                    packed[digest] = await self._packed(item.observation, digest, body)
        return packed

    def forget(self) -> None:
        """Let go of the dictionaries at hand: one of them was erased."""
        self._newest.clear()
        self._pages.clear()

    async def read(self, digest: bytes) -> bytes | None:
        """The bytes of a snapshot, None where a policy deleted them.

        Raises:
            Altered: they are not the bytes that were stored.
        """
        async with alone(self._pool) as connection:
            row = await _one(connection, Content, "content", {"digest": digest})
        return None if row is None else await self.unpack(row)

    async def unpack(self, content: Content) -> bytes:
        """The bytes of a row, held against their digest.

        Raises:
            Altered: they are not the bytes that were stored.
        """
        page = None
        try:
            if content.dictionary_id is not None:
                async with self._pool.connection() as connection:
                    page = await self._page(connection, content.dictionary_id)
            body = decompress(content.frame, content.size, page)
        except zstandard.ZstdError as error:
            raise Altered("snapshot", content.digest, UNREADABLE) from error
        found = hashlib.sha256(body).digest()
        if found != content.digest:
            raise Altered("snapshot", content.digest, found.hex())
        return body

    async def _packed(self, seen: Observation, digest: bytes, body: bytes) -> Content:
        current = await self._dictionary(seen.source_id)
        if current is None:
            current = await self._begin(seen, 1, body)
        if current is None:
            return Content(digest, len(body), None, compress(body))
        dictionary, page = current
        if len(body) <= AT_ONCE:
            small = compress(body, page)
        else:
            small = await asyncio.to_thread(compress, body, page)
        if await self._outdated(seen, dictionary, small, body):
            return Content(digest, len(body), None, compress(body))
        return Content(digest, len(body), dictionary.dictionary_id, small)

    async def _outdated(
        self, seen: Observation, dictionary: Dictionary, small: bytes, body: bytes
    ) -> bool:
        """Whether the dictionary did not help; after some pages in a row a new one is begun."""
        source_id = seen.source_id
        if len(small) <= SMALLEST_DICTIONARY or len(small) <= NO_HELP * len(compress(body)):
            self._misses.pop(source_id, None)
            return False
        self._misses[source_id] = self._misses.get(source_id, 0) + 1
        if self._misses[source_id] >= MISSES:
            self._misses.pop(source_id)
            await self._begin(seen, dictionary.version + 1, body)
        return True

    async def _dictionary(self, source_id: str) -> tuple[Dictionary, bytes] | None:
        if source_id not in self._newest:
            async with alone(self._pool) as connection:
                row = await _one(
                    connection, Dictionary, "newest_dictionary", {"source_id": source_id}
                )
            self._remember(source_id, (row, row.page()) if row else None)
        self._newest.move_to_end(source_id)
        return self._newest[source_id]

    async def _begin(
        self, seen: Observation, version: int, page: bytes
    ) -> tuple[Dictionary, bytes] | None:
        """Make this page the source's next dictionary, unless another writer was first."""
        if len(page) < SMALLEST_DICTIONARY:
            return None
        row = {"source_id": seen.source_id, "version": version, "frame": compress(page)}
        async with self._pool.connection() as connection:
            await connection.execute(_SQL["put_dictionary"], row | {"url": seen.url})
        self._newest.pop(seen.source_id, None)
        return await self._dictionary(seen.source_id)

    async def _page(self, connection: AsyncConnection, dictionary_id: int) -> bytes:
        if dictionary_id not in self._pages:
            key = {"dictionary_id": dictionary_id}
            row = await _one(connection, Dictionary, "dictionary", key)
            assert row is not None, "a foreign key keeps dictionaries while they are used"  # noqa: S101 - of the schema, not of input
            self._pages[dictionary_id] = row.page()
            if len(self._pages) > DICTIONARIES_KEPT:
                self._pages.popitem(last=False)
        return self._pages[dictionary_id]

    def _remember(self, source_id: str, entry: tuple[Dictionary, bytes] | None) -> None:
        self._newest[source_id] = entry
        if len(self._newest) > DICTIONARIES_KEPT:
            self._newest.popitem(last=False)


def _pages(item: Prepared) -> Iterator[tuple[bytes, bytes]]:
    """Digest and bytes of every page of an observation that was kept."""
    digest, body = item.body_digest, item.observation.body
    if digest is not None and body is not None:
        yield digest, body
    yield from ((page.digest, page.body) for page in item.observation.further)


async def _one(
    connection: AsyncConnection, kind: type[_Row], statement: str, values: dict[str, Any]
) -> _Row | None:
    async with connection.cursor(row_factory=class_row(kind)) as cursor:
        await cursor.execute(_SQL[statement], values)
        return await cursor.fetchone()
