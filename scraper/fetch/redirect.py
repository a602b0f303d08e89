"""Where a redirect leads: a pure reading of status and Location."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote, urldefrag, urljoin

from scraper.fetch.exchange import Request

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEP_METHOD = frozenset({307, 308})
_RESERVED = "%/:=&?~#+!$,;'@()*[]"


def location(status: int | None, headers_location: str | None, url: str) -> str | None:
    """The absolute address a redirect names, None if the answer is no redirect.

    An empty text means that it is one and names no address that can be read. Raw bytes outside
    ASCII, which servers do send, are taken as UTF-8 or else GB 18030.
    """
    if status not in _REDIRECTS:
        return None
    text = _decoded(headers_location or "").strip()
    if not text:
        return ""
    try:
        return urldefrag(urljoin(url, quote(text, safe=_RESERVED))).url
    except ValueError:
        return ""


def _decoded(raw: str) -> str:
    if raw.isascii():
        return raw
    octets = raw.encode("latin-1")
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return octets.decode("gb18030", "replace")


def follow(request: Request, url: str, status: int | None) -> Request:
    """The request for the next hop; a form goes along only under 307 and 308 (RFC 9110 15.4)."""
    return replace(request, url=url, form=request.form if status in _KEEP_METHOD else None)
