"""``tonggao backfill``: walk the past of sources, from any terminal, resumable at any moment.

``tonggao backfill SOURCE… --from … --to …`` creates and follows; the other words are subcommands:
list, show, follow, pause, resume, cancel.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from scheduler.backfill import store
from scheduler.backfill.model import Backfill, State
from scheduler.backfill.planning import (
    dry_run,
    orders_for_lists,
    orders_for_urls,
    parse_day,
    read_addresses,
)
from scheduler.backfill.progress import progress_of
from scheduler.backfill.warc import archive_warc
from scheduler.cli.completion import source_ids
from scheduler.cli.context import Invocation, connected, print_json, print_table, run_async
from scheduler.cli.exits import EXIT_PARTLY
from scheduler.cli.following import Watch, follow_here
from scheduler.cli.implied import ImpliedCommand
from scheduler.cli.import_ import open_reader
from scheduler.cli.run import choose
from scheduler.daemon.assembly import LoadedCatalogue, assembled
from scraper.archive import Archive
from scraper.clock import now
from scraper.database import Pool
from scraper.errors import UsageError
from scraper.sources import load_catalogue
from scraper.visit import register_sources, worker_name


class BackfillCommand(ImpliedCommand):
    """``backfill SOURCE`` means ``backfill start SOURCE``."""

    implied = "start"


app = typer.Typer(
    cls=BackfillCommand,
    help="Walk the past of sources: `tonggao backfill SOURCE… --from 2024-01-01 --to 2024-12-31`.",
    no_args_is_help=True,
)

NumberArgument = Annotated[int, typer.Argument(help="Number of the backfill.")]


@app.command("start")
def start(
    context: typer.Context,
    sources: Annotated[
        list[str] | None,
        typer.Argument(help="Ids of sources, or beginnings of ids.", autocompletion=source_ids),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", help="First day wanted, YYYY-MM-DD.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last day wanted, YYYY-MM-DD.")] = None,
    urls: Annotated[
        Path | None, typer.Option(help="Archive the addresses of this file, one a line.")
    ] = None,
    warc: Annotated[
        Path | None, typer.Option(help="Archive the answers of this WARC file; no request is made.")
    ] = None,
    *,
    dry: Annotated[
        bool, typer.Option("--dry-run", help="Read the first list pages and tell; archive nothing.")
    ] = False,
    detach: Annotated[
        bool, typer.Option("--detach", help="Leave the work to the daemons; do not wait.")
    ] = False,
) -> None:
    """Archive the past of sources, from their list pages, a file of addresses or a WARC file.

    The same order again goes on where it was. Ctrl-C ends this command; running daemons go on.

    Example: `tonggao backfill start cri --from 2024-01-01 --to 2024-12-31`.
    """
    begin, end = parse_day("--from", first), parse_day("--to", last)
    if begin and end and begin > end:
        raise UsageError(f"--from {begin} is after --to {end}")
    if urls and warc:
        raise UsageError("give --urls or --warc, not both")
    if not sources and not urls and not warc:
        raise UsageError("name a source, or give --urls or --warc; `tonggao sources list` helps")
    if warc is not None:
        run_async(_archive_warc(context.obj, sources or [], warc, (begin, end)))
        return
    run_async(_start(context.obj, sources or [], (begin, end), urls, dry=dry, detach=detach))


async def _archive_warc(
    call: Invocation,
    wanted: list[str],
    file: Path,
    days: tuple[dt.date | None, dt.date | None],
) -> None:
    catalogue = load_catalogue(call.settings.own_sources)
    chosen = choose(catalogue, wanted, None) if wanted else list(catalogue)
    async with connected(call) as database, open_reader(call) as parse:
        await register_sources(database.pool, chosen)
        archive = Archive(database.pool, parse)
        with call.err.status("reading …") as line:
            report = await archive_warc(
                database.pool,
                archive,
                parse,
                file,
                chosen,
                days,
                lambda read: line.update(f"{read} pages read"),
            )
    print_table(call, ("what became of it", "pages"), report.outcomes.most_common())
    call.tell(f"{report.passed_over} pages are of no source, or of no day, that was asked for")


async def _start(
    call: Invocation,
    wanted: list[str],
    days: tuple[dt.date | None, dt.date | None],
    urls: Path | None,
    *,
    dry: bool,
    detach: bool,
) -> None:
    loaded = LoadedCatalogue(call.settings.own_sources)
    chosen = choose(loaded.catalogue, wanted, None) if wanted else []
    async with (
        connected(call, upgrade=False) as database,
        assembled(call.settings, database.url, database.pool, loaded) as crew,
    ):
        if urls is not None:
            orders, unplaced = orders_for_urls(
                urls, read_addresses(urls), chosen or list(loaded.catalogue), days
            )
            for address in unplaced:
                call.remark(f"no source accepts {address}")
        else:
            orders = orders_for_lists(chosen, days)
        if dry:
            for order, _ in orders:
                source = loaded.find(order.source_id)
                found = await dry_run(source, crew.tools, crew.read_page, order)
                call.out.print(found)
            return
        named = {order.source_id for order, _ in orders}
        await register_sources(crew.pool, loaded.chosen(tuple(named)))
        numbers: list[int] = []
        for order, addresses in orders:
            number, fresh = await store.create(
                crew.pool, crew.queue, order, worker_name(), addresses
            )
            numbers.append(number)
            call.remark(
                f"backfill {number} of {order.source_id} {'created' if fresh else 'goes on'}"
            )
        if not detach:
            await follow_here(call, crew, numbers)
            await _tell(call, crew.pool, numbers)


@app.command("list")
def list_all(
    context: typer.Context,
    *,
    every: Annotated[bool, typer.Option("--all", help="Also those that are over.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """List backfills, newest first.

    Example: `tonggao backfill list`.
    """
    run_async(_list(context.obj, every, as_json))


async def _list(call: Invocation, every: bool, as_json: bool) -> None:
    async with connected(call) as database:
        rows: list[tuple[object, ...]] = []
        for backfill in await store.every(database.pool, finished=every):
            counts = await store.counts(database.pool, backfill.backfill_id)
            if as_json:
                print_json({**_facts(backfill), "articles": counts})
            rows.append(_row(backfill, counts))
    if not as_json:
        columns = ("no", "source", "what", "from", "to", "state", "pages", "done", "of", "archived")
        print_table(call, columns, rows)


def _row(backfill: Backfill, counts: dict[str, int]) -> tuple[object, ...]:
    progress = progress_of(backfill, counts, now().date())
    total = f"{'' if progress.exact else '≈ '}{progress.total}" if progress.total else "?"
    return (
        backfill.backfill_id,
        backfill.source_id,
        backfill.kind,
        backfill.from_date,
        backfill.to_date,
        backfill.state,
        backfill.pages,
        progress.done,
        total,
        progress.archived,
    )


def _facts(backfill: Backfill) -> dict[str, object]:
    return {name: getattr(backfill, name) for name in Backfill.__slots__}


@app.command("show")
def show(
    context: typer.Context,
    number: NumberArgument,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show a backfill, and what it could not reach and why.

    Example: `tonggao backfill show 1`.
    """
    run_async(_show(context.obj, number, as_json))


async def _show(call: Invocation, number: int, as_json: bool) -> None:
    async with connected(call) as database:
        backfill = await store.find(database.pool, number)
        counts = await store.counts(database.pool, number)
        missing = await store.unreached(database.pool, number)
    if as_json:
        unreached = [{"url": u, "outcome": o, "detail": d} for u, o, d in missing]
        print_json({**_facts(backfill), "articles": counts, "unreached": unreached})
        return
    print_table(call, ("", ""), _facts(backfill).items())
    print_table(call, ("outcome", "articles"), counts.items())
    if missing:
        print_table(call, ("not reached", "outcome", "why"), missing)


@app.command("follow")
def follow(context: typer.Context, number: NumberArgument) -> None:
    """Show the progress of a backfill that a daemon, or another terminal, works on.

    Example: `tonggao backfill follow 1`.
    """
    run_async(_follow(context.obj, number))


async def _follow(call: Invocation, number: int) -> None:
    async with connected(call) as database:
        await Watch(call, database.pool, [number]).until_over()
        await _tell(call, database.pool, [number])


@app.command("pause")
def pause(context: typer.Context, number: NumberArgument) -> None:
    """Pause a backfill after the article in flight.

    Example: `tonggao backfill pause 1`.
    """
    run_async(_steer(context.obj, number, "paused"))


@app.command("resume")
def resume(
    context: typer.Context,
    number: NumberArgument,
    *,
    detach: Annotated[
        bool, typer.Option("--detach", help="Leave the work to the daemons; do not wait.")
    ] = False,
) -> None:
    """Let a paused or failed backfill go on where it was, and work on it here.

    Example: `tonggao backfill resume 1`.
    """
    run_async(_resume(context.obj, number, detach))


async def _resume(call: Invocation, number: int, detach: bool) -> None:
    loaded = LoadedCatalogue(call.settings.own_sources)
    async with (
        connected(call) as database,
        assembled(call.settings, database.url, database.pool, loaded) as crew,
    ):
        await store.steer(crew.pool, number, "running")
        await store.adopt_lost_backfills(crew.pool, crew.queue)
        if not detach:
            await follow_here(call, crew, [number])
            await _tell(call, crew.pool, [number])


@app.command("cancel")
def cancel(context: typer.Context, number: NumberArgument) -> None:
    """End a backfill; what it has archived stays.

    Example: `tonggao backfill cancel 1`.
    """
    run_async(_steer(context.obj, number, "cancelled"))


async def _steer(call: Invocation, number: int, state: State) -> None:
    async with connected(call) as database:
        await store.steer(database.pool, number, state, f"{state} by hand")
    call.tell(f"backfill {number} is {state}")


async def _tell(call: Invocation, pool: Pool, numbers: list[int]) -> None:
    """The closing words; part of it not reached is an exit code of its own."""
    partly = False
    for number in numbers:
        backfill = await store.find(pool, number)
        counts = await store.counts(pool, number)
        told = ", ".join(f"{items} {outcome}" for outcome, items in counts.items()) or "no article"
        call.tell(
            f"backfill {number} of {backfill.source_id}: {backfill.state}, {backfill.pages} list "
            f"pages, {told}{f' ({backfill.remark})' if backfill.remark else ''}"
        )
        missing = await store.unreached(pool, number, most=1)
        if missing:
            call.tell(f"not reached: `tonggao backfill show {number}` tells which and why")
        partly = partly or bool(missing) or backfill.state == "failed"
    if partly:
        raise typer.Exit(EXIT_PARTLY)
