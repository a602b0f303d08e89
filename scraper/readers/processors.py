"""How many processes that read suit the machine."""

from __future__ import annotations

import os

MOST_BY_PROCESSORS = 4
"""More would wait: a process that fetches and archives needs 2.4 times as long for an article as its
reader does (11.1 and 4.6 ms, ``make bench-peers``)."""


def by_processors() -> int:
    """One less than the processors, since one is the main process's; at least 1, at most four.

    Processors count that this process may run on: in a container that may be fewer than there are.
    """
    allowed = getattr(os, "sched_getaffinity", None)  # not on macOS
    processors = len(allowed(0)) if allowed else os.cpu_count() or 2
    return min(max(1, processors - 1), MOST_BY_PROCESSORS)
