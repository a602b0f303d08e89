"""``tonggao erase``: publications and files gone for good, with a tombstone in their place."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.context import Invocation, connected, print_json, print_table, run_async
from scheduler.cli.show import JsonOption
from scraper.archive.erasure.erasing import Erasure, erase, named
from scraper.controls import visible

ReasonOption = Annotated[
    str, typer.Option("--reason", help="Why, for the tombstone and the log: everybody reads it.")
]


def erase_(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID|FILE",
            help="Number of a release (all its publications), the address of one, or sha256:DIGEST of a file.",
        ),
    ],
    reason: ReasonOption,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Tell exactly what would go, and what stays.")
    ] = False,
    override_hold: Annotated[
        bool, typer.Option("--override-hold", help="Also what is under a hold; it is logged.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Erase a release, the publication at an address, or a file for good; a tombstone stays.

    Texts, pages, files and what they say, search entries and all other traces go in one transaction. Number,
    address, reason, day and digests stay, and keep it from being archived again. Backups, the server's log
    (WAL) and exported files are yours to deal with: docs/erasure.md.

    Examples: `tonggao erase 8 --reason "court order 12/2024" --dry-run`,
    `tonggao erase http://www.qinghe.example/a/1.html --reason 撤稿函`.
    """
    run_async(
        _erase(context.obj, name, reason, dry_run=dry_run, override=override_hold, as_json=as_json)
    )


async def _erase(
    call: Invocation, name: str, reason: str, *, dry_run: bool, override: bool, as_json: bool
) -> None:
    async with connected(call) as database:
        wanted = await named(database.pool, name)
        told = await erase(database.pool, wanted, reason, override_hold=override, dry_run=dry_run)
    if as_json:
        print_json({"dry_run": dry_run, **_told(told, dry_run=dry_run)})
        return
    _show(call, told, dry_run=dry_run)


def _told(told: Erasure, *, dry_run: bool) -> dict[str, object]:
    return {
        "erasure_id": None if dry_run else told.erasure_id,
        "asked": told.asked,
        "addresses": told.addresses,
        "files": told.files,
        "gone": told.gone,
        "recompressed": told.recompressed,
        "copies": told.copies,
        "shared_files": told.shared_files,
        "despite": told.despite,
        "samples_left": told.samples_left,
    }


def _show(call: Invocation, told: Erasure, *, dry_run: bool) -> None:
    print_table(call, ("table", "rows"), sorted(told.gone.items()))
    for url in told.addresses:
        call.out.print(f"- {escape(visible(url))}", soft_wrap=True)
    for digest in told.files:
        call.out.print(f"- sha256:{digest}", soft_wrap=True)
    if told.recompressed:
        call.tell(f"{told.recompressed} pages that stay are compressed anew")
    for url in told.copies:
        call.remark(f"stays, of the same release: {url}")
    for digest in told.shared_files:
        call.remark(f"stays, for others offer it: sha256:{digest}")
    for number in told.despite:
        call.remark(f"release {number} is under a hold, which is overridden and stays in the log")
    for column in told.samples_left:
        call.remark(f"the planner keeps samples of {column} that only a superuser can delete")
    call.remark("nothing was changed" if dry_run else f"erased by number {told.erasure_id}")
