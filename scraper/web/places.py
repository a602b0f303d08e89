"""Sources by the province they are of, and which of them a reader asks for. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scraper.errors import UsageError
from scraper.web.query import region_of, words_of
from scraper.web.rows import Health, RegionName, SourceName

STATES = ("ok", "late", "degraded", "failing", "unvisited")
_Named = TypeVar("_Named", Health, SourceName)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sources: every word stands in the name, the publisher or the id; ``region`` begins the code."""

    words: str = ""
    region: str = ""
    state: str = ""

    @property
    def empty(self) -> bool:
        """Whether all are wanted."""
        return self == Wanted()

    def takes(self, source: Health) -> bool:
        """Whether a source is one of them."""
        return self.names(source) and self.state in {"", source.verdict}

    def names(self, source: Health | SourceName) -> bool:
        """Whether its names and its region are of those that are asked for."""
        told = f"{source.name} {source.publisher} {source.source_id}".lower()
        stem = self.region
        while stem.endswith("00"):
            stem = stem[:-2]
        placed = (source.region or "").startswith(stem)
        return placed and all(word in told for word in self.words.lower().split())


def read_wanted(given: Mapping[str, str]) -> Wanted:
    """What an address asks for.

    Raises:
        UsageError: a value is none that there is.
    """
    state = given.get("state", "").strip()
    if state and state not in STATES:
        raise UsageError(f"state is one of {', '.join(STATES)}")
    return Wanted(words_of(given), region_of(given) or "", state)


def by_province(
    sources: Iterable[_Named], provinces: Sequence[RegionName]
) -> list[tuple[RegionName | None, list[_Named]]]:
    """The sources of each province in the order of their codes; first, under None, those that state none."""
    known = {each.code[:2]: each for each in provinces}
    groups: dict[str, list[_Named]] = {}
    for each in sources:
        stem = (each.region or "")[:2]
        groups.setdefault(stem if stem in known else "", []).append(each)
    return [(known.get(stem), groups[stem]) for stem in sorted(groups)]
