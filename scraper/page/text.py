"""Texts made comparable."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[\s\u200b\ufeff]+")


def plain(text: str) -> str:
    """Full-width digits and signs made plain (``：`` and U+2236 become ``:``); lengths may change."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text).replace("∶", ":").replace("\u200b", "")


def key(text: str) -> str:
    """A text for comparing: plain signs, no blanks, one case."""
    return _SPACES.sub("", plain(text)).casefold()
