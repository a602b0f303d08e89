"""What every command shares: the settings, the console, the way to the database, the way out."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from scheduler.cli.exits import EXIT_INTERRUPTED
from scheduler.cli.terminal import SafeConsole, spoken
from scheduler.settings import Settings
from scraper.controls import visible, visible_json
from scraper.database import Pool, check_schema, connect, embedded, migrate, open_pool
from scraper.record.forms import in_json

_PIPED_WIDTH = 500
_CODE = re.compile("[0-9]{6}")
"""Characters of a line that no terminal shows: wide enough that no id is ever cut."""


@dataclass(frozen=True)
class Invocation:
    """One call of the command line.

    Attributes:
        settings: the options in force.
        flags: those of them that were given as flags, for ``config show``.
        quiet: say nothing but results and errors.
    """

    settings: Settings
    flags: dict[str, Any]
    quiet: bool = False

    @property
    def out(self) -> Console:
        """Results go here."""
        piped = not sys.stdout.isatty()
        return SafeConsole(soft_wrap=piped, highlight=False, width=_PIPED_WIDTH if piped else None)

    @property
    def err(self) -> Console:
        """Progress and remarks go here."""
        piped = (
            not sys.stderr.isatty()
        )  # a path that is broken in two cannot be copied, or searched for
        return SafeConsole(stderr=True, quiet=self.quiet, highlight=False, soft_wrap=piped)

    def tell(self, sentence: str) -> None:
        """Say a sentence of the result in the operator's language; its markup is read."""
        self.out.print(spoken(sentence))

    def remark(self, sentence: str) -> None:
        """Say something that is not the result."""
        self.err.print(spoken(sentence), style="dim", markup=False)


@dataclass(frozen=True)
class Database:
    """An open way to the archive."""

    url: str
    pool: Pool


@asynccontextmanager
async def database_url(call: Invocation) -> AsyncIterator[str]:
    """The connection string; an embedded server runs while the block does."""
    settings = call.settings
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    cluster = cluster_of(settings)
    if settings.embedded_stay or settings.embedded_port:
        embedded.start_to_stay(cluster, call.remark)
    async with embedded.running(cluster, settings.embedded_database, call.remark) as url:
        yield url


def cluster_of(settings: Settings) -> embedded.Cluster:
    """The embedded server that the settings describe."""
    return embedded.open_cluster(
        settings.data_dir,
        user=settings.embedded_user,
        linger=settings.embedded_linger,
        port=settings.embedded_port,
    )


@asynccontextmanager
async def connected(call: Invocation, *, upgrade: bool = False) -> AsyncIterator[Database]:
    """Connections to the archive.

    Args:
        call: whose settings say where.
        upgrade: apply migrations first, as ``init`` and the daemon do. The embedded server, which
            nobody else administers, is always kept at this version's schema.

    Raises:
        DatabaseError: it cannot be reached, is unsuitable, or its schema is another one.
    """
    async with database_url(call) as url:
        fresh, ours = False, upgrade or call.settings.database_url is None
        if ours:
            fresh = bool(await migrate(url))
        else:
            async with await connect(url) as connection:
                await check_schema(connection)
        async with open_pool(url, size=call.settings.pool_size) as pool:
            if fresh:
                from scraper.archive import sync_regions  # noqa: PLC0415 - most calls need it not

                await sync_regions(pool)
            if ours:
                from scraper.archive import bring_addresses, refold_small  # noqa: PLC0415

                await bring_addresses(pool)  # also where an upgrade was interrupted in the midst
                await refold_small(pool)
            yield Database(url, pool)


def run_async(work: Coroutine[Any, Any, None]) -> None:
    """Run a command's work.

    Raises:
        typer.Exit: with the exit code for an interrupted command. It must not go on as
            KeyboardInterrupt, which typer would make exit code 1.
    """
    try:
        asyncio.run(work)
    except KeyboardInterrupt:
        print(spoken("interrupted; what was archived before is kept"), file=sys.stderr)
        raise typer.Exit(EXIT_INTERRUPTED) from None


def print_json(value: Any) -> None:
    """One JSON value on one line of standard output; times in ISO 8601."""
    print(visible_json(json.dumps(in_json(value), ensure_ascii=False, default=str)))


def print_table(call: Invocation, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """A table for people; without frames when it does not go to a terminal.

    Cells are shown as they are: a headline with square brackets is no markup.
    """
    headings = (spoken(column) for column in columns)
    table = Table(*headings, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(escape(visible(cell_text(cell))) for cell in row))
    call.out.print(table)


def print_records(call: Invocation, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows one below the other, a line or more for each value: for texts that no table has room for."""
    width = max(len(spoken(column)) for column in columns)
    for row in rows:
        for column, cell in zip(columns, row, strict=True):
            lines = [str(part) for part in cell] if isinstance(cell, list) else [cell_text(cell)]
            for place, line in enumerate(lines):
                head = spoken(column) if place == 0 else ""
                text = escape(visible(line))
                call.out.print(f"[bold]{head:<{width}}[/bold]  {text}", soft_wrap=True)
        call.out.print()


def cell_text(cell: Any) -> str:
    """A value for people: codes of places by name, lists by their parts, nothing for null."""
    if cell is None:
        return ""
    if isinstance(cell, list | tuple):
        from scraper.regions.naming import name_of  # noqa: PLC0415 - three thousand names

        parts = [str(part) for part in cell]
        return ", ".join(name_of(part) if _CODE.fullmatch(part) else part for part in parts)
    return str(cell)
