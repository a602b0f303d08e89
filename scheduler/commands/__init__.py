"""The command line: one module a command or group of commands, put together here."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from scheduler.commands import backfill, config, database, sources
from scheduler.commands.context import EXIT_CODES, Invocation
from scheduler.commands.daemon import daemon, worker
from scheduler.commands.demo import demo
from scheduler.commands.parse import parse
from scheduler.commands.run import run
from scheduler.commands.status import doctor, health, status
from scheduler.logs import configure_logs
from scheduler.settings import load_settings

_EPILOG = "Exit codes: " + "; ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items())

app = typer.Typer(
    name="tonggao",
    help="The archive of regional press releases (通稿).",
    epilog=_EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"auto_envvar_prefix": "TONGGAO", "help_option_names": ["-h", "--help"]},
)
app.command("init")(database.init)
app.command("demo")(demo)
app.command("run")(run)
app.command("parse")(parse)
app.command("daemon")(daemon)
app.command("worker")(worker)
app.command("status")(status)
app.command("doctor")(doctor)
app.add_typer(health, name="health")
app.add_typer(sources.app, name="sources")
app.add_typer(backfill.app, name="backfill")
app.add_typer(database.app, name="db")
app.add_typer(config.app, name="config")


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
    show_version: Annotated[
        bool, typer.Option("--version", help="Show the version and end.", is_eager=True)
    ] = False,
) -> None:
    """Read the options that all commands share."""
    if show_version:
        typer.echo(f"tonggao {program_version()}")
        raise typer.Exit
    flags = {"database_url": database_url, "data_dir": data_dir, "log_level": log_level}
    given = {name: value for name, value in flags.items() if value is not None}
    settings = load_settings(given, command_names(context))
    configure_logs(settings.log_level, settings.log_format)
    context.obj = Invocation(settings, given, quiet)


def command_names(context: typer.Context) -> tuple[str, ...]:
    """The names of the commands of the first level, whose options have variables of their own."""
    group = context.command
    return tuple(group.commands) if isinstance(group, TyperGroup) else ()


def program_version() -> str:
    """The version of the installed distribution."""
    try:
        return version("tonggao")
    except PackageNotFoundError:
        return "(checkout, not installed)"
