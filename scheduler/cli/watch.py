"""``tonggao watch``: searches that tell somebody when something happens to what they find."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.context import Invocation, connected, print_json, print_table, run_async
from scheduler.cli.naming import RegionOption, require_source
from scheduler.cli.search import ExactOption, KindOption
from scheduler.cli.status import moment
from scheduler.cli.terminal import spoken
from scraper.archive.querying.reading import release_named, show_release
from scraper.archive.watching import keeping
from scraper.archive.watching.events import read_wanted, wanted_of
from scraper.archive.watching.explanation import (
    TextVerdict,
    WordVerdict,
    explain_match,
    matching,
    told_of,
)
from scraper.archive.watching.keeping import DAILY, NEWS_DAYS, Every, Listed, NewWatch, Past
from scraper.clock import now
from scraper.controls import visible
from scraper.text.asked_days import read_span

app = typer.Typer(help="Searches that tell you what happens.", no_args_is_help=True)
NumberArgument = Annotated[int, typer.Argument(metavar="WATCH", help="Its number.", min=1)]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.callback()
def _group() -> None:
    """Searches that tell you what happens."""


@app.command("add")
def add(
    context: typer.Context,
    words: Annotated[
        list[str],
        typer.Argument(
            help="As in search: blank is AND; OR or | either; -word without it; “…” a phrase."
        ),
    ],
    region: RegionOption = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    kind: KindOption = None,
    on: Annotated[
        str,
        typer.Option(
            help="What is told: new, edit, withdrawn, restored, carried:N (by N sources)."
        ),
    ] = "new",
    to: Annotated[
        str | None,
        typer.Option(
            help="A webhook (https://…), or an address in apprise's notation. Default: only the feed."
        ),
    ] = None,
    every: Annotated[Every, typer.Option(help="At once, or gathered.")] = Every.NOW,
    days: Annotated[
        int,
        typer.Option(
            min=1, max=36500, help="New is what is dated in so many days before it was archived."
        ),
    ] = NEWS_DAYS,
    daily: Annotated[
        int,
        typer.Option(min=1, max=1000, help="Most messages a day; the rest comes in one digest."),
    ] = DAILY,
    since: Annotated[
        str | None,
        typer.Option(help="Tell also what happened from this day on: 2026-11-24, 7d, 昨天."),
    ] = None,
    *,
    exact: ExactOption = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before the past is told.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Watch a search from now on.

    A daemon looks at what is archived and sends what matches. The key of a webhook's signatures is shown once.

    Examples: `tonggao watch add '供热 -疫情' --region 12 --on new,edit,carried:5 --to https://example.com/hook`,
    `tonggao watch add 防汛 --every day --to 'mailto://user:password@example.com'`.
    """
    line = " ".join(" ".join(words).split())  # it is the headline of each message
    new = NewWatch(line, read_wanted(on), exact, region, source, kind, days, every, daily)
    run_async(_add(context.obj, new, to, since, yes=yes, as_json=as_json))


async def _add(
    call: Invocation, new: NewWatch, to: str | None, since: str | None, *, yes: bool, as_json: bool
) -> None:
    from scheduler.watches.targets import read_target  # noqa: PLC0415 - apprise is slow

    target = read_target(to) if to is not None else None
    day = read_span(since, now().date(), "--since")[0] if since else None
    async with connected(call) as database:
        await require_source(call, database.pool, new.source)
        past: Past | None = None
        if day is not None:
            past = await keeping.look_back(database.pool, new, day)
            call.remark(f"since {day} there were {len(past.matches)} matches; they are told, too")
            if past.matches and not (yes or as_json):
                typer.confirm(spoken("Tell them?"), err=True, abort=True)
        made = await keeping.add(database.pool, new, target, past)
        [row] = await keeping.listed(database.pool, made.watch_id)
    if as_json:
        print_json({**_plain(row), "secret": made.secret, "replayed": made.replayed})
        return
    call.tell(f"watch {made.watch_id}: {escape(_told(row))}")
    call.tell(f"feed: {feed_path(row)}")
    if made.secret:
        call.tell(f"key of its signatures, shown this once: {made.secret}")
    if target is None:
        call.remark(
            "nothing is sent: a daemon puts matches into the feed, which `tonggao web` serves"
        )
    else:
        call.remark("a daemon looks for matches and sends them")
    call.remark(f"`tonggao watch test {made.watch_id} ID` tells why a release matches")


@app.command("list")
def list_(context: typer.Context, *, as_json: JsonOption = False) -> None:
    """Show every watch.

    Example: `tonggao watch list`.
    """
    run_async(_list(context.obj, as_json=as_json))


async def _list(call: Invocation, *, as_json: bool) -> None:
    async with connected(call) as database:
        rows = await keeping.listed(database.pool)
    if as_json:
        for row in rows:
            print_json(_plain(row))
        return
    cells = [
        (r.watch_id, _told(r), r.every, r.target, _state(r), r.matches, r.sent, r.waiting)
        for r in rows
    ]
    heads = ("watch", "what", "every", "to", "state", "matches", "sent", "waiting")
    print_table(call, heads, cells)
    if not rows:
        call.remark("nothing is watched; `tonggao watch add WORDS` begins")


@app.command("show")
def show(context: typer.Context, watch: NumberArgument, *, as_json: JsonOption = False) -> None:
    """Show one watch, its feed and what is wrong with its target.

    Example: `tonggao watch show 1`.
    """
    run_async(_show(context.obj, watch, as_json=as_json))


async def _show(call: Invocation, watch: int, *, as_json: bool) -> None:
    async with connected(call) as database:
        [row] = await keeping.listed(database.pool, watch)
    if as_json:
        print_json(_plain(row))
        return
    facts = {
        **asdict(row),
        "events": str(wanted_of(row.events, row.carried)),
        "feed": feed_path(row),
    }
    shown = [(name, value) for name, value in facts.items() if value is not None]
    print_table(call, ("", ""), shown)


@app.command("test")
def explain(
    context: typer.Context,
    watch: NumberArgument,
    release: Annotated[
        str, typer.Argument(metavar="ID", help="Number of a release, or the address of an article.")
    ],
    *,
    as_json: JsonOption = False,
) -> None:
    """Explain why a release matches a watch or not: word by word, filter by filter. Nothing is sent.

    Examples: `tonggao watch test 1 8`, `tonggao watch test 1 http://www.qinghe.example/a/1.html`.
    """
    run_async(_test(context.obj, watch, release, as_json=as_json))


async def _test(call: Invocation, watch: int, release: str, *, as_json: bool) -> None:
    async with connected(call) as database:
        record = await show_release(database.pool, await release_named(database.pool, release))
        verdicts = await explain_match(database.pool, watch, record.release_id)
        told = await told_of(database.pool, watch, record.release_id)
    if as_json:
        print_json(
            {
                "release_id": record.release_id,
                "matches": matching(verdicts),
                "texts": verdicts,
                "told": told,
            }
        )
        return
    for verdict in verdicts:
        _explain(call, verdict)
    if matching(verdicts):
        call.tell(f"release {record.release_id} matches watch {watch}")
    else:
        call.tell(f"release {record.release_id} does not match watch {watch}")
    for each in told:
        if each.sent_at is None:
            call.tell(f"noted as {each.event}: {moment(each.matched_at)}; not sent yet")
        else:
            call.tell(
                f"noted as {each.event}: {moment(each.matched_at)}; sent: {moment(each.sent_at)}"
            )
    if not told:
        call.tell(
            f"nothing was noted of it; `tonggao watch show {watch}` has the events that are, and since when"
        )


@app.command("pause")
def pause(context: typer.Context, watch: NumberArgument) -> None:
    """Rest: nothing is looked at or sent; what waits to be sent stays.

    Example: `tonggao watch pause 1`.
    """
    run_async(_pause(context.obj, watch))


async def _pause(call: Invocation, watch: int) -> None:
    async with connected(call) as database:
        await keeping.pause(database.pool, watch)
    call.remark(f"watch {watch} rests; `tonggao watch resume {watch}` goes on")


@app.command("resume")
def resume(context: typer.Context, watch: NumberArgument) -> None:
    """Go on from now: what waited is sent, what happened meanwhile is not told.

    Example: `tonggao watch resume 1`.
    """
    run_async(_resume(context.obj, watch))


async def _resume(call: Invocation, watch: int) -> None:
    async with connected(call) as database:
        await keeping.resume(database.pool, watch)
    call.remark(f"watch {watch} goes on")


@app.command("remove")
def remove(context: typer.Context, watch: NumberArgument) -> None:
    """Forget a watch with its target, its matches, and what waits to be sent.

    Example: `tonggao watch remove 1`.
    """
    run_async(_remove(context.obj, watch))


async def _remove(call: Invocation, watch: int) -> None:
    async with connected(call) as database:
        await keeping.remove(database.pool, watch)
    call.remark(f"watch {watch} is removed")


def feed_path(row: Listed) -> str:
    """Where the web reader has a watch's feed."""
    return f"/watch/{row.feed}.atom"


def _plain(row: Listed) -> dict[str, object]:
    return {**asdict(row), "feed": feed_path(row)}


def _told(row: Listed) -> str:
    """What a watch asks for, in a line."""
    filters = (
        row.region and f"region {row.region}",
        row.source_id,
        row.kind,
        row.exact and "exact",
    )
    narrowed = ", ".join(str(each) for each in filters if each)
    events = str(wanted_of(row.events, row.carried))
    return visible(" · ".join(each for each in (row.query, narrowed, events) if each))


def _state(row: Listed) -> str:
    return (
        f"{row.state} ({row.fault or row.paused_for})" if row.fault or row.paused_for else row.state
    )


def _explain(call: Invocation, verdict: TextVerdict) -> None:
    """One text: where it is, then each condition."""
    place = visible(verdict.file or verdict.url)
    call.out.print(f"[bold]{escape(place)}[/bold]")
    for word in verdict.words:
        call.tell(f"  {_mark(holds=word.holds)} {escape(_word(word))}")
    for name, holds in verdict.filters.items():
        call.tell(f"  {_mark(holds=holds)} {spoken(name)}")
    if verdict.news is False:
        call.tell("  it is dated too early, or too long before it was archived, to be told as new")
    elif verdict.dated_at is None:
        call.tell("  it has no date: it is not told as new")


def _mark(*, holds: bool) -> str:
    return "✓" if holds else "✗"


def _word(verdict: WordVerdict) -> str:
    """A condition, and where its words stand."""
    asked = " | ".join(verdict.words)
    found = ", ".join(f"{word}: {spoken(place)}" for word, place in verdict.stands.items())
    return f"{'' if verdict.wanted else '-'}{visible(asked)}  {visible(found) or '–'}"
