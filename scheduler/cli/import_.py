"""``tonggao import`` and ``tonggao reparse``: pages that were fetched before, read in or read again."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.context import (
    Invocation,
    connected,
    print_json,
    print_table,
    run_async,
)
from scheduler.cli.exits import EXIT_FAILED, EXIT_PARTLY
from scheduler.cli.naming import require_source
from scheduler.cli.pace import pace_shown
from scheduler.cli.terminal import spoken
from scheduler.jobs.queue import open_queue
from scheduler.schedule.deferring import archived_sources, defer_reparse
from scraper.archive import Archive
from scraper.archive.exchange.importing import Importer, ImportReport
from scraper.archive.exchange.lines import lines_of
from scraper.archive.exchange.warc_reading import read_warc
from scraper.archive.observations.observation import Parse
from scraper.archive.writing.reparsing import ReparseReport, ReparseRequest, reparse
from scraper.clock import SHANGHAI, now
from scraper.errors import UsageError
from scraper.page import PARSER_VERSION
from scraper.readers import ReaderPool
from scraper.readers.processors import by_processors
from scraper.sources import load_catalogue
from scraper.urls import normal_url
from scraper.visit.stored_pages import PageReader

NAMED_AT_ONCE = 20
"""Refused lines that are named without being asked for."""

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]


def import_(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="FILE.jsonl, FILE.warc or FILE.warc.gz.")],
    source: Annotated[
        str | None,
        typer.Option(help="Source of everything in it; else each record's, or its host."),
    ] = None,
    *,
    erasures: Annotated[
        bool, typer.Option("--erasures", help="Erase here too what the file tells as erased.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="What became of each line or record.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Read a file in through the same parsing and deduplication as fetched pages.

    JSON lines need `url` and `title`; `source`, `published_at` and `paragraphs` are taken where they
    are there; `region` is read off headline and text where it is not. WARC files may be our own or
    others', such as those of CC-NEWS. Reading a file twice changes nothing. A line or record that
    cannot be taken is refused by its number and the others are stored: exit code 4, or 1 where none
    was stored.

    Examples: `tonggao import old.jsonl --source my.paper`, `tonggao import pages.warc.gz`.
    """
    run_async(
        _import(context.obj, file, source, erasures=erasures, verbose=verbose, as_json=as_json)
    )


def reparse_pages(
    context: typer.Context,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    since: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only pages fetched since.")
    ] = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change and write nothing.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Read the stored pages again with this version's parser and keep what it reads differently.

    Examples: `tonggao reparse --dry-run`, `tonggao reparse --source tianjin.gov.jrgz`.
    """
    since = since.replace(tzinfo=SHANGHAI) if since else None
    request = ReparseRequest(PARSER_VERSION, source, since)
    run_async(_reparse(context.obj, request, dry_run=dry_run, as_json=as_json))


@asynccontextmanager
async def open_reader(call: Invocation) -> AsyncIterator[Parse]:
    """The parser for stored pages, while the block runs, on every processor unless the settings say how many."""
    catalogue = load_catalogue(call.settings.own_sources)
    async with ReaderPool(call.settings.parse_workers or by_processors(kept=0)) as readers:
        yield PageReader(readers, lambda: catalogue).read


async def _import(
    call: Invocation,
    file: Path,
    source: str | None,
    *,
    erasures: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    def tell(place: str, what: str) -> None:
        counted()
        if verbose:
            call.out.print(escape(f"{file.name}, {place}: {what}"))

    async with connected(call) as database, open_reader(call) as parse:
        importer = Importer(
            Archive(database.pool, parse),
            database.pool,
            parse=parse,
            normal=normal_url,
            now=now(),
            source_id=source,
            erasures=erasures,
        )
        with pace_shown(call.err, "records", show=not (verbose or as_json)) as counted:
            report = await _read(importer, file, tell)
    _tell_import(call, file, report, as_json=as_json, named=verbose)
    if report.erasures and not erasures and not as_json:
        call.remark(
            f"{report.erasures} lines tell what was erased; with --erasures it is erased here too"
        )
    if report.broken or (report.refused and not report.changes):
        raise typer.Exit(EXIT_PARTLY if report.changes else EXIT_FAILED)


def _tell_import(
    call: Invocation, file: Path, report: ImportReport, *, as_json: bool, named: bool
) -> None:
    if as_json:
        print_json(
            {
                "changes": report.changes,
                "refused": report.refused,
                "broken": report.broken,
                "refusals": report.refusals,
                "erasures": report.erasures,
            }
        )
        return
    rows = [*report.changes.items(), *((f"refused: {why}", n) for why, n in report.refused.items())]
    print_table(call, ("what became of it", "records"), rows)
    if not named:
        for refusal in report.refusals[:NAMED_AT_ONCE]:
            call.remark(f"{file.name}, {refusal.place}: refused: {refusal.reason}")
        if report.broken > NAMED_AT_ONCE:
            call.remark(f"… {report.broken} in all; --verbose names every one")


async def _read(importer: Importer, file: Path, tell: Callable[[str, str], None]) -> ImportReport:
    try:
        if ".warc" in file.name or ".arc" in file.name:
            with file.open("rb") as stream:
                return await importer.warc(read_warc(stream, now()), tell)
        with file.open("rb") as stream:
            return await importer.jsonl(lines_of(stream), tell)
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror or error}") from error


async def _leave_to_daemons(call: Invocation, source: str | None) -> None:
    catalogue = load_catalogue(call.settings.own_sources)
    async with connected(call) as database, open_queue(database.url) as queue:
        archived = await archived_sources(database.pool)
        wanted = (
            [catalogue.get(source).id] if source else [s.id for s in catalogue if s.id in archived]
        )
        number = await defer_reparse(queue, wanted)
    call.tell(f"{number} sources wait to be read again; a running daemon does it")


async def _reparse(
    call: Invocation, request: ReparseRequest, *, dry_run: bool, as_json: bool
) -> None:
    async with connected(call) as database:
        await require_source(call, database.pool, request.source)
        async with open_reader(call) as parse:
            with pace_shown(call.err, "pages", show=not as_json) as counted:
                archive = Archive(database.pool)
                report = await reparse(
                    archive, database.pool, parse, request, dry_run=dry_run, tell=counted
                )
    if as_json:
        print_json(report)
        return
    _show(call, report, dry_run=dry_run)


def _show(call: Invocation, report: ReparseReport, *, dry_run: bool) -> None:
    would = spoken("would change" if dry_run else "changed")
    call.tell(f"{report.pages} pages read, {report.changed} {would}")
    kinds = ("gained", "lost", "changed")
    rows = [(name, *(how[kind] for kind in kinds)) for name, how in sorted(report.fields.items())]
    if rows:
        print_table(call, ("field", *kinds), rows)
    for name, examples in sorted(report.examples.items()):
        for url, old, new in examples:
            call.out.print(escape(f"{name}  {url}\n  - {_short(old)}\n  + {_short(new)}"))
    for verdict, count in report.refused.items():
        call.tell(f"{count} pages are refused now ({verdict}); their texts stay")


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 120 else f"{text[:117]}…"
