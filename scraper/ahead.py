"""Work begun ahead of its turn: several pieces at once, their results in the order of the pieces."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from typing import Any, TypeVar

READ_AT_ONCE = 6
"""Pages that are fetched, parsed and compared at once where many are read: enough to keep the
readers' processes and the server busy."""

Result = TypeVar("Result")


async def in_order(
    work: AsyncIterator[Coroutine[Any, Any, Result]], most: int
) -> AsyncGenerator[Result]:
    """The results of coroutines, of which ``most`` are under way at once. Close it (``aclosing``).

    Raises:
        Exception: what the first coroutine that fails raises, in its turn; those behind it are
            cancelled and waited for.
    """
    begun: deque[asyncio.Task[Result]] = deque()
    try:
        async for piece in work:
            begun.append(asyncio.create_task(piece))
            if len(begun) == most:
                yield await begun.popleft()
        while begun:
            yield await begun.popleft()
    finally:
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
