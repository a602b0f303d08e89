"""Locks between processes, which the kernel lets go when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(file: Path, kind: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Hold ``flock`` on ``file`` while the block runs; the file is made where there is none.

    Args:
        file: stays behind when the lock is let go: to remove it would let two processes hold it.
        kind: ``LOCK_EX`` or ``LOCK_SH``, with ``LOCK_NB`` so as not to wait.

    Raises:
        BlockingIOError: with ``LOCK_NB``, another process holds it.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)
