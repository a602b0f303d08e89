"""``tonggao sources``: what can be watched, what is watched, and whether it works."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer
from pydantic import ValidationError
from rich.markup import escape

from scheduler.cli.completion import source_ids
from scheduler.cli.context import Invocation, connected, print_json, print_table, run_async
from scheduler.cli.exits import EXIT_FAILED, EXIT_PARTLY
from scheduler.cli.naming import RegionOption
from scheduler.tools import open_tools
from scraper.clock import now
from scraper.errors import EmptyListing, UsageError
from scraper.fetch import Answer, Request
from scraper.fetch.exchange import Purpose
from scraper.listing import Link
from scraper.outputs import replacing
from scraper.page.layout.charset import decode
from scraper.record.release import Release
from scraper.sources import Catalogue, Source, load_catalogue
from scraper.sources.catalogue import SHIPPED
from scraper.sources.checking import Finding, check_source, pointed_at
from scraper.sources.files import validate_folder
from scraper.sources.proposal import Proposal, propose
from scraper.sources.switching import switch_sources
from scraper.visit import Tools, field_rules, register_sources
from scraper.visit.registry import enabled_sources

app = typer.Typer(help="What can be watched, and whether it works.", no_args_is_help=True)
_CHECKED_AT_ONCE = 8
_SHOWN = 30
_HEAD = 1 << 16
"""Bytes of a page in which it says what it is: title and metas, well above what pages need."""

Ids = Annotated[
    list[str] | None,
    typer.Argument(help="Ids, or beginnings of ids (cri).", autocompletion=source_ids),
]
Kind = Annotated[str | None, typer.Option(help="Only this kind, e.g. press-office.")]
Tag = Annotated[str | None, typer.Option(help="Only sources with this tag.")]
Json = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]


@app.command("list")
def list_sources(
    context: typer.Context,
    ids: Ids = None,
    region: RegionOption = None,
    kind: Kind = None,
    tag: Tag = None,
    *,
    enabled: Annotated[bool, typer.Option("--enabled", help="Only the enabled ones.")] = False,
    as_json: Json = False,
) -> None:
    """List sources of the catalogue and of your own folder.

    Examples: `tonggao sources list --region 12`, `tonggao sources list cri --json`.
    """
    call: Invocation = context.obj
    chosen = _choose(load_catalogue(call.settings.own_sources), ids, region, kind, tag)
    if enabled:
        on = asyncio.run(_enabled(call))
        chosen = [source for source in chosen if source.id in on]
    if as_json:
        print_json([_summary(source) for source in chosen])
        return
    rows = [
        (s.id, s.name, s.region, s.kind, s.confidence or "own", (s.seen or "").partition(",")[0])
        for s in chosen
    ]
    print_table(call, ("id", "name", "region", "kind", "confidence", "seen"), rows)
    call.remark(f"{len(chosen)} sources")


@app.command("show")
def show(
    context: typer.Context,
    source_id: Annotated[str, typer.Argument(help="Id.", autocompletion=source_ids)],
    *,
    as_json: Json = False,
) -> None:
    """Show one definition whole, and the file that has the last word on it.

    Example: `tonggao sources show tianjin.gov.jrgz`.
    """
    call: Invocation = context.obj
    catalogue = load_catalogue(call.settings.own_sources)
    source = catalogue.get(source_id)
    values = source.model_dump(mode="json", exclude_defaults=True)
    if as_json:
        print_json({**values, "file": str(catalogue.files[source.id])})
        return
    rows = [(name, _cell(value)) for name, value in values.items()]
    print_table(call, ("option", "value"), [*rows, ("file", catalogue.files[source.id])])


@app.command("validate")
def validate(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(help="Folder or file; default: all that is used.")
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Check every definition; each error names its file and line.

    Examples: `tonggao sources validate`, `tonggao sources validate my-sources`.
    """
    call: Invocation = context.obj
    own = call.settings.own_sources
    folders = [folder] if folder else [SHIPPED, *([own] if own.is_dir() else [])]
    count, errors = 0, list[str]()
    for each in folders:
        found, wrong = validate_folder(each, SHIPPED)
        count, errors = count + found, errors + wrong
    if as_json:
        print_json({"sources": count, "errors": errors})
    else:
        for error in errors:
            call.out.print(escape(error), style="red")
        call.tell(f"{count} sources, {len(errors)} errors")
    if errors:
        raise typer.Exit(EXIT_FAILED)


@app.command("enable")
def enable(
    context: typer.Context,
    ids: Ids = None,
    region: RegionOption = None,
    kind: Kind = None,
    tag: Tag = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every source there is.")] = False,
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Do not try those of a --region first.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Watch sources from now on. Nothing is fetched of a source before.

    Those of a --region that are not watched yet are tried first, as `sources check` does, and
    only those that work are enabled; what is enabled stays so.

    Examples: `tonggao sources enable cri`, `tonggao sources enable --region 12`.
    """
    chosen = _named(context.obj, ids, region, kind, tag, everything=everything)
    if region and not unchecked:
        run_async(_enable_checked(context.obj, chosen, as_json=as_json))
    else:
        run_async(_switch(context.obj, chosen, on=True, as_json=as_json))


@app.command("disable")
def disable(
    context: typer.Context,
    ids: Ids = None,
    region: RegionOption = None,
    kind: Kind = None,
    tag: Tag = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every source there is.")] = False,
    as_json: Json = False,
) -> None:
    """Watch sources no longer. What is archived stays.

    Example: `tonggao sources disable cri.tj`.
    """
    chosen = _named(context.obj, ids, region, kind, tag, everything=everything)
    run_async(_switch(context.obj, chosen, on=False, as_json=as_json))


@app.command("check")
def check(
    context: typer.Context,
    ids: Ids = None,
    region: RegionOption = None,
    kind: Kind = None,
    tag: Tag = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Every source there is.")] = False,
    as_json: Json = False,
) -> None:
    """Try sources live: one list page and one article of each; archive nothing.

    Example: `tonggao sources check --region 12`.
    """
    chosen = _named(context.obj, ids, region, kind, tag, everything=everything)
    run_async(_check(context.obj, chosen, as_json=as_json))


@app.command("add")
def add(
    context: typer.Context,
    url: Annotated[str, typer.Argument(help="Address of a column page, a feed or a list API.")],
    source_id: Annotated[str | None, typer.Option("--id", help="Id of the new source.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the column.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Who publishes it.")] = None,
    region: RegionOption = None,
    kind: Annotated[str | None, typer.Option(help="Kind of publisher.")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Save without asking.")] = False,
    as_json: Json = False,
) -> None:
    """Look at a page, say what it is, and propose a definition; save it to your own folder.

    Example: `tonggao sources add http://www.example.gov.cn/xwfb/`.
    """
    given = {"id": source_id, "name": name, "publisher": publisher, "region": region, "kind": kind}
    call: Invocation = context.obj
    proposal = asyncio.run(_look(call, _whole_address(url), given))
    file = call.settings.own_sources / f"{proposal.source.id}.toml"
    _show_proposal(call, proposal, as_json=as_json)
    if not yes and (as_json or not typer.confirm(f"Save as {file}?", err=True)):
        return
    _save(file, proposal)
    call.remark(f"saved as {file}; watch it with `tonggao sources enable {proposal.source.id}`")


def _choose(
    catalogue: Catalogue,
    ids: list[str] | None,
    region: str | None,
    kind: str | None,
    tag: str | None,
) -> list[Source]:
    wanted: list[str] = []
    for word in ids or ():
        begun = [source.id for source in catalogue if source.id.startswith(f"{word}.")]
        wanted += [word] if word in catalogue or not begun else begun
    return catalogue.select(ids=dict.fromkeys(wanted), region=region, kind=kind, tag=tag)


def _named(
    call: Invocation,
    ids: list[str] | None,
    region: str | None,
    kind: str | None,
    tag: str | None,
    *,
    everything: bool,
) -> list[Source]:
    """The sources that a command is to touch; all of them only when that was said."""
    if not (ids or region or kind or tag or everything):
        raise UsageError("name sources, or say --region, --kind, --tag or --all")
    chosen = _choose(load_catalogue(call.settings.own_sources), ids, region, kind, tag)
    if not chosen:
        raise UsageError("no source fits; `tonggao sources list` shows them all")
    return chosen


async def _enabled(call: Invocation) -> set[str]:
    async with connected(call) as database:
        return await enabled_sources(database.pool)


async def _switch(call: Invocation, chosen: list[Source], *, on: bool, as_json: bool) -> None:
    async with connected(call) as database:
        await register_sources(database.pool, chosen)
        changed = await switch_sources(database.pool, [source.id for source in chosen], on=on)
    word = "enabled" if on else "disabled"
    if as_json:
        print_json(
            {word: changed, "unchanged": sorted({each.id for each in chosen} - set(changed))}
        )
        return
    call.tell(f"{word}: {len(changed)} of {len(chosen)}; the others were so already")
    unsure = [source.id for source in chosen if source.confidence == "low"]
    if on and unsure:
        call.remark(f"{len(unsure)} of them are of low confidence; try `tonggao sources check`")


async def _enable_checked(call: Invocation, chosen: list[Source], *, as_json: bool) -> None:
    catalogue = load_catalogue(call.settings.own_sources)
    async with connected(call) as database:
        await register_sources(database.pool, chosen)
        on = await enabled_sources(database.pool)
        new = [source for source in chosen if source.id not in on]
        async with open_tools(call.settings, database.pool) as tools:
            findings = await _check_all(new, tools)
        good = [finding.source_id for finding in findings if finding.works]
        enabled = await switch_sources(database.pool, good, on=True)
    refused = [finding for finding in findings if not finding.works]
    if as_json:
        unchanged = sorted({source.id for source in chosen} & on)
        print_json(
            {"enabled": enabled, "unchanged": unchanged, "refused": list(map(_plain, refused))}
        )
    else:
        _show_findings(call, catalogue, findings)
        call.tell(f"enabled: {len(enabled)} of {len(new)} that were tried")
    if refused:
        raise typer.Exit(EXIT_PARTLY if good else EXIT_FAILED)


async def _check(call: Invocation, chosen: list[Source], *, as_json: bool) -> None:
    catalogue = load_catalogue(call.settings.own_sources)
    async with connected(call) as database, open_tools(call.settings, database.pool) as tools:
        await register_sources(database.pool, chosen)
        findings = await _check_all(chosen, tools)
    if as_json:
        print_json(
            [{**_plain(finding), "instead": _instead(catalogue, finding)} for finding in findings]
        )
    else:
        _show_findings(call, catalogue, findings)
    if any(not finding.ok for finding in findings):
        raise typer.Exit(EXIT_PARTLY if any(finding.ok for finding in findings) else EXIT_FAILED)


async def _check_all(chosen: list[Source], tools: Tools) -> list[Finding]:
    places, today = asyncio.Semaphore(_CHECKED_AT_ONCE), now().date()

    async def parse(source: Source, answer: Answer, day: dt.date | None) -> Release:
        rules = field_rules(source, day)
        return await tools.workers.parse(
            answer.body,
            answer.url,
            answer.http_charset,
            rules,
            received_at=answer.fetched_at,
            listed_on=day,
        )

    async def one(source: Source) -> Finding:
        async with places:
            return await check_source(
                source, tools.fetcher.fetch, tools.workers.read_listing, parse, today
            )

    return list(await asyncio.gather(*map(one, chosen)))


def _show_findings(call: Invocation, catalogue: Catalogue, findings: list[Finding]) -> None:
    columns = ("source", "engine", "links", "dated", "newest", "article", "problem")
    rows = [
        (
            f.source_id,
            f.engine,
            f"{f.accepted}/{f.links}",
            f.dated,
            f.newest,
            " ".join(f.fields),
            f.problem,
        )
        for f in findings
    ]
    print_table(call, columns, rows)
    for finding in findings:
        if others := _instead(catalogue, finding):
            call.remark(
                f"{finding.source_id} did not give its list; of the same region: {', '.join(others)}"
            )
    good = sum(finding.ok for finding in findings)
    call.remark(f"{good} of {len(findings)} sources are well")


def _instead(catalogue: Catalogue, finding: Finding) -> list[str]:
    """Other sources of the region, where this one did not give its list."""
    if not finding.blocked:
        return []
    return [source.id for source in catalogue.alternatives(catalogue.get(finding.source_id))]


async def _look(call: Invocation, url: str, given: dict[str, str | None]) -> Proposal:
    request = Request(url=url, purpose=Purpose.LISTING)
    async with connected(call) as database, open_tools(call.settings, database.pool) as tools:
        answer = (await tools.fetcher.fetch(request)).require()
        columns = await tools.workers.columns_on(answer.body, answer.url, answer.http_charset)
        try:
            read = tools.workers.read_listing
            listing = await read(answer.body, answer.url, answer.http_charset)
            listing = await pointed_at(listing, request, tools.fetcher.fetch, read)
        except EmptyListing as error:
            raise EmptyListing(f"{error}{_lead(columns)}") from error
    if urlsplit(answer.url).path.strip("/") == "" and columns:
        call.remark(f"this is a home page{_lead(columns)}")
    text = decode(answer.body[:_HEAD], answer.http_charset).text
    try:
        known = load_catalogue(call.settings.own_sources)
        return propose(url, text, listing, known, **given)
    except ValidationError as error:
        first = error.errors()[0]
        raise UsageError(f"--{'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _whole_address(url: str) -> str:
    """What the user wrote as an address; a bare host gets ``http://``, as in a browser."""
    stripped = url.strip()
    if stripped.startswith("//"):
        return f"http:{stripped}"
    return stripped if "://" in stripped else f"http://{stripped}"


def _lead(columns: tuple[Link, ...]) -> str:
    """The columns that a page leads to, as the end of a sentence."""
    named = (f"{column.title} {column.url}" for column in columns)
    return f"; columns that it leads to: {', '.join(named)}" if columns else ""


def _show_proposal(call: Invocation, proposal: Proposal, *, as_json: bool) -> None:
    listing = proposal.listing
    if as_json:
        print_json({
            "engine": listing.engine, "next_url": listing.next_url, "toml": proposal.toml,
            "source": proposal.source.model_dump(mode="json", exclude_defaults=True),
            "links": list(proposal.accepted), "left_out": len(listing.links) - len(proposal.accepted),
        })  # fmt: skip
        return
    call.tell(f"read as {listing.engine}; next page: {listing.next_url or 'none found'}")
    rows = [(link.date, link.title, link.url) for link in proposal.accepted[:_SHOWN]]
    print_table(call, ("date", "title", "address"), rows)
    left = len(listing.links) - len(proposal.accepted)
    call.tell(f"{len(proposal.accepted)} links would be taken, {left} left out\n")
    call.out.print(escape(proposal.toml))


def _save(file: Path, proposal: Proposal) -> None:
    if file.exists():
        raise UsageError(f"{file} exists; give the new source another --id, or edit the file")
    file.parent.mkdir(parents=True, exist_ok=True)
    with replacing(file) as part:
        part.write_text(proposal.toml, "utf-8")


def _summary(source: Source) -> dict[str, object]:
    names = ("id", "name", "publisher", "region", "kind", "lists", "confidence", "seen", "tags")
    return {name: getattr(source, name) for name in names}


def _plain(finding: Finding) -> dict[str, object]:
    values = {name: getattr(finding, name) for name in Finding.__slots__}
    return {**values, "ok": finding.ok}


def _cell(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
