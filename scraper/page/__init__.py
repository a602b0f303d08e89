"""An article page's bytes become a `Release`: charset, layers, fields, verdicts."""

from scraper.page.further import join_pages
from scraper.page.reader import Explanation, explain_page, parse_page
from scraper.page.rules import FieldRules
from scraper.page.version import PARSER_VERSION

__all__ = (
    "PARSER_VERSION",
    "Explanation",
    "FieldRules",
    "explain_page",
    "join_pages",
    "parse_page",
)
