"""``tonggao search``: releases that hold some words."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.context import Invocation, connected, print_json, run_async
from scheduler.cli.naming import RegionOption, require_source
from scraper.archive.querying.finding import Hit, Search, find


class Sort(StrEnum):
    """The order of hits."""

    newest = "newest"
    rank = "rank"


def search(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(help="Blank is AND; OR or | either; -word without it; “…” a phrase."),
    ],
    since: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="From this day on.")
    ] = None,
    until: Annotated[
        dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Up to this day.")
    ] = None,
    region: RegionOption = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    sort: Annotated[Sort, typer.Option(help="newest, or rank: headlines first.")] = Sort.newest,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many hits.")] = 20,
    skip: Annotated[int, typer.Option(min=0, help="How many hits to pass over.")] = 0,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Search headlines and texts; words of one character are found too.

    Examples: `tonggao search 智能制造`, `tonggao search '西青 "新闻发布会" -疫情' --since 2024-11-01`.
    """
    wanted = Search(
        " ".join(words),
        since.date() if since else None,
        until.date() if until else None,
        region,
        source,
        sort.value,
        count,
        skip,
    )
    run_async(_search(context.obj, wanted, as_json=as_json))


async def _search(call: Invocation, wanted: Search, *, as_json: bool) -> None:
    async with connected(call) as database:
        await require_source(call, database.pool, wanted.source)
        hits = await find(database.pool, wanted)
    if as_json:
        for hit in hits:
            print_json(hit)
        return
    for hit in hits:
        _show(call, hit)
    call.remark(f"{len(hits)} releases; `tonggao show ID` shows one")


def _show(call: Invocation, hit: Hit) -> None:
    carried = f", {hit.copies} copies" if hit.copies else ""
    call.out.print(f"[bold]{hit.release_id}  {escape(hit.title)}[/bold]")
    call.out.print(f"  {hit.dated_at:%Y-%m-%d %H:%M}  {hit.source_id}{carried}  {escape(hit.url)}")
    call.out.print(f"  {escape(hit.snippet).replace('⟦', '[reverse]').replace('⟧', '[/reverse]')}")
