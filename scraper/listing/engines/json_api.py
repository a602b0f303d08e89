"""Any list API that answers in JSON."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.listing.document import Document
from scraper.listing.model import Listing
from scraper.listing.records import items_at, links_of_records, next_of_records


@dataclass(frozen=True, slots=True)
class JsonEngine:
    """Records by the source's paths, else by the usual names; pages counted in the query."""

    name: str = "json"

    def recognises(self, document: Document) -> bool:
        """By the first character."""
        return document.looks_like_json

    def read(self, document: Document) -> Listing:
        """Records and next page; see ``Engine.read``."""
        records = items_at(document)
        links = links_of_records(document, records)
        return Listing(links, next_of_records(document, len(records)), self.name)
