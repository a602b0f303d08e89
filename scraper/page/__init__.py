"""An article page's bytes become a `Release`: charset, layers, fields, verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.faces import lazy

if TYPE_CHECKING:
    from scraper.page.body.further import join_pages
    from scraper.page.reader import Explanation, explain_page, parse_page
    from scraper.page.rules.selectors import FieldRules
    from scraper.page.version import PARSER_VERSION

__all__ = (
    "PARSER_VERSION",
    "Explanation",
    "FieldRules",
    "explain_page",
    "join_pages",
    "parse_page",
)

_PLACES = {
    "join_pages": "scraper.page.body.further",
    "parse_page": "scraper.page.reader",
    "Explanation": "scraper.page.reader",
    "explain_page": "scraper.page.reader",
    "FieldRules": "scraper.page.rules.selectors",
    "PARSER_VERSION": "scraper.page.version",
}

__getattr__ = lazy(__name__, _PLACES)
