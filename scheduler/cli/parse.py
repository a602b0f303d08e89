"""``tonggao parse``: one page as a record, without the archive."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.context import Invocation, connected, print_json, run_async
from scheduler.tools import open_tools
from scraper.errors import UsageError
from scraper.fetch import Request
from scraper.page import parse_page
from scraper.record.release import Release


def parse(
    context: typer.Context,
    page: Annotated[str, typer.Argument(help="A file, or an http(s) address.")],
    url: Annotated[
        str, typer.Option(help="The address that a file was fetched from.")
    ] = "http://localhost/",
    charset: Annotated[
        str | None, typer.Option(help="What Content-Type said of the charset.")
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Read a page and show what would be archived, each field with the rule that gave it.

    Examples: `tonggao parse page.html --url http://www.tj.gov.cn/x.html`,
    `tonggao parse http://www.tj.gov.cn/x.html --json`.
    """
    run_async(_parse(context.obj, page, url, charset, as_json))


async def _parse(call: Invocation, page: str, url: str, charset: str | None, as_json: bool) -> None:
    if page.startswith(("http://", "https://")):
        release = await _fetched(call, page)
    else:
        release = parse_page(await asyncio.to_thread(_read, page), url, charset)
    if as_json:
        print_json(release)
    else:
        _show(call, release)


async def _fetched(call: Invocation, url: str) -> Release:
    """Fetch the page as every page is fetched: with the host's budget and its robots.txt."""
    async with connected(call) as database, open_tools(call.settings, database.pool) as tools:
        answer = (await tools.fetcher.fetch(Request(url=url))).require()
        return await tools.workers.parse(
            answer.body, answer.url, answer.http_charset, received_at=answer.fetched_at
        )


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from error


def _show(call: Invocation, release: Release) -> None:
    fields = asdict(release)
    origins = fields.pop("origins")
    paragraphs = fields.pop("paragraphs")
    for name, value in fields.items():
        if value not in (None, (), [], ""):
            origin = f"  [dim]({escape(origins[name])})[/dim]" if name in origins else ""
            call.out.print(f"[bold]{name}[/bold]  {escape(str(value))}{origin}")
    call.out.print()
    for paragraph in paragraphs:
        call.out.print(escape(paragraph))
