"""tonggao: the archive of regional press releases of China.

A page becomes an archived record here: it is listed, fetched, parsed and archived.
"""

from __future__ import annotations

from scraper.listing import Link, Listing, read_listing
from scraper.page import parse_page
from scraper.record.release import Attachment, Document, Image, Release

__all__ = [
    "Attachment",
    "Document",
    "Image",
    "Link",
    "Listing",
    "Release",
    "parse_release",
    "read_listing",
]


def parse_release(html: bytes, url: str, http_charset: str | None = None) -> Release:
    """Read an article page of any Chinese news or government site as a record.

    Args:
        html: the page's bytes as delivered.
        url: its address; links and pictures are resolved against it.
        http_charset: ``charset`` of the Content-Type header, if there was one.

    Raises:
        PageError: one of its subclasses, for a page that is no release; nothing else.
    """
    return parse_page(html, url, http_charset)
