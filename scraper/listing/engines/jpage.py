"""Hanweb jpage (大汉): rows as records of an XML ``<datastore>``.

Observed 2015 to 2026: the first records lie in the column page itself, in a
``<script type="text/xml">``; the following ones come from ``/module/web/jpage/dataproxy.jsp``
(older sites ``/module/jslib/jquery/jpage/``). The answers are often ill-formed XML (a bare table
before a record, unescaped ``&``), so they are cut with patterns, never given to an XML parser,
which also disarms entities.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from scraper.listing.document import Document
from scraper.listing.limits import MAX_LINKS, require_count
from scraper.listing.mainlist import find_links, unique
from scraper.listing.model import Form, Link, Listing
from scraper.listing.row import read_row
from scraper.listing.skeleton import skeleton_of
from scraper.listing.stated import with_whole_days

_RECORD = re.compile(r"<record>", re.IGNORECASE)
_END = re.compile(r"\]\]>|</record>", re.IGNORECASE)
_NEXT_GROUP = re.compile(r"<nextgroup>", re.IGNORECASE)
_END_OF_GROUP = re.compile(r"</nextgroup>", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)|\btotalRecord\s*:\s*[\"']?(\d+)", re.IGNORECASE)
_PER_PAGE = re.compile(r"\bperPage\s*:\s*[\"']?(\d+)", re.IGNORECASE)
_PROXY = re.compile(r"""["']([^"'\s]*/jpage/dataproxy\.jsp)""")
_PARAMETERS = re.compile(
    r"\b(?:param\w{0,40}|data)\s{0,20}[=:]\s{0,20}\{([^{}]{0,4000})\}", re.IGNORECASE
)
_COLUMN = re.compile(r"\bcolumnid\b", re.IGNORECASE)
_PAIR = re.compile(r"""["']?(\w{1,60})["']?\s{0,20}:\s{0,20}(?:"([^"]*)"|'([^']*)'|([\w./-]+))""")
_CELL = re.compile(r"(</?)(?:table|tbody|tr|td|th)\b", re.IGNORECASE)
_PER_SCREEN = 15
_SCREENS = 3
"""One answer of the proxy covers three pages on the screen."""


@dataclass(frozen=True, slots=True)
class JpageEngine:
    """Column pages with records in them, and the proxy's answers."""

    name: str = "jpage"

    def recognises(self, document: Document) -> bool:
        """By the XML element, in the page or around it."""
        text = document.text
        return (
            "<datastore" in text
            or "<recordset" in text
            or (".jpage(" in text and "columnid" in text.lower())
        )

    def read(self, document: Document) -> Listing:
        """Records and next group; see ``Engine.read``."""
        records = records_in(document.text)
        require_count(len(records), MAX_LINKS, document.url)
        links = _links(document, records)
        following = _next_group(document) or _next_range(document, len(records))
        if following or "/dataproxy.jsp" in document.url:
            return Listing(links, following if links else None, self.name)
        first, form = _first_range(document, len(records))
        return Listing(links, first, self.name, form)


def records_in(text: str) -> list[str]:
    """What stands in the ``record`` elements, closed or not, of the largest ``datastore``."""
    stores = [_RECORD.split(store)[1:] for store in text.split("<datastore")]
    pieces = max(stores, key=len)
    return [_END.split(piece.strip().removeprefix("<![CDATA["), 1)[0] for piece in pieces]


def _links(document: Document, records: list[str]) -> tuple[Link, ...]:
    boxes = (f"<div>{_as_html(record)}</div>" for record in records)
    fragment = replace(document, text=f"<main>{''.join(boxes)}</main>")
    skeleton = skeleton_of(fragment)
    main = next((knot for knot in skeleton.knots if knot.tag == "main"), None)
    if main is None:
        return ()
    if len(skeleton.anchors) > 4 * len(records):  # a record that is a whole table of rows
        return find_links(skeleton, fragment)
    knots = [each for each in skeleton.knots if each.parent and each.parent.tag == "main"]
    rows = [row for knot in knots if (row := read_row(knot, skeleton))]
    with_whole_days(rows, fragment, document)
    return unique(row.link for row in rows)


def _as_html(record: str) -> str:
    """A record as HTML that stands alone: cells outside a table would be dropped by the parser."""
    text = unescape(record) if "<a" not in record.lower() and "&lt;" in record else record
    return _CELL.sub(r"\1div", text)


def _next_group(document: Document) -> str | None:
    store = max(document.text.split("<datastore"), key=lambda each: len(_RECORD.findall(each)))
    group = _NEXT_GROUP.search(store)
    end = _END_OF_GROUP.search(store, group.end()) if group else None
    href = _HREF.search(store, group.end(), end.start()) if group and end else None
    return document.absolute(unescape(href.group(1) or href.group(2) or "")) if href else None


def _next_range(document: Document, count: int) -> str | None:
    """The proxy's next range of records, where ranges are how it is asked."""
    parts = urlsplit(document.url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    start, end = query.get("startrecord", ""), query.get("endrecord", "")
    total = _total(document)
    if not (count and start.isdecimal() and end.isdecimal()) or (total and int(end) >= total):
        return None
    query |= {"startrecord": str(int(end) + 1), "endrecord": str(2 * int(end) - int(start) + 1)}
    return urlunsplit(parts._replace(query=urlencode(query)))


def _first_range(document: Document, count: int) -> tuple[str | None, Form | None]:
    """What the script of a column page would ask the proxy for: the range, and a form to POST."""
    objects, total = _PARAMETERS.finditer(document.text), _total(document)
    found = next((each for each in objects if _COLUMN.search(each.group(1))), None)
    if found is None or (total is not None and count >= total):
        return None, None
    pairs = _PAIR.findall(found.group(1))
    fields = tuple((name, one or two or three) for name, one, two, three in pairs)
    size = _PER_PAGE.search(document.text)
    per_page = int(size.group(1)) if size else _PER_SCREEN
    place, end = _PROXY.search(document.text), count + _SCREENS * per_page
    proxy = place.group(1) if place else "/module/web/jpage/dataproxy.jsp"
    query = urlencode({"startrecord": count + 1, "endrecord": end, "perpage": per_page})
    return urljoin(document.url, f"{proxy}?{query}"), Form(fields)


def _total(document: Document) -> int | None:
    found = _TOTAL.search(document.text)
    return int(found.group(1) or found.group(2)) if found else None
