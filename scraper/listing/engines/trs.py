"""TRS WCM (拓尔思): static lists whose pager is written by ``createPageHTML``."""

from __future__ import annotations

from dataclasses import dataclass

from scraper.listing.document import Document
from scraper.listing.engines.html import HtmlEngine
from scraper.listing.model import Listing


@dataclass(frozen=True, slots=True)
class TrsEngine:
    """The rows are plain HTML; the mark of the platform is the script of the pager."""

    name: str = "trs"

    def recognises(self, document: Document) -> bool:
        """By the pager's script."""
        return "createPageHTML" in document.text and not document.looks_like_json

    def read(self, document: Document) -> Listing:
        """Rows and next page; see ``Engine.read``."""
        return HtmlEngine(self.name).read(document)
