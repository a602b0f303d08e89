"""Work begun ahead of its turn: several pieces at once, their results in the order of the pieces."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

READ_AT_ONCE = 6
"""Pages that are fetched, parsed and compared at once where many are read: enough to keep the
readers' processes and the server busy."""

Result = TypeVar("Result")


async def in_order(
    work: AsyncGenerator[Coroutine[Any, Any, Result]], most: int
) -> AsyncGenerator[Result]:
    """The results of coroutines, of which ``most`` are under way at once. Close it (``aclosing``): it closes ``work``.

    Raises:
        Exception: what the first coroutine that fails raises, in its turn; those behind it are
            cancelled and waited for. What ``work`` raises, once those before it have given theirs.
    """
    begun: deque[asyncio.Task[Result]] = deque()
    failure: Exception | None = None
    try:
        while True:
            try:
                piece = await anext(work)
            except StopAsyncIteration:
                break
            except Exception as error:  # noqa: BLE001 - raised below, in its turn
                failure = error
                break
            begun.append(asyncio.create_task(piece))
            if len(begun) == most:
                yield await begun.popleft()
        while begun:
            yield await begun.popleft()
        if failure:
            raise failure
    finally:
        for task in begun:
            task.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
        await work.aclose()


@asynccontextmanager
async def one_behind() -> AsyncIterator[Callable[[Coroutine[Any, Any, None]], Awaitable[None]]]:
    """Gives what begins work that goes on while its asker makes the next ready, one at a time, in order.

    At the end the last one is waited for, also where the asker fails; where it is cancelled, the last one is too.

    Raises:
        Exception: what a piece raises, when the next is to begin or at the end.
    """
    under_way: asyncio.Task[None] | None = None

    async def begin(work: Coroutine[Any, Any, None]) -> None:
        nonlocal under_way
        try:
            if under_way:
                await under_way
        except BaseException:
            work.close()
            raise
        under_way = asyncio.create_task(work)

    try:
        yield begin
        if under_way:
            await under_way
    except Exception:
        if under_way:  # it was begun before what failed
            await asyncio.gather(under_way, return_exceptions=True)
        raise
    finally:
        if under_way:
            under_way.cancel()
            await asyncio.gather(under_way, return_exceptions=True)
