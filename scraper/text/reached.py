"""Where people are reached: addresses for letters and of pages, accounts. None of it is a name.

``编辑 张三 zhang@x.cn``, ``记者 张三 微博：@张三三``, ``作者 www.x.cn``. Lines went through `plain`.
"""

from __future__ import annotations

import re

from scraper.text.vocabulary import one_of, words

_LABELS = words("addresses", "reached")
_LATIN = one_of(label for label in _LABELS if label.isascii())
_CHINESE = one_of(label for label in _LABELS if not label.isascii())
_ENDINGS = one_of(words("addresses", "domains"))
_ROLES = one_of(words("roles", "inside"))
_HAN = r"\u3400-\u9fff"

_HOST = rf"(?:www\.[a-z0-9.-]{{3,80}}|(?:[a-z0-9-]{{1,63}}\.){{1,6}}(?:{_ENDINGS})(?![a-z0-9-]))"
_LETTERS = rf"(?<![\w.+-])[\w.+-]{{1,60}}(?:\s?[@\#]\s?|\s?[(\[]at[)\]]\s?|\sat\s){_HOST}"
_PAGE = (
    rf"(?<![a-z0-9.-])(?:[a-z][a-z0-9+.-]{{1,10}}://[^\s,、;()\[\]\x1f{_HAN}]{{1,200}}"
    rf"|{_HOST}(?::\d{{1,5}})?(?:/[\w/.?&=%\#~+:-]{{0,200}})?)"
)
_HANDLE = rf"@(?:{_HOST}|[\w.{_HAN}-]{{1,30}})"
_ACCOUNT = r"[a-z0-9_][\w.@+-]{1,40}"
_REACHED = re.compile(
    rf"(?:(?:{_CHINESE})\s?:?|(?<![\w])(?:{_LATIN})(?![\w])\s?:?)\s?(?:{_LETTERS}|{_PAGE}|{_HANDLE}|{_ACCOUNT})"
    rf"|(?:{_CHINESE})\s?:\s?(?![{_HAN}]{{0,6}}(?:{_ROLES}))[{_HAN}]{{2,12}}"
    rf"|{_LETTERS}|{_PAGE}|{_HANDLE}",
    re.ASCII | re.IGNORECASE,
)
_MAYBE = re.compile(r"[@A-Za-z]|[\u3400-\u9fff]\s?:")
_NOBODY = " 0 "
"""What stands in its place: a figure, which is no word of a line either."""


def without_reached(line: str) -> str:
    """A line with a figure for each address and account in it, and for the word that says what it is."""
    return _REACHED.sub(_NOBODY, line) if _MAYBE.search(line) else line
