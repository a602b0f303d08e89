"""``tonggao init`` and ``tonggao db``: the schema and the embedded server."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path
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
from scheduler.cli.exits import EXIT_PARTLY
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
from scraper.database import upgrade as upgrades
from scraper.database.address import as_address, as_jdbc, without_password
from scraper.database.connection import for_program
from scraper.database.readers import give_password, keep_secret, new_password, refused_login
from scraper.errors import UsageError

app = typer.Typer(help="The embedded server, and a prompt for SQL.", no_args_is_help=True)

app.command("describe")(describe)

ReaderOption = Annotated[
    bool, typer.Option("--reader", help="As tonggao_reader_login, who can only read.")
]


def init(context: typer.Context) -> None:
    """Make or upgrade the schema. It may be run again at any time, by any number of processes.

    An owner that is no superuser makes what it may; the statements that are left for a superuser are
    printed, and the exit code is 4 until they were run.
    """
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
    call.tell(f"schema of {redact(url)} is up to date: {names}")
    if told := _told(brought):
        call.tell(f"stored addresses have their present form: {told}")
    ask_for(call, asked)


def ask_for(call: Invocation, statements: list[str]) -> None:
    """Print the statements that the reading roles still lack, in the order they are to be run in.

    Raises:
        typer.Exit: with 4, where there are any.
    """
    if not statements:
        return
    call.remark(
        "reading roles are not complete; let a superuser, or the database's owner, run the following"
        " in this database, then `tonggao init` again:"
    )
    call.out.print(escape("\n".join(f"{each};" for each in statements)), soft_wrap=True)
    raise typer.Exit(EXIT_PARTLY)


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
    call.tell(f"running, process {embedded.server_pid(cluster)}, {cluster.folder}")


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
    call.tell("stopped")


@app.command("upgrade")
def upgrade(
    context: typer.Context,
    *,
    old_bin: Annotated[
        Path | None,
        typer.Option(
            "--old-bin", help="Folder of the old programs, e.g. /usr/lib/postgresql/15/bin."
        ),
    ] = None,
    delete_old: Annotated[
        bool, typer.Option("--delete-old", help="Delete the data folders that upgrades have left.")
    ] = False,
) -> None:
    """Carry the embedded archive over from an older major version of PostgreSQL.

    The old server's own programs write it into a new data folder beside the old one; the counts are
    compared, the new one takes its place, and the old one stays until it is deleted with --delete-old.

    Examples: `tonggao db upgrade --old-bin /usr/lib/postgresql/15/bin`,
    `tonggao db upgrade --delete-old`.
    """
    call: Invocation = context.obj
    if (old_bin is None) is not delete_old:
        raise UsageError("name one of --old-bin DIR and --delete-old")
    cluster = _cluster(call)
    if old_bin is None:
        gone = upgrades.delete_old(cluster)
        for folder in gone:
            call.tell(f"deleted: {folder}")
    else:
        run_async(_upgrade(call, cluster, old_bin.resolve()))


async def _upgrade(call: Invocation, cluster: embedded.Cluster, old_bin: Path) -> None:
    done = await upgrades.upgrade(cluster, call.settings.embedded_database, old_bin, call.remark)
    rows, tables = sum(done.counts.values()), len(done.counts)
    call.tell(
        f"PostgreSQL {done.before} -> {done.after}: {rows} rows in {tables} tables, counted on both;"
        f" the old data are kept in {done.old}"
    )
    call.remark("type `tonggao init`, look at the archive, then `tonggao db upgrade --delete-old`")


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
def show_url(
    context: typer.Context,
    *,
    reader: ReaderOption = False,
    show_password: Annotated[
        bool, typer.Option("--show-password", help="With the owner's password, where one is set.")
    ] = False,
    jdbc: Annotated[bool, typer.Option("--jdbc", help="In the form of Java's drivers.")] = False,
    libpq: Annotated[
        bool, typer.Option("--libpq", help="As key=value, as 0.1 did; gone after the next release.")
    ] = False,
) -> None:
    """Print the archive's address, for psql, notebooks and BI tools, without a password.

    The embedded server runs only while somebody uses it: keep it up with ``tonggao db start``.
    For SQLAlchemy with psycopg 3, put ``postgresql+psycopg`` before the ``://``.

    Examples: `tonggao db url --reader`, `tonggao db url --reader --jdbc`.
    """
    call: Invocation = context.obj
    if reader and show_password:
        raise UsageError(
            "the reader's password is kept nowhere; `tonggao db reader` makes a new one and shows it once"
        )
    if jdbc and libpq:
        raise UsageError("--jdbc and --libpq are two forms; name one")
    url = _url(call, reader=reader)
    if libpq:
        typer.echo(url if show_password else without_password(url))
    else:
        typer.echo((as_jdbc if jdbc else as_address)(url, password=show_password))


def _url(call: Invocation, *, reader: bool) -> str:
    if call.settings.database_url is not None:
        url = call.settings.database_url.get_secret_value()
        return reader_url(url) if reader else url
    cluster, database = _cluster(call), call.settings.embedded_database
    if not reader:
        return embedded.url(cluster, database)
    return embedded.tcp_url(cluster, database, role=READER_LOGIN) or embedded.url(
        cluster, database, role=READER_LOGIN
    )


@app.command("reader")
def give_reader(
    context: typer.Context,
    *,
    password_file: Annotated[
        Path | None,
        typer.Option("--password-file", help="Write the password there (mode 600); show none."),
    ] = None,
) -> None:
    """Give tonggao_reader_login, who can only read, a new password, and show it once.

    An earlier password ends. The password is kept nowhere but with whom it is given to.

    Examples: `tonggao db reader`, `tonggao db reader --password-file reader.password`.
    """
    run_async(_give_reader(context.obj, password_file))


async def _give_reader(call: Invocation, file: Path | None) -> None:
    password = new_password()
    async with connected(call) as database:
        if file is not None:
            await asyncio.to_thread(keep_secret, file, password)
        asked = await give_password(database.url, password)
        own = call.settings.database_url is not None
        url = _url(call, reader=True)
        refused = await refused_login(url, password) if not asked else None
    call.out.print(as_address(url), markup=False, soft_wrap=True)
    shown = f"password: {password}" if file is None else f"password: in {file}"
    call.out.print(shown, markup=False, soft_wrap=True)
    if asked:
        call.remark(
            "it holds once a superuser has run (there is no password in it, only its proof):"
        )
        call.out.print(escape(f"{asked};"), soft_wrap=True)
        raise typer.Exit(EXIT_PARTLY)
    if refused and own:
        call.remark(f"the server does not let it in yet: {refused}; see its pg_hba.conf")
        raise typer.Exit(EXIT_PARTLY)


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
