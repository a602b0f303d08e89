"""The parser's version: a hash of its own rules, stored with every record for reparse."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable

_PACKAGES = ("scraper.page", "scraper.text", "scraper.regions")
_NO_RECORD = frozenset(
    (
        "scraper.page/why",
        "scraper.page/body/chosen.py",
        "scraper.page/examples/body.py",
        "scraper.page/examples/credits.py",
        "scraper.page/examples/headline.py",
        "scraper.page/examples/pages.py",
        "scraper.page/examples/published.py",
        "scraper.page/examples/record.py",
        "scraper.regions/naming.py",
        "scraper.text/asked_days.py",
        "scraper.text/differences.py",
    )
)
"""What is in these packages and changes no record: examples of rules, answers to who asks why, the days
and places that people ask for, how two texts differ. An upgrade of these alone offers no reparse."""


def parser_version() -> str:
    """Twelve hex digits over what can change a record.

    That is the sources of `scraper.page`, `scraper.text` and `scraper.regions`, word lists and the
    list of places among them, without what only looks at records or proves rules, and the version
    of the DOM parser.
    """
    digest = hashlib.sha256()
    for source in hashed_sources().values():
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    digest.update(f"selectolax=={version('selectolax')}".encode())
    return digest.hexdigest()[:12]


def hashed_sources() -> dict[str, Traversable]:
    """The files that the version covers, by package and path in it."""
    return {
        place: source
        for package in _PACKAGES
        for place, source in _sources(files(package), package)
    }


def _sources(folder: Traversable, place: str) -> Iterator[tuple[str, Traversable]]:
    """The files of a package and of the packages in it, by name."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        inner = f"{place}/{entry.name}"
        if inner in _NO_RECORD:
            continue
        if entry.is_dir():
            yield from _sources(entry, inner)
        elif entry.name.endswith((".py", ".toml", ".csv")):
            yield inner, entry


PARSER_VERSION = parser_version()
"""Of this installation; computed once at import."""
