"""Many callers, one statement: what comes in while a statement is under way goes with the next.

A lone caller waits for one statement and nothing else; a hundred callers cost a few statements.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Batch(Generic[Item, Result]):
    """Gathers items for ``run``, which takes a list and gives a result for each, in its order."""

    def __init__(
        self, run: Callable[[list[Item]], Awaitable[Sequence[Result]]], most: int = 200
    ) -> None:
        self._run, self._most = run, most
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._worker: asyncio.Task[None] | None = None

    def put(self, item: Item) -> asyncio.Future[Result]:
        """Hand an item in; the future gives its result, or the error of its whole batch."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None:
            self._worker = asyncio.create_task(self._work())
        return future

    async def drained(self) -> None:
        """Wait until nothing is under way."""
        while self._worker is not None:
            await asyncio.wait([self._worker])

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch = self._waiting[: self._most]
                del self._waiting[: self._most]
                await self._settle(batch)
        finally:
            self._worker = None

    async def _settle(self, batch: list[tuple[Item, asyncio.Future[Result]]]) -> None:
        futures = [future for _, future in batch]
        try:
            results = await self._run([item for item, _ in batch])
        except Exception as error:  # noqa: BLE001 - handed on, whole, to everyone who waits for it
            for future in futures:
                if not future.done():
                    future.set_exception(error)
            return
        for future, result in zip(futures, results, strict=True):
            if not future.done():
                future.set_result(result)
