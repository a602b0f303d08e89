"""An article page's bytes become a `Release`: charset, layers, fields, verdicts, workers."""

from scraper.page.further import join_pages
from scraper.page.reader import parse_page
from scraper.page.rules import FieldRules
from scraper.page.version import PARSER_VERSION
from scraper.page.workers import ParseWorkers, WorkerLimits

__all__ = (
    "PARSER_VERSION",
    "FieldRules",
    "ParseWorkers",
    "WorkerLimits",
    "join_pages",
    "parse_page",
)
