"""How much of a page is parsed: what would cost minutes or gigabytes is refused before."""

from __future__ import annotations

import re

from scraper.errors import TooLarge

MAX_BYTES = 50_000_000
"""Longer pages are refused; the longest article page seen had 3 MB."""

MAX_DEPTH = 5_000
"""Deeper nesting is refused: lexbor's time grows with its square (100 000: 9.5 s)."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})")
_UNNESTED = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "option",
        "dd",
        "dt",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "tfoot",
    )
)


def refuse_large(page: bytes, url: str) -> None:
    """Raises TooLarge for a page above `MAX_BYTES`."""
    if len(page) > MAX_BYTES:
        raise TooLarge(
            f"{url}: {len(page)} bytes exceed the {MAX_BYTES} that are parsed; "
            "it is no article page, look at the URL pattern of its source"
        )


def refuse_deep(page: bytes, text: str, url: str) -> None:
    """Raises TooLarge for markup that nests deeper than `MAX_DEPTH`.

    In every encoding the page's bytes hold at least one 0x3C a ``<`` of its text, and are
    counted in a fraction of the time.
    """
    if page.count(b"<") >= 3 * MAX_DEPTH and nests_deeper(text, MAX_DEPTH):
        raise TooLarge(f"{url}: nested deeper than {MAX_DEPTH} elements; not a page people read")


def nests_deeper(text: str, limit: int) -> bool:
    """Whether markup nests deeper than ``limit`` elements, give or take.

    The depth is estimated from opening and closing tags in one linear scan. A page of fewer than
    three times as many tags is not scanned: what it may nest costs the parser little.
    """
    if text.count("<") < 3 * limit:
        return False
    depth = 0
    for found in _TAG.finditer(text):
        if found[2].lower() in _UNNESTED:
            continue
        depth = max(0, depth - 1) if found[1] else depth + 1
        if depth > limit:
            return True
    return False
