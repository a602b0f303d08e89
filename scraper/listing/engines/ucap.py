"""UCAP (开普): columns as static HTML, or filled by a script from a JSON search.

Observed 2022 to 2026: ``/common/search/<channelId>`` (older sites ``/search/``, newer
``/es-search/search/``) with ``page``, ``_pageSize``, ``_isJson=true`` answers
``{"data": {"results": [{"title", "url", "publishedTimeStr"}]}}``; addresses come back as http.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from scraper.listing.document import Document
from scraper.listing.engines.html import HtmlEngine
from scraper.listing.model import Listing
from scraper.listing.records import at_path, links_of_records, next_of_records

_CHANNEL = re.compile(
    r"""<meta[^>]{0,80}name=["']channelId["'][^>]{0,80}content=["']([0-9a-f]{32})|channelId["']?\s*[:=]\s*["']([0-9a-f]{32})""",
    re.IGNORECASE,
)
_SEARCH = re.compile(
    r"""["']?(/(?:[\w-]{1,40}/){0,8}search/)["']?\s{0,20}\+|["'](/(?:[\w-]{1,40}/){0,8}search/)[0-9a-f]{32}"""
)


@dataclass(frozen=True, slots=True)
class UcapEngine:
    """The search's answers, and the pages that a script fills from it."""

    name: str = "ucap"

    def recognises(self, document: Document) -> bool:
        """By the shape of the answer, or by a channel and a search in the page."""
        if document.looks_like_json:
            return '"results"' in document.text and '"channel' in document.text
        text = document.text
        return ("channelId" in text or "channelid" in text) and _SEARCH.search(text) is not None

    def read(self, document: Document) -> Listing:
        """Records and next page; see ``Engine.read``."""
        if document.looks_like_json:
            results = at_path(document.json, "data.results")
            records = (
                [each for each in results if isinstance(each, dict)]
                if isinstance(results, list)
                else []
            )
            links = links_of_records(document, records)
            return Listing(links, next_of_records(document, len(records)), self.name)
        listing = HtmlEngine(self.name).read(document)
        return listing if listing.links else Listing((), _api_of(document), self.name)


def _api_of(document: Document) -> str | None:
    channel, search = _CHANNEL.search(document.text), _SEARCH.search(document.text)
    if channel is None:
        return None
    path = (search.group(1) or search.group(2)) if search else "/common/search/"
    query = "_isAgg=true&_isJson=true&_pageSize=20&_template=index&page=1"
    return urljoin(document.url, f"{path}{channel.group(1) or channel.group(2)}?{query}")
