"""``tonggao web``: the archive as pages, for reading, and as JSON for programs."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from scheduler.cli import tokens
from scheduler.cli.context import Invocation, connected, run_async
from scheduler.cli.terminal import spoken
from scheduler.daemon.standstill import ended_at_standstill
from scraper.access.hosts import LOOPBACK, LOOPBACK_ADDRESSES, as_called
from scraper.access.rate import REQUESTS_A_MINUTE
from scraper.access.tokens import TokenFile
from scraper.errors import UsageError

NameOption = Annotated[
    list[str] | None,
    typer.Option("--name", help="Host name it is reached by, beside localhost; may be repeated."),
]
OpenOption = Annotated[
    bool,
    typer.Option("--open-to-all", help="Ask nobody for a token: a proxy in front has a login."),
]

app = typer.Typer(invoke_without_command=True)
app.add_typer(tokens.app, name="token")


@app.callback()
def web(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8477,
    name: NameOption = None,
    rate: Annotated[
        int, typer.Option(min=1, help="Requests of the API a minute, for each caller.")
    ] = REQUESTS_A_MINUTE,
    *,
    open_to_all: OpenOption = False,
) -> None:
    """Read the archive in a browser: search, releases, copies, revisions, snapshots, sources.

    It reads as a role that can write nothing and runs no script of a page's. Programs have the same
    under `/api/v1`. For more than this machine give tokens (`tonggao web token add NAME`) and put a
    proxy with TLS in front: docs/api.md.

    Examples: `tonggao web`, `tonggao web --port 9000`,
    `tonggao web --host 0.0.0.0 --name archive.example`.
    """
    if context.invoked_subcommand is None:
        call: Invocation = context.obj
        asked = tokens_asked(call, host, open_to_all=open_to_all)
        run_async(_web(call, host, port, name or [], asked, rate))


def tokens_asked(call: Invocation, host: str, *, open_to_all: bool) -> TokenFile | None:
    """The file of tokens where one is asked for; None where nobody is.

    Raises:
        SettingsError: there is a file that cannot be used.
    """
    file = TokenFile(call.settings.tokens_path)
    if open_to_all:
        return None
    if file.exists:
        file.names()
        return file
    if host not in LOOPBACK_ADDRESSES:
        call.remark(
            "whoever reaches this address reads the archive: run `tonggao web token add NAME`, or give --open-to-all "
            "where a proxy in front has a login; the next release will not listen here without one of them"
        )
    return None


async def _web(
    call: Invocation, host: str, port: int, names: list[str], asked: TokenFile | None, rate: int
) -> None:
    try:
        import uvicorn  # noqa: PLC0415 - an extra

        from scraper.web.application import create_application  # noqa: PLC0415
        from scraper.web.archive import open_reading  # noqa: PLC0415
        from scraper.web.server import server_config  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(
            "the web reader needs an extra: install tonggao with its extra web"
        ) from error
    async with connected(call) as database, open_reading(database.url) as reading:
        application = create_application(reading, [*LOOPBACK, host, *names], asked, rate)
        config = server_config(application, host=host, port=port)
        server = uvicorn.Server(config)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=config.backlog)
        call.err.print(
            spoken(
                f"reading at http://{as_called(host)}:{listening.getsockname()[1]}/  (Ctrl-C ends it)"
            )
        )
        async with ended_at_standstill(call.settings.standstill_seconds):
            await server.serve(sockets=[listening])
