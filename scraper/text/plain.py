"""Texts made comparable."""

from __future__ import annotations

import re
from functools import lru_cache

_PLAIN = {chr(0xFF01 + i): chr(0x21 + i) for i in range(94)} | {
    "\u3000": " ", "\xa0": " ", "\u2236": ":", "\u200b": "", "\ufeff": "", "\u2009": " ", "\u2002": " ", "\u2003": " ",
}  # fmt: skip
_FULL = re.compile("[\uff01-\uff5e\u3000\xa0\u2236\u200b\ufeff\u2009\u2002\u2003]")
_OFTEN = tuple((sign, _PLAIN[sign]) for sign in "，：（）；！？\u3000\xa0")
"""The signs that nearly all of a text's are; each is replaced in one pass, without a call for each."""
_SENTENCE = re.compile("[！？；]")
"""The signs that end a sentence beside the one that ends most."""
_CLOSED = ("。", "！", "？", "”", "…", "）", ")", "；", "：")
SHORT, _LONG = 25, 60
"""A text of no more signs than the first is no running text; one of more than the second need not be closed."""
_WESTERN, _WORD = 80, 9
"""A sentence of words in Latin letters is longer, and its words on an average no longer."""
_STOPS = (".", "!", "?", '"', "”", "’", ")", ":")
_BRIEF, _KEPT = 200, 512
"""Texts up to so many signs, and so many of them, are kept: the fields ask for a page's lines anew."""


def is_prose(text: str) -> bool:
    """Whether a line is running text: a sentence, closed where the line is short."""
    if len(text) <= SHORT:
        return False
    if text.isascii() or not ("。" in text or _SENTENCE.search(text)):
        return (
            len(text) > _WESTERN and text.endswith(_STOPS) and text.count(" ") * _WORD > len(text)
        )
    return len(text) > _LONG or text.endswith(_CLOSED)


def plain(text: str) -> str:
    """Full-width digits and signs made plain (``：`` and U+2236 become ``:``).

    The part of NFKC that labels and figures need, at a ninth of its time; invisible signs go.
    """
    if text.isascii():
        return text
    return _plain_line(text) if len(text) <= _BRIEF else _made_plain(text)


def _made_plain(text: str) -> str:
    for sign, other in _OFTEN:
        if sign in text:
            text = text.replace(sign, other)
    return _FULL.sub(_plain_sign, text)


_plain_line = lru_cache(maxsize=_KEPT)(_made_plain)


def _plain_sign(found: re.Match[str]) -> str:
    return _PLAIN[found[0]]


def key(text: str) -> str:
    """A text for comparing: plain signs, no blanks, one case."""
    return _line_key(text) if len(text) <= _BRIEF else _key(text)


def _key(text: str) -> str:
    return "".join(plain(text).split()).casefold()


_line_key = lru_cache(maxsize=_KEPT)(_key)


def sound(text: str) -> str:
    """A text without lone surrogates, which JSON may hold as escapes and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")
