"""Addresses found in pages: resolved as a browser would, or None where they are none."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

from scraper.urls import resolve


class Base(NamedTuple):
    """What the references of a page are read against.

    Attributes:
        url: the page's address, or the one that its ``base`` element states.
        encoding: Python's name of the page's encoding, in which queries are written.
    """

    url: str
    encoding: str = "utf-8"


def split(url: str) -> SplitResult | None:
    """An address in its parts; None if it is malformed."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


def absolute(base: Base, reference: str) -> str | None:
    """A reference resolved against a page's address; None if it leads to no web address."""
    if len(reference) > _BRIEF:
        return resolve(base.url, reference, base.encoding)
    return _known(base, reference)


_BRIEF, _KEPT = 300, 256
"""References up to so many signs, and so many of them, are kept: a page repeats some of its own."""


@lru_cache(maxsize=_KEPT)
def _known(base: Base, reference: str) -> str | None:
    return resolve(base.url, reference, base.encoding)


_HOME = re.compile(
    r"(?:https?:)?(?://[\w.:-]{1,100})?/(?:(?:index|default|home)\.\w{3,5})?|\.{1,2}/|(?:\./)?index\.\w{3,5}",
    re.ASCII,
)


def is_home(reference: str) -> bool:
    """Whether a reference leads to a site's front page: ``/``, ``./``, ``http://a.cn/index.html``."""
    return _HOME.fullmatch(reference.strip()) is not None
