"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LONGEST_NAME = 50
"""Signs of a file's name that stand in the unfinished one's: 255 bytes hold both, in Chinese too."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Somewhere beside ``path`` to write to; it takes its place when the block ends without an error.

    It is made before the block begins, so that a place that cannot be written to is said at once,
    not after hours. A file that is replaced keeps its mode, a link the file that it leads to.
    What is not an ordinary file (a pipe, /dev/null) is written to as it is.

    Raises:
        OSError: the place cannot be written to or is full; its ``filename`` is ``path``.
    """
    part = path
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if path.exists() and not path.is_file():
            yield path
            return
        place = Path(os.path.realpath(path))
        part = place.with_name(f".{place.name[:_LONGEST_NAME]}.{os.getpid()}.part")
        with _finished(part, place):
            yield part
    except OSError as error:
        ours = error.filename is not None and os.fsdecode(error.filename) == str(part)
        if ours or (error.filename is None and error.errno in _NO_ROOM):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise


@contextmanager
def _finished(part: Path, place: Path) -> Iterator[None]:
    try:
        part.open("wb").close()
        if place.exists():
            shutil.copymode(place, part)
        yield
        with part.open("rb") as written:
            os.fsync(written.fileno())
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)
