"""``tonggao init`` and ``tonggao db``: the schema and the embedded server."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.context import (
    Invocation,
    cluster_of,
    connected,
    database_url,
    print_json,
    print_table,
    run_async,
)
from scheduler.cli.prompt import prompt
from scheduler.cli.query import describe
from scraper.archive import Brought, bring_addresses, refold, sync_regions
from scraper.database import (
    READER_LOGIN,
    embedded,
    migrate,
    prepare_reading,
    reader_url,
    redact,
    require_reader,
)
from scraper.database.connection import for_program
from scraper.errors import UsageError

app = typer.Typer(help="The embedded server, and a prompt for SQL.", no_args_is_help=True)

app.command("describe")(describe)

ReaderOption = Annotated[
    bool, typer.Option("--reader", help="As tonggao_reader_login, who can only read.")
]


def init(context: typer.Context) -> None:
    """Make or upgrade the schema. It may be run again at any time, by any number of processes."""
    run_async(_init(context.obj))


async def _init(call: Invocation) -> None:
    async with database_url(call) as url:
        applied = await migrate(url)
        async with connected(call) as database:
            await sync_regions(database.pool)
            brought = await bring_addresses(database.pool)
            await refold(database.pool, lambda what: call.remark(f"building {what}"))
        asked = await prepare_reading(url)
    names = ", ".join(f"{m.number:04d}_{m.name}" for m in applied) or "nothing to do"
    call.out.print(f"schema of {redact(url)} is up to date: {names}")
    if told := _told(brought):
        call.out.print(f"stored addresses have their present form: {told}")
    if asked:
        call.remark(
            "reading roles are not complete; ask a superuser, or the database's owner, for:"
        )
        call.out.print(escape("\n".join(f"{statement};" for statement in asked)))


def _told(brought: list[Brought]) -> str:
    """What bringing addresses over has changed, ever; empty where it was nothing."""
    return ", ".join(
        f"{each.relation} {each.changed} of {each.looked_at}, {each.merged} became one with another"
        for each in brought
        if each.changed
    )


@app.command("start")
def start(context: typer.Context) -> None:
    """Start the embedded server and let it run until ``tonggao db stop``."""
    call: Invocation = context.obj
    cluster = _cluster(call)
    embedded.start_to_stay(cluster, call.remark)
    call.out.print(f"running, process {embedded.server_pid(cluster)}, {cluster.folder}")


@app.command("stop")
def stop(
    context: typer.Context,
    *,
    force: Annotated[
        bool, typer.Option("--force", help="Even while a tonggao process uses it.")
    ] = False,
) -> None:
    """Stop the embedded server.

    Example: `tonggao db stop`.
    """
    call: Invocation = context.obj
    embedded.stop_now(_cluster(call), force=force)
    call.out.print("stopped")


@app.command("status")
def status(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Tell whether the embedded server runs, for whom, and where it lies.

    Example: `tonggao db status --json`.
    """
    call: Invocation = context.obj
    cluster = _cluster(call)
    pid = embedded.server_pid(cluster)
    facts = {
        "state": "running" if pid else "stopped",
        "process": pid,
        "in use": embedded.in_use(cluster),
        "stays": embedded.stays(cluster),
        "runs as": cluster.account.name,
        "folder": str(cluster.folder),
        "socket": str(cluster.socket),
    }
    if as_json:
        print_json(facts)
    else:
        print_table(call, ("", ""), facts.items())


@app.command("url")
def show_url(context: typer.Context, *, reader: ReaderOption = False) -> None:
    """Print the connection string, for psql, notebooks and BI tools.

    The embedded server runs only while somebody uses it: keep it up with ``tonggao db start``.

    Example: `tonggao db url --reader`.
    """
    call: Invocation = context.obj
    if call.settings.database_url is not None:
        url = call.settings.database_url.get_secret_value()
        typer.echo(reader_url(url) if reader else url)
        return
    role = READER_LOGIN if reader else embedded.OWNER
    typer.echo(embedded.url(_cluster(call), call.settings.embedded_database, role=role))


@app.command("psql")
def psql(
    context: typer.Context,
    command: Annotated[
        str | None, typer.Option("--command", "-c", help="Run this SQL and end.")
    ] = None,
    *,
    reader: ReaderOption = False,
) -> None:
    """Open psql on the archive, or a small prompt where there is no psql.

    Examples: `tonggao db psql --reader`,
    `tonggao db psql -c 'SELECT count(*) FROM archive.releases'`.
    """
    run_async(_psql(context.obj, command, reader))


async def _psql(call: Invocation, command: str | None, reader: bool) -> None:
    async with connected(call) as database:
        url = database.url
        if reader:
            url = await require_reader(url)
        program = shutil.which("psql")
        if program is None:
            code = await prompt(url, command)
        else:
            asked = ["--command", command] if command else []
            done = await asyncio.to_thread(_run_psql, [program, *asked], url)
            code = done.returncode
    raise typer.Exit(code)


def _run_psql(command: list[str], url: str) -> subprocess.CompletedProcess[bytes]:
    target, environment = for_program(url)
    environment["PGTZ"] = "Asia/Shanghai"
    return subprocess.run([*command, "--dbname", target], env=environment, check=False)  # noqa: S603


def _cluster(call: Invocation) -> embedded.Cluster:
    if call.settings.database_url is not None:
        raise UsageError(
            "TONGGAO_DATABASE_URL names a server of yours; start and stop it with its own tools"
        )
    return cluster_of(call.settings)
