"""``tonggao proof``: roots of days, and proofs that something is in one.

``tonggao proof RELEASE`` proves; the other words are subcommands: page, root, leaves, seal, script.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer

from scheduler.cli.context import Invocation, connected, print_json, run_async
from scheduler.cli.implied import ImpliedCommand
from scheduler.proof.authority import Authority, authority_of, stamp
from scraper.archive.erasure.erasing import digest_named
from scraper.archive.proof.chain import Root, Timestamp
from scraper.archive.proof.proving import SCRIPT, lines_of_day, newest_root, prove, root_of_day
from scraper.archive.proof.sealing import seal
from scraper.archive.snapshots.storage import SnapshotStore
from scraper.clock import now
from scraper.database import Pool
from scraper.errors import TimestampError, UsageError
from scraper.outputs import replacing
from scraper.text.asked_days import read_span


class ProofCommand(ImpliedCommand):
    """``proof 8`` means ``proof of 8``."""

    implied = "of"


app = typer.Typer(
    cls=ProofCommand,
    help="Prove to others that something was archived by a day: roots of days, chained, and proofs.",
    no_args_is_help=True,
)
DayArgument = Annotated[
    str | None,
    typer.Argument(metavar="[DAY]", help="Day of the root: 2026-11-24, 昨天. [the last]"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command("of")
def of(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="Number of a release, the address of an article, or sha256:DIGEST of a page or file.",
        ),
    ],
    to: Annotated[
        str | None, typer.Option("--to", help="Day of the root that it leads to. [the last]")
    ] = None,
) -> None:
    """Print a proof as JSON: that texts, pages and files of a release are in the roots of their days.

    `tonggao proof script` prints a page of Python that checks it where there is no tonggao; docs/proof.md tells
    what it shows and what not.

    Examples: `tonggao proof 8`, `tonggao proof of http://www.qinghe.example/a/1.html`.
    """
    run_async(_of(context.obj, name, to))


@app.command("page")
def page(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="PAGE", help="sha256:DIGEST of a page, as a proof names it.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="File, which is not written over; standard output without, or as -.",
        ),
    ] = None,
) -> None:
    """Write the bytes of a stored page out, as they were received: what a proof of it is held against.

    `tonggao files get` does the same with a file.

    Example: `tonggao proof page sha256:DIGEST -o page.html`.
    """
    if output is not None and output.exists():
        raise UsageError(f"{output} is there already; name another place with --output")
    run_async(_page(context.obj, name, output))


@app.command("root")
def root(context: typer.Context, day: DayArgument = None, *, as_json: JsonOption = False) -> None:
    """Print the root of a day: what to keep elsewhere, or to publish.

    Examples: `tonggao proof root`, `tonggao proof root 2026-11-24 --json`.
    """
    run_async(_root(context.obj, day, as_json=as_json))


@app.command("leaves")
def leaves(context: typer.Context, day: DayArgument = None) -> None:
    """Print all leaves of a day's root in their order, one a line: what it can be made of anew.

    Example: `tonggao proof leaves 2026-11-24`.
    """
    run_async(_leaves(context.obj, day))


@app.command("seal")
def seal_(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Make the roots of days that are over and have none; a daemon does it by itself.

    With the setting `timestamp_authority` the authority is asked for timestamps of new roots, too.

    Example: `tonggao proof seal`.
    """
    run_async(_seal(context.obj, as_json=as_json))


@app.command("script")
def script() -> None:
    """Print the script that checks proofs: Python 3.9 or later, and openssl for timestamps.

    Example: `tonggao proof script`.
    """
    typer.echo(SCRIPT.read_text("utf-8"), nl=False)


async def _of(call: Invocation, name: str, to: str | None) -> None:
    day = _day(to, "--to")
    async with connected(call) as database:
        proof = await prove(database.pool, name, day)
    print_json(proof)
    if proof["unsealed"]:
        call.remark(
            f"{len(proof['unsealed'])} digests are in no root yet: their day is not over or not sealed"
        )


async def _page(call: Invocation, name: str, output: Path | None) -> None:
    digest = digest_named(name)
    async with connected(call) as database:
        body = await SnapshotStore(database.pool).read(digest)
    if body is None:
        raise UsageError(
            f"no page {digest.hex()} is stored; archive.snapshots tells which are kept"
        )
    if output is None or str(output) == "-":
        sys.stdout.buffer.write(body)
        return
    with replacing(output) as part:
        part.write_bytes(body)
    call.remark(f"{output}: {len(body)} bytes")


async def _root(call: Invocation, text: str | None, *, as_json: bool) -> None:
    day = _day(text, "DAY")
    async with connected(call) as database:
        found, stamp = await root_of_day(database.pool, day)
    if as_json:
        print_json(_told(found, stamp))
        return
    _show(call, found)
    call.remark(f"leaves: {found.leaves}; sealed {found.sealed_at:%Y-%m-%d %H:%M}")
    if stamp is not None:
        call.remark(
            f"{stamp.authority} states that it was there at {stamp.stamped_at:%Y-%m-%d %H:%M:%S}"
        )


async def _leaves(call: Invocation, text: str | None) -> None:
    day = _day(text, "DAY")
    async with connected(call) as database:
        async for line in lines_of_day(database.pool, day):
            print(line)


async def _seal(call: Invocation, *, as_json: bool) -> None:
    authority = authority_of(call.settings)
    async with connected(call) as database:
        made = await seal(database.pool, now().date())
        for each in made:
            if as_json:
                print_json(_told(each, None))
            else:
                _show(call, each)
        last = made[-1] if made else await newest_root(database.pool)
        if last is None:
            call.remark(
                "nothing was archived before today; its root is made once the day is over in Asia/Shanghai"
            )
        elif not made:
            call.remark(f"every day that is over has its root; the last is that of {last.day}")
        if authority:
            call.remark(f"timestamps: {await _stamp(database.pool, authority)}")


async def _stamp(pool: Pool, authority: Authority) -> int:
    """Ask for timestamps, behind the roots: those that were made are told, whatever the authority says."""
    try:
        return await stamp(pool, authority)
    except TimestampError as error:
        raise TimestampError(
            f"{error}; the roots stand; `tonggao proof seal` asks again, and so does a daemon with this setting"
        ) from error


def _show(call: Invocation, root: Root) -> None:
    call.out.print(f"{root.day} {root.root.hex()}", soft_wrap=True)


def _told(root: Root, stamp: Timestamp | None) -> dict[str, object]:
    return {
        "day": root.day,
        "root": root.root.hex(),
        "previous": root.previous.hex() if root.previous else None,
        "tree": root.tree.hex(),
        "leaves": root.leaves,
        "sealed_at": root.sealed_at,
        "stamped_at": stamp.stamped_at if stamp else None,
        "authority": stamp.authority if stamp else None,
        "timestamp": stamp.in_text() if stamp else None,
    }


def _day(text: str | None, name: str) -> dt.date | None:
    if text is None:
        return None
    first, last = read_span(text, now().date(), name)
    if first != last:
        raise UsageError(f"{name}: {text[:40]!r} is more than one day")
    return first
