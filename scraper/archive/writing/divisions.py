"""The table of administrative divisions (GB/T 2260), filled from the list that the parser reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scraper.database import Pool, Statements
from scraper.regions.gazetteer import began, by_code, former_names, predecessors

Division = dict[str, Any]
_LEVELS = ("province", "city", "county")


def divisions() -> Iterator[Division]:
    """Every code once, under its last name, each before those that belong to it.

    ``since`` and ``until`` are months (``2019-01``), None where it stood when the lists begin (1980) or
    stands today. A county under no city (the districts of Beijing, 天门市) belongs to its province.
    """
    for place in sorted(by_code().values(), key=lambda place: (place.level, place.code)):
        yield {
            "code": place.code,
            "name": place.name,
            "level": _LEVELS[place.level],
            "parent": place.within[-1] if place.within else None,
            "since": began()[place.code] or None,
            "until": place.until or None,
            "former_names": list(former_names().get(place.code, ())),
            "successors": list(place.successors),
            "predecessors": list(predecessors().get(place.code, ())),
        }


async def sync_regions(pool: Pool) -> int:
    """Bring the table in line with the list; returns how many divisions there are.

    A code that the list no longer has stays, since older releases name it.
    """
    rows = list(divisions())
    async with pool.connection() as connection, connection.cursor() as cursor:
        await cursor.executemany(Statements("archive")["put_region"], rows)
    return len(rows)
