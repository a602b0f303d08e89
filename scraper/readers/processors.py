"""How many processes that read suit the machine."""

from __future__ import annotations

import os

MOST_BY_PROCESSORS = 4
"""More would wait: a process that fetches and archives needs 1.8 times as long for an article as its
reader does (4.9 and 2.7 ms, ``make bench-peers``)."""


def by_processors(*, kept: int = 1) -> int:
    """The processors less those that are kept for the main process; at least 1, at most four.

    Processors count that this process may run on: in a container that may be fewer than there are.

    Args:
        kept: 1 where the main process fetches and archives; 0 where it hands on stored pages, which
            takes it a third of a reader's time (``make bench-bulk``).
    """
    allowed = getattr(os, "sched_getaffinity", None)  # not on macOS
    processors = len(allowed(0)) if allowed else os.cpu_count() or 2
    return min(max(1, processors - kept), MOST_BY_PROCESSORS)
