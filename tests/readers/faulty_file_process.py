"""A reader of files that fails in the ways that C code fails, when a file asks for it."""

from __future__ import annotations

import os
import signal
from typing import Any

from scraper.files import read_file
from scraper.readers import file_process


def _faulty(data: bytes, programs: object, **arguments: Any) -> object:
    if data == b"crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif data == b"hang":
        signal.pause()
    elif data == b"grow":
        return bytes(8 << 30)
    elif data == b"abort":
        os.abort()
    elif data == b"fault":
        raise ZeroDivisionError("a fault of the reader")
    return read_file(data, **arguments)


def main() -> None:
    file_process.READ["file"] = _faulty
    file_process.main()
