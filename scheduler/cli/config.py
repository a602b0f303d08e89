"""``tonggao config``: the options in force."""

from __future__ import annotations

from typing import Annotated

import typer

from scheduler.cli.context import Invocation, print_json, print_table
from scheduler.settings import PREFIX, Settings, is_secret, origins, settings_files

app = typer.Typer(help="The options in force.", no_args_is_help=True)


@app.command("show")
def show(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Show every option, its value (secrets hidden) and where the value comes from.

    Standard error names the settings file, and others that are there and not read.

    Example: `tonggao config show --json`.
    """
    call: Invocation = context.obj
    for file, state in settings_files():
        call.remark(f"settings file: {file} ({state})")
    places = origins(call.flags)
    rows = [
        (name, shown(call.settings, name), places[name], PREFIX + name.upper(), field.description)
        for name, field in Settings.model_fields.items()
    ]
    if as_json:
        print_json({name: {"value": value, "origin": place} for name, value, place, *_ in rows})
    else:
        print_table(call, ("option", "value", "from", "variable", "meaning"), rows)


def shown(settings: Settings, name: str) -> str | None:
    """A value as it may be shown."""
    in_force = {"sources_dir": settings.own_sources, "tokens_file": settings.tokens_path}
    value = in_force.get(name, getattr(settings, name))
    if value is None:
        return None
    return "(hidden)" if is_secret(name) else str(value)
