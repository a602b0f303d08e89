"""``tonggao run``: visit sources once, now."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from scheduler.cli.completion import source_ids
from scheduler.cli.context import Invocation, connected, print_json, print_table, run_async
from scheduler.cli.exits import EXIT_PARTLY
from scheduler.cli.naming import RegionOption
from scheduler.crew import OPEN_VISITS
from scheduler.health.store import ensure_months, record_visit
from scheduler.schedule.deferring import host_lock
from scheduler.tools import open_tools
from scraper.archive import bring_addresses
from scraper.controls import visible
from scraper.database import is_trouble
from scraper.errors import UsageError
from scraper.sources import Catalogue, Source, load_catalogue
from scraper.visit import ArticleResult, RunSummary, Tools, register_sources, visit
from scraper.visit.registry import enabled_sources
from scraper.visit.run import Failure


def run(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            help="Ids, or beginnings of ids (cri). Default: the enabled ones.",
            autocompletion=source_ids,
        ),
    ] = None,
    region: RegionOption = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a source.")] = False,
) -> None:
    """Visit sources once, now: list, fetch, parse and archive what is new or has changed.

    Examples: `tonggao run tianjin.gov.jrgz`, `tonggao run cri`, `tonggao run --region 12`.
    """
    run_async(_run(context.obj, sources or [], region, as_json))


async def _run(call: Invocation, wanted: list[str], region: str | None, as_json: bool) -> None:
    catalogue = load_catalogue(call.settings.own_sources)
    async with (
        connected(call) as database,
        open_tools(call.settings, database.pool) as tools,
    ):
        if wanted or region:
            chosen = choose(catalogue, wanted, region)
        else:
            enabled = await enabled_sources(database.pool)
            chosen = [source for source in catalogue if source.id in enabled]
        if not chosen:
            raise UsageError(
                "no source is enabled; name some (`tonggao run cri`) or enable them with "
                "`tonggao sources enable`; `tonggao sources list` shows all"
            )
        await register_sources(database.pool, chosen)
        await bring_addresses(
            database.pool
        )  # where an upgrade was interrupted: nothing is new twice
        await ensure_months(database.pool)  # no daemon may ever have made this month's tables
        summaries = await visit_all(call, chosen, tools, show=not as_json)
    report(call, summaries, as_json)
    if any(summary.error or summary.failed for summary in summaries):
        raise typer.Exit(EXIT_PARTLY)


def choose(catalogue: Catalogue, wanted: list[str], region: str | None) -> list[Source]:
    """The sources that the words name: each an id, or the beginning of ids.

    Raises:
        UnknownSource: a word names none; the message has near ids.
    """
    ids: list[str] = []
    for word in wanted:
        begun = [source.id for source in catalogue if source.id.startswith(f"{word}.")]
        ids += [word] if word in catalogue or not begun else begun
    return catalogue.select(ids=dict.fromkeys(ids), region=region)


async def visit_all(
    call: Invocation, chosen: list[Source], tools: Tools, *, show: bool
) -> list[RunSummary]:
    """Visit sources side by side, with a bar for people."""
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[now]}", markup=False),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=call.err,
        disable=not call.err.is_terminal,
    )
    places = asyncio.Semaphore(OPEN_VISITS)
    hosts: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def one(source: Source) -> RunSummary:
        task = bar.add_task(source.name, total=None, now="")

        def progress(summary: RunSummary, result: ArticleResult | None) -> None:
            settled = summary.new + summary.copies + summary.revisions + summary.unchanged
            title = (result.title or result.reason or "") if result else ""
            bar.update(
                task,
                completed=settled + summary.failed,
                total=max(summary.listed, settled + summary.failed),
                now=visible(title[:30]),
            )

        async with hosts[host_lock(source.id, source.lists[0])], places:
            summary = await visit(source, tools, kind="manual", progress=progress)
        async with tools.pool.connection() as connection:
            await record_visit(connection, source.id, summary.run_id)
        return summary

    with bar if show else nullcontext():
        done = await asyncio.gather(*(one(source) for source in chosen), return_exceptions=True)
    return _summaries(chosen, done)


def _summaries(
    chosen: list[Source], done: Sequence[RunSummary | BaseException]
) -> list[RunSummary]:
    """What the visits did; one that the database failed is told as a failed one.

    Raises:
        Exception: every visit failed so, or one of them for another reason.
    """
    failed = [each for each in done if isinstance(each, BaseException)]
    for error in failed:
        if len(failed) == len(done) or not is_trouble(error):
            raise error
    return [
        RunSummary(0, source.id, error=str(each).strip(), failure=Failure.DATABASE)
        if isinstance(each, BaseException)
        else each
        for source, each in zip(chosen, done, strict=True)
    ]


def report(call: Invocation, summaries: list[RunSummary], as_json: bool) -> None:
    """Tell what the visits did."""
    if as_json:
        for summary in summaries:
            print_json(asdict(summary))
        return
    columns = ("source", "listed", "fetched", "new", "copies", "revisions", "unchanged", "failed")
    rows = [
        (s.source_id, s.listed, s.fetched, s.new, s.copies, s.revisions, s.unchanged, s.failed)
        for s in summaries
    ]
    print_table(call, columns, rows)
    reasons: Counter[str] = sum((Counter(s.reasons) for s in summaries), Counter())
    if reasons:
        told = ", ".join(f"{count} {reason}" for reason, count in reasons.most_common())
        call.tell(f"failed: {told}")
    for summary in summaries:
        if summary.error:
            call.out.print(f"{summary.source_id}: {summary.error}", style="red", markup=False)
