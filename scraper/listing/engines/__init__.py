"""One module for each kind of list document, all of the same small shape."""

from scraper.listing.engines.protocol import Engine
from scraper.listing.engines.registry import ENGINE_NAMES, choose, engine_named

__all__ = ["ENGINE_NAMES", "Engine", "choose", "engine_named"]
