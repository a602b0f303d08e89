"""Locks between processes, which the kernel lets go when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scraper.database.embedded.account import name_of
from scraper.errors import EmbeddedServerError


@contextmanager
def locked(file: Path, kind: int = fcntl.LOCK_EX) -> Iterator[None]:
    """Hold ``flock`` on ``file`` while the block runs; the file is made where there is none.

    Args:
        file: stays behind when the lock is let go: to remove it would let two processes hold it.
        kind: ``LOCK_EX`` or ``LOCK_SH``, with ``LOCK_NB`` so as not to wait.

    Raises:
        BlockingIOError: with ``LOCK_NB``, another process holds it.
        EmbeddedServerError: the file cannot be opened; says whose it is.
    """
    handle = hold(file, kind)
    try:
        yield
    finally:
        os.close(handle)


def hold(file: Path, kind: int = fcntl.LOCK_EX) -> int:
    """Take ``flock`` on ``file`` until the descriptor that is given back is closed; see ``locked``."""
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EmbeddedServerError(_in_words(file, error)) from error
    try:
        fcntl.flock(handle, kind)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _in_words(file: Path, error: OSError) -> str:
    try:
        owner = file.stat().st_uid
    except OSError:
        owner = os.geteuid()
    if owner == os.geteuid():
        return f"{file}: {error.strerror}; set TONGGAO_DATA_DIR to a folder that can be written"
    name = name_of(owner)
    return (
        f"{file} belongs to {name}, who has run tonggao in this folder; when no tonggao of theirs runs "
        f"there any more, remove it: `rm {file.parent}/*.lock` as {name}"
    )
