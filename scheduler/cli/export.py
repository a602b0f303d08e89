"""``tonggao export``: the archive, or what a search finds, as JSON lines, CSV, XLSX, Parquet or WARC."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn

from scheduler.cli.context import Invocation, connected, run_async
from scheduler.cli.naming import RegionOption, require_source
from scheduler.cli.search import ExactOption, KindOption, SinceOption, UntilOption
from scraper.archive.exchange.exporting import export_jsonl, export_table, export_warc, measured
from scraper.archive.exchange.months import bring_months
from scraper.archive.exchange.tables import (
    SHEET_CHARACTERS,
    SHEET_ROWS,
    CsvTable,
    ParquetTable,
    Table,
    Told,
    XlsxTable,
)
from scraper.archive.querying.reading import Selection
from scraper.clock import midnight, now
from scraper.database import Pool
from scraper.errors import UsageError
from scraper.outputs import replacing
from scraper.text.asked_days import read_range


class ExportFormat(StrEnum):
    """What a file holds."""

    jsonl = "jsonl"
    csv = "csv"
    xlsx = "xlsx"
    parquet = "parquet"
    warc = "warc"


OutputOption = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="File; JSON lines and CSV go to standard output without."),
]
IntoOption = Annotated[
    Path | None,
    typer.Option(help="Folder of Parquet files by month; again, it is brought up to the present."),
]
AfterOption = Annotated[
    str | None,
    typer.Option(
        metavar="CURSOR", help="Only what changed since a cursor of archive.changes_since."
    ),
]
SplitOption = Annotated[
    bool,
    typer.Option("--split", help="XLSX: more sheets for more rows; cells that are too long cut."),
]


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a table is written."""

    form: ExportFormat
    raw: bool
    bom: bool
    split: bool


def export(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(help="What `tonggao search` takes; everything without."),
    ] = None,
    form: Annotated[
        ExportFormat, typer.Option("--format", help="What to write.")
    ] = ExportFormat.jsonl,
    output: OutputOption = None,
    into: IntoOption = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    region: RegionOption = None,
    kind: KindOption = None,
    after: AfterOption = None,
    *,
    exact: ExactOption = False,
    history: Annotated[
        bool, typer.Option("--history", help="Every revision, not only the text in force.")
    ] = False,
    raw: Annotated[
        bool,
        typer.Option("--raw", help="CSV: texts as they are, though a spreadsheet may run them."),
    ] = False,
    bom: Annotated[
        bool, typer.Option("--bom", help="CSV: with the mark by which Excel knows UTF-8.")
    ] = False,
    split: SplitOption = False,
) -> None:
    """Write publications out. `tonggao import` reads JSON lines and WARC back in.

    With words, --region or --kind it is what `tonggao search` finds, each release once; else every publication.
    A file is there whole or not at all. What cannot go out as it is stored (a time beyond the calendar, which
    only earlier versions let in) goes out as a substitute that the log names; nothing is left out.

    Examples: `tonggao export --format jsonl --since 2024-11-01 > november.jsonl`,
    `tonggao export 供热 --region 天津 --format xlsx -o heating.xlsx`, `tonggao export --into archive-by-month`,
    `tonggao export --format warc -o archive.warc.gz`.
    """
    first, last = read_range(since, until, now().date(), ("--since", "--until"))
    selection = Selection(
        source=source,
        since=midnight(first),
        until=midnight(last + dt.timedelta(days=1)) if last else None,
        history=history,
        words=" ".join(words) if words else None,
        region=region,
        kind=kind,
        exact=exact,
        after=after,
    )
    manner = _Manner(form, raw, bom, split)
    if into is not None:
        _refuse_beside_into(output, after, manner)
        run_async(_into(context.obj, selection, into))
        return
    if bom and form is not ExportFormat.csv:
        raise UsageError("--bom goes with --format csv alone")
    if split and form is not ExportFormat.xlsx:
        raise UsageError("--split goes with --format xlsx alone")
    run_async(_export(context.obj, selection, manner, output))


def _refuse_beside_into(output: Path | None, after: str | None, manner: _Manner) -> None:
    unsaid = (ExportFormat.jsonl, ExportFormat.parquet)  # the first is the option's default
    if manner.form not in unsaid or manner.raw or manner.bom or manner.split:
        raise UsageError(
            "--into writes Parquet; no other --format, --raw, --bom or --split goes with it"
        )
    if output is not None:
        raise UsageError("--into names a folder, so there is no --output beside it")
    if after is not None:
        raise UsageError("--into keeps its own cursor, so there is no --after beside it")


async def _into(call: Invocation, selection: Selection, folder: Path) -> None:
    async with connected(call) as database:
        await require_source(call, database.pool, selection.source)
        brought = await bring_months(
            database.pool, selection, folder, lambda month: call.remark(f"writing {month}")
        )
    call.remark(
        f"{len(brought.months)} months, {brought.rows} texts written; {folder} stands at {brought.cursor}"
    )


async def _export(
    call: Invocation, selection: Selection, manner: _Manner, output: Path | None
) -> None:
    form = manner.form
    if output is None and form not in {ExportFormat.jsonl, ExportFormat.csv}:
        raise UsageError(f"{form.value} is not written to the terminal; name a file with --output")
    async with connected(call) as database:
        await require_source(call, database.pool, selection.source)
        if form is ExportFormat.xlsx and not manner.split:
            await _require_room(database.pool, selection)
        with _progress(call) as told:
            if output is None:
                count, remark = await _written(database.pool, selection, manner, None, "", told)
            else:
                with replacing(output) as part:
                    count, remark = await _written(
                        database.pool, selection, manner, part, output.name, told
                    )
    unit = "pages" if form is ExportFormat.warc else "texts"
    call.remark(f"{count} {unit} written{remark}")


async def _require_room(pool: Pool, selection: Selection) -> None:
    """Refuse before a workbook is begun that could not hold what is asked for."""
    rows, longest = await measured(pool, selection)
    if rows >= SHEET_ROWS:
        raise UsageError(
            f"{rows} rows do not fit a sheet of {SHEET_ROWS} with its heading; --split takes several"
        )
    if longest > SHEET_CHARACTERS:
        raise UsageError(
            f"a text has {longest} characters and a cell holds {SHEET_CHARACTERS}; --split cuts and marks it"
        )


async def _written(
    pool: Pool, selection: Selection, manner: _Manner, path: Path | None, name: str, told: Told
) -> tuple[int, str]:
    """How many were written, and what else there is to say."""
    if manner.form is ExportFormat.warc and path is not None:
        with path.open("wb") as out:
            count = await export_warc(
                pool, selection, out, name=name, software="tonggao", told=told
            )
        return count, ""
    if manner.form is ExportFormat.jsonl:
        if path is None:
            return await export_jsonl(pool, selection, sys.stdout, told), ""
        with path.open("w", encoding="utf-8") as text:
            return await export_jsonl(pool, selection, text, told), ""
    with _table(manner, path) as table:
        count = await export_table(pool, selection, table, told)
        table.close()
    cut = table.cut if isinstance(table, XlsxTable) else 0
    return count, f"; {cut} cells were cut and are marked" if cut else ""


@contextmanager
def _table(manner: _Manner, path: Path | None) -> Iterator[Table]:
    if path is None:
        yield CsvTable(sys.stdout, raw=manner.raw, bom=manner.bom)
    elif manner.form is ExportFormat.csv:
        with path.open("w", encoding="utf-8", newline="") as out:
            yield CsvTable(out, raw=manner.raw, bom=manner.bom)
    elif manner.form is ExportFormat.xlsx:
        yield XlsxTable(path, split=manner.split)
    else:
        yield ParquetTable(path)


@contextmanager
def _progress(call: Invocation) -> Iterator[Told]:
    """For people at a terminal: how many are written so far."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.completed} written", markup=False),
        console=call.err,
        transient=True,
        disable=not call.err.is_terminal,
    )
    with bar:
        task = bar.add_task("", total=None)
        yield lambda count: bar.update(task, completed=count)
