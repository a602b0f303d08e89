"""``tonggao query`` and ``tonggao describe``: SQL that ships with tonggao, and what columns mean."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.completion import query_names
from scheduler.cli.context import (
    Invocation,
    connected,
    print_json,
    print_records,
    print_table,
    run_async,
)
from scheduler.cli.naming import region_code
from scraper.archive.exchange.output import Format, write_csv, write_jsonl, write_parquet
from scraper.archive.querying.description import describe as described
from scraper.archive.querying.queries import NamedQuery, Rows, find_query, named_queries, run_query
from scraper.errors import UsageError
from scraper.outputs import replacing

_OF_TEXTS = {"added", "removed", "paragraphs"}
"""Columns that hold whole paragraphs: no table of 100 columns has room for them."""


def query(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="Name of a query, or list.", autocompletion=query_names)
    ],
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", help="name=value, any number of times.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How rows are written.")] = Format.table,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write to; Parquet needs one.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format jsonl.")] = False,
    raw: Annotated[
        bool,
        typer.Option("--raw", help="CSV: texts as they are, though a spreadsheet may run them."),
    ] = False,
) -> None:
    """Run a query that ships with tonggao; `tonggao query list` shows them all.

    Examples: `tonggao query most_copied --param days=7`,
    `tonggao query word_trend -p words=智能制造 --format parquet -o trend.parquet`.
    """
    call: Invocation = context.obj
    form = Format.jsonl if as_json else form
    if name == "list":
        _list(call, form)
        return
    run_async(_query(call, find_query(name), parameters(param or []), form, output, raw=raw))


def parameters(given: list[str]) -> dict[str, str]:
    """``name=value`` texts as a mapping.

    Raises:
        UsageError: one has no ``=``, or names a region that there is not.
    """
    pairs = [text.partition("=") for text in given]
    if wrong := [name for name, equals, _ in pairs if not equals]:
        raise UsageError(f"--param {wrong[0]!r} is not of the form name=value")
    given_values = {name: value for name, _, value in pairs}
    if region := region_code(given_values.get("region")):
        given_values["region"] = region
    return given_values


def describe(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="One view or function; all without.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Tell what each view, function and column of the schema `archive` means.

    Examples: `tonggao db describe releases`, `tonggao db describe --json`.
    """
    run_async(_describe(context.obj, name, as_json=as_json))


async def _query(
    call: Invocation,
    named: NamedQuery,
    given: dict[str, str],
    form: Format,
    output: Path | None,
    *,
    raw: bool,
) -> None:
    async with connected(call) as database:
        result = await run_query(database.pool, named, given)
    if form is Format.table and output is None:
        texts = any(isinstance(cell, list) for row in result.rows for cell in row)
        show = print_records if texts and set(result.columns) & _OF_TEXTS else print_table
        show(call, result.columns, result.rows)
    elif form is Format.parquet:
        if output is None:
            raise UsageError("Parquet is not written to the terminal; name a file with --output")
        with replacing(output) as part:
            write_parquet(part, result.columns, result.rows)
    else:
        _write(result, form, output, raw=raw)


def _write(result: Rows, form: Format, output: Path | None, *, raw: bool) -> None:
    write = write_jsonl if form is Format.jsonl else partial(write_csv, raw=raw)
    if output is None:
        write(sys.stdout, result.columns, result.rows)
        return
    with replacing(output) as part, part.open("w", encoding="utf-8", newline="") as out:
        write(out, result.columns, result.rows)


def _list(call: Invocation, form: Format) -> None:
    queries = named_queries().values()
    if form is not Format.table:
        for named in queries:
            print_json(
                {
                    "name": named.name,
                    "explanation": named.explanation,
                    "parameters": named.parameters,
                }
            )
        return
    rows = [(q.name, " ".join(p.name for p in q.parameters), q.explanation) for q in queries]
    print_table(call, ("name", "parameters", "explanation"), rows)


async def _describe(call: Invocation, name: str | None, *, as_json: bool) -> None:
    async with connected(call) as database:
        rows = await described(database.pool)
    rows = [row for row in rows if name is None or row.object.split("(")[0] == name]
    if not rows:
        raise UsageError(f"the schema archive has no {name!r}; `tonggao db describe` shows all")
    if as_json:
        for row in rows:
            print_json(row)
        return
    table = [
        (row.object if row.column is None else "", row.column, row.type, row.meaning)
        for row in rows
    ]
    print_table(call, ("object", "column", "type", "meaning"), table)
