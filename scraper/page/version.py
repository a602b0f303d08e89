"""The parser's version: a hash of its own rules, stored with every record for reparse."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

_PACKAGES = ("scraper.page", "scraper.text", "scraper.regions")


def parser_version() -> str:
    """Twelve hex digits over what can change a record.

    That is the sources of `scraper.page`, `scraper.text` and `scraper.regions`, word lists and the
    list of places among them, and the version of the DOM parser.
    """
    digest = hashlib.sha256()
    for package in _PACKAGES:
        for source in _sources(files(package)):
            digest.update(source.name.encode() + b"\0" + source.read_bytes())
    digest.update(f"selectolax=={version('selectolax')}".encode())
    return digest.hexdigest()[:12]


def _sources(folder: Traversable) -> Iterator[Traversable]:
    """The files of a package and of the packages in it, by name."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith((".py", ".toml", ".csv")):
            yield entry


PARSER_VERSION = parser_version()
"""Of this installation; computed once at import."""
