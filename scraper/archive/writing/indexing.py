"""The search index, the kept counts and the keys of near-duplicates take new texts in portions, beside the writing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

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
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._portion: int | None = None
        self._running: asyncio.Task[None] | None = None

    def written(self, numbers: Sequence[int]) -> None:
        """Texts of these numbers were written; perhaps with them a portion ended."""
        if not numbers:
            return
        if self._portion is None:
            self._portion = (min(numbers) - 1) // PORTION
        reached = max(numbers) // PORTION
        if reached > self._portion and (self._running is None or self._running.done()):
            self._portion = reached
            self._running = asyncio.create_task(self._take_in())
            self._running.add_done_callback(_tell)

    async def settle(self) -> None:
        """Wait for the portion that was begun.

        Raises:
            psycopg.Error: the server refused; the texts are stored all the same, and found.
        """
        running, self._running = self._running, None
        if running is not None:
            await running

    async def _take_in(self) -> None:
        async with self._pool.connection() as connection:
            await connection.execute(_SQL["index_new_texts"])
        await count_anew(self._pool, portions=2)
        await sort_in_keys(self._pool, portions=2)


def _tell(portion: asyncio.Task[None]) -> None:
    """Nobody may wait for it: a visit does not."""
    if not portion.cancelled() and (error := portion.exception()):
        _log.warning("new texts wait to be taken into the search index", error=str(error))
