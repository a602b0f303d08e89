"""A small prompt for SQL, for machines without psql."""

from __future__ import annotations

import asyncio
import sys

import psycopg
from psycopg import AsyncConnection
from rich.markup import escape
from rich.table import Table

from scheduler.cli.terminal import SafeConsole
from scraper.controls import visible
from scraper.database import connect

_GREETING = "SQL, ended by a semicolon; \\q or end of file leaves. Tables: archive.releases …"


async def prompt(url: str, command: str | None = None) -> int:
    """Run ``command``, or read statements from standard input until its end.

    Returns:
        The exit code: 1 when ``command`` failed, as psql has it.
    """
    async with await connect(url) as connection:
        await connection.set_autocommit(True)
        if command is not None:
            return 0 if await _run(connection, command) else 1
        if sys.stdin.isatty():
            print(_GREETING, file=sys.stderr)
        while (statement := await asyncio.to_thread(_read_statement)) is not None:
            await _run(connection, statement)
    return 0


def _read_statement() -> str | None:
    lines: list[str] = []
    while True:
        try:
            line = input("tonggao> " if sys.stdin.isatty() and not lines else "")
        except EOFError:
            return "\n".join(lines).strip() or None
        if line.strip() == "\\q":
            return None
        lines.append(line)
        if line.rstrip().endswith(";"):
            return "\n".join(lines)


async def _run(connection: AsyncConnection, statement: str) -> bool:
    try:
        cursor = await connection.execute(statement.encode())
    except psycopg.Error as error:
        print(f"ERROR: {visible(str(error).strip())}", file=sys.stderr)
        return False
    if cursor.description is None:
        SafeConsole().print(cursor.statusmessage or "")
        return True
    table = Table(*(column.name for column in cursor.description), box=None)
    for row in await cursor.fetchall():
        table.add_row(*("" if cell is None else escape(visible(str(cell))) for cell in row))
    SafeConsole(highlight=False).print(table)
    return True
