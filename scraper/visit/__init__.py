"""One visit of a source: listing, fetching, parsing, archiving, in the order of the field."""

from scraper.visit.article import ArticleResult, archive_article, field_rules
from scraper.visit.registry import register_sources
from scraper.visit.run import RunSummary, worker_name
from scraper.visit.tools import Recheck, Tools
from scraper.visit.visiting import Progress, read_list_page, visit

__all__ = [
    "ArticleResult",
    "Progress",
    "Recheck",
    "RunSummary",
    "Tools",
    "archive_article",
    "field_rules",
    "read_list_page",
    "register_sources",
    "visit",
    "worker_name",
]
