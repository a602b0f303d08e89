"""Any list API that answers in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from scraper.listing.document import Document
from scraper.listing.engines.html import HtmlEngine
from scraper.listing.engines.jpage import JpageEngine
from scraper.listing.model import Listing
from scraper.listing.records import items_at, links_of_records, next_of_records

JPAGE = JpageEngine()
_LINK = re.compile(r"<a\s[^<>]{0,400}\bhref", re.IGNORECASE)
_LEVELS = 6


@dataclass(frozen=True, slots=True)
class JsonEngine:
    """Records by the source's paths, else by the usual names, else a list in HTML as a string."""

    name: str = "json"

    def recognises(self, document: Document) -> bool:
        """By the first character."""
        return document.looks_like_json

    def read(self, document: Document) -> Listing:
        """Records and next page; see ``Engine.read``."""
        records = items_at(document)
        if not records and document.rules.items is None and (page := _page_within(document)):
            return self._fragment(document, page)
        links = links_of_records(document, records)
        return Listing(links, next_of_records(document, len(records)), self.name)

    def _fragment(self, document: Document, page: Document) -> Listing:
        """The rows of the HTML (or the records of jpage) that the answer holds as a string."""
        reader = JPAGE if JPAGE.recognises(page) else HtmlEngine(self.name)
        listing = reader.read(page)
        following = listing.next_url or next_of_records(document, len(listing.links))
        return replace(listing, next_url=following, next_by_rule=False, engine=self.name)


def _page_within(document: Document) -> Document | None:
    """The longest string with links that an answer holds; None where none has."""
    fragments = (each for each in _strings(document.json) if _LINK.search(each))
    longest = max(fragments, key=len, default=None)
    return replace(document, text=longest) if longest else None


def _strings(value: Any, level: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif level < _LEVELS and isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each, level + 1)
