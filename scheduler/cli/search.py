"""``tonggao search``: releases that hold some words."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from itertools import groupby
from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.context import Invocation, connected, print_json, print_table, run_async
from scheduler.cli.naming import RegionOption, kind_named, require_source
from scraper.archive import unfolded
from scraper.archive.querying.finding import (
    COUNT_MILLISECONDS,
    Facet,
    Hit,
    Search,
    facets,
    find,
    is_empty,
    total,
)
from scraper.clock import SHANGHAI, now
from scraper.database import Pool
from scraper.text.asked_days import read_range

SHOWN_VALUES = 12
"""Of a facet: the values with the most releases."""
SinceOption = Annotated[
    str | None,
    typer.Option(help="From this day, month or time back on: 2026-11-24, 2026-11, 7d, 昨天."),
]
UntilOption = Annotated[
    str | None, typer.Option(help="Up to the end of this day, month or year: 2026-11, 昨天.")
]
KindOption = Annotated[
    str | None,
    typer.Option(callback=kind_named, help="Only publishers of this kind, such as gov-portal."),
]
ExactOption = Annotated[
    bool, typer.Option("--exact", help="Only as typed: 供熱 does not find 供热.")
]

_MATCHED = {"file": "in a file: ", "recognised": "recognised in a picture: "}


class Sort(StrEnum):
    """The order of hits."""

    newest = "newest"
    rank = "rank"


def search(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(help="Blank is AND; OR or | either; -word without it; “…” a phrase."),
    ],
    since: SinceOption = None,
    until: UntilOption = None,
    region: RegionOption = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    kind: KindOption = None,
    sort: Annotated[Sort, typer.Option(help="newest, or rank: headlines first.")] = Sort.newest,
    count: Annotated[int, typer.Option("--count", "-n", min=1, help="How many hits.")] = 20,
    skip: Annotated[int, typer.Option(min=0, help="How many hits to pass over.")] = 0,
    *,
    exact: ExactOption = False,
    by_facet: Annotated[
        bool, typer.Option("--facets", help="Count the hits by region, source, column, month.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Search headlines and texts; words of one character are found too.

    A word is found in any form: simplified or traditional, full or half width.

    Examples: `tonggao search 智能制造`, `tonggao search 供熱 --since 2024-11 --facets`,
    `tonggao search '西青 "新闻发布会" -疫情' --since 2024-11-01`.
    """
    names = ("--since", "--until")
    first, last = read_range(since, until, now().date(), names)
    wanted = Search(
        " ".join(words), first, last, region, source, sort.value, count, skip, kind, exact
    )
    show = _facets if by_facet else _search
    run_async(show(context.obj, wanted, as_json=as_json))


async def _search(call: Invocation, wanted: Search, *, as_json: bool) -> None:
    async with connected(call) as database:
        await require_source(call, database.pool, wanted.source)
        hits = await find(database.pool, wanted)
        if as_json:
            for hit in hits:
                print_json(hit)
            return
        for hit in hits:
            _show(call, hit)
        call.remark(await _summary(database.pool, wanted, hits))
        if left := await unfolded(database.pool):
            call.remark(
                f"the search index of {len({each.part for each in left})} parts is not built anew yet:"
                " other forms of the words may be missing; `tonggao init` builds it"
            )


async def _facets(call: Invocation, wanted: Search, *, as_json: bool) -> None:
    async with connected(call) as database:
        await require_source(call, database.pool, wanted.source)
        found = await facets(database.pool, wanted, COUNT_MILLISECONDS)
        if as_json:
            for facet in found:
                print_json(facet)
            return
        names = {facet.code: facet.name for facet in found if facet.facet == "region"}
        for name, values in groupby(found, key=lambda facet: facet.facet):
            _show_facet(call, name, list(values), names)
        call.remark(await _summary(database.pool, replace(wanted, skip=0), []))


async def _summary(pool: Pool, wanted: Search, hits: list[Hit]) -> str:
    """How many there are in all, and how to see the rest; what to do where there is nothing."""
    full = len(hits) == wanted.count
    count = await total(pool, wanted) if full or not hits else wanted.skip + len(hits)
    if not hits and await is_empty(pool):
        return "the archive is empty; `tonggao run cri` visits sources, `tonggao demo` shows how"
    told = "an uncounted number" if count is None else str(count)
    if not hits:
        return f"{told} releases match"
    place = f" after the first {wanted.skip}" if wanted.skip else ""
    last = wanted.skip + len(hits)
    more = f", --skip {last} shows the next" if count is None or count > last else ""
    return f"{len(hits)} of {told} releases{place}{more}; `tonggao show ID` shows one"


def _show(call: Invocation, hit: Hit) -> None:
    carried = f", {hit.copies} copies" if hit.copies else ""
    source = f"{hit.publisher} {hit.source_name}" if hit.publisher else hit.source_name
    call.out.print(f"[bold]{hit.release_id}  {escape(hit.title)}[/bold]")
    where = f"{escape(source)} ({hit.source_id}){carried}  {escape(hit.url)}"
    call.out.print(f"  {hit.dated_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}  {where}")
    if hit.url != hit.release_url:
        first = f"{hit.release_dated_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        beside = f"{escape(hit.release_title)}  {escape(hit.release_url)}"
        call.out.print(f"  a copy of: {first}  {beside}")
    snippet = escape(_MATCHED.get(hit.matched_in or "", "") + hit.snippet)
    call.out.print(f"  {snippet.replace('⟦', '[reverse]').replace('⟧', '[/reverse]')}")


def _show_facet(
    call: Invocation, name: str, values: list[Facet], names: dict[str, str | None]
) -> None:
    shown = values[:SHOWN_VALUES]
    rows = []
    for each in shown:
        above = names.get(each.parent or "") if name == "region" else each.parent
        label = each.name or each.code
        rows.append((label, above or "", "" if each.code == label else each.code, each.releases))
    above = {"region": "in", "source": "of"}.get(name, "")
    print_table(
        call, (name, above, "code" if any(row[2] for row in rows) else "", "releases"), rows
    )
    if rest := len(values) - len(shown):
        call.out.print(f"and {rest} more; --json shows all")
    call.out.print()
