"""``tonggao files``: the files that releases offer, what they say, and their bytes out again."""

from __future__ import annotations

import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.context import Invocation, connected, print_json, print_table, run_async
from scheduler.cli.exits import EXIT_PARTLY
from scheduler.cli.naming import require_source
from scheduler.tools import file_pool
from scraper.archive.querying.files import (
    FileRow,
    FileSelection,
    files_named,
    list_files,
    readings_of_content,
)
from scraper.archive.writing.file_store import FileArchive
from scraper.errors import UsageError
from scraper.outputs import replacing
from scraper.readers import Recogniser
from scraper.sources.file_rules import FilePolicy
from scraper.visit.catching_up import catch_up

app = typer.Typer(
    help="The files that releases offer: what they say, their versions, their bytes.",
    no_args_is_help=True,
)

FileArgument = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="Number of a release, digits of a digest, or the address of a file or an article.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command("list")
def list_(
    context: typer.Context,
    named: Annotated[
        str | None,
        typer.Argument(metavar="[FILE]", help="A release, a digest, or an address; else all."),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    state: Annotated[
        str | None, typer.Option(help="Only those so: read, pictured, encrypted, gone, waiting …")
    ] = None,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many.")] = 100,
    *,
    as_json: JsonOption = False,
) -> None:
    """List files with the releases that offer them, and how each stands.

    Examples: `tonggao files list`, `tonggao files list 8`, `tonggao files list --state encrypted --json`.
    """
    wanted = FileSelection(source=source, state=state, count=count)
    run_async(_list(context.obj, named, wanted, as_json=as_json))


async def _list(
    call: Invocation, named: str | None, wanted: FileSelection, *, as_json: bool
) -> None:
    async with connected(call) as database:
        await require_source(call, database.pool, wanted.source)
        if named is None:
            rows = await list_files(database.pool, wanted)
        else:
            rows = await files_named(database.pool, named)
    if as_json:
        for row in rows:
            print_json(row)
        return
    columns = ("release", "file", "state", "format", "bytes", "characters", "versions", "digest")
    print_table(call, columns, [_line(row) for row in rows])
    call.remark(f"{len(rows)} files; `tonggao files text DIGEST` shows what one says")


def _line(row: FileRow) -> tuple[object, ...]:
    said = row.characters
    if row.recognised_characters:
        said = f"{said or 0}+{row.recognised_characters} recognised"  # type: ignore[assignment]
    kept = row.size if row.kept or row.size is None else f"{row.size} (not kept)"
    digest = row.digest[:16] if row.digest else None
    return row.release_id, row.file_name, row.state, row.format, kept, said, row.versions, digest


@app.command()
def get(
    context: typer.Context,
    named: FileArgument,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="File or folder; - is standard output."),
    ] = None,
) -> None:
    """Write the bytes of kept files out, as they were received.

    Without --output each goes into the present folder under its own name; none is written over.

    Examples: `tonggao files get 8`, `tonggao files get 3f2a9c01 -o rules.pdf`.
    """
    folder = output is None or output.is_dir()
    run_async(_get(context.obj, named, output, folder=folder))


async def _get(call: Invocation, named: str, output: Path | None, *, folder: bool) -> None:
    async with connected(call) as database:
        rows = {row.digest: row for row in await files_named(database.pool, named) if row.digest}
        kept = {digest: row for digest, row in rows.items() if row.kept}
        if not kept:
            raise UsageError(
                f"no bytes are kept of {named}: the source's policy is to keep the text alone "
                "(`tonggao files text`), or they have not come yet"
            )
        if len(kept) > 1 and not folder:
            raise UsageError(f"{named} stands for {len(kept)} files; name a folder with --output")
        for digest, row in kept.items():
            body = await FileArchive(database.pool).read(digest)
            _write(call, row, body or b"", output)
    if len(kept) < len(rows):
        call.remark(f"{len(rows) - len(kept)} more are not kept")
        raise typer.Exit(EXIT_PARTLY)


def _write(call: Invocation, row: FileRow, body: bytes, output: Path | None) -> None:
    if output is not None and str(output) == "-":
        sys.stdout.buffer.write(body)
        return
    folder = output is None or output.is_dir()
    place = (output or Path()) / row.file_name if folder else output
    if place is None:
        raise AssertionError("a place was chosen above")
    if folder and place.exists():
        raise UsageError(f"{place} is there already; name another place with --output")
    with replacing(place) as part:
        part.write_bytes(body)
    call.remark(f"{place}: {len(body)} bytes")


@app.command()
def text(context: typer.Context, named: FileArgument, *, as_json: JsonOption = False) -> None:
    """Show what files say: what they state, and apart from it what was recognised in pictures.

    Examples: `tonggao files text 8`, `tonggao files text 3f2a9c01 --json`.
    """
    run_async(_text(context.obj, named, as_json=as_json))


async def _text(call: Invocation, named: str, *, as_json: bool) -> None:
    async with connected(call) as database:
        rows = {row.digest: row for row in await files_named(database.pool, named) if row.digest}
        if not rows:
            raise UsageError(f"no file of {named} has come yet; `tonggao files list {named}`")
        for digest, row in rows.items():
            for reading in await readings_of_content(database.pool, digest):
                if as_json:
                    print_json({"url": row.url, "digest": digest, "reading": reading})
                    continue
                sure = "" if reading.confidence is None else f", {reading.confidence}"
                how = f", recognised{sure}" if reading.recognised else ""
                call.remark(f"{row.file_name} ({reading.state}{how})")
                call.out.print(escape(reading.body or reading.detail or ""))


@app.command()
def read(
    context: typer.Context,
    *,
    ocr: Annotated[
        bool,
        typer.Option(
            "--ocr", help="Recognise text in pictures and scanned pages, too (extra ocr)."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Read kept files that have no text yet, or that a reader was missing for.

    It may be interrupted and called again. What is recognised stands beside what a file states, marked so.

    Examples: `tonggao files read`, `tonggao files read --ocr`.
    """
    run_async(_read(context.obj, ocr=ocr, as_json=as_json))


async def _read(call: Invocation, *, ocr: bool, as_json: bool) -> None:
    async with AsyncExitStack() as opened:
        database = await opened.enter_async_context(connected(call))
        readers = await opened.enter_async_context(file_pool(call.settings))
        recogniser = await opened.enter_async_context(Recogniser()) if ocr else None
        done = await catch_up(database.pool, readers, recogniser)
    if as_json:
        print_json(done)
        return
    print_table(call, ("state", "files"), sorted(done.items()))
    call.remark(f"{done.total()} read" if done else "every kept file was read before")


@app.command()
def policy(
    context: typer.Context,
    sources: Annotated[list[str], typer.Argument(help="Ids of sources.")],
    attachments: Annotated[
        FilePolicy | None, typer.Option(help="What is done with the files that articles offer.")
    ] = None,
    images: Annotated[
        FilePolicy | None, typer.Option(help="What is done with the pictures they show.")
    ] = None,
) -> None:
    """Say what is done with the files of sources whose definition does not say it.

    off fetches nothing, text fetches and reads, keep keeps the bytes too. It holds for articles that are
    looked at from then on.

    Example: `tonggao files policy tianjin.gov.jrgz --attachments keep`.
    """
    run_async(_policy(context.obj, sources, attachments, images))


async def _policy(
    call: Invocation, sources: list[str], attachments: FilePolicy | None, images: FilePolicy | None
) -> None:
    async with connected(call) as database:
        files = FileArchive(database.pool)
        for source in sources:
            await require_source(call, database.pool, source)
        known = await files.set_policies(sources, attachments, images)
        for source in known:
            told = await files.policies(source)
            call.out.print(f"{source}: attachments {told[0]}, images {told[1]}" if told else source)
    if missing := sorted(set(sources) - set(known)):
        call.remark(f"not registered yet: {', '.join(missing)}; visit or enable them first")
        raise typer.Exit(EXIT_PARTLY)
