"""What runs in the process that recognises text in pictures."""

from __future__ import annotations

from collections.abc import Callable

from scraper.errors import FileError
from scraper.files.recognition import recognise
from scraper.readers.serving import serve

READ: dict[str, Callable[..., object]] = {"recognise": recognise}
"""How each kind of request is answered."""


def main() -> None:
    """Serve pages and pictures until the input ends."""
    serve(READ, (FileError,))
