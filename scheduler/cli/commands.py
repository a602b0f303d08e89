"""The command line put together: what every call of ``tonggao`` loads, so nothing more than it needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from scheduler.cli.exits import EXIT_CODES, leave
from scheduler.cli.variables import refuse_misspelt, typed_only, typed_only_below

if TYPE_CHECKING:
    from scheduler.settings import Settings

_EPILOG = "Exit codes: " + "; ".join(f"{code} {meaning}" for code, meaning in EXIT_CODES.items())

COMMANDS = {
    "init": "database:init",
    "demo": "demo:demo",
    "run": "run:run",
    "parse": "parse:parse",
    "search": "search:search",
    "show": "show:show",
    "diff": "cite:diff",
    "cite": "cite:cite",
    "why": "show:why",
    "changes": "changes:changes",
    "watch": "watch:app",
    "files": "files:app",
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
    "verify": "verify:verify",
    "proof": "proof:app",
    "erase": "erase:erase_",
    "hold": "hold:app",
    "repair": "repair:app",
    "db": "database:app",
    "backup": "backup:backup",
    "restore": "backup:restore",
    "web": "web:app",
    "mcp": "mcp:mcp",
    "config": "config:app",
}
"""Each command, and the module and name below ``scheduler.cli`` that it is found under."""

LASTING = frozenset({"daemon", "worker", "web", "mcp"})
"""Commands that run until they are told to stop: their log is what they say."""

HELP = {
    "init": "Make or upgrade the schema. It may be run again at any time, by any number of processes.",
    "demo": "Run the real daemon on a small web of made-up publishers, and show what is archived.",
    "run": "Visit sources once, now: list, fetch, parse and archive what is new or has changed.",
    "parse": "Read a page and show what would be archived, each field with the rule that gave it.",
    "search": "Search headlines and texts; words of one character are found too.",
    "show": "Show a release: its record, who else carried it, and what is near it.",
    "diff": "Show how the texts of a release were changed, from each revision to the next.",
    "cite": "Cite a release, with its address, the day it was last seen and the digest of the stored page.",
    "why": "Tell why each publication belongs to a release, and which one stands for it.",
    "changes": "Show what happened last: new, edited, withdrawn, restored, changed files, copies.",
    "watch": "Searches that tell you what happens.",
    "files": "The files that releases offer: what they say, their versions, their bytes.",
    "query": "Run a query that ships with tonggao; `tonggao query list` shows them all.",
    "stats": "Show how much is archived: in all, by day, by region, by source.",
    "export": "Write publications out. `tonggao import` reads JSON lines and WARC back in.",
    "import": "Read a file in through the same parsing and deduplication as fetched pages.",
    "reparse": "Read the stored pages again with this version's parser and keep what it reads differently.",
    "daemon": "Watch the enabled sources until told to stop (SIGTERM, Ctrl-C; twice: at once).",
    "worker": "Do the work that daemons on other machines claim, until told to stop.",
    "status": "Show processes and sources: state, last news, next visit.",
    "doctor": "Answer why a source is silent: evidence, cause, what to do. Exit code 4: something is wrong.",
    "health": "Events of the sources' health.",
    "notify": "Where alarms go.",
    "sources": "What can be watched, and whether it works.",
    "backfill": "Walk the past of sources: `tonggao backfill SOURCE… --from 2024-01-01 --to 2024-12-31`.",
    "verify": "Hold stored values against the digests that cover them: snapshots, files, records, roots.",
    "proof": "Prove to others that something was archived by a day: roots of days, chained, and proofs.",
    "erase": "Erase a release, the publication at an address, or a file for good; a tombstone stays.",
    "hold": "Releases that nobody may erase and no policy may prune.",
    "repair": "Mend what a wrong clock has left in the archive.",
    "db": "The embedded server, and a prompt for SQL.",
    "backup": "Write the whole archive into one file that `tonggao restore` and pg_restore read.",
    "restore": "Fill an empty database from a backup: all of it, or nothing; then bring it up to date.",
    "web": "Read the archive in a browser: search, releases, copies, revisions, snapshots, sources.",
    "mcp": "Let a language model search, read, count, cite and check the archive (Model Context Protocol).",
    "config": "The options in force.",
}
"""The first line of each command's help: ``--help`` shows them without loading the commands."""


class Commands(TyperGroup):
    """The commands of the first level; a module is imported only when its command is called."""

    _listing = False

    def invoke(self, ctx: Any) -> Any:
        """Run the command; whatever ends it early is said in one line."""
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, OSError) as error:  # click would make exit code 1 of them
            raise typer.Exit(leave(error)) from None

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the names and their lines from the table."""
        self._listing = True
        try:
            super().format_help(ctx, formatter)
        except SystemExit:  # rich's way out of a closed pipe
            raise typer.Exit(leave(BrokenPipeError())) from None
        finally:
            self._listing = False

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002  (the library's signature)
        """All names, in the order of the table."""
        return list(COMMANDS)

    def get_params(self, ctx: Any) -> list[Any]:
        """The shared options; those that act at once are read from the command line alone."""
        return typed_only(super().get_params(ctx))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, None where there is none."""
        place = COMMANDS.get(cmd_name)
        if place is None:
            return None
        if self._listing:
            return TyperCommand(cmd_name, help=HELP[cmd_name])
        module, _, attribute = place.partition(":")
        found = getattr(import_module(f"scheduler.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            command: Any = typer.main.get_group(found)
        else:
            command = typer.main.get_command(_only(found))
        command.name = cmd_name
        typed_only_below(command, ctx)
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
    from scheduler.cli.context import Invocation  # noqa: PLC0415 - `--version` needs none of it
    from scheduler.logs import configure_logs  # noqa: PLC0415 - as above
    from scheduler.settings import (  # noqa: PLC0415 - as above
        load_settings,
        variables_of_settings,
        warnings_about_files,
    )

    flags = {"database_url": database_url, "data_dir": data_dir, "log_level": log_level}
    given = {name: value for name, value in flags.items() if _typed(context, name)}
    settings = load_settings(given, COMMANDS)
    if name := context.invoked_subcommand:
        group: Any = context.command
        refuse_misspelt(group.get_command(context, name), name, variables_of_settings())
    if settings.language:  # a file may name it; what we start shall speak it, too
        os.environ["TONGGAO_LANGUAGE"] = settings.language
    configure_logs(_log_level(settings, name or ""), settings.log_format)
    context.obj = Invocation(settings, given, quiet)
    for warning in () if quiet else warnings_about_files():
        print(f"tonggao: {warning}", file=sys.stderr)


def _log_level(settings: Settings, command: str) -> str:
    """What is logged: in a pipe, of a command that ends by itself, what needs somebody, unless asked."""
    asked = "log_level" in settings.model_fields_set or command in LASTING
    return settings.log_level if asked or sys.stderr.isatty() else "warning"


def _typed(context: typer.Context, name: str) -> bool:
    """Whether an option stands on the command line; one of the environment is found there again."""
    source = context.get_parameter_source(name)
    return source is not None and source.name == "COMMANDLINE"


def program_version() -> str:
    """The version of the installed distribution."""
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - as above

    try:
        return version("tonggao")
    except PackageNotFoundError:
        return "(checkout, not installed)"
