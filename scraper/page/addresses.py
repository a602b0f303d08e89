"""Addresses found in pages: resolved, or None where they are none (``http://[bad``)."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

MAX_LENGTH = 2000


def split(url: str) -> SplitResult | None:
    """An address in its parts; None if it is malformed."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


def absolute(base: str, reference: str) -> str | None:
    """A reference resolved against a page's address; None if it leads to no web address."""
    if not reference or len(reference) > MAX_LENGTH:
        return None
    try:
        address = urljoin(base, reference)
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None
