"""Pages that were stored, read by today's parser with the selectors of their source."""

from __future__ import annotations

from collections.abc import Callable

from scraper.archive.observations.observation import PageBytes
from scraper.page import FieldRules
from scraper.readers import Readers
from scraper.record.release import Release
from scraper.sources import Catalogue
from scraper.visit.article import field_rules


class PageReader:
    """Reads stored pages as a visit of their source would.

    Args:
        readers: what parses.
        catalogue: gives the sources; asked when the first page is read.
    """

    def __init__(self, readers: Readers, catalogue: Callable[[], Catalogue]) -> None:
        self._readers = readers
        self._catalogue = catalogue

    async def read(self, page: PageBytes) -> Release:
        """The page's record.

        Raises:
            PageError: it is no release.
        """
        return await self._readers.parse(
            page.body,
            page.url,
            page.http_charset,
            self._rules(page),
            received_at=page.received_at,
            listed_on=page.listed_on,
        )

    def _rules(self, page: PageBytes) -> FieldRules | None:
        catalogue = self._catalogue()
        known = page.source_id in catalogue
        return field_rules(catalogue.get(page.source_id), page.day) if known else None
