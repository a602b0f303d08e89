"""``tonggao verify``: whether what is stored is what was stored."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import asdict
from typing import Annotated

import typer

from scheduler.cli.context import Invocation, connected, print_json, run_async
from scheduler.cli.exits import EXIT_PARTLY
from scheduler.cli.status import JsonOption
from scraper.archive.integrity.checking import check, counts, not_kept
from scraper.archive.integrity.findings import CHAIN, WHOLE, Covered, Findings, Share, sample
from scraper.archive.proof.timestamps import read_certificates
from scraper.clock import SHANGHAI, now
from scraper.database import Pool
from scraper.errors import UsageError
from scraper.text.asked_days import read_span

SAMPLE = 1000


def verify(
    context: typer.Context,
    wanted: Annotated[
        int | None, typer.Option("--sample", min=1, help="About so many values, at random. [1000]")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="All stored from this day on: 2026-11-24, 2026-11, 7d, 昨天.")
    ] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every value.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Hold stored values against the digests that cover them: snapshots, files, records, roots.

    An altered one is named with its row and both digests, and the command ends with exit code 4. So is a leaf of
    the chain whose value is another one or is gone, and a root that does not follow (docs/proof.md). Pages that
    a policy deleted, and those that were erased, are counted as not kept. Records of the first form of digest (stored
    before migration 12) that differ are counted as unproved, and named in JSON: that form covered odd values
    otherwise than the archive keeps them, so it cannot tell those from altered ones. Without options a share of
    the archive is looked at (`share` in JSON, 1 is all of it); without `timestamp_certificates` whose root a timestamp
    is of, not its signature (`signatures_unchecked`). A daemon checks everything once a day, and alarms of what is
    altered.

    Examples: `tonggao verify`, `tonggao verify --all`, `tonggao verify --since 2026-11-01 --json`.
    """
    if sum((wanted is not None, since is not None, everything)) > 1:
        raise UsageError("--sample, --since and --all exclude each other")
    first = read_span(since, now().date(), "--since")[0] if since else None
    day = dt.datetime.combine(first, dt.time(), SHANGHAI) if first else None
    size = None if everything or day else wanted or SAMPLE
    run_async(_verify(context.obj, size, day, as_json=as_json))


async def _verify(
    call: Invocation, size: int | None, since: dt.datetime | None, *, as_json: bool
) -> None:
    certificates = read_certificates(call.settings.timestamp_certificates)
    async with connected(call) as database:
        found = Findings()
        shares = await _shares(database.pool, size)
        for share in shares:
            await check(
                database.pool, share, since=since, certificates=certificates, findings=found
            )
        gone = await not_kept(database.pool)
    part = min(1.0, sum(share.high - share.low for share in shares))
    if as_json:
        print_json(
            {
                "checked": {kind.value: found.checked[kind] for kind in Covered},
                "not_kept": gone,
                "altered": [asdict(each) for each in found.altered],
                "unproved": found.unproved,
                "share": round(part, 6),
                "signatures_unchecked": found.signatures_unchecked,
            }
        )
    else:
        _tell(call, found, gone, part)
    if found.altered:
        raise typer.Exit(EXIT_PARTLY)


def _tell(call: Invocation, found: Findings, gone: int, part: float) -> None:
    for each in found.altered:
        call.out.print(str(each), markup=False, highlight=False, soft_wrap=True)
    checked = [found.checked[kind] for kind in Covered]
    call.tell(f"checked: {checked[0]} snapshots, {checked[1]} files, {checked[2]} records")
    call.tell(f"of the chain: {checked[3]} leaves, {checked[4]} roots")
    if part < 1:
        call.tell(f"that is a sample, {part:.2%} of the archive; --all checks every value")
    call.tell(f"altered: {len(found.altered)}; not kept: {gone} snapshots")
    if found.unproved:
        call.tell(f"unproved: {len(found.unproved)} values; --json names them")
    if found.signatures_unchecked:
        call.tell(
            f"signatures of timestamps not checked: {found.signatures_unchecked}; "
            "`timestamp_certificates` names what they are held against"
        )


async def _shares(pool: Pool, size: int | None) -> list[Share]:
    if size is None:
        return [WHOLE]
    values = [number for kind, number in (await counts(pool)).items() if kind not in CHAIN]
    return sample(max(values, default=0), size, random.SystemRandom().random)
