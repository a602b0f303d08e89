"""A process that stands still ends itself, where something restarts it: containers have no watchdog.

systemd has one of its own (``WatchdogSec``). Compose restarts what has ended, never what is only
unhealthy; so the process must end. The timer is a thread of the interpreter in C: it acts even when the
interpreter's lock is held for good, and writes where each thread stood to standard error.
"""

from __future__ import annotations

import asyncio
import faulthandler
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_STROKES = 4
"""How often within the limit the event loop says that it turns."""


@asynccontextmanager
async def ended_at_standstill(seconds: float | None) -> AsyncIterator[None]:
    """End the process with exit code 1 if its event loop does not turn for ``seconds``.

    Args:
        seconds: by the monotonic clock; None: never.
    """
    if seconds is None:
        yield
        return
    strokes = asyncio.create_task(_stroke(seconds), name="standstill")
    try:
        yield
    finally:
        strokes.cancel()
        faulthandler.cancel_dump_traceback_later()


async def _stroke(seconds: float) -> None:
    while True:
        faulthandler.dump_traceback_later(seconds, exit=True)
        await asyncio.sleep(seconds / _STROKES)
