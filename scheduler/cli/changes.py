"""``tonggao changes``: what is new, edited, withdrawn, back or carried by others."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.context import Invocation, connected, print_json, run_async
from scheduler.cli.naming import RegionOption, require_source
from scheduler.cli.search import SinceOption, UntilOption
from scraper.archive.querying.changes import EDITORIAL, Asked, Change, ChangeKind, after, latest
from scraper.clock import now
from scraper.controls import visible
from scraper.errors import UsageError
from scraper.text.asked_days import read_range

_LINES = 3
_SIGNS = 78


def changes(
    context: typer.Context,
    words: Annotated[
        list[str] | None, typer.Argument(help="Only of releases that hold them, as in search.")
    ] = None,
    kind: Annotated[
        list[ChangeKind] | None, typer.Option("--kind", "-k", help="Only these; may be repeated.")
    ] = None,
    since: SinceOption = None,
    until: UntilOption = None,
    region: RegionOption = None,
    source: Annotated[str | None, typer.Option(help="Only of this source.")] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many.")] = 20,
    before: Annotated[
        str | None, typer.Option(help="Only what was before this cursor: the next page.")
    ] = None,
    follow: Annotated[
        str | None,
        typer.Option(
            "--after",
            help="Every change behind this cursor, in order, nothing left out; 'begin' from the first.",
        ),
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show what happened last: new, edited, withdrawn, restored, changed files, copies.

    What a reparse read differently and which address stands for a story is left out unless asked for by
    `--kind`. Days are those of the change.

    Examples: `tonggao changes -k revision -k withdrawn`, `tonggao changes 供热 --region 天津市 --since 2026-11-01`,
    `tonggao changes --after CURSOR --json`.
    """
    first, last = read_range(since, until, now().date(), ("--since", "--until"))
    asked = Asked(
        kind or EDITORIAL,
        " ".join(words or ()) or None,
        first,
        last,
        region,
        source,
        before,
        count,
    )
    if follow is not None and (words or kind or since or until or region or source or before):
        raise UsageError("--after gives every change; it goes with --count and --json alone")
    run_async(_changes(context.obj, asked, follow, as_json=as_json))


async def _changes(call: Invocation, asked: Asked, follow: str | None, *, as_json: bool) -> None:
    async with connected(call) as database:
        await require_source(call, database.pool, asked.source)
        if follow is None:
            found = await latest(database.pool, replace(asked, count=asked.count + 1))
        else:
            cursor = None if follow == "begin" else follow
            found = await after(database.pool, cursor, asked.count)
    more = follow is None and len(found) > asked.count
    found = found[: asked.count]
    for change in found:
        if as_json:
            print_json({**asdict(change), "is_edit": change.is_edit})
        else:
            _show(call, change)
    if not found:
        call.remark("no such changes")
    elif more:
        call.remark(f"{len(found)} changes; before them: --before {found[-1].cursor}")
    elif follow is None:
        call.remark(f"{len(found)} changes; there are none before them")
    else:
        call.remark(f"{len(found)} changes; after them: --after {found[-1].cursor}")


def _show(call: Invocation, change: Change) -> None:
    told = f" ({change.brought_by})" if change.kind == "revision" and not change.is_edit else ""
    title = escape(visible(change.title or change.url or ""))
    call.out.print(
        f"{change.at:%Y-%m-%d %H:%M}  [bold]{change.kind}{told}[/bold]  {change.release_id}  {title}"
    )
    call.out.print(f"  {escape(change.publisher or '')}  {escape(visible(change.url or ''))}")
    if change.previous_title and change.previous_title != change.title:
        call.out.print(f"  [red]- {escape(visible(change.previous_title))}[/red]")
    for sign, colour, lines in (("-", "red", change.removed), ("+", "green", change.added)):
        for line in (lines or ())[:_LINES]:
            call.out.print(f"  [{colour}]{sign} {escape(visible(line[:_SIGNS]))}[/{colour}]")
