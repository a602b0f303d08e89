"""``tonggao web``: the archive as pages, for reading."""

from __future__ import annotations

import socket
from typing import Annotated

import typer

from scheduler.cli.context import Invocation, connected, run_async
from scheduler.cli.terminal import spoken
from scheduler.daemon.standstill import ended_at_standstill
from scraper.errors import UsageError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def web(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8477,
    name: Annotated[
        list[str] | None,
        typer.Option(help="Host name it is reached by, beside localhost; may be repeated."),
    ] = None,
) -> None:
    """Read the archive in a browser: search, releases, copies, revisions, snapshots, sources.

    It reads as a role that can write nothing and runs no script. There is no login: to serve
    more than this machine, put a proxy with one in front.

    Examples: `tonggao web`, `tonggao web --port 9000`,
    `tonggao web --host 0.0.0.0 --name archive.example`.
    """
    run_async(_web(context.obj, host, port, name or []))


async def _web(call: Invocation, host: str, port: int, names: list[str]) -> None:
    try:
        import uvicorn  # noqa: PLC0415 - an extra

        from scraper.web.application import LOOPBACK, create_application  # noqa: PLC0415
        from scraper.web.archive import open_reading  # noqa: PLC0415
        from scraper.web.server import server_config  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(
            "the web reader needs an extra: install tonggao with its extra web"
        ) from error
    if host not in _LOOPBACK:
        call.remark("there is no login: whoever reaches this address reads the archive")
    async with connected(call) as database, open_reading(database.url) as reading:
        application = create_application(reading, [*LOOPBACK, host, *names])
        config = server_config(application, host=host, port=port)
        server = uvicorn.Server(config)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=config.backlog)
        call.err.print(
            spoken(f"reading at http://{host}:{listening.getsockname()[1]}/  (Ctrl-C ends it)")
        )
        async with ended_at_standstill(call.settings.standstill_seconds):
            await server.serve(sockets=[listening])
