"""tonggao: the archive of regional press releases of China.

A page becomes an archived record here: it is listed, fetched, parsed and archived.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from scraper.faces import lazy

if TYPE_CHECKING:
    from scraper.archive.querying.opened import open_archive
    from scraper.listing import Link, Listing, read_listing
    from scraper.record.release import Attachment, Document, Image, Release

__all__ = [
    "Attachment",
    "Document",
    "Image",
    "Link",
    "Listing",
    "Release",
    "open_archive",
    "parse_release",
    "read_listing",
]

_PLACES = {
    "open_archive": "scraper.archive.querying.opened",
    "Link": "scraper.listing",
    "Listing": "scraper.listing",
    "read_listing": "scraper.listing",
    "Attachment": "scraper.record.release",
    "Document": "scraper.record.release",
    "Image": "scraper.record.release",
    "Release": "scraper.record.release",
}

__getattr__ = lazy(__name__, _PLACES)


def parse_release(
    html: bytes,
    url: str,
    http_charset: str | None = None,
    *,
    received_at: dt.datetime | None = None,
    listed_on: dt.date | None = None,
) -> Release:
    """Read an article page of any Chinese news or government site as a record.

    A date that the page shows without its year takes it from the list's row, the page's other
    dates or its address; only where none of them states one, from the time of receipt. The
    machine's clock gives nothing.

    Args:
        html: the page's bytes as delivered.
        url: its address; links and pictures are resolved against it.
        http_charset: ``charset`` of the Content-Type header, if there was one.
        received_at: aware; when the bytes came from the site.
        listed_on: the day, in Shanghai, that the list's row states.

    Raises:
        PageError: one of its subclasses, for a page that is no release.
        TypeError: ``html`` is no bytes. Nothing else.
    """
    if not isinstance(html, (bytes, bytearray, memoryview)):
        raise TypeError(
            f"html is {type(html).__name__}: give the page's bytes as delivered (response.content, not .text)"
        )
    from scraper.page import parse_page  # noqa: PLC0415 - a lazy face, see scraper.faces

    return parse_page(bytes(html), url, http_charset, received_at=received_at, listed_on=listed_on)
