"""Rows that a page keeps as JSON in a script, from which it is filled in the browser.

Observed 2026 on a provincial platform: ``var articleList=[{"title": …, "url": …}]``; the same form
is common elsewhere (``list = [{…}]``, ``__INITIAL_STATE__ = {…}``).
"""

from __future__ import annotations

import json
import re
from typing import Any

from scraper.listing.document import Document
from scraper.listing.mainlist import worth
from scraper.listing.model import Link
from scraper.listing.records import find_records, links_of_records

_ASSIGNED = re.compile(
    r"""[\w\]"']\s*[=:]\s*(?=\[\s*\{\s*["'\w]|\{\s*")|JSON\.parse\(\s{0,9}'(?=[\[{])|<script[^>]{0,80}json[^>]{0,80}>\s*(?=[\[{])"""
)
_LEAST = 3
_TRIED = 60
_LITERAL = re.compile(
    r"""("(?:[^"\\\n]|\\.){0,999}")|'((?:[^'\\\n]|\\.){0,999})'|([A-Za-z_$][\w$]*)|(-?\d+(?:\.\d+)?)|([\[\]{}:,])|\s+"""
)
"""Strings in either quotes, names, numbers, signs of a script's literal."""
_MOST = 400_000
"""Characters of a page's literals that are read."""
_WORDS = frozenset({"true", "false", "null"})
_OPEN, _CLOSED = frozenset("[{"), frozenset("]}")
_DECODER = json.JSONDecoder()


def embedded_links(document: Document) -> tuple[Link, ...]:
    """The list in the page's scripts that looks most like articles; empty where none does."""
    best: tuple[Link, ...] = ()
    most = 0.0
    text, end, tried, budget = document.text, 0, 0, _MOST
    for found in _ASSIGNED.finditer(text):
        if found.end() < end or tried >= _TRIED:
            continue
        tried += 1
        try:
            value, end = _DECODER.raw_decode(text, found.end())
        except (ValueError, RecursionError):  # perhaps a script's own notation
            literal, end = _as_json(text, found.end(), budget)
            budget -= end - found.end()
            value = _loaded(literal)
        links = links_of_records(document, find_records(value))
        if _are_enough(links) and (found_worth := worth(links, document.url)) > most:
            best, most = links, found_worth
    return best


def _are_enough(links: tuple[Link, ...]) -> bool:
    """Whether some links of a script may be a list: several, or each with its day."""
    return len(links) >= _LEAST or (bool(links) and all(link.date for link in links))


def _loaded(literal: str) -> Any:
    try:
        return json.loads(literal)
    except (ValueError, RecursionError):
        return None  # an expression, not a literal


def _as_json(text: str, start: int, budget: int) -> tuple[str, int]:
    """A script's literal as JSON has it, names and strings quoted, up to where its brackets close.

    Empty where they do not close among ``budget`` characters, or something else stands in it.

    Returns:
        The JSON, and the place up to which was read.
    """
    parts: list[str] = []
    place, depth = start, 0
    while place - start < budget and (found := _LITERAL.match(text, place)):
        place = found.end()
        double, single, name, _number, sign = found.groups()
        if single is not None:
            parts.append(json.dumps(single.replace("\\'", "'").replace("\\/", "/")))
        elif name is not None and name not in _WORDS:
            parts.append(json.dumps(name))
        else:
            parts.append(double or found.group())
        depth += (sign in _OPEN) - (sign in _CLOSED) if sign else 0
        if depth == 0:
            return "".join(parts), place
    return "", place
