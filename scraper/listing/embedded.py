"""Rows that a page keeps as JSON in a script, from which it is filled in the browser.

Observed 2026 on a provincial platform: ``var articleList=[{"title": …, "url": …}]``; the same form
is common elsewhere (``list = [{…}]``, ``__INITIAL_STATE__ = {…}``).
"""

from __future__ import annotations

import json
import re

from scraper.listing.document import Document
from scraper.listing.model import Link
from scraper.listing.records import find_records, links_of_records

_ASSIGNED = re.compile(
    r"""[\w\]"']\s*[=:]\s*(?=\[\s*\{\s*"|\{\s*")|<script[^>]{0,80}json[^>]{0,80}>\s*(?=[\[{])"""
)
_LEAST = 3
_TRIED = 30
_DECODER = json.JSONDecoder()


def embedded_links(document: Document) -> tuple[Link, ...]:
    """The longest list of articles in the page's scripts; empty where there is none."""
    best: tuple[Link, ...] = ()
    text, end, tried = document.text, 0, 0
    for found in _ASSIGNED.finditer(text):
        if found.end() < end or tried >= _TRIED:
            continue
        tried += 1
        try:
            value, end = _DECODER.raw_decode(text, found.end())
        except (ValueError, RecursionError):
            continue  # a script's own notation, not JSON
        links = links_of_records(document, find_records(value))
        best = max(best, links, key=len)
    return best if len(best) >= _LEAST else ()
