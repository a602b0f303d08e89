"""List pages: reading them, and walking from page to page (``walk.walk``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.faces import lazy

if TYPE_CHECKING:
    from scraper.listing.engines import ENGINE_NAMES
    from scraper.listing.model import Form, Link, Listing
    from scraper.listing.reading import read_listing
    from scraper.listing.rules import ListRules
    from scraper.listing.walk import Cursor, Stop, WalkedPage

__all__ = [
    "ENGINE_NAMES",
    "Cursor",
    "Form",
    "Link",
    "ListRules",
    "Listing",
    "Stop",
    "WalkedPage",
    "read_listing",
]

_PLACES = {
    "ENGINE_NAMES": "scraper.listing.engines",
    "Form": "scraper.listing.model",
    "Link": "scraper.listing.model",
    "Listing": "scraper.listing.model",
    "read_listing": "scraper.listing.reading",
    "ListRules": "scraper.listing.rules",
    "Cursor": "scraper.listing.walk",
    "Stop": "scraper.listing.walk",
    "WalkedPage": "scraper.listing.walk",
}

__getattr__ = lazy(__name__, _PLACES)
