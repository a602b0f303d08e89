"""The engines in the order in which ``auto`` asks them."""

from __future__ import annotations

from scraper.errors import ListingError
from scraper.listing.document import Document
from scraper.listing.engines.cri import CriEngine
from scraper.listing.engines.feed import FeedEngine
from scraper.listing.engines.gkmlpt import GkmlptEngine
from scraper.listing.engines.html import HtmlEngine
from scraper.listing.engines.jpaas import JpaasEngine
from scraper.listing.engines.jpage import JpageEngine
from scraper.listing.engines.json_api import JsonEngine
from scraper.listing.engines.protocol import Engine
from scraper.listing.engines.querylist import QueryListEngine
from scraper.listing.engines.sitemap import SitemapEngine
from scraper.listing.engines.trs import TrsEngine
from scraper.listing.engines.ucap import UcapEngine

_ENGINES: tuple[Engine, ...] = (
    SitemapEngine(),
    FeedEngine(),
    GkmlptEngine(),
    JpaasEngine(),
    QueryListEngine(),
    UcapEngine(),
    JsonEngine(),
    JpageEngine(),
    CriEngine(),
    TrsEngine(),
    HtmlEngine(),
)
ENGINE_NAMES = ("auto", *(engine.name for engine in _ENGINES))


def choose(document: Document) -> Engine:
    """The engine for a document whose source does not name one."""
    return next(engine for engine in _ENGINES if engine.recognises(document))


def engine_named(name: str) -> Engine:
    """The engine of that name.

    Raises:
        ListingError: there is none.
    """
    for engine in _ENGINES:
        if engine.name == name:
            return engine
    raise ListingError(f"there is no engine {name!r}; there are {', '.join(ENGINE_NAMES)}")
