"""Hanweb jpaas, the successor of jpage: JSON whose ``data.html`` is the list as HTML.

Observed 2020 to 2026: ``…/jpaas-publish-server/front/page/build/unit`` with
``parseType=bulidstatic`` (so spelt on most sites), ``webId``, ``tplSetId``, ``pageType``,
``tagId``, ``pageId`` and, for a page of the list, ``paramJson={"pageNo":2,"pageSize":50}``.
A column page names these parameters in ``querydata`` (or ``queryData``) of the list's element.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from scraper.listing.document import Document
from scraper.listing.engines.html import HtmlEngine, fragment_links
from scraper.listing.model import Listing
from scraper.listing.pager import read_pager
from scraper.listing.records import at_path, find_records, links_of_records
from scraper.listing.skeleton import skeleton_of

_UNIT = "/front/page/build/unit"
_ADDRESS = re.compile(r"""["']([^"'\s]*/front/page/build/unit)""")
_QUERY = re.compile(r"""query[dD]ata\s*=\s*(?:"(\{[^"]*\})"|'(\{[^']*\})')""")
_PAIR = re.compile(r"""["'](\w+)["']\s*:\s*["']([^"']*)["']""")
_TOTAL = re.compile(
    r"""(?:total|count|totalCount|data-total)["']?\s*[:=]\s*["']?(\d+)""", re.IGNORECASE
)
_PAGE_SIZE = 15


@dataclass(frozen=True, slots=True)
class JpaasEngine:
    """The unit's answers, and the column pages that ask for it."""

    name: str = "jpaas"

    def recognises(self, document: Document) -> bool:
        """By the path of the address, or by the path in the page."""
        if document.looks_like_json:
            return _UNIT in document.url
        return _UNIT in document.text and _QUERY.search(document.text) is not None

    def read(self, document: Document) -> Listing:
        """The fragment's rows and next page; see ``Engine.read``."""
        if not document.looks_like_json:
            listing = HtmlEngine(self.name).read(document)
            unit = _unit_of(document)
            return replace(listing, next_url=listing.next_url or (None if listing.links else unit))
        answer = document.json
        html = at_path(answer, "data.html")
        if not isinstance(html, str):
            links = links_of_records(document, find_records(answer))
            return Listing(links, _next_number(document, answer, len(links)), self.name)
        fragment = replace(document, text=html)
        links = fragment_links(fragment)
        shown = read_pager(fragment, skeleton_of(fragment).anchors).url
        return Listing(links, shown or _next_number(document, answer, len(links)), self.name)


def _unit_of(document: Document) -> str | None:
    address, query = _ADDRESS.search(document.text), _QUERY.search(document.text)
    if address is None or query is None:
        return None
    parameters = dict(_PAIR.findall(unescape(query.group(1) or query.group(2))))
    return urljoin(document.url, f"{address.group(1)}?{urlencode(parameters)}")


def _next_number(document: Document, answer: Any, count: int) -> str | None:
    """The address with ``pageNo`` raised, as long as pages come full."""
    parts = urlsplit(document.url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    parameters = _parameters(query.get("paramJson"))
    size = int(parameters.get("pageSize") or count or _PAGE_SIZE)
    number = int(parameters.get("pageNo") or 1)
    total = _total(answer)
    if not count or count < size or (total is not None and number * size >= total):
        return None
    following = {**parameters, "pageNo": number + 1, "pageSize": size}
    query["paramJson"] = json.dumps(following, separators=(",", ":"))
    return urlunsplit(parts._replace(query=urlencode(query)))


def _parameters(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:  # a malformed address of the source's: as if it said nothing
        return {}
    return value if isinstance(value, dict) else {}


def _total(answer: Any) -> int | None:
    html = at_path(answer, "data.html")
    found = _TOTAL.search(html) if isinstance(html, str) else None
    return int(found.group(1)) if found else None
