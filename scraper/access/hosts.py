"""The names that a server is called by, as requests write them."""

from __future__ import annotations

LOOPBACK_ADDRESSES = ("localhost", "127.0.0.1", "::1")
"""What only this machine reaches."""


def as_called(name: str) -> str:
    """A name or an address as it stands in ``Host``: one of IPv6 in brackets (RFC 3986, 3.2.2)."""
    return f"[{name}]" if name.count(":") > 1 and not name.startswith("[") else name


LOOPBACK = tuple(map(as_called, LOOPBACK_ADDRESSES))
