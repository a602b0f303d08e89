"""Where an answer sends its reader: by status and Location, or by a page that does nothing else.

Pure. Such a page, a stub, is one that a browser leaves at once without a look at it: by a
``Refresh`` header, ``meta refresh`` (HTML section 4.2.5.3) or a script that is nothing but an
assignment to ``location``. What computes its goal or sets a cookie by script is a check, no stub.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote

from scraper.evidence import CHECK_SCRIPTS, shows_content, visible_text, without_hidden
from scraper.fetch.exchange import Request
from scraper.urls import join

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEP_METHOD = frozenset({307, 308})
_AS_SENT = "".join(map(chr, range(0x80)))

_STUB = 65_536
_HARDLY_ANY = 100
_AT_ONCE = 10
_MAY_BE = re.compile(rb"refresh|location", re.IGNORECASE)
_REFRESH = re.compile(
    r"""\s{0,20}(\d{1,5})(?:\.\d{0,5})?\s{0,20}(?:[;,\s]\s{0,20}(?:url\s{0,20}=\s{0,20})?["']?([^"']{0,2000})|$)""",
    re.IGNORECASE,
)
_META = re.compile(
    r"<meta\b(?=[^<>]{0,500}http-equiv\s{0,5}=\s{0,5}[\"']?refresh)[^<>]{0,2500}>", re.IGNORECASE
)
_CONTENT = re.compile(
    r"""content\s{0,5}=\s{0,5}(?:"([^"]{0,2000})"|'([^']{0,2000})')""", re.IGNORECASE
)
_FOREIGN_SCRIPT = re.compile(r"<script\b[^<>]{0,2000}\bsrc\s{0,5}=", re.IGNORECASE)
_LOCATION = r"(?:(?:window|self|top|parent|document)\.){0,2}location"
_ASSIGNED = re.compile(
    rf"""(?:{_LOCATION}(?:\.href)?\s{{0,9}}=\s{{0,9}}|{_LOCATION}\.(?:replace|assign)\(\s{{0,9}})"""
    r"""(?:"([^"'+\\]{1,2000})"|'([^"'+\\]{1,2000})')\s{0,9}\)?\s{0,9};?"""
)
_REST_OF_TAG = re.compile(r"^[^<>]{0,200}>")


@dataclass(frozen=True, slots=True)
class Stub:
    """A page that only sends its reader on.

    Attributes:
        url: the absolute address, without fragment.
        sets_cookie: whether the answer sets one, which the next page may want to see.
    """

    url: str
    sets_cookie: bool = False


def stub_of(headers: Mapping[str, str], body: bytes, url: str) -> Stub | None:
    """Where a page sends its reader on without showing anything; None if it is no such page.

    Args:
        headers: of the answer, with lower-case names.
        body: the page, decompressed.
        url: its address.
    """
    if len(body) > _STUB or not ("refresh" in headers or _MAY_BE.search(body)):
        return None
    page, encoding = _text(body)
    rest, scripts = without_hidden(page)
    if CHECK_SCRIPTS.search(scripts) or len(visible_text(page)) > _HARDLY_ANY:
        return None
    goals = (_refreshed(headers.get("refresh", "")), _stated(rest), _assigned(page, scripts))
    goal = next((each for each in goals if each is not None), None)
    if goal is None or shows_content(page):
        return None
    there = join(url, html.unescape(goal), encoding) if goal.strip() else url
    return Stub(there.partition("#")[0], "set-cookie" in headers) if there else None


def _text(body: bytes) -> tuple[str, str]:
    """A page's text and its encoding: UTF-8, or else GB 18030."""
    try:
        return body.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return body.decode("gb18030", "replace"), "gb18030"


def _refreshed(stated: str) -> str | None:
    """The goal of a refresh that happens at once; empty for the page itself."""
    found = _REFRESH.match(stated[:_STUB])
    return (found[2] or "").strip() if found and int(found[1]) <= _AT_ONCE else None


def _stated(rest: str) -> str | None:
    meta = _META.search(rest)
    content = _CONTENT.search(meta[0]) if meta else None
    return _refreshed(html.unescape(content[1] or content[2] or "")) if content else None


def _assigned(page: str, scripts: str) -> str | None:
    """The goal of the one statement that all scripts together are."""
    if _FOREIGN_SCRIPT.search(page):
        return None
    code = _REST_OF_TAG.sub("", scripts).strip().removeprefix("<!--").removesuffix("-->").strip()
    found = _ASSIGNED.fullmatch(code.removesuffix("//").strip())
    return (found[1] or found[2]) if found else None


def location(status: int | None, headers_location: str | None, url: str) -> str | None:
    """The absolute address a redirect names, None if the answer is no redirect.

    An empty text means that it is one and names no address that can be read. Bytes outside ASCII,
    which servers do send, go back to them escaped and otherwise as they came.
    """
    if status not in _REDIRECTS:
        return None
    octets = (headers_location or "").strip().encode("latin-1")
    there = join(url, quote(octets, safe=_AS_SENT))
    return there.partition("#")[0]


def follow(request: Request, url: str, status: int | None) -> Request:
    """The request for the next hop; a form goes along only under 307 and 308 (RFC 9110 15.4)."""
    return replace(request, url=url, form=request.form if status in _KEEP_METHOD else None)
