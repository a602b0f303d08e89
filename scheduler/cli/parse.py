"""``tonggao parse``: one page as a record, without the archive."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.context import Invocation, connected, print_json, run_async
from scheduler.tools import open_tools
from scraper.errors import UsageError
from scraper.fetch import Answer, Request
from scraper.files.kinds import FileKind, kind_of
from scraper.page import explain_page, parse_page
from scraper.page.why import explaining
from scraper.record.release import Release

_OF_PAGES = {FileKind.HTML, FileKind.XML, FileKind.TEXT, FileKind.UNKNOWN}
"""Kinds that bytes of a page may look like: charsets that are not told look like no text."""


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
    listed_on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            help="The day that the list's row states, for a date without a year.",
        ),
    ] = None,
    why: Annotated[
        str | None,
        typer.Option(
            help="Why this field has its value: winner, place, rule, losers, vetoes; `all` for every field."
        ),
    ] = None,
    lines: Annotated[
        bool, typer.Option("--lines", help="The page's lines with their zones and features.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Read a page and show what would be archived, each field with the rule that gave it.

    Examples: `tonggao parse page.html --url http://www.tj.gov.cn/x.html`,
    `tonggao parse page.html --why published_at`, `tonggao parse page.html --lines`,
    `tonggao parse http://www.tj.gov.cn/x.html --json`.
    """
    asked = _Asked(page, url, charset, listed_on.date() if listed_on else None)
    if why is not None or lines:
        run_async(_explain(context.obj, asked, why, lines=lines, as_json=as_json))
    else:
        run_async(_parse(context.obj, asked, as_json=as_json))


@dataclass(frozen=True, slots=True)
class _Asked:
    """The page that is asked for, and what is said of it."""

    page: str
    url: str
    charset: str | None
    listed_on: date | None

    @property
    def on_the_web(self) -> bool:
        return self.page.startswith(("http://", "https://"))


async def _explain(
    call: Invocation, asked: _Asked, why: str | None, *, lines: bool, as_json: bool
) -> None:
    """Show how a page is read; it is read in this process, which a bad page may end."""
    if asked.on_the_web:
        answer = await _answer(call, asked.page)
        found = explain_page(
            answer.body,
            answer.url,
            answer.http_charset,
            received_at=answer.fetched_at,
            listed_on=asked.listed_on,
        )
    else:
        body = await _looked_at(call, asked)
        found = explain_page(body, asked.url, asked.charset, listed_on=asked.listed_on)
    field = None if why in {None, "all"} else why
    if field is not None and field not in {*found.decisions, "paragraphs"}:
        known = ", ".join([*found.decisions, "paragraphs"])
        raise UsageError(f"{field} is no field that rules decide; there are: {known}")
    rows = list(explaining.lines(found)) if lines else []
    causes = list(explaining.reasons(found, field)) if why is not None else []
    if as_json:
        told = {"refused": found.refused, "why": causes, "lines": rows}
        print_json({name: value for name, value in told.items() if value or name == "refused"})
        return
    if found.refused:
        call.out.print(f"[yellow]refused[/yellow]  {escape(found.refused)}")
    for cause in causes:
        place = f"line {cause.line}" if cause.line is not None else "no line"
        told_of = f"{cause.field}  {cause.verdict}  {cause.rule}  {place}  {cause.value}"
        call.out.print(escape(told_of), style="bold" if cause.verdict == "won" else None)
    for row in rows:
        features = " ".join(row.features)
        call.out.print(
            escape(f"{row.number:>4}  {row.zone:<14}  {row.evidence}  [{features}]  {row.text}")
        )


async def _parse(call: Invocation, asked: _Asked, *, as_json: bool) -> None:
    page, url, charset = asked.page, asked.url, asked.charset
    if asked.on_the_web:
        release = await _fetched(call, page, asked.listed_on)
    else:
        body = await _looked_at(call, asked)
        release = parse_page(body, url, charset, listed_on=asked.listed_on)
    if as_json:
        print_json(release)
    else:
        _show(call, release)


async def _fetched(call: Invocation, url: str, listed_on: date | None) -> Release:
    """Fetch the page as every page is fetched: with the host's budget and its robots.txt."""
    async with connected(call) as database, open_tools(call.settings, database.pool) as tools:
        answer = (await tools.fetcher.fetch(Request(url=url))).require()
        return await tools.workers.parse(
            answer.body,
            answer.url,
            answer.http_charset,
            received_at=answer.fetched_at,
            listed_on=listed_on,
        )


async def _answer(call: Invocation, url: str) -> Answer:
    async with connected(call) as database, open_tools(call.settings, database.pool) as tools:
        return (await tools.fetcher.fetch(Request(url=url))).require()


async def _looked_at(call: Invocation, asked: _Asked) -> bytes:
    """The bytes of a file, after a word on what they are: all that follows speaks of an address.

    Raises:
        UsageError: it cannot be read, is empty, or is no page.
    """
    try:
        body = await asyncio.to_thread(Path(asked.page).read_bytes)
    except OSError as error:
        raise UsageError(f"{asked.page} cannot be read: {error.strerror}") from error
    if not body:
        raise UsageError(f"{asked.page} is empty: there is no page in it")
    kind = kind_of(body, name=asked.page)
    if kind not in _OF_PAGES:
        raise UsageError(
            f"{asked.page} is a file of kind {kind.value}, no page; `tonggao parse` reads HTML"
        )
    call.remark(
        f"looked at {asked.page}: {len(body)} bytes, as fetched from {asked.url} (--url names another address)"
    )
    return body


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
