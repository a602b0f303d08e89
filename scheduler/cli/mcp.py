"""``tonggao mcp``: the archive for language models."""

from __future__ import annotations

from typing import Annotated

import typer

from scheduler.cli.commands import program_version
from scheduler.cli.context import Invocation, connected, run_async
from scheduler.cli.web import NameOption
from scraper.access.hosts import LOOPBACK, LOOPBACK_ADDRESSES, as_called
from scraper.access.tokens import TokenFile
from scraper.database import open_pool, require_reader
from scraper.database.readers import reading_only
from scraper.errors import UsageError

SECONDS = 15
"""Longest that a statement of a model may take."""


def mcp(
    context: typer.Context,
    host: Annotated[str, typer.Option(help="Address to listen on, with --http.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port, with --http.")] = 8478,
    name: NameOption = None,
    reader: Annotated[
        str, typer.Option(help="Where the web reader is, for links to it.")
    ] = "http://127.0.0.1:8477",
    *,
    http: Annotated[bool, typer.Option("--http", help="Over HTTP at /mcp, not stdio.")] = False,
) -> None:
    """Let a language model search, read, count, cite and check the archive (Model Context Protocol).

    It asks as the login that can only read. Without options it speaks over stdin and stdout, as a client starts it.

    Examples: `tonggao mcp`, `tonggao mcp --http --port 8478`.
    """
    call: Invocation = context.obj
    asked = TokenFile(call.settings.tokens_path)
    if http and host not in LOOPBACK_ADDRESSES and not asked.exists:
        raise UsageError("other machines need a token: run `tonggao web token add NAME` first")
    run_async(_serve(call, host, port, name or [], reader.rstrip("/"), asked if http else None))


async def _serve(
    call: Invocation, host: str, port: int, names: list[str], reader: str, asked: TokenFile | None
) -> None:
    try:
        import uvicorn  # noqa: PLC0415 - an extra

        from scraper.mcp.server import create_server, served_over_http  # noqa: PLC0415
        from scraper.mcp.tools import Tools  # noqa: PLC0415
    except ImportError as error:
        raise UsageError(
            "`tonggao mcp` needs an extra: install tonggao with its extra mcp"
        ) from error
    async with connected(call) as database:
        url = reading_only(await require_reader(database.url), seconds=SECONDS)
        async with open_pool(url, size=4, name="tonggao-mcp") as pool:
            server = create_server(Tools(pool, url, reader), program_version())
            if asked is None:
                await server.run_stdio_async()
                return
            hosts = [*LOOPBACK, host, *names]
            application = served_over_http(server, hosts, asked if asked.exists else None)
            call.remark(f"serving models at http://{as_called(host)}:{port}/mcp  (Ctrl-C ends it)")
            config = uvicorn.Config(application, host=host, port=port, log_level="warning")
            await uvicorn.Server(config).serve()
