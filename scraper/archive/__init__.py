"""The archive: observations in, deduplicated releases out, nothing lost and nothing twice."""

from scraper.archive.observations.observation import Change, FurtherPage, Known, Observation, Stored
from scraper.archive.writing.divisions import sync_regions
from scraper.archive.writing.partitions import ensure_partitions
from scraper.archive.writing.store import Archive

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
