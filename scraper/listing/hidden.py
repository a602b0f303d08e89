"""Rows that a page carries where no browser shows them until a script does.

Observed 2019 to 2026: UCAP's lists of Gansu stand in an HTML comment within the list's element,
together with the call of the pager; others keep them in ``<script type="text/html">``, in a
``<textarea>`` or a ``<template>``, from which a script moves them into the page, or write them
with ``document.write``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

_OPENERS = re.compile(
    r"<!--|<script\b[^<>]{0,200}\btype\s*=\s*[\"']?text/(?:html|xml|template|plain|x-template)[^<>]{0,200}>|"
    r"<(textarea|template|noscript)\b[^<>]{0,200}>",
    re.IGNORECASE,
)
_CLOSER = {"!": "-->", "s": "</script", "t": "</te", "n": "</noscript"}
_WRITES = re.compile(
    r"""\bdocument\.write(?:ln)?\s{0,9}\(\s{0,9}(?:"((?:[^"\\\n]|\\.){8,60000})"|'((?:[^'\\\n]|\\.){8,60000})')\s{0,9}\)"""
)
_ESCAPED = re.compile(r"\\(.)")
_SIGNS = {"n": "\n", "t": "\t", "r": "\n"}
_PATTERN = ("{{", "${", "<%", "{%", "'+", '"+', "' +", '" +')
"""Marks of a template that a script has still to fill: no rows."""
_FEWEST = 2
_MOST = 40
"""Places of one page that are looked into."""


def hidden_fragments(text: str) -> Iterator[str]:
    """The pieces of HTML with links in a page's comments, templates and scripts, in order."""
    start = tried = 0
    while tried < _MOST and (opener := _OPENERS.search(text, start)):
        closer = _CLOSER[opener.group()[1].lower()]
        end = text.find(closer, opener.end())
        if end < 0:
            return
        start = end + len(closer)
        inside = text[opener.end() : end]
        if "&lt;a" in inside:
            inside = unescape(inside)
        if inside.count("href") >= _FEWEST and "<a" in inside.lower():
            tried += 1
            if not any(mark in inside for mark in _PATTERN):
                yield inside
    if "document.write" in text and (written := _written(text)):
        yield written


def _written(text: str) -> str:
    """What a page's scripts write into it as it is read, where they write nothing but literals."""
    pieces = (double or single for double, single in _WRITES.findall(text))
    whole = _ESCAPED.sub(lambda found: _SIGNS.get(found[1], found[1]), "".join(pieces))
    return whole if whole.count("href") >= _FEWEST else ""
