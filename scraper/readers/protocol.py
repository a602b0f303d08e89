"""What a visit asks of its readers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Protocol

from scraper.listing.model import FormFields, Link, Listing
from scraper.listing.rules import NO_RULES, ListRules
from scraper.page.rules.selectors import FieldRules
from scraper.release import Release


class Readers(Protocol):
    """Reads documents; ``ReaderPool`` does so in processes of its own, which a bad one may crash."""

    async def parse(
        self,
        html: bytes,
        url: str,
        http_charset: str | None = None,
        rules: FieldRules | None = None,
        *,
        received_at: dt.datetime | None = None,
        listed_on: dt.date | None = None,
    ) -> Release:
        """The page as a record; see ``parse_page``.

        Raises:
            ParserCrashed: the reader died, hung or outgrew its memory on this page.
            PageError: it is no release.
        """

    async def read_listing(
        self,
        document: bytes,
        url: str,
        http_charset: str | None = None,
        engine: str = "auto",
        *,
        rules: ListRules = NO_RULES,
        form: FormFields | None = None,
    ) -> Listing:
        """The list; see ``read_listing`` of ``scraper.listing``.

        Raises:
            ListingCrashed: the reader died, hung or outgrew its memory on this document.
            ListingError: it is no list, or exceeds a limit.
        """

    async def columns_on(
        self, page: bytes, url: str, http_charset: str | None = None
    ) -> tuple[Link, ...]:
        """The columns that a home page leads to; see ``scraper.sources.discovery``.

        Raises:
            ListingCrashed: the reader died, hung or outgrew its memory on this page.
            ListingError: the page exceeds a limit.
        """

    async def name_wall(
        self, status: int, headers: Mapping[str, str], body: bytes, url: str
    ) -> str | None:
        """The wall that an answer is, None if it is none; see ``scraper.fetch.walls``.

        Raises:
            ParserCrashed: the reader died, hung or outgrew its memory on this answer.
        """
