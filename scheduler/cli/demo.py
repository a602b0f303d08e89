"""``tonggao demo``: the main job on a bundled web site, without internet."""

from __future__ import annotations

import asyncio
from pathlib import Path

import platformdirs
import psycopg
import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from scheduler.cli.context import Invocation, cluster_of, print_table, run_async
from scheduler.demo import conductor
from scheduler.demo.conductor import Round
from scheduler.demo.site import DemoSite, load_site
from scraper.archive import sync_regions
from scraper.clock import now
from scraper.database import Pool, embedded, migrate, open_pool

DATABASE = "tonggao_demo"
WORDS = "供热"
LOG_FOLDER = Path(platformdirs.user_log_dir("tonggao", appauthor=False))


def demo(context: typer.Context) -> None:
    """Run the real daemon on a small web of made-up publishers, and show what is archived.

    Needs no internet and touches nothing of yours: it has a database of its own in the embedded
    server, which is made anew each time.
    """
    LOG_FOLDER.mkdir(parents=True, exist_ok=True)
    run_async(_demo(context.obj))


async def _demo(call: Invocation) -> None:
    cluster = cluster_of(call.settings)
    async with embedded.running(cluster, "postgres", call.remark) as server:
        await _renew(server)
        url = embedded.url(cluster, DATABASE)
        await migrate(url)
        with load_site(now().date()) as site:
            async with open_pool(url) as pool:
                await sync_regions(pool)
                await conductor.prepare(pool)
                await _watch(call, url, pool, site)
                await _show(call, pool, site)


async def _renew(server: str) -> None:
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as connection:
        await connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)".encode())
        await connection.execute(
            f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0".encode()
        )


async def _watch(call: Invocation, url: str, pool: Pool, site: DemoSite) -> None:
    call.err.print(f"Three publishers of the demo answer on http://{site.address}/")
    log = LOG_FOLDER / "demo.log"
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[told]}"),
        console=call.err,
    )
    with bar:
        async with conductor.daemon(conductor.environment(url, site), log):
            first = bar.add_task("the daemon's first round", total=len(site.releases), told="")
            await conductor.rounds(pool, 1, lambda state: _move(bar, first, state))
            await asyncio.to_thread(site.edit)
            again = bar.add_task("an article is edited; second round", total=2, told="")
            await conductor.rounds(pool, 3, lambda s: bar.update(again, completed=s.visits - 1))
    call.err.print(f"The daemon has stopped. Its log: {log}\n", style="dim")


def _move(bar: Progress, task: TaskID, state: Round) -> None:
    told = f"{state.listed} listed, {state.archived} archived, {state.failed} failed"
    bar.update(task, completed=state.archived + state.failed, told=told)


async def _show(call: Invocation, pool: Pool, site: DemoSite) -> None:
    out = call.out
    shown = await conductor.releases(pool)
    out.print(f"[bold]{len(shown)} releases in the archive[/bold]")
    rows = [(r.release_id, r.published, r.title, r.named_source, r.copies or "") for r in shown]
    print_table(call, ("id", "published", "title", "来源", "copies"), rows)
    for copy in await conductor.copies(pool):
        out.print("\n[bold]A repost, folded into its release[/bold]")
        out.print(f"  {escape(copy.title)}  ({copy.site})")
        out.print(f"  = {escape(copy.copy_title)}  ({copy.copy_site})")
    for edit in await conductor.edits(pool):
        out.print(f"\n[bold]A silent edit, both texts kept[/bold]  {escape(edit.title)}")
        out.print(f"  - {escape(edit.before)}", style="red")
        out.print(f"  + {escape(edit.after)}", style="green")
    out.print(f"\n[bold]A search for two characters[/bold]  tonggao search {WORDS}")
    for title in await conductor.found(pool, WORDS):
        out.print(f"  {escape(title)}")
    requests = ", ".join(f"{n} x {status}" for status, n in sorted(site.requests.items()))
    out.print(f"\nThe site answered {requests} (304: not modified; 404: robots.txt).", style="dim")
    out.print(
        f"\nIn a browser:  TONGGAO_EMBEDDED_DATABASE={DATABASE} tonggao web"
        f"\nIn SQL:        TONGGAO_EMBEDDED_DATABASE={DATABASE} tonggao db psql"
        "\nThe live web:  tonggao run cri"
    )
