"""``tonggao cite`` and ``tonggao diff``: a release as it is cited, and how its text was changed."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.context import Invocation, connected, print_json, run_async
from scheduler.cli.show import JsonLinesOption, ReleaseArgument
from scraper.archive.querying.citing import cited
from scraper.archive.querying.histories import Revision, revisions_of
from scraper.archive.querying.reading import publication_named, release_named, show_release
from scraper.clock import SHANGHAI
from scraper.controls import visible
from scraper.record.citation import Style
from scraper.record.citation import cite as written
from scraper.text.differences import Gap, Piece, compare, compare_line, folded

_SIGNS = {
    "same": "{}",
    "removed": "[red strike]\\[-{}-][/red strike]",
    "added": "[green]{{+{}+}}[/green]",
}


def cite(
    context: typer.Context,
    release: ReleaseArgument,
    style: Annotated[Style, typer.Option("--style", help="The form.")] = Style.gbt7714,
) -> None:
    """Cite a release, with its address, the day it was last seen and the digest of the stored page.

    An address cites the copy that stands there, a number the publication that stands for the release.

    Examples: `tonggao cite 8`, `tonggao cite 8 --style bibtex`.
    """
    run_async(_cite(context.obj, release, style))


def diff(
    context: typer.Context, release: ReleaseArgument, *, as_json: JsonLinesOption = False
) -> None:
    """Show how the texts of a release were changed, from each revision to the next.

    Example: `tonggao diff 8`.
    """
    run_async(_diff(context.obj, release, as_json=as_json))


async def _cite(call: Invocation, release: str, style: Style) -> None:
    async with connected(call) as database:
        number, copy = await publication_named(database.pool, release)
        whole = await cited(database.pool, number)
        told = whole if copy is None else await cited(database.pool, number, copy)
    call.out.print(escape(visible(written(told, style))), soft_wrap=True)
    if whole.release.url != told.release.url:
        call.remark(
            f"this is a copy; `tonggao cite {whole.number}` cites {visible(whole.release.url)}"
        )


async def _diff(call: Invocation, release: str, *, as_json: bool) -> None:
    async with connected(call) as database:
        number = await release_named(database.pool, release)
        record = await show_release(database.pool, number)
        texts = await revisions_of(database.pool, record.release_id)
    steps = [
        step
        for _, group in groupby(texts, key=lambda text: text.publication_id)
        for step in pairwise(group)
    ]
    if not steps:
        call.remark("no change of its text was seen")
    for old, new in steps:
        if as_json:
            print_json(_told(old, new))
        else:
            _show(call, old, new)


def _told(old: Revision, new: Revision) -> dict[str, object]:
    changed = [part for part in compare(old.body, new.body) if part.kind != "same"]
    return {
        "publication_id": new.publication_id,
        "url": new.url,
        "number": new.number,
        "valid_from": new.valid_from,
        "reparsed": new.reparsed,
        "title": compare_line(old.title, new.title) if old.title != new.title else None,
        "paragraphs": changed,
    }


def _show(call: Invocation, old: Revision, new: Revision) -> None:
    at = f"{new.valid_from.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    how = "read anew by a later parser" if new.reparsed else "changed by its publisher"
    call.out.print(f"[bold]{escape(new.url)}[/bold]")
    call.out.print(f"revision {old.number} to {new.number}, {at}, {how}")
    if old.title != new.title:
        call.out.print(f"  {_line(compare_line(old.title, new.title))}", soft_wrap=True)
    for part in folded(compare(old.body, new.body)):
        if isinstance(part, Gap):
            call.out.print(f"  … {len(part.paragraphs)} paragraphs the same")
        else:
            call.out.print(f"  {_line(part.pieces)}", soft_wrap=True)
    call.out.print()


def _line(pieces: tuple[Piece, ...]) -> str:
    return "".join(_SIGNS[piece.kind].format(escape(visible(piece.text))) for piece in pieces)
