"""The whole archive in one file of ``pg_dump``'s custom format, and back, verified by counts.

The file is what plain ``pg_dump --format=custom`` writes, so that plain ``pg_restore`` reads it; behind
its end stands one line with the number of rows of each table, counted in the snapshot that was dumped.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from psycopg import AsyncConnection, IsolationLevel, sql

from scraper.database.connection import connect, for_program
from scraper.database.embedded.binaries import wheel_programs
from scraper.database.statements import Statements
from scraper.errors import BackupError, EmbeddedServerError
from scraper.outputs import replacing

SCHEMAS = ("tonggao", "archive", "queue")
SQL = Statements("backup")
_MARK = b"\ntonggao counts "
_LONGEST_LINE = 1 << 16
_UNKNOWN_TO_OLDER = re.compile(rb"SET transaction_timeout = 0;\n")
"""What programs of PostgreSQL 17 and later say first, and servers of 15 and 16 refuse."""

Counts = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's own programs, of one release.

    Attributes:
        folder: where they lie; release: their major number.
    """

    folder: Path
    release: int

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


async def back_up(url: str, file: Path) -> Counts:
    """Write the whole archive into a file; a file that is there is replaced when all is written.

    Returns:
        The number of rows of each table.

    Raises:
        BackupError: there is no ``pg_dump`` for this server, or it failed.
        DatabaseError: the database cannot be reached.
        OSError: the file cannot be written.
    """
    async with await connect(url) as connection:
        programs = programs_for(_release(connection))
        await connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
        snapshot = await _value(connection, SQL["snapshot"])
        counts = await count_rows(connection)
        target, environment = for_program(url)
        with replacing(file) as part:
            command = [
                programs["pg_dump"],
                *("--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={part}"),
                *(f"--schema={schema}" for schema in SCHEMAS),
                f"--dbname={target}",
            ]
            await run(command, environment, "the backup failed")
            with part.open("ab") as out:
                out.write(_MARK + json.dumps(counts).encode() + b"\n")
    return counts


async def restore(url: str, file: Path) -> Counts:
    """Fill an empty database from a backup: all of it, or nothing.

    Args:
        url: of a database without an archive, or with one in which nothing was ever kept.
        file: of :func:`back_up`, or of plain ``pg_dump --format=custom``.

    Returns:
        The number of rows of each table, the same as when the backup was made.

    Raises:
        BackupError: the file is none, the database holds an archive, or the counts differ.
        DatabaseError: the database cannot be reached.
    """
    expected = counts_of(file)
    async with await connect(url) as connection:
        await _refuse_filled(connection)
        programs = programs_for(_release(connection), newest=True)
    target, environment = for_program(url)
    await run_pipe(
        # Roles are the server's: grants to those of another one fail, and ours are made anew after it.
        [programs["pg_restore"], "--no-owner", "--no-privileges", "--file=-", str(file)],
        [programs["psql"], "-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "--dbname", target],
        _drop_empty(),
        environment,
    )
    async with await connect(url) as connection:
        counts = await count_rows(connection)
    if different := differences(expected, counts):
        raise BackupError(f"the counts of {file} differ after the restore: {different}")
    return counts


def differences(expected: Counts, found: Counts) -> dict[str, tuple[int, int | None]]:
    """Tables that have not the rows expected of them, with both numbers; None: there is no such table."""
    return {
        name: (number, found.get(name))
        for name, number in expected.items()
        if found.get(name) != number
    }


async def count_rows(connection: AsyncConnection) -> dict[str, int]:
    """The number of rows of each table, partitioned ones as a whole; the queue's left out."""
    rows = await (await connection.execute(SQL["tables"])).fetchall()
    counts = {}
    for schema, table in rows:
        statement = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))
        row = await (await connection.execute(statement)).fetchone()
        counts[f"{schema}.{table}"] = int(row[0]) if row else 0
    return counts


def counts_of(file: Path) -> Counts:
    """The counts at the end of a backup; none in a file that plain ``pg_dump`` wrote.

    Raises:
        BackupError: it is no file of ``pg_dump --format=custom``.
    """
    try:
        with file.open("rb") as opened:
            begins = opened.read(5)
            opened.seek(max(0, file.stat().st_size - _LONGEST_LINE))
            end = opened.read()
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}") from error
    if begins != b"PGDMP":
        raise BackupError(f"{file} is no backup: it does not begin as pg_dump's custom format does")
    _, mark, line = end.rpartition(_MARK)
    if not mark:
        return {}
    try:
        return {str(name): int(number) for name, number in json.loads(line).items()}
    except (ValueError, AttributeError) as error:
        raise BackupError(f"{file} is cut off or damaged at its end") from error


def programs_for(server: int, *, newest: bool = False) -> Programs:
    """Programs that can read and write a server of this release: its own, else newer ones.

    Args:
        server: major number of the server's release.
        newest: the newest instead; only they read the files of every release.

    Raises:
        BackupError: there are none on this machine.
    """
    able = sorted(
        (each for each in _found() if each.release >= server), key=lambda each: each.release
    )
    if not able:
        raise BackupError(
            f"no pg_dump, pg_restore and psql of PostgreSQL {server} or newer are on this machine;"
            f" install postgresql-client-{server}, or tonggao with its extra embedded, which brings them"
        )
    return able[-1 if newest else 0]


def _found() -> Iterable[Programs]:
    folders = [*Path("/usr/lib/postgresql").glob("*/bin")]
    if on_path := shutil.which("pg_dump"):
        folders.append(Path(on_path).parent)
    with suppress(EmbeddedServerError):
        folders.append(wheel_programs())
    for folder in folders:
        if all((folder / name).exists() for name in ("pg_dump", "pg_restore", "psql")):
            told = subprocess.run(  # noqa: S603 - a program of PostgreSQL, found by us
                [str(folder / "pg_dump"), "--version"], capture_output=True, text=True, check=False
            )
            if number := re.search(r"\) (\d+)", told.stdout):
                yield Programs(folder, int(number[1]))


def _release(connection: AsyncConnection) -> int:
    return connection.info.server_version // 10_000


async def _value(connection: AsyncConnection, statement: bytes) -> str:
    row = await (await connection.execute(statement)).fetchone()
    return str(row[0]) if row else ""


async def _refuse_filled(connection: AsyncConnection) -> None:
    row = await (await connection.execute(SQL["has_archive"])).fetchone()
    if not row or not row[0]:
        return
    row = await (await connection.execute(SQL["is_filled"])).fetchone()
    if row and row[0]:
        raise BackupError(
            "the database holds an archive already; nothing was changed. Restore into an empty"
            " one: make it with `CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0` and give its"
            " name in TONGGAO_DATABASE_URL"
        )


def _drop_empty() -> bytes:
    """Statements before the restore's own, in its transaction: what an empty ``init`` made goes."""
    return b"".join(f"DROP SCHEMA IF EXISTS {schema} CASCADE;\n".encode() for schema in SCHEMAS)


async def run(
    command: Sequence[str], environment: Mapping[str, str], what: str, given: bytes = b""
) -> bytes:
    """What a program of PostgreSQL prints, for what is short.

    Args:
        command: the program with its arguments.
        environment: what it runs in.
        what: is said when it failed.
        given: to its standard input.

    Raises:
        BackupError: it failed; with its words.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    printed, said = await process.communicate(given)
    if process.returncode:
        raise BackupError(f"{what}: {_last_line(said)}")
    return printed


async def run_pipe(
    writer: Sequence[str],
    reader: Sequence[str],
    first: bytes,
    environment: Mapping[str, str],
    failures: tuple[str, str] = ("the backup cannot be read", "nothing was restored"),
) -> None:
    """Hand what one program of PostgreSQL writes to another, behind ``first``.

    Whichever of the two fails, the other is ended: a reader that sees a cut-off input would commit
    it, and a writer whose reader has gone would wait for it for ever.

    Args:
        writer: the one program with its arguments.
        reader: the other.
        first: what the reader is given before.
        environment: of the reader.
        failures: what is said when the writer failed, and when the reader did.

    Raises:
        BackupError: one of them failed; with its words.
    """
    source = await asyncio.create_subprocess_exec(
        *writer, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    target = await asyncio.create_subprocess_exec(
        *reader,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    assert source.stdout and source.stderr and target.stdin and target.stderr  # noqa: S101,PT018
    source_said = asyncio.ensure_future(source.stderr.read())
    target_said = asyncio.ensure_future(target.stderr.read())
    head, refused = first, False
    try:
        while block := await source.stdout.read(1 << 20):
            target.stdin.write(_UNKNOWN_TO_OLDER.sub(b"", head + block, 1) if head else block)
            head = b""
            await target.stdin.drain()
    except (BrokenPipeError, ConnectionResetError):
        refused = True
        source.kill()
        await source.stdout.read()  # its end is only seen once all that it wrote was taken
    unread, unwritten = failures
    failed = bool(await source.wait()) and not refused
    if failed:
        target.kill()
    target.stdin.close()
    refused = bool(await target.wait()) or refused
    if failed:
        raise BackupError(f"{unread}: {_last_line(await source_said)}")
    if refused:
        raise BackupError(f"{unwritten}: {_last_line(await target_said)}")


def _last_line(said: bytes) -> str:
    lines = [line for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    error = next((line for line in lines if "ERROR" in line or "error" in line), None)
    return error or (lines[-1] if lines else "it said nothing")
