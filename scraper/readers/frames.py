"""What a reader's process and its owner say to each other."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

LENGTH = struct.Struct(">I")
"""Before each frame: its length in bytes."""

OUT_OF_MEMORY = 75
"""Exit status of a worker that met its limit of memory (EX_TEMPFAIL of sysexits.h)."""

Request = tuple[str, dict[str, Any]]
"""The kind of document (a key of ``process.READ``) and the arguments of what reads it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of ours while a document was read: its traceback."""

    traceback: str

    @property
    def last_line(self) -> str:
        """The kind of fault and its message."""
        return self.traceback.strip().rpartition("\n")[2]
