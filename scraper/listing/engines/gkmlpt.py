"""The disclosure platform of Guangdong (gkmlpt): ``/gkmlpt/api/all/<category>?page=N&sid=<site>``.

Observed 2021 to 2026: 100 records a page, times in Unix seconds, ``classify.post_count`` in all.
The page ``/gkmlpt/index#<category>`` has no rows; its ``window._CONFIG`` names the site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from scraper.listing.document import Document
from scraper.listing.model import Listing
from scraper.listing.pager import following_query
from scraper.listing.records import at_path, find_total, links_of_records

_SITE = re.compile(r"""\bSID["']?\s*:\s*["']?(\d+)""")
_PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class GkmlptEngine:
    """The API's answers, and the page that points to it."""

    name: str = "gkmlpt"

    def recognises(self, document: Document) -> bool:
        """By the path of the address."""
        if "/gkmlpt/" not in urlsplit(document.url).path:
            return False
        return document.looks_like_json or "_CONFIG" in document.text

    def read(self, document: Document) -> Listing:
        """Records and next page; see ``Engine.read``."""
        if not document.looks_like_json:
            return Listing((), _api_of(document), self.name)
        articles = at_path(document.json, "articles")
        records = (
            [each for each in articles if isinstance(each, dict)]
            if isinstance(articles, list)
            else []
        )
        return Listing(
            links_of_records(document, records), _next(document, len(records)), self.name
        )


def _api_of(document: Document) -> str | None:
    site, category = _SITE.search(document.text), urlsplit(document.url).fragment
    if site is None or not category.isdecimal():
        return None
    return urljoin(document.url, f"/gkmlpt/api/all/{category}?page=1&sid={site.group(1)}")


def _next(document: Document, count: int) -> str | None:
    address = document.url
    if not re.search(r"[?&]page=\d", address):
        address += ("&" if "?" in address else "?") + "page=1"
    found = re.search(r"[?&]page=(\d+)", address)
    total = find_total(document.json)
    read = int(found.group(1) if found else 1) * _PER_PAGE
    return following_query(address) if count and (total is None or read < total) else None
