"""What runs in the process that reads files."""

from __future__ import annotations

from collections.abc import Callable

from scraper.errors import FileError
from scraper.files.model import FileText
from scraper.files.programs import Programs
from scraper.files.reading import read_file
from scraper.readers.serving import serve


def _read(
    data: bytes,
    name: str | None,
    media_type: str | None,
    charset: str | None,
    programs: Programs,
) -> FileText:
    return read_file(data, name=name, media_type=media_type, charset=charset, run=programs.run)


READ: dict[str, Callable[..., object]] = {"file": _read}
"""How each kind of request is answered."""


def main() -> None:
    """Serve files until the input ends."""
    serve(READ, (FileError,))
