"""The archive: the one way in for what was observed."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncGenerator, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.rows import class_row

from scraper.ahead import in_order
from scraper.archive.observations.observation import Known, Observation, Parse, Stored
from scraper.archive.observations.preparation import Prepared, prepare
from scraper.archive.snapshots.storage import Content, SnapshotStore
from scraper.archive.writing.deduplication import Duplicates, TextCache
from scraper.archive.writing.indexing import SearchIndexing
from scraper.archive.writing.partitions import make_partitions, quarter
from scraper.archive.writing.rereading import Rereading
from scraper.archive.writing.transaction import SINGLE_LOCKS, WriteTransaction
from scraper.batch import Batch
from scraper.database import Fault, Pool, Statements, alone, fault_of, lost_to_another
from scraper.errors import AddressErased, DocumentRefused, UnknownSource
from scraper.log import get_logger

BATCH = 200
"""Observations a transaction of :meth:`Archive.store_many` holds at most."""
ATTEMPTS = 5
"""How often a transaction is tried that lost to a deadlock or a serialization failure."""

_SQL = Statements("archive")
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Group:
    """What one transaction stores."""

    prepared: Sequence[Prepared]
    contents: Mapping[bytes, Content]


@dataclass(frozen=True, slots=True)
class Ready:
    """Observations, and all of them that is computed before they are written.

    Where that failed for one of them, ``failure`` says how; which it is, is found when they are stored.
    """

    observations: Sequence[Observation]
    groups: Sequence[_Group] = ()
    failure: Exception | None = None


class Archive:
    """Stores observations and answers what is known of addresses. Safe for many tasks at once.

    Args:
        pool: the database.
        parse: today's parser, by which a stored page is read again before a difference from it
            counts as an edit; without it the stored texts decide.
    """

    def __init__(self, pool: Pool, parse: Parse | None = None) -> None:
        self._pool = pool
        self._publishers: dict[str, tuple[str, ...]] = {}
        self._quarters: set[tuple[int, int]] = set()
        self._texts = TextCache()
        self._indexing = SearchIndexing(pool)
        self._storing: Batch[Observation, Stored | Exception] = Batch(self._store_ready)
        self._seeing: Batch[tuple[str, dt.datetime], bool] = Batch(self._seen)
        self.snapshots = SnapshotStore(pool)
        self._rereading = Rereading(pool, self.snapshots, parse)

    async def store(self, observation: Observation) -> Stored:
        """Store one observation, in one transaction with others that come meanwhile.

        Raises:
            UnknownSource: the source was never registered.
            psycopg.Error: the server refused; nothing was stored of it.
        """
        answer = await self._storing.put(observation)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def store_many(
        self, observations: Iterable[Observation], *, batch: int = BATCH
    ) -> list[Stored]:
        """Store many, ``batch`` of them a transaction, in order; each sees those before it.

        Raises:
            UnknownSource: a source was never registered; earlier batches are stored.
            psycopg.Error: the server refused; earlier batches are stored.
        """
        stored: list[Stored] = []

        async def groups() -> AsyncGenerator[Coroutine[Any, Any, _Group]]:
            for group in distinct_groups(observations, batch):
                yield self._prepared(group)

        async with aclosing(in_order(groups(), 2)) as ready:
            async for group in ready:  # the next is made ready while this one is written
                stored += await self._write_and_index(group)
        await self._indexing.settle()
        return stored

    async def settle(self) -> None:
        """Wait for what is done beside the writing of :class:`Ready` observations.

        Raises:
            psycopg.Error: the server refused to take texts into the search index; they are stored all
                the same, and found.
        """
        await self._indexing.settle()

    async def ready(self, observations: Sequence[Observation]) -> Ready:
        """What :meth:`store_sound` takes; many are made ready ahead, while others are stored.

        Raises:
            UnknownSource: a source was never registered.
            psycopg.Error: the server refused for another reason than their values.
        """
        try:
            groups = distinct_groups(observations, BATCH)
            return Ready(observations, [await self._prepared(group) for group in groups])
        except Exception as error:
            if fault_of(error, attempt=2) is not Fault.DOCUMENT:
                raise
            return Ready(observations, failure=error)

    async def store_sound(self, ready: Ready) -> list[Stored | DocumentRefused]:
        """Store many; what the database refuses for its own values is told, and the others stored.

        Who stores such groups calls :meth:`settle` once behind the last.

        Raises:
            UnknownSource: a source was never registered; earlier batches are stored.
            psycopg.Error: the server refused for another reason; earlier batches are stored.
        """
        observations = ready.observations
        try:
            return list(await self._written(ready))
        except Exception as error:
            if not observations or fault_of(error, attempt=2) is not Fault.DOCUMENT:
                raise
            if len(observations) == 1:
                if isinstance(error, AddressErased):
                    return [error]
                return [DocumentRefused(f"the database refuses it: {error}".splitlines()[0])]
        middle = len(observations) // 2
        return [
            *await self.store_sound(await self.ready(observations[:middle])),
            *await self.store_sound(await self.ready(observations[middle:])),
        ]

    async def _written(self, ready: Ready) -> list[Stored]:
        if ready.failure:
            raise ready.failure
        return [each for group in ready.groups for each in await self._write_and_index(group)]

    async def _store_ready(self, observations: list[Observation]) -> list[Stored | Exception]:
        """Store what came at the same time; one that fails for its own sake fails alone."""
        answers: list[Stored | Exception] = []
        for group in distinct_groups(observations, SINGLE_LOCKS):
            try:
                answers += await self._write_and_index(await self._prepared(group))
            except Exception as error:  # noqa: BLE001 - handed to those who asked for it
                if len(group) > 1 and _is_of_one(error):
                    answers += [(await self._store_ready([each]))[0] for each in group]
                else:
                    answers += [error] * len(group)
        return answers

    async def _write_and_index(self, group: _Group) -> list[Stored]:
        stored = await self._write(group)
        self._indexing.written([each.revision_id for each in stored if each.change != "unchanged"])
        return stored

    async def known(self, urls: Iterable[str]) -> Mapping[str, Known]:
        """What is remembered of those of the (normal) addresses that were ever stored."""
        async with (
            alone(self._pool) as connection,
            connection.cursor(row_factory=class_row(Known)) as cursor,
        ):
            await cursor.execute(_SQL["known"], {"urls": list(urls)})
            return {row.url: row async for row in cursor}

    async def seen(self, url: str, at: dt.datetime) -> bool:
        """Note that the page was there unchanged (a 304); False when it was never stored."""
        return await self._seeing.put((url, at))

    async def _seen(self, looks: list[tuple[str, dt.datetime]]) -> Sequence[bool]:
        urls, moments = map(list, zip(*looks, strict=True))
        await self._ensure_quarters(moments)
        async with alone(self._pool) as connection:
            cursor = await connection.execute(_SQL["seen"], {"urls": urls, "moments": moments})
            found = {url for (url,) in await cursor.fetchall()}
        return [url in found for url in urls]

    async def withdraw(self, url: str, at: dt.datetime, reason: str) -> bool:
        """Note that the page is gone; its text stays. False when it was known to be gone.

        Args:
            url: the normal address.
            at: when it was found gone; an older observation than the last sight changes nothing.
            reason: what was observed, e.g. ``gone (404)``.
        """
        await self._ensure_quarters([at])
        async with alone(self._pool) as connection:
            told = {"url": url, "at": at, "reason": reason}
            cursor = await connection.execute(_SQL["withdraw"], told)
            return await cursor.fetchone() is not None

    async def _prepared(self, group: Sequence[Observation]) -> _Group:
        """All that needs no transaction; in a thread, so that the server works meanwhile."""
        await self._learn_publishers({observation.source_id for observation in group})
        prepared = await asyncio.to_thread(
            lambda: [prepare(observation, self._publishers) for observation in group]
        )
        await self._ensure_quarters([item.observation.fetched_at for item in prepared])
        return _Group(prepared, await self.snapshots.pack(prepared))

    async def _write(self, group: _Group) -> list[Stored]:
        """Known pages as today's parser reads them first, in a transaction of their own; then the group.

        What explains a difference is asked here, behind the groups before: they may hold the same pages.
        """
        again, prepared = await self._rereading.explain(group.prepared)
        if again:
            anew = [prepare(observation, self._publishers) for observation in again]
            await self._transaction(anew, {})
        try:
            return await self._transaction(prepared, group.contents)
        except psycopg.errors.ForeignKeyViolation as error:
            if error.diag.constraint_name != "content_dictionary_id_fkey":
                raise
        self.snapshots.forget()  # the page that these were compressed against was erased just now
        return await self._transaction(prepared, await self.snapshots.pack(prepared))

    async def _transaction(
        self, prepared: Sequence[Prepared], contents: Mapping[bytes, Content]
    ) -> list[Stored]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                async with (
                    self._pool.connection() as connection,
                    connection.transaction(),
                    connection.pipeline(),  # what nobody waits for an answer of goes out together
                ):
                    writing = WriteTransaction(connection, Duplicates(self._texts))
                    return await writing.write(prepared, contents)
            except psycopg.Error as error:
                if attempt == ATTEMPTS or not lost_to_another(error, attempt):
                    raise
                _log.info("a transaction lost to another and is tried again", error=str(error))
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _learn_publishers(self, source_ids: set[str]) -> None:
        missing = source_ids - self._publishers.keys()
        if not missing:
            return
        async with self._pool.connection() as connection:
            cursor = await connection.execute(_SQL["publishers"], {"ids": list(missing)})
            for source_id, *names in await cursor.fetchall():
                self._publishers[source_id] = tuple(names)
        if unknown := sorted(missing - self._publishers.keys()):
            raise UnknownSource(
                f"source {unknown[0]!r} is not registered in the database; "
                "register it with `tonggao sources sync` or import with --source"
            )

    async def _ensure_quarters(self, moments: Sequence[dt.datetime]) -> None:
        """Make missing partitions first: creating one inside the write would lock the table long."""
        moments = [*moments, dt.datetime.now(dt.UTC)]
        missing = [moment for moment in moments if quarter(moment) not in self._quarters]
        if missing:
            await make_partitions(self._pool, missing)
            self._quarters |= {quarter(moment) for moment in missing}


def _is_of_one(error: Exception) -> bool:
    """Whether it is the fault of one observation, and not of the server."""
    return isinstance(error, UnknownSource) or fault_of(error, attempt=2) is Fault.DOCUMENT


def distinct_groups(observations: Iterable[Observation], size: int) -> Iterator[list[Observation]]:
    """Groups in order, in each of which every address is there once."""
    group: dict[str, Observation] = {}
    for observation in observations:
        if observation.url in group or len(group) >= size:
            yield list(group.values())
            group = {}
        group[observation.url] = observation
    if group:
        yield list(group.values())
