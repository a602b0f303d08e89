"""One visit of a source: listing, fetching, parsing, archiving, in the order of the field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.faces import lazy

if TYPE_CHECKING:
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

_PLACES = {
    "ArticleResult": "scraper.visit.article",
    "archive_article": "scraper.visit.article",
    "field_rules": "scraper.visit.article",
    "register_sources": "scraper.visit.registry",
    "RunSummary": "scraper.visit.run",
    "worker_name": "scraper.visit.run",
    "Recheck": "scraper.visit.tools",
    "Tools": "scraper.visit.tools",
    "Progress": "scraper.visit.visiting",
    "read_list_page": "scraper.visit.visiting",
    "visit": "scraper.visit.visiting",
}

__getattr__ = lazy(__name__, _PLACES)
