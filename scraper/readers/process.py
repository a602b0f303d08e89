"""What runs in a reader's process: pages, lists and walls."""

from __future__ import annotations

from collections.abc import Callable

from scraper.errors import ListingError, PageError
from scraper.fetch.walls import name_wall
from scraper.listing.reading import read_listing
from scraper.page.reader import parse_page
from scraper.readers.serving import serve
from scraper.sources.discovery import columns_on

READ: dict[str, Callable[..., object]] = {
    "page": parse_page,
    "list": read_listing,
    "columns": columns_on,
    "wall": name_wall,
}
"""How each kind of document is read."""


def main() -> None:
    """Serve pages and lists until the input ends."""
    serve(READ, (PageError, ListingError))
