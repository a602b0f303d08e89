"""``tonggao backup`` and ``tonggao restore``: the whole archive in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.context import Invocation, connected, database_url, run_async
from scheduler.cli.database import ask_for
from scraper.database import migrate, prepare_reading, redact
from scraper.database.backup import Counts, back_up
from scraper.database.backup import restore as restore_file


def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The file to write, e.g. tonggao.backup.")],
) -> None:
    """Write the whole archive into one file that `tonggao restore` and pg_restore read.

    It sees the archive at one moment, while daemons go on. Example: `tonggao backup tonggao.backup`.
    """
    call: Invocation = context.obj
    run_async(_backup(call, file))
    call.remark(f"{file.stat().st_size / 1e6:.1f} MB written")


async def _backup(call: Invocation, file: Path) -> None:
    async with connected(call) as database:
        counts = await back_up(database.url, file)
    call.out.print(f"{file}: {_told(counts)}", markup=False)


def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="A file of `tonggao backup`.")],
) -> None:
    """Fill an empty database from a backup: all of it, or nothing; then bring it up to date.

    Roles belong to the server and are in no backup: those that read are made as by `tonggao init`,
    and what you granted to roles of your own is to be granted again.

    Example: `tonggao restore tonggao.backup`.
    """
    run_async(_restore(context.obj, file))


async def _restore(call: Invocation, file: Path) -> None:
    async with database_url(call) as url:
        counts = await restore_file(url, file)
        applied = await migrate(url)
        asked = await prepare_reading(url)
        call.out.print(f"restored into {redact(url)}: {_told(counts)}", markup=False)
        if applied:
            call.remark(f"{len(applied)} migrations of this version were applied to it")
    ask_for(call, asked)


def _told(counts: Counts) -> str:
    kinds = ("release", "publication", "revision", "snapshot")
    return ", ".join(f"{counts.get(f'tonggao.{kind}', 0)} {kind}s" for kind in kinds)
