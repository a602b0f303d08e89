"""A reader that fails in the ways that C code fails, when a document asks for it."""

from __future__ import annotations

import os
import signal
from typing import Any

from scraper.readers import process


def _faulty(kind: str, document: bytes, arguments: dict[str, Any]) -> object:
    if document == b"crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif document == b"hang":
        signal.pause()
    elif document == b"grow":
        return bytes(8 << 30)
    elif document == b"fault":
        raise ZeroDivisionError("a fault of the rules")
    return SOUND[kind](**arguments)


SOUND = dict(process.READ)
NAMES = {"page": "html", "list": "document", "columns": "page", "wall": "body"}


def main() -> None:
    for kind, name in NAMES.items():
        process.READ[kind] = lambda kind=kind, name=name, **given: _faulty(kind, given[name], given)
    process.main()
