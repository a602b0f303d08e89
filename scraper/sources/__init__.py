"""Sources: what is watched, how, and what is known about it."""

from scraper.sources.catalogue import Catalogue, load_catalogue
from scraper.sources.definition import Confidence, FieldTable, Kind, Source

__all__ = ["Catalogue", "Confidence", "FieldTable", "Kind", "Source", "load_catalogue"]
