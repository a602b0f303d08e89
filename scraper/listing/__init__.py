"""List pages: reading them, and walking from page to page."""

from scraper.listing.engines import ENGINE_NAMES
from scraper.listing.model import Form, Link, Listing
from scraper.listing.reading import read_listing
from scraper.listing.rules import ListRules
from scraper.listing.walk import Cursor, Stop, WalkedPage, walk

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
    "walk",
]
