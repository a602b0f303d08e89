"""What runs in the process that reads files."""

from __future__ import annotations

from collections.abc import Callable

from scraper.errors import FileError
from scraper.files.reading import read_file
from scraper.readers.serving import serve

READ: dict[str, Callable[..., object]] = {"file": read_file}
"""How each kind of request is answered."""


def main() -> None:
    """Serve files until the input ends."""
    serve(READ, (FileError,))
