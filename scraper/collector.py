"""Python's collector of cyclic garbage, paused while a page is read.

Reading a page makes some thousand objects and no cycle; the collector looks at them again and
again while they live, and finds nothing. Counting references frees them when the page is done.
"""

from __future__ import annotations

import gc
from types import TracebackType


class CollectorPaused:
    """Pauses the collector of this process for the length of a ``with``, if it was running.

    It runs again behind the block, whatever happened in it. Blocks may lie in one another: only the
    outermost turns it on. In several threads the first to end turns it on for all: the others then go
    on with it, which costs time and nothing else. A pause is never longer than the blocks that overlap.
    """

    __slots__ = ("_was_on",)

    def __enter__(self) -> None:
        self._was_on = gc.isenabled()
        if self._was_on:
            gc.disable()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._was_on:
            gc.enable()
