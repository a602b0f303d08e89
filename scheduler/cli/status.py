"""``tonggao status``, ``tonggao doctor``, ``tonggao health``: how the sources fare, and why."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.live import Live
from rich.table import Table

from scheduler.cli.completion import source_ids
from scheduler.cli.context import Invocation, connected, print_json, print_table, run_async
from scheduler.cli.exits import EXIT_PARTLY
from scheduler.cli.naming import require_source
from scheduler.cli.terminal import spoken
from scheduler.health import doctor as doctors
from scheduler.health.doctor import Diagnosis
from scheduler.watches.faults import FAULT_MEND, Fault
from scraper.clock import SHANGHAI, now
from scraper.database import Pool
from scraper.visit.quarantine import QuarantinedPage, quarantined
from scraper.words import spoken_language, words

health = typer.Typer(help="Events of the sources' health.", no_args_is_help=True)
_STYLES = {"ok": "green", "late": "yellow", "degraded": "magenta", "failing": "red"}
JsonOption = Annotated[bool, typer.Option("--json", help="JSON, one object a line.")]


def status(
    context: typer.Context,
    most: Annotated[int, typer.Option(help="Sources shown; those in trouble first.")] = 40,
    *,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Keep it up to date.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show processes and sources: state, last news, next visit.

    Examples: `tonggao status`, `tonggao status --watch`.
    """
    run_async(_status(context.obj, most, watch, as_json))


async def _status(call: Invocation, most: int, watch: bool, as_json: bool) -> None:
    async with connected(call) as database:
        if as_json:
            await _as_json(database.pool, most)
        elif watch:
            await _watched(call, database.pool, most)
        else:
            call.out.print(await _picture(database.pool, most))
        overdue_or_failing = await doctors.needs_somebody(database.pool)
    if overdue_or_failing:
        raise typer.Exit(EXIT_PARTLY)


async def _as_json(pool: Pool, most: int) -> None:
    from scheduler.watches.outbox import failing  # noqa: PLC0415 - only here, as in `doctor`

    for row in await doctors.status_rows(pool, most):
        print_json(dict(row))
    print_json(
        {
            "processes": [dict(row) for row in await doctors.process_rows(pool)],
            "states": dict(await doctors.state_counts(pool)),
            "set_aside": [dict(row) for row in await doctors.set_aside_rows(pool)],
            "failing_watches": await failing(pool),
        }
    )


async def _watched(call: Invocation, pool: Pool, most: int) -> None:
    with Live(console=call.out, auto_refresh=False) as live:
        while True:
            live.update(await _picture(pool, most), refresh=True)
            await asyncio.sleep(2)


async def _picture(pool: Pool, most: int) -> Group:
    counts = await doctors.state_counts(pool)
    if not counts:
        return Group(
            spoken("no source is enabled: `tonggao sources enable` chooses what is watched")
        )
    told = ", ".join(f"{number} {_state(state)}" for state, number in sorted(counts.items()))
    parts = [*await _processes(pool), *await _aside(pool), spoken(f"sources: {told}"), ""]
    return Group(*parts, _table_of_sources(await doctors.status_rows(pool, most)))


async def _processes(pool: Pool) -> list[Table | str]:
    rows = await doctors.process_rows(pool)
    if not rows:
        return [spoken("no daemon is running: `tonggao daemon` watches what is enabled"), ""]
    processes = _table("process", "kind", "version", "since", "memory")
    for row in rows:
        memory = f"{(row['memory'] or 0) / 1e6:.0f} MB"
        processes.add_row(
            row["worker"], row["kind"], row["version"], moment(row["started_at"]), memory
        )
    return [processes, ""]


def _table_of_sources(rows: Sequence[Mapping[str, Any]]) -> Table:
    columns = ("source", "state", "why", "last news", "last visit", "next visit", "articles")
    sources = _table(*columns)
    for row in rows:
        state = row["state"]
        due = spoken("under way") if row["open_slot_at"] else moment(row["next_due_at"])
        if row["overdue_since"]:
            due = spoken(f"overdue since {moment(row['overdue_since'])}")
        sources.add_row(
            row["source_id"],
            f"[{_STYLES[state]}]{_state(state)}[/]",
            row["cause"] or "",
            moment(row["last_news_at"]),
            moment(row["last_visit_at"]),
            due,
            str(row["publications"]),
        )
    return sources


def _table(*headings: str) -> Table:
    return Table(*(spoken(heading) for heading in headings), box=None, pad_edge=False)


def _state(state: str) -> str:
    """A state of health as the language has it; in English its own name, which JSON has too."""
    language = spoken_language(os.environ)
    return state if language == "en" else words(language).get(state, state)


async def _aside(pool: Pool) -> list[Table | str]:
    """The jobs that were set aside; nothing when there are none."""
    rows = await doctors.set_aside_rows(pool)
    if not rows:
        return []
    aside = _table("set aside", "of", "since", "why")
    for row in rows:
        aside.add_row(row["task"], row["subject"], moment(row["set_aside_at"]), row["reason"])
    return [aside, ""]


def moment(value: dt.datetime | None) -> str:
    """A time for people, in Asia/Shanghai; "never" for none."""
    if value is None:
        return spoken("never")
    local = value.astimezone(SHANGHAI)
    same_day = local.date() == now().date()
    return local.strftime("%H:%M:%S" if same_day else "%Y-%m-%d %H:%M")


def doctor(
    context: typer.Context,
    source: Annotated[
        str | None,
        typer.Argument(
            help="Id of the source. Default: every one in trouble.", autocompletion=source_ids
        ),
    ] = None,
    *,
    as_json: JsonOption = False,
) -> None:
    """Answer why a source is silent: evidence, cause, what to do. Exit code 4: something is wrong.

    Examples: `tonggao doctor`, `tonggao doctor tianjin.gov.jrgz`.
    """
    run_async(_doctor(context.obj, source, as_json))


async def _doctor(call: Invocation, source: str | None, as_json: bool) -> None:
    from scheduler.watches.outbox import failing  # noqa: PLC0415 - a source alone needs none of it

    async with connected(call) as database:
        pool = database.pool
        if source:
            await require_source(call, pool, source)
        chosen = [source] if source else await doctors.in_trouble(pool)
        found = [await doctors.diagnose(pool, source_id, now()) for source_id in chosen]
        jobs = [] if source else await _aside(pool)
        aside = await quarantined(pool, source)
        restless = found[0].restless if source else await doctors.restless_pages(pool)
        watched = sum((await doctors.state_counts(pool)).values())
        unheard = [] if source else await failing(pool)
    for diagnosis in found:
        if as_json:
            print_json(diagnosis)
        else:
            explain(call, diagnosis)
    if as_json and not source:
        well = {"watched": watched, "in_trouble": 0, "set_aside": len(jobs)}
        print_json({**({} if found else well), "failing_watches": unheard})
    if not as_json:
        if jobs:
            call.out.print(Group(*jobs))
        _set_aside(call, aside)
        _restless(call, restless)
        _unheard(call, unheard)
        if not chosen:
            call.out.print(_all_well(watched))
    if jobs or unheard or any(diagnosis.finding for diagnosis in found):
        raise typer.Exit(EXIT_PARTLY)


def _all_well(watched: int) -> str:
    if not watched:
        return spoken("no source is enabled: `tonggao sources enable` chooses what is watched")
    return spoken(f"all {watched} watched sources fare as usual")


def explain(call: Invocation, diagnosis: Diagnosis) -> None:
    """A diagnosis for people."""
    finding, status_row = diagnosis.finding, diagnosis.status or {}
    verdict = f"{_state(finding.state)}: {finding.cause}" if finding else spoken("as usual")
    call.out.print(f"\n{diagnosis.source_id}: {verdict}", style="bold")
    facts: list[tuple[str, object]] = [
        ("since", moment(status_row.get("since"))),
        ("last visit", moment(status_row.get("last_visit_at"))),
        ("last good visit", moment(status_row.get("last_good_at"))),
        ("last news", moment(status_row.get("last_news_at"))),
        ("its habit", _habit(diagnosis)),
        ("next visit", moment(status_row.get("next_due_at"))),
    ]
    if finding:
        facts += [("evidence", _pairs(finding.evidence)), ("a page", finding.sample_url or "-")]
    facts += [("in 30 days", _pairs(diagnosis.usual)), ("what to do", spoken(diagnosis.mend))]
    print_table(call, ("", ""), [(spoken(name), value) for name, value in facts])
    _compare(call, diagnosis)
    _latest(call, diagnosis)


def _set_aside(call: Invocation, pages: Sequence[QuarantinedPage]) -> None:
    """The pages that crashed the parser; their bytes are in ``tonggao.quarantine``."""
    if not pages:
        return
    rows = [
        (moment(each.last_at), each.crashes, each.bytes, each.detail, each.url) for each in pages
    ]
    print_table(call, ("crashed the parser", "times", "bytes", "how", "address"), rows)


def _restless(call: Invocation, pages: Sequence[Mapping[str, Any]]) -> None:
    """Pages whose text changed at each of the last looks."""
    if pages:
        rows = [(page["looks"], page["source_id"], page["url"]) for page in pages]
        print_table(call, ("restless: changed at looks in a row", "source", "address"), rows)


def _unheard(call: Invocation, watches: Sequence[Mapping[str, Any]]) -> None:
    """Watches whose target takes no messages, and what to do."""
    if not watches:
        return
    rows = [
        (
            each["watch_id"],
            each["target"],
            each["fault"],
            moment(each["failing_since"]),
            each["fault_detail"],
            spoken(FAULT_MEND[Fault(each["fault"])]),
        )
        for each in watches
    ]
    print_table(call, ("watch", "to", "fault", "since", "how", "what to do"), rows)


def _habit(diagnosis: Diagnosis) -> str:
    return spoken(
        f"news {diagnosis.daily:.1f} times a day; {diagnosis.expected:.1f} times expected since "
        "the last"
    )


def _compare(call: Invocation, diagnosis: Diagnosis) -> None:
    """The last page that went well beside the first that did not."""
    good, bad = diagnosis.good_page, diagnosis.bad_page
    if not bad:
        return
    names = [name for name in dict.fromkeys((*(good or {}), *bad)) if name != "origins"]
    rows = [(name, (good or {}).get(name), bad.get(name)) for name in names]
    print_table(call, ("", "last good page", "first bad page"), rows)
    if diagnosis.lost:
        print_table(call, ("field", "the rule that no longer matches"), diagnosis.lost.items())


def _latest(call: Invocation, diagnosis: Diagnosis) -> None:
    attempts = [
        (moment(row["started_at"]), row["purpose"], row["outcome"], row["status"], row["url"])
        for row in diagnosis.attempts
    ]
    print_table(call, ("last requests", "purpose", "outcome", "status", "address"), attempts)
    runs = [
        (
            moment(row["started_at"]),
            row["kind"],
            row["state"],
            row["listed"],
            row["new"],
            row["error"],
        )
        for row in diagnosis.runs
    ]
    print_table(call, ("last runs", "kind", "state", "listed", "new", "error"), runs)


def _pairs(values: Mapping[str, Any]) -> str:
    known = (f"{name} {value}" for name, value in values.items() if value is not None)
    return ", ".join(known) or "-"


@health.command("events")
def events(
    context: typer.Context,
    source: Annotated[
        str | None, typer.Argument(help="Only those of this source.", autocompletion=source_ids)
    ] = None,
    most: Annotated[int, typer.Option(help="How many, newest first.")] = 50,
    *,
    as_json: JsonOption = False,
) -> None:
    """List what happened to the sources, newest first.

    Examples: `tonggao health events`, `tonggao health events tianjin.gov.jrgz --json`.
    """
    run_async(_events(context.obj, source, most, as_json))


async def _events(call: Invocation, source: str | None, most: int, as_json: bool) -> None:
    async with connected(call) as database:
        await require_source(call, database.pool, source)
        rows: Sequence[Mapping[str, Any]] = await doctors.event_rows(database.pool, source, most)
    if as_json:
        for row in rows:
            print_json(dict(row))
        return
    print_table(call, ("when", "what"), [(moment(row["at"]), row["sentence"]) for row in rows])
