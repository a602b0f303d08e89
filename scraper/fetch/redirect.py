"""Where a redirect leads: a pure reading of status and Location."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from scraper.fetch.exchange import Request
from scraper.urls import join

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEP_METHOD = frozenset({307, 308})
_AS_SENT = "".join(map(chr, range(0x80)))


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
