"""``tonggao stats``: what is in the archive, as figures and plots."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from scheduler.cli.context import Invocation, connected, print_json, run_async
from scheduler.cli.terminal import spoken
from scraper.archive.querying.statistics import Share, Statistics, statistics
from scraper.clock import SHANGHAI
from scraper.errors import UsageError
from scraper.outputs import replacing

BAR_WIDTH = 30
PLOT_LINES = 31
"""Most bars of days: a longer time is shown several days a bar, each named by its first day."""


def stats(
    context: typer.Context,
    days: Annotated[int, typer.Option(min=1, max=3660, help="How many days back.")] = 30,
    most: Annotated[int, typer.Option(min=1, max=400, help="How many regions and sources.")] = 12,
    png: Annotated[
        Path | None, typer.Option(help="Write the plots as a picture; needs the extra plots.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show how much is archived: in all, by day, by region, by source.

    Examples: `tonggao stats`, `tonggao stats --days 365 --json`, `tonggao stats --png stats.png`.
    """
    run_async(_stats(context.obj, days, most, png, as_json=as_json))


async def _stats(
    call: Invocation, days: int, most: int, png: Path | None, *, as_json: bool
) -> None:
    async with connected(call) as database:
        found = await statistics(database.pool, days=days, most=most)
    if as_json:
        print_json(found)
    elif png is None:
        _show(call, found)
    if png is not None:
        await asyncio.to_thread(_write, png, found)
        call.remark(f"written: {png}")


def _show(call: Invocation, found: Statistics) -> None:
    out = call.out
    totals = found.totals
    call.tell(
        f"[bold]{totals.releases:,}[/bold] releases in {totals.publications:,} publications "
        f"of {totals.sources:,} sources; {totals.revisions:,} texts, {totals.withdrawn:,} withdrawn"
    )
    if totals.erased:
        call.tell(f"{totals.erased:,} publications were erased; archive.erasures has their numbers")
    if totals.oldest and totals.newest:
        first, last = (t.astimezone(SHANGHAI).date() for t in (totals.oldest, totals.newest))
        call.tell(f"dated {first} to {last}")
    call.tell(f"\n[bold]By day[/bold], last {found.days} days: releases, then copies")
    if not any(day.releases or day.copies for day in found.per_day):
        out.print(spoken("nothing"), style="dim")
    elif out.is_terminal:
        for line in _by_day(found, out.width):
            out.print(line)
    else:
        for day in found.per_day:
            out.print(f"{day.day}  {day.releases:>6}  {day.copies:>6}")
    _bars(call, "By region", found.per_region)
    _bars(call, "By source", found.per_source)


def _by_day(found: Statistics, width: int) -> list[Text]:
    """A bar for each day, or for as many days at a time as fit ``PLOT_LINES`` bars."""
    together = -(-len(found.per_day) // PLOT_LINES)
    groups = [
        found.per_day[start : start + together]
        for start in range(0, len(found.per_day), together or 1)
    ]
    sums = [
        (days[0].day, sum(day.releases for day in days), sum(day.copies for day in days))
        for days in groups
    ]
    most = max((releases + copies for _, releases, copies in sums), default=0) or 1
    room = max(width - len("2024-11-01  123,456  123,456  "), 10)
    lines = []
    for first, releases, copies in sums:
        ends = (round(number / most * room) for number in (releases, releases + copies))
        whole, stacked = ends
        line = Text(f"{first}  {releases:>7,}  {copies:>7,}  ")
        line.append("█" * whole, style="green").append("▒" * (stacked - whole), style="yellow")
        lines.append(line)
    return lines


def _bars(call: Invocation, heading: str, shares: list[Share]) -> None:
    call.out.print(f"\n[bold]{spoken(heading)}[/bold]")
    top = max((share.count for share in shares), default=0)
    if not top:
        call.out.print(spoken("nothing"), style="dim")
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    for share in shares:
        bar = "█" * max(1, round(share.count / top * BAR_WIDTH)) if call.out.is_terminal else ""
        table.add_row(escape(share.name), f"{share.count:>8,}", Text(bar, style="green"))
    call.out.print(table)


def _write(png: Path, found: Statistics) -> None:
    """The plots as a picture.

    Raises:
        UsageError: the extra is missing.
        OSError: the file cannot be written.
    """
    try:
        from scheduler.cli.picture import has_chinese_font, write_picture  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError(
            "pictures need matplotlib: install tonggao with its extra plots"
        ) from error
    with replacing(png) as part:
        write_picture(part, found)
    if not has_chinese_font():
        typer.echo(
            f"{png}: this machine has no Chinese font, names are boxes; install one,"
            " for example Noto Sans CJK, and write the picture again",
            err=True,
        )
