"""``tonggao hold``: releases that nobody may erase and no policy may prune."""

from __future__ import annotations

from typing import Annotated

import typer

from scheduler.cli.context import Invocation, connected, print_json, print_table, run_async
from scheduler.cli.show import JsonLinesOption, JsonOption, ReleaseArgument
from scraper.archive.erasure.holds import HoldEntry, add_hold, holds, remove_hold
from scraper.archive.querying.reading import release_named

app = typer.Typer(
    help="Releases that nobody may erase and no policy may prune.", no_args_is_help=True
)
ReasonOption = Annotated[str, typer.Option("--reason", help="Why, for the log.")]


@app.command("add")
def add(
    context: typer.Context,
    release: ReleaseArgument,
    reason: ReasonOption,
    *,
    as_json: JsonOption = False,
) -> None:
    """Put a release under a hold, with all its publications, pages and files.

    Example: `tonggao hold add 8 --reason "case 77/2024"`.
    """
    run_async(_add(context.obj, release, reason, as_json=as_json))


@app.command("remove")
def remove(
    context: typer.Context,
    release: ReleaseArgument,
    reason: ReasonOption,
    *,
    as_json: JsonLinesOption = False,
) -> None:
    """End the hold of a release.

    Example: `tonggao hold remove 8 --reason "case 77/2024 closed"`.
    """
    run_async(_remove(context.obj, release, reason, as_json=as_json))


@app.command("list")
def list_(
    context: typer.Context,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what was removed, and what was overridden.")
    ] = False,
    as_json: JsonLinesOption = False,
) -> None:
    """List the releases under a hold.

    Examples: `tonggao hold list`, `tonggao hold list --all --json`.
    """
    run_async(_list(context.obj, everything=everything, as_json=as_json))


async def _add(call: Invocation, release: str, reason: str, *, as_json: bool) -> None:
    async with connected(call) as database:
        number = await release_named(database.pool, release)
        before = [each for each in await holds(database.pool) if each.in_force]
        added = await add_hold(database.pool, number, reason)
    _show(call, [added], as_json=as_json)
    for each in before:
        if each.release_id == added.release_id:
            call.remark(
                f"it was under a hold already: {each.reason}; one `tonggao hold remove` ends all of them"
            )


async def _remove(call: Invocation, release: str, reason: str, *, as_json: bool) -> None:
    async with connected(call) as database:
        number = await release_named(database.pool, release)
        _show(call, await remove_hold(database.pool, number, reason), as_json=as_json)


async def _list(call: Invocation, *, everything: bool, as_json: bool) -> None:
    async with connected(call) as database:
        found = await holds(database.pool)
    shown = [each for each in found if everything or each.in_force]
    _show(call, shown, as_json=as_json)
    if not shown:
        call.remark(
            "no release is under a hold, or was" if everything else "no release is under a hold"
        )


def _show(call: Invocation, entries: list[HoldEntry], *, as_json: bool) -> None:
    if as_json:
        for each in entries:
            print_json(each)
        return
    rows = [
        (e.release_id, e.action, f"{e.made_at:%Y-%m-%d %H:%M}", e.made_by, e.reason)
        for e in entries
    ]
    print_table(call, ("release", "what", "when", "by", "reason"), rows)
