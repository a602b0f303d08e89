"""The archive: observations in, deduplicated releases out, nothing lost and nothing twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.faces import lazy

if TYPE_CHECKING:
    from scraper.archive.observations.observation import (
        BroughtBy,
        Change,
        FurtherPage,
        Known,
        Observation,
        Stored,
    )
    from scraper.archive.writing.address_keys import Brought, bring_addresses
    from scraper.archive.writing.divisions import sync_regions
    from scraper.archive.writing.partitions import ensure_partitions
    from scraper.archive.writing.refolding import refold, refold_small, unfolded
    from scraper.archive.writing.store import Archive

__all__ = [
    "Archive",
    "Brought",
    "BroughtBy",
    "Change",
    "FurtherPage",
    "Known",
    "Observation",
    "Stored",
    "bring_addresses",
    "ensure_partitions",
    "refold",
    "refold_small",
    "sync_regions",
    "unfolded",
]

_PLACES = {
    "Brought": "scraper.archive.writing.address_keys",
    "bring_addresses": "scraper.archive.writing.address_keys",
    "BroughtBy": "scraper.archive.observations.observation",
    "Change": "scraper.archive.observations.observation",
    "FurtherPage": "scraper.archive.observations.observation",
    "Known": "scraper.archive.observations.observation",
    "Observation": "scraper.archive.observations.observation",
    "Stored": "scraper.archive.observations.observation",
    "sync_regions": "scraper.archive.writing.divisions",
    "ensure_partitions": "scraper.archive.writing.partitions",
    "refold": "scraper.archive.writing.refolding",
    "refold_small": "scraper.archive.writing.refolding",
    "unfolded": "scraper.archive.writing.refolding",
    "Archive": "scraper.archive.writing.store",
}

__getattr__ = lazy(__name__, _PLACES)
