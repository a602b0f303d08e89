r"""The platform whose columns ask ``/queryList`` for their pages (Jiangxi, the NDCPA and others).

Observed 2025 and 2026: a column's page (``/pc/list.html``, ``/col/col<N>/index.html``) holds its
first rows in a script, ``var listData = {articleList: [{title, pubDate, urls: "{\"pc\": …}"}]}``,
and calls ``loadPageData(params, …)``. The rows after those come from a POST to ``/queryList`` with
the parameters of that script and ``current`` for the number of the page, counted from 1; the
answer is ``{"data": {"total": N, "results": [{"source": {…as above…}}]}}`` and does not say which
page it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from scraper.listing.document import Document
from scraper.listing.embedded import embedded_links
from scraper.listing.engines.html import HtmlEngine
from scraper.listing.model import Form, FormFields, Link, Listing
from scraper.listing.records import find_records, find_total, links_of_records

_PATH = "/queryList"
_CALL = re.compile(r"\bparams\s*=\s*\{")
_PAIR = re.compile(
    r"""\b(\w{1,60})["']?\s{0,20}:\s{0,20}\[?\s{0,20}(?:"([^"\n]*)"|'([^'\n]*)'|(\w+))"""
)
_LONGEST = 4000
"""Characters of the parameters of a call."""
_SENT = ("unitid", "webSiteCode", "channelCode", "dataBefore", "dataAfter", "showMode")
"""Parameters of the call that are fields of the form; the others are the look of the page."""
_NEEDED = frozenset({"webSiteCode", "channelCode"})
_ORDER = (("searchstart", "1"), ("sort", "sortNum"), ("order", "desc"))
_PER_PAGE = 15


@dataclass(frozen=True, slots=True)
class QueryListEngine:
    """Column pages with rows in a script, and the answers to the form."""

    name: str = "querylist"

    def recognises(self, document: Document) -> bool:
        """By the address or the shape of the answer, or by the parameters in the page."""
        text = document.text
        if document.looks_like_json:
            asked = urlsplit(document.url).path.endswith(_PATH)
            return '"results"' in text and (asked or ('"source"' in text and '"urls"' in text))
        return "webSiteCode" in text and "channelCode" in text and _CALL.search(text) is not None

    def read(self, document: Document) -> Listing:
        """Rows and the form for the next page; see ``Engine.read``."""
        if document.looks_like_json:
            return self._answer(document)
        links = embedded_links(document) or HtmlEngine(self.name).read(document).links
        fields = _fields_of(document.text)
        size = (_number(dict(fields or ()).get("perPage")) or 0) or _PER_PAGE
        if fields is None or 0 < len(links) < size:
            return Listing(links, None, self.name)
        form = _turned(fields, len(links) // size + 1)
        return Listing(links, urljoin(document.url, _PATH), self.name, Form(form))

    def _answer(self, document: Document) -> Listing:
        links = links_of_records(document, find_records(document.json))
        form = _following(document, links)
        return Listing(links, document.url if form else None, self.name, form)


def _following(document: Document, links: tuple[Link, ...]) -> Form | None:
    """The form of the next page, by the one that this page answered; None at the end."""
    fields = dict(document.form or ())
    current, size = _number(fields.get("current")), _number(fields.get("perPage"))
    total = find_total(document.json)
    if not current or not links or (total is not None and current * (size or 1) >= total):
        return None
    return Form(_turned(document.form or (), current + 1))


def _fields_of(text: str) -> FormFields | None:
    """The form that the page's script would post, by the parameters of its call."""
    call = _CALL.search(text)
    if call is None:
        return None
    inside = text[call.end() : call.end() + _LONGEST].partition("}")[0]
    said = {name: one or two or bare for name, one, two, bare in _PAIR.findall(inside)}
    if not said.keys() >= _NEEDED:
        return None
    size = said.get("perPage") or str(_PER_PAGE)
    own = tuple((name, said[name]) for name in _SENT if said.get(name))
    return (("current", "1"), ("perPage", size), ("pageSize", size), *own, *_ORDER)


def _turned(fields: FormFields, number: int) -> FormFields:
    return tuple((name, str(number) if name == "current" else value) for name, value in fields)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) <= 6 else None
