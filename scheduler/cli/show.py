"""``tonggao show`` and ``tonggao why``: one release, and how it came to be one."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.context import (
    Invocation,
    cell_text,
    connected,
    print_json,
    print_table,
    run_async,
)
from scraper.archive.observations.file import FileReading
from scraper.archive.querying.explanation import explain
from scraper.archive.querying.files import FileRow, FileSelection, list_files, readings_of_content
from scraper.archive.querying.reading import ReleaseRecord, release_named, show_release

ReleaseArgument = Annotated[
    str, typer.Argument(metavar="ID", help="Number of the release, or the address of an article.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]
JsonLinesOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def show(context: typer.Context, release: ReleaseArgument, *, as_json: JsonOption = False) -> None:
    """Show a release: its record, who else carried it, and what is near it.

    Examples: `tonggao show 8`, `tonggao show 8 --json`, `tonggao show http://www.qinghe.example/a/1.html`.
    """
    run_async(_show(context.obj, release, as_json=as_json))


def why(context: typer.Context, release: ReleaseArgument, *, as_json: JsonOption = False) -> None:
    """Tell why each publication belongs to a release, and which one stands for it.

    Example: `tonggao why 8`.
    """
    run_async(_why(context.obj, release, as_json=as_json))


async def _show(call: Invocation, release: str, *, as_json: bool) -> None:
    async with connected(call) as database:
        record = await show_release(database.pool, await release_named(database.pool, release))
        rows = await list_files(database.pool, FileSelection(release_id=record.release_id))
        digests = dict.fromkeys(row.digest for row in rows if row.digest)
        said = {each: await readings_of_content(database.pool, each) for each in digests}
    if as_json:
        files = [{"file": row, "readings": said.get(row.digest or "", [])} for row in rows]
        print_json({**record.record(), "files": files})
        return
    for name, value in record.reading.record().items():
        if name not in {"paragraphs", "origins", "parser_version"} and value not in (None, [], ""):
            call.out.print(f"[bold]{name}[/bold]  {escape(_shown(value))}")
    for paragraph in record.reading.release.paragraphs:
        call.out.print(f"\n{escape(paragraph)}")
    for row in rows:
        _show_file(call, row, said.get(row.digest or "", []))
    if (texts := sum(sum(m.texts.values()) for m in record.members)) > len(record.members):
        call.out.print(
            f"\n{texts} texts; `tonggao diff {record.release_id}` shows what was changed"
        )
    if len(record.members) > 1:
        call.out.print()
        members = [(m.publication_id, m.publisher, m.joined_by, m.url) for m in record.members]
        print_table(call, ("publication", "publisher", "joined by", "url"), members)


_SHOWN = 600
"""Signs of a file's text; `tonggao files text` shows all of it."""


def _show_file(call: Invocation, row: FileRow, readings: list[FileReading]) -> None:
    """What a file says, apart from the release's own text; what was recognised is marked so."""
    call.out.print(f"\n[bold]{escape(row.file_name)}[/bold]  {row.state}  {escape(row.url)}")
    for reading in readings:
        if not reading.body:
            continue
        if reading.recognised:
            sure = "" if reading.confidence is None else f", {reading.confidence}"
            call.out.print(f"(recognised in pictures{sure})")
        call.out.print(escape(reading.body[:_SHOWN]))
        if len(reading.body) > _SHOWN:
            call.out.print(f"… `tonggao files text {(row.digest or '')[:16]}`")


def _shown(value: object) -> str:
    """Places by name; pictures, files and documents as they are in JSON."""
    plain = isinstance(value, list) and all(isinstance(part, str) for part in value)
    return cell_text(value) if plain else str(value)


async def _why(call: Invocation, release: str, *, as_json: bool) -> None:
    record = await _record(call, release)
    if as_json:
        print_json(
            {
                "release_id": record.release_id,
                "members": record.members,
                "near": record.neighbours,
                "shared_files": record.shared,
            }
        )
        return
    for line in explain(record):
        call.out.print(escape(line))


async def _record(call: Invocation, release: str) -> ReleaseRecord:
    async with connected(call) as database:
        return await show_release(database.pool, await release_named(database.pool, release))
