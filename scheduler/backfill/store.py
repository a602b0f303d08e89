"""Backfills in the database: creating, steering, counting, taking over lost ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from procrastinate import App
from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from scheduler.backfill.model import Backfill, Item, Order, State
from scheduler.crew import PageRead
from scheduler.schedule.deferring import defer_backfill_step
from scraper.database import Pool, Statements
from scraper.errors import UsageError
from scraper.listing.model import Link

SQL = Statements("backfill")


async def create(
    pool: Pool, queue: App, order: Order, worker: str, urls: Sequence[str] = ()
) -> tuple[int, bool]:
    """Create a backfill and put its first step in line; an equal one that is not over goes on.

    Args:
        pool: the archive.
        queue: where the step goes.
        order: what is asked for.
        worker: who asks.
        urls: for kind "urls", the addresses.

    Returns:
        Its number, and whether it is new.
    """
    async with pool.connection() as connection:
        found = await (await connection.execute(SQL["similar"], asdict(order))).fetchone()
        if found is not None:
            number = int(found[0])
        else:
            values = {**asdict(order), "worker": worker}
            row = await (await connection.execute(SQL["create"], values)).fetchone()
            number = int(row[0]) if row else 0
            await add_items(connection, number, [Link(url) for url in urls])
    if found is not None:
        await steer(pool, number, "running")
    await adopt_lost_backfills(pool, queue)
    return number, found is None


async def find(pool: Pool, backfill_id: int) -> Backfill:
    """One backfill.

    Raises:
        UsageError: there is none of that number.
    """
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(Backfill)) as cursor,
    ):
        await cursor.execute(SQL["find"], {"backfill_id": backfill_id})
        row = await cursor.fetchone()
    if row is None:
        message = f"there is no backfill {backfill_id}; `tonggao backfill list --all` shows them"
        raise UsageError(message)
    return row


async def every(pool: Pool, *, finished: bool) -> Sequence[Backfill]:
    """The latest backfills, newest first; with those that are over when ``finished``."""
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(Backfill)) as cursor,
    ):
        await cursor.execute(SQL["list"], {"every": finished})
        return await cursor.fetchall()


_MAY_FOLLOW: dict[State, list[State]] = {
    "running": ["paused", "failed", "running"],
    "paused": ["running", "paused"],
    "cancelled": ["running", "paused", "failed", "cancelled"],
    "done": ["running"],
    "failed": ["running"],
}


async def steer(pool: Pool, backfill_id: int, state: State, remark: str | None = None) -> None:
    """Pause, resume or cancel a backfill; the article in flight is finished first.

    Raises:
        UsageError: there is none, or it is over.
    """
    now = await find(pool, backfill_id)
    async with pool.connection() as connection:
        if not await set_state(connection, backfill_id, state, remark):
            raise UsageError(f"backfill {backfill_id} is {now.state}; it cannot become {state}")
        if state == "running":
            await connection.execute(SQL["take_up_again"], {"subject": str(backfill_id)})
        if state == "cancelled" and now.run_id is not None:
            await close_run(connection, now.run_id, "interrupted", "cancelled")


async def set_state(
    connection: AsyncConnection, backfill_id: int, state: State, remark: str | None = None
) -> bool:
    """Change the state, if the present one allows it."""
    values = {
        "backfill_id": backfill_id,
        "state": state,
        "remark": remark,
        "before": _MAY_FOLLOW[state],
    }
    return (await connection.execute(SQL["set_state"], values)).rowcount > 0


async def counts(pool: Pool, backfill_id: int) -> dict[str, int]:
    """Number of its articles by outcome; "open" are those not tried yet."""
    async with pool.connection() as connection:
        rows = await connection.execute(SQL["counts"], {"backfill_id": backfill_id})
        return {str(outcome): int(items) for outcome, items in await rows.fetchall()}


async def unreached(
    pool: Pool, backfill_id: int, most: int = 50
) -> Sequence[tuple[str, str, str | None]]:
    """Articles that could not be archived: address, outcome, detail."""
    async with pool.connection() as connection:
        values = {"backfill_id": backfill_id, "most": most}
        return await (await connection.execute(SQL["unreached"], values)).fetchall()


async def add_items(connection: AsyncConnection, backfill_id: int, links: Sequence[Link]) -> int:
    """Add articles, and tell how many; those that are there already stay as they are."""
    values = {
        "backfill_id": backfill_id,
        "urls": [link.url for link in links],
        "titles": [link.title for link in links],
        "dates": [link.date for link in links],
    }
    return (await connection.execute(SQL["add_items"], values)).rowcount


async def open_items(pool: Pool, backfill_id: int, most: int) -> Sequence[Item]:
    """The next articles to be tried, in the order in which they were found."""
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(Item)) as cursor,
    ):
        await cursor.execute(SQL["open_items"], {"backfill_id": backfill_id, "most": most})
        return await cursor.fetchall()


async def settle_item(
    pool: Pool, backfill_id: int, item: Item, outcome: str, detail: str | None
) -> None:
    """Write down what became of an article."""
    values = {
        "backfill_id": backfill_id,
        "item_id": item.item_id,
        "outcome": outcome,
        "detail": detail,
    }
    async with pool.connection() as connection:
        await connection.execute(SQL["settle_item"], values)


async def turn_page(connection: AsyncConnection, backfill: Backfill, page: PageRead) -> None:
    """A list page was read: its articles and the place to go on from, together or not at all."""
    wanted = [link for link in page.links if backfill.wants(link.date)]
    added = await add_items(connection, backfill.backfill_id, wanted)
    circling = bool(wanted) and added == 0
    cursor = page.otherwise if circling else page.cursor
    days = [link.date for link in page.links if link.date is not None]
    values = {
        "backfill_id": backfill.backfill_id,
        "cursor": Jsonb(cursor) if cursor is not None else None,
        "walked": cursor is None,
        "oldest_date": min(days, default=None),
        "remark": "a list page repeated what was read before" if circling else page.remark,
    }
    await connection.execute(SQL["turn_page"], values)


async def close_run(
    connection: AsyncConnection, run_id: int, state: str, error: str | None
) -> None:
    """End the run that a backfill was counted under."""
    await connection.execute(SQL["close_run"], {"run_id": run_id, "state": state, "error": error})


async def adopt_lost_backfills(pool: Pool, queue: App) -> int:
    """Put a step in line for each running backfill that no job serves.

    Returns:
        How many there were.
    """
    async with pool.connection() as connection:
        lost = await (await connection.execute(SQL["lost"])).fetchall()
        for backfill_id, source_id, last_job in lost:
            await chain(connection, queue, backfill_id, source_id, last_job)
    return len(lost)


async def chain(
    connection: AsyncConnection, queue: App, backfill_id: int, source_id: str, last_job: int
) -> None:
    """Put the next step in line, once: its queueing lock names the job that it follows."""
    job = await defer_backfill_step(queue, connection, backfill_id, source_id, last_job)
    await connection.execute(SQL["next_job"], {"backfill_id": backfill_id, "job_id": job})
