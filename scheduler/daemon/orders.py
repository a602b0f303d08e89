"""Orders from outside: stop, stop at once, reload."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scraper.log import get_logger

LAST_SECONDS = 3.0
"""After the second signal the process ends within this time, come what may."""

EXIT_HURRIED = 130
log = get_logger(__name__)


@contextmanager
def orders(
    *, stop: Callable[[], None], hurry: Callable[[], None], reload: Callable[[], None]
) -> Iterator[None]:
    """While the block runs: SIGTERM or SIGINT stops, a second one hurries, SIGHUP reloads."""
    loop = asyncio.get_running_loop()
    received = 0

    def ordered(name: str) -> None:
        nonlocal received
        received += 1
        if received == 1:
            log.info("stopping; once more to stop at once", signal=name)
            stop()
            return
        log.warning("stopping at once; what is under way will be done again", signal=name)
        hurry()
        loop.call_later(LAST_SECONDS, os._exit, EXIT_HURRIED)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ordered, number.name)
    loop.add_signal_handler(signal.SIGHUP, reload)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            loop.remove_signal_handler(number)
