"""The archive: observations in, deduplicated releases out, nothing lost and nothing twice."""

from scraper.archive.divisions import sync_regions
from scraper.archive.observation import Change, FurtherPage, Known, Observation, Stored
from scraper.archive.partitions import ensure_partitions
from scraper.archive.store import Archive

__all__ = [
    "Archive",
    "Change",
    "FurtherPage",
    "Known",
    "Observation",
    "Stored",
    "ensure_partitions",
    "sync_regions",
]
