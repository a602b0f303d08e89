"""The archive: observations in, deduplicated releases out, nothing lost and nothing twice."""

from scraper.archive.observations.observation import Change, FurtherPage, Known, Observation, Stored
from scraper.archive.writing.address_keys import Brought, bring_addresses
from scraper.archive.writing.divisions import sync_regions
from scraper.archive.writing.partitions import ensure_partitions
from scraper.archive.writing.store import Archive

__all__ = [
    "Archive",
    "Brought",
    "Change",
    "FurtherPage",
    "Known",
    "Observation",
    "Stored",
    "bring_addresses",
    "ensure_partitions",
    "sync_regions",
]
