"""How much of the country the catalogue knows, by prefecture-level place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scraper.regions.gazetteer import by_code
from scraper.sources.definition import Confidence, Source

_CITY = 1
"""The level of prefecture-level places, below provinces."""


def city_coverage(sources: Iterable[Source]) -> dict[Confidence | None, int]:
    """How many prefecture-level places have a column of their own, by the surest of their columns.

    None counts those without any. Columns of the four municipalities, of districts and of counties
    are not counted: they are of other levels.
    """
    surest: dict[str, Confidence] = {}
    order = list(Confidence)
    cities = {
        place.code for place in by_code().values() if place.level == _CITY and not place.until
    }
    for source in sources:
        if source.region in cities and source.confidence is not None:
            known = surest.get(source.region)
            best = min(known or source.confidence, source.confidence, key=order.index)
            surest[source.region] = best
    counts = Counter(surest.values())
    return {**{each: counts[each] for each in order}, None: len(cities) - len(surest)}
