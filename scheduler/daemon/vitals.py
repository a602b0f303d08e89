"""What a process knows about its own condition, for probes, systemd and the log."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from scheduler.crew import Trouble

STALE_SECONDS = 60.0
"""A loop, clock or database that was last seen well so long ago counts as ill."""


@dataclass
class Vitals:
    """When each organ was last seen well, by the monotonic clock (no jump of the wall clock counts).

    Attributes:
        organs: name to moment.
        stopping: the process was told to stop.
        trouble: what keeps the database from writing, if anything does.
    """

    organs: dict[str, float] = field(default_factory=dict)
    stopping: bool = False
    trouble: Trouble = field(default_factory=Trouble)

    def well(self, organ: str) -> None:
        """Note that ``organ`` works at this moment."""
        self.organs[organ] = time.monotonic()

    def ill(self) -> tuple[str, ...]:
        """The organs that were not seen well lately."""
        limit = time.monotonic() - STALE_SECONDS
        return tuple(name for name, seen in self.organs.items() if seen < limit)

    def complaints(self) -> tuple[str, ...]:
        """Why the process does not do its work now: organs by name, trouble in the server's words."""
        trouble = self.trouble
        words = (trouble.sentence,) if trouble.lasts(time.monotonic()) else ()
        return (*self.ill(), *words)

    @property
    def alive(self) -> bool:
        """Whether the event loop turns: if not, only a restart helps."""
        return "loop" not in self.ill()

    @property
    def ready(self) -> bool:
        """Whether the process does its work now."""
        return not self.stopping and "database" in self.organs and not self.complaints()
