"""The search index, the kept counts and the keys of near-duplicates take new texts in portions, beside the writing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from scraper.archive.writing.counting import count_anew
from scraper.archive.writing.fresh_keys import sort_in_keys
from scraper.database import Pool, Statements
from scraper.log import get_logger

PORTION = 600
"""Texts from which the index takes them in. A text has some 900 entries and shares most of them with
others of its portion: taken in by fifty, each costs three times as much (measured at 200 000)."""

_SQL = Statements("archive")
_log = get_logger(__name__)


class SearchIndexing:
    """Begun now and then while many texts are written.

    New entries are found while they wait. PostgreSQL would sort them in within some writer's
    transaction; here a second process of the server does, while the writer writes on. A portion ends
    where the texts' numbers say so, for they are one row, whichever processes write, and however short.

    The counts and the keys do not wait for the search index: that may wait for minutes itself, for an
    autovacuum at the same part.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._works = (_Beside(self._index), _Beside(self._count_and_sort))

    def written(self, numbers: Sequence[int]) -> None:
        """Texts of these numbers were written; perhaps with them a portion ended."""
        if numbers:
            for work in self._works:
                work.reached((min(numbers) - 1) // PORTION, max(numbers) // PORTION)

    async def settle(self) -> None:
        """Wait for the portions that were begun.

        Raises:
            psycopg.Error: the server refused; the texts are stored all the same, and found.
        """
        for work in self._works:
            await work.settle()

    async def _index(self) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(_SQL["index_new_texts"])

    async def _count_and_sort(self) -> None:
        await count_anew(self._pool, portions=2)
        await sort_in_keys(self._pool, portions=2)


class _Beside:
    """One kind of work, of which one portion is under way at most."""

    def __init__(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._work = work
        self._portion: int | None = None
        self._running: asyncio.Task[None] | None = None

    def reached(self, first: int, last: int) -> None:
        """Texts from portion ``first`` to portion ``last`` were written."""
        if self._portion is None:
            self._portion = first
        if last > self._portion and (self._running is None or self._running.done()):
            self._portion = last
            self._running = asyncio.create_task(self._work())
            self._running.add_done_callback(_tell)

    async def settle(self) -> None:
        """Wait for the portion that was begun."""
        running, self._running = self._running, None
        if running is not None:
            await running


def _tell(portion: asyncio.Task[None]) -> None:
    """Nobody may wait for it: a visit does not."""
    if not portion.cancelled() and (error := portion.exception()):
        _log.warning("new texts wait to be sorted into the indexes", error=str(error))
