"""A folder of Parquet files by month that stays in step with the archive: one table for DuckDB, Spark, ClickHouse.

``month=2026-11/releases.parquet`` and so on, and ``cursor.json``, which says up to which change they tell.
A month is written anew where any publication in it changed, or went to another month.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from scraper.archive.exchange.exporting import export_table
from scraper.archive.exchange.tables import ParquetTable
from scraper.archive.querying.reading import Selection
from scraper.clock import SHANGHAI
from scraper.database import Pool, Statements
from scraper.errors import UsageError
from scraper.outputs import replacing

CURSOR_FILE = "cursor.json"
FORMAT = 2
"""Of the cursor file and of the columns: months of an earlier one are all written anew."""
_SQL = Statements("export")


@dataclass(frozen=True, slots=True)
class Brought:
    """What one call wrote: months, the rows in them, and the cursor that the folder now stands at."""

    months: tuple[str, ...]
    rows: int
    cursor: str | None


async def bring_months(
    pool: Pool, selection: Selection, folder: Path, told: Callable[[str], None] | None = None
) -> Brought:
    """Write the months that changed since the folder's cursor; all of them the first time.

    Args:
        pool: the archive.
        selection: the same at every call; the cursor file keeps it.
        folder: made where it is not there.
        told: hears of each month before it is written.

    Raises:
        UsageError: the folder was written with another selection, or by a later version.
    """
    kept = _kept(folder, selection)
    async with pool.connection() as connection:
        row = await (await connection.execute(_SQL["newest_cursor"], {"after": kept})).fetchone()
        found = await connection.execute(_SQL["changed_months"], {"after": kept})
        months = [str(month) for (month,) in await found.fetchall()]
    cursor, rows = (str(row[0]) if row else kept), 0
    if kept is None:
        _clear(folder, months)
    for month in months:
        if told:
            told(month)
        rows += await _write(pool, selection, folder, month)
    told_now = {"format": FORMAT, "cursor": cursor, "selection": _told(selection)}
    with replacing(folder / CURSOR_FILE) as part:
        part.write_text(json.dumps(told_now, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return Brought(tuple(months), rows, cursor)


async def _write(pool: Pool, selection: Selection, folder: Path, month: str) -> int:
    year, number = int(month[:4]), int(month[5:])
    first = dt.datetime(year, number, 1, tzinfo=SHANGHAI)
    after = (first + dt.timedelta(days=32)).replace(day=1)
    since = max(first, selection.since) if selection.since else first
    until = min(after, selection.until) if selection.until else after
    place = folder / f"month={month}" / "releases.parquet"
    if since >= until:
        return 0
    place.parent.mkdir(exist_ok=True)
    with replacing(place) as part:
        table = ParquetTable(part)
        count = await export_table(pool, replace(selection, since=since, until=until), table)
        table.close()
    if count == 0:
        place.unlink()
        place.parent.rmdir()
    return count


def _clear(folder: Path, months: Collection[str]) -> None:
    """Remove the months that there are no longer, where all are written anew."""
    for place in folder.glob("month=*/releases.parquet"):
        if place.parent.name.removeprefix("month=") not in months:
            place.unlink()
            place.parent.rmdir()


def _kept(folder: Path, selection: Selection) -> str | None:
    """The cursor that the folder stands at."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / CURSOR_FILE
    if not file.exists():
        return None
    try:
        kept = json.loads(file.read_text("utf-8"))
        form, told, cursor = kept["format"], kept["selection"], kept["cursor"]
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{file} is no cursor file of ours; name another folder") from error
    if not isinstance(form, int) or not 1 <= form <= FORMAT:
        raise UsageError(f"{file} is of format {form}, which this version does not read")
    if told != _told(selection):
        raise UsageError(
            f"{folder} was written with another selection ({told}); name another folder"
        )
    return str(cursor) if cursor is not None and form == FORMAT else None


def _told(selection: Selection) -> dict[str, object]:
    """What is selected, but for the cursor: only what was asked for."""
    values = asdict(replace(selection, after=None))
    return {
        name: value.isoformat() if isinstance(value, dt.datetime) else value
        for name, value in values.items()
        if value
    }
