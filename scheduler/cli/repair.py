"""``tonggao repair``: mend what a fault outside of tonggao has left in the archive."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from scheduler.cli.context import Invocation, connected, print_json, print_table, run_async
from scheduler.cli.status import JsonOption, moment
from scraper.archive.writing.repair import repair_times

app = typer.Typer(help="Mend what a wrong clock has left in the archive.", no_args_is_help=True)


@app.callback()
def _repair() -> None:
    """Keep ``times`` a subcommand while it is the only one."""


@app.command("times")
def times(
    context: typer.Context,
    *,
    apply: Annotated[
        bool,
        typer.Option(
            "--apply/--dry-run", help="Mend them; the old values are kept. Default: only tell."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Find times in the future, which a wrong clock has left, and mend them. Texts stay as they are.

    Examples: `tonggao repair times`, `tonggao repair times --apply`.
    """
    run_async(_times(context.obj, apply, as_json))


async def _times(call: Invocation, apply: bool, as_json: bool) -> None:
    async with connected(call) as database:
        mended = await repair_times(database.pool, apply=apply)
    if as_json:
        for column in mended:
            print_json({**asdict(column), "applied": apply})
        return
    if not mended:
        call.tell("no time lies in the future")
        return
    rows = [
        (m.relation, m.column_name, m.values, moment(m.earliest), moment(m.latest)) for m in mended
    ]
    print_table(call, ("table", "column", "times", "from", "to"), rows)
    call.tell(
        "mended; the old values are in tonggao.mended_time"
        if apply
        else "nothing was changed; `tonggao repair times --apply` mends them"
    )
