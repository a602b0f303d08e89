"""``tonggao web token``: who may read from another machine."""

from __future__ import annotations

from typing import Annotated

import typer

from scheduler.cli.context import Invocation, print_json, print_table
from scraper.access.tokens import TokenFile
from scraper.clock import now

app = typer.Typer(no_args_is_help=True, help="Who may read from another machine.")
NameArgument = Annotated[str, typer.Argument(help="Of the person or program that has it.")]


@app.command()
def add(context: typer.Context, name: NameArgument) -> None:
    """Make a token and show it, this once; only its digest is kept.

    From the first one on, `tonggao web` and `tonggao mcp --http` ask for one.

    Example: `tonggao web token add lin`.
    """
    call: Invocation = context.obj
    file = TokenFile(call.settings.tokens_path)
    first = not file.exists
    token = file.add(name, now())
    call.out.print(token, markup=False)
    call.remark(
        "it is not shown again; browsers and feed readers take it as the password of any name, "
        "programs as Authorization: Bearer"
    )
    if first:
        call.remark("from now on a token is asked for: start `tonggao web` anew where it runs")


@app.command("list")
def list_(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show who has a token, and since when; the tokens themselves are not kept.

    Example: `tonggao web token list`.
    """
    call: Invocation = context.obj
    names = TokenFile(call.settings.tokens_path).names()
    if as_json:
        for name, added_at in names.items():
            print_json({"name": name, "added_at": added_at})
        return
    print_table(call, ("name", "since"), names.items())


@app.command()
def remove(context: typer.Context, name: NameArgument) -> None:
    """Let a token open nothing any more, at once; without any left, nobody from outside comes in.

    Example: `tonggao web token remove lin`.
    """
    call: Invocation = context.obj
    TokenFile(call.settings.tokens_path).remove(name)
