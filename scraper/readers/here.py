"""Reading in the process itself: for tests and debugging."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping

from scraper.fetch.walls import name_wall
from scraper.listing import Link, Listing, ListRules, read_listing
from scraper.listing.model import FormFields
from scraper.listing.rules import NO_RULES
from scraper.page import FieldRules, parse_page
from scraper.release import Release
from scraper.sources.discovery import columns_on


class OwnProcess:
    """Reads documents in this process, of which one that crashes its parser is the end."""

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
        """The page as a record; see ``parse_page``."""
        return await asyncio.to_thread(
            parse_page,
            html,
            url,
            http_charset,
            rules=rules,
            received_at=received_at,
            listed_on=listed_on,
        )

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
        """The list; see ``read_listing``."""
        return await asyncio.to_thread(
            read_listing, document, url, http_charset, engine, rules=rules, form=form
        )

    async def columns_on(
        self, page: bytes, url: str, http_charset: str | None = None
    ) -> tuple[Link, ...]:
        """The columns that a home page leads to; see ``columns_on``."""
        return await asyncio.to_thread(columns_on, page, url, http_charset)

    async def name_wall(
        self,
        status: int,
        headers: Mapping[str, str],
        body: bytes,
        url: str,  # noqa: ARG002  (for those who must say what crashed them)
    ) -> str | None:
        """The wall that an answer is; see ``name_wall``."""
        return name_wall(status, headers, body)
