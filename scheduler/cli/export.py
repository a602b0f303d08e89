"""``tonggao export``: the archive, or a part of it, as JSON lines, CSV, Parquet or WARC."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from scheduler.cli.context import Invocation, connected, run_async
from scheduler.cli.naming import require_source
from scraper.archive.exchange.exporting import export_jsonl, export_table, export_warc
from scraper.archive.exchange.output import write_csv, write_parquet
from scraper.archive.querying.reading import Selection
from scraper.clock import SHANGHAI
from scraper.database import Pool
from scraper.errors import UsageError


class ExportFormat(StrEnum):
    """What a file holds."""

    jsonl = "jsonl"
    csv = "csv"
    parquet = "parquet"
    warc = "warc"


def export(
    context: typer.Context,
    form: Annotated[
        ExportFormat, typer.Option("--format", help="What to write.")
    ] = ExportFormat.jsonl,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="File; JSON lines and CSV go to standard output without."
        ),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    since: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on.")
    ] = None,
    until: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Up to this day.")
    ] = None,
    *,
    history: Annotated[
        bool, typer.Option("--history", help="Every revision, not only the text in force.")
    ] = False,
    raw: Annotated[
        bool,
        typer.Option("--raw", help="CSV: texts as they are, though a spreadsheet may run them."),
    ] = False,
) -> None:
    """Write publications out. `tonggao import` reads JSON lines and WARC back in.

    What cannot go out as it is stored (a time beyond the calendar, which only earlier versions let in)
    goes out as a substitute that the log names; nothing is left out.

    Examples: `tonggao export --format jsonl --since 2024-11-01 > november.jsonl`,
    `tonggao export --format warc -o archive.warc.gz`.
    """
    selection = Selection(source, _midnight(since), _next_midnight(until), history)
    run_async(_export(context.obj, selection, form, output, raw=raw))


def _midnight(day: dt.datetime | None) -> dt.datetime | None:
    return day.replace(tzinfo=SHANGHAI) if day else None


def _next_midnight(day: dt.datetime | None) -> dt.datetime | None:
    return _midnight(day + dt.timedelta(days=1)) if day else None


async def _export(
    call: Invocation,
    selection: Selection,
    form: ExportFormat,
    output: Path | None,
    *,
    raw: bool,
) -> None:
    if output is None and form in {ExportFormat.parquet, ExportFormat.warc}:
        raise UsageError(f"{form.value} is not written to the terminal; name a file with --output")
    async with connected(call) as database:
        await require_source(call, database.pool, selection.source)
        if form is ExportFormat.warc and output is not None:
            count = await _warc(database.pool, selection, output)
        elif form is ExportFormat.jsonl:
            count = await _jsonl(database.pool, selection, output)
        else:
            count = await _table(database.pool, selection, form, output, raw=raw)
    call.remark(f"{count} {'pages' if form is ExportFormat.warc else 'texts'} written")


async def _warc(pool: Pool, selection: Selection, output: Path) -> int:
    with output.open("wb") as out:
        return await export_warc(pool, selection, out, name=output.name, software="tonggao")


async def _jsonl(pool: Pool, selection: Selection, output: Path | None) -> int:
    if output is None:
        return await export_jsonl(pool, selection, sys.stdout)
    with output.open("w", encoding="utf-8") as out:
        return await export_jsonl(pool, selection, out)


async def _table(
    pool: Pool, selection: Selection, form: ExportFormat, output: Path | None, *, raw: bool
) -> int:
    def write(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
        if form is ExportFormat.parquet and output is not None:
            return write_parquet(output, columns, rows)
        if output is None:
            return write_csv(sys.stdout, columns, rows, raw=raw)
        with output.open("w", encoding="utf-8", newline="") as out:
            return write_csv(out, columns, rows, raw=raw)

    return await export_table(pool, selection, write)
