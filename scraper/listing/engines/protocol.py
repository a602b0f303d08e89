"""What an engine is."""

from __future__ import annotations

from typing import Protocol

from scraper.listing.document import Document
from scraper.listing.model import Listing


class Engine(Protocol):
    """A way to read list documents. Pure: no network, no clock."""

    @property
    def name(self) -> str:
        """The word for ``engine = …`` in a source definition."""

    def recognises(self, document: Document) -> bool:
        """Whether the document is of this kind. Cheap: looks for marks, parses nothing twice."""

    def read(self, document: Document) -> Listing:
        """Read the rows and the next page.

        A document without rows gives a listing without links, which is an error only for the
        caller who expected some.

        Raises:
            ListingError: the document is not what the engine reads, or exceeds a limit.
        """
