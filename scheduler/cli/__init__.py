"""The command line: one module a command or group of commands, put together here."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from scheduler.cli.context import EXIT_CODES, Invocation
from scheduler.logs import configure_logs
from scheduler.settings import load_settings

_EPILOG = "Exit codes: " + "; ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items())

COMMANDS = {
    "init": "database:init",
    "demo": "demo:demo",
    "run": "run:run",
    "parse": "parse:parse",
    "search": "search:search",
    "show": "show:show",
    "why": "show:why",
    "query": "query:query",
    "stats": "stats:stats",
    "export": "export:export",
    "import": "import_:import_",
    "reparse": "import_:reparse_pages",
    "daemon": "daemon:daemon",
    "worker": "daemon:worker",
    "status": "status:status",
    "doctor": "status:doctor",
    "health": "status:health",
    "notify": "notify:app",
    "sources": "sources:app",
    "backfill": "backfill:app",
    "repair": "repair:app",
    "db": "database:app",
    "web": "web:web",
    "config": "config:app",
}
"""Each command, and the module and name below ``scheduler.cli`` that it is found under."""


class Commands(TyperGroup):
    """The commands of the first level; a module is imported only when its command is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  (the library's signature)
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command of that name, None where there is none."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, attribute = place.partition(":")
        found = getattr(import_module(f"scheduler.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            command: Any = typer.main.get_group(found)
        else:
            command = typer.main.get_command(_only(found))
        command.name = cmd_name
        return command


def _only(function: Callable[..., Any]) -> typer.Typer:
    """An application of one command."""
    single = typer.Typer(add_completion=False)
    single.command()(function)
    return single


app = typer.Typer(
    name="tonggao",
    cls=Commands,
    help="The archive of regional press releases (通稿).",
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"auto_envvar_prefix": "TONGGAO", "help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tonggao {program_version()}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    database_url: Annotated[
        str | None,
        typer.Option(
            help="PostgreSQL to use instead of the embedded one.", envvar="TONGGAO_DATABASE_URL"
        ),
    ] = None,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Folder of the embedded server.", envvar="TONGGAO_DATA_DIR"),
    ] = None,
    log_level: Annotated[
        str | None,
        typer.Option(help="debug, info, warning or error.", envvar="TONGGAO_LOG_LEVEL"),
    ] = None,
    *,
    quiet: Annotated[
        bool,
        typer.Option("--quiet", "-q", help="Say nothing but results and errors."),
    ] = False,
    version_wanted: Annotated[  # noqa: ARG001  (its callback does it)
        bool,
        typer.Option(
            "--version", help="Show the version and end.", is_eager=True, callback=_show_version
        ),
    ] = False,
) -> None:
    """Read the options that all commands share."""
    flags = {"database_url": database_url, "data_dir": data_dir, "log_level": log_level}
    given = {name: value for name, value in flags.items() if value is not None}
    settings = load_settings(given, COMMANDS)
    configure_logs(settings.log_level, settings.log_format)
    context.obj = Invocation(settings, given, quiet)


def program_version() -> str:
    """The version of the installed distribution."""
    try:
        return version("tonggao")
    except PackageNotFoundError:
        return "(checkout, not installed)"
