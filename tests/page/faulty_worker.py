"""A parse worker that fails in the ways that C code fails, when a page asks for it."""

from __future__ import annotations

import os
import signal
from typing import Any

from scraper.page import worker

_parse_page = worker.parse_page


def _faulty(html: bytes, url: str, **rest: Any) -> object:
    if html == b"crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif html == b"hang":
        signal.pause()
    elif html == b"grow":
        return bytes(8 << 30)
    elif html == b"fault":
        raise ZeroDivisionError("a fault of the rules")
    return _parse_page(html, url, **rest)


def main() -> None:
    worker.parse_page = _faulty  # type: ignore[assignment]
    worker.main()
