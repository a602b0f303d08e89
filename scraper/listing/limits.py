"""Limits that end the reading of a hostile list page with a clear error.

The figures are far above what real columns show: the largest list seen in public material has
1 024 rows, sitemaps may hold 50 000 entries and 50 MiB by the sitemaps.org protocol.
"""

from __future__ import annotations

from scraper.errors import ListingTooLarge
from scraper.page.layout.limits import nests_deeper

MAX_BYTES = 16 * 1024 * 1024
"""Bytes of a list page or an API's answer, as delivered."""
MAX_INFLATED = 64 * 1024 * 1024
"""Bytes that a gzip-compressed sitemap may grow to."""
MAX_HREFS = 20_000
"""Links of all kinds that one HTML document may hold."""
MAX_LINKS = 50_000
"""Links that one listing may give (the sitemap protocol's own limit)."""
MAX_DEPTH = 200
"""Levels of elements or of JSON above a link."""

MAX_LABEL = 1000
"""Characters of a link's text that are looked at."""
MAX_ADDRESSES = 8192
"""Characters of a record's addresses by device."""
MAX_OPEN = 2000
"""Elements that may be left open in HTML: nesting beyond it costs the parser quadratic time."""


def require_size(body: bytes, url: str) -> None:
    """Refuse a document that is too large to be a list page.

    Raises:
        ListingTooLarge: with the size and the limit in bytes.
    """
    if len(body) > MAX_BYTES:
        raise ListingTooLarge(
            f"{url}: the list page has {len(body)} bytes, more than the limit of {MAX_BYTES};"
            " name a smaller list page in the source"
        )


def require_count(count: int, limit: int, url: str) -> None:
    """Refuse a document with too many links.

    Raises:
        ListingTooLarge: with the count and the limit.
    """
    if count > limit:
        raise ListingTooLarge(
            f"{url}: the list page holds {count} links, more than the limit of {limit};"
            " name a smaller list page in the source"
        )


def require_shallow(text: str, url: str) -> None:
    """Refuse HTML that nests without end, before it is parsed.

    Raises:
        ListingTooLarge: more than ``MAX_OPEN`` elements are open at once.
    """
    if nests_deeper(text, MAX_OPEN):
        raise ListingTooLarge(f"{url}: more than {MAX_OPEN} elements are nested in each other")
