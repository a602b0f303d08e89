"""CRI 国际在线 (cri.cn): a static first page, then fragments ``/inc/<uuid>-N.inc``.

Observed 2021 to 2026: ``N`` counts from 2; past the end a fragment has no rows. Sub-sites page by
``/column-2`` or ``/index-2.html`` instead; those links stand in the pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from scraper.listing.document import Document
from scraper.listing.engines.html import HtmlEngine, fragment_links
from scraper.listing.model import Listing

_UUID = r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"
_FRAGMENT = re.compile(rf"(/inc/{_UUID})-(\d+)(\.inc)")
_STEM = re.compile(rf"""["'](?:(?:https?:)?//[\w.]+)?(/inc/{_UUID})-?["']""")


@dataclass(frozen=True, slots=True)
class CriEngine:
    """Column pages and fragments of cri.cn."""

    name: str = "cri"

    def recognises(self, document: Document) -> bool:
        """By the host, or by the form of a fragment's address."""
        return (document.host == "cri.cn" or document.host.endswith(".cri.cn")) or bool(
            _FRAGMENT.search(document.url)
        )

    def read(self, document: Document) -> Listing:
        """Rows and next page; see ``Engine.read``."""
        if here := _FRAGMENT.search(document.url):
            links = fragment_links(document)
            number = int(here.group(2)) + 1
            following = urljoin(document.url, f"{here.group(1)}-{number}{here.group(3)}")
            return Listing(links, following if links else None, self.name)
        listing = HtmlEngine(self.name).read(document)
        return replace(listing, next_url=listing.next_url or _first_fragment(document))


def _first_fragment(document: Document) -> str | None:
    if stem := _STEM.search(document.text) or _FRAGMENT.search(document.text):
        return urljoin(document.url, f"{stem.group(1)}-2.inc")
    return None
