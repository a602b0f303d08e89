"""One step of a backfill: a list page where none is left to work off, then a batch of its articles.

A step is a job of bounded length under the source's lock, so that a visit that is due goes between two
steps. Each article is settled in a transaction of its own, each list page together with the place to
go on from: after ``kill -9`` nothing is asked for again but the page in flight.
"""

from __future__ import annotations

from psycopg import AsyncConnection
from psycopg.rows import class_row

from scheduler.backfill import store
from scheduler.backfill.model import Backfill
from scheduler.backfill.store import SQL
from scheduler.crew import Crew, Hold
from scheduler.health.events import EventKind
from scheduler.health.store import add_event
from scraper.database import is_trouble
from scraper.errors import ClockWrong, DatabaseError, TonggaoError
from scraper.listing.model import Link
from scraper.log import get_logger

log = get_logger(__name__)


async def make_step(crew: Crew, hold: Hold, backfill_id: int) -> None:
    """Do the next step and put the one after it in line; nothing when the backfill is not running."""
    backfill = await _begin(crew, hold, backfill_id)
    if backfill is None:
        return
    await end_step(crew, hold, backfill_id, await _work(crew, backfill))


async def _begin(crew: Crew, hold: Hold, backfill_id: int) -> Backfill | None:
    values = {"backfill_id": backfill_id, "job_id": hold.job_id}
    async with (
        crew.pool.connection() as connection,
        connection.cursor(row_factory=class_row(Backfill)) as cursor,
    ):
        if not await hold.holds(connection):
            return None
        await cursor.execute(SQL["begin_step"], values)
        row = await cursor.fetchone()
        if row is None:
            log.info("a step of a backfill was not needed any more", backfill=backfill_id)
    return row


async def _work(crew: Crew, backfill: Backfill) -> str | None:
    """The step itself.

    Returns:
        Why the backfill cannot go on, None where it can.
    """
    try:
        source = crew.find(backfill.source_id)
        run_id = backfill.run_id or await _open_run(crew, backfill)
        items = await store.open_items(crew.pool, backfill.backfill_id, crew.batch)
        if not items and not backfill.walked:
            await _read_page(crew, backfill, run_id)
            items = await store.open_items(crew.pool, backfill.backfill_id, crew.batch)
        for item in items:
            link = Link(item.url, item.title, item.listed_on)
            kept = await crew.keep(source, crew.tools, run_id, link)
            await store.settle_item(
                crew.pool, backfill.backfill_id, item, kept.outcome, kept.detail
            )
        await _count(crew, backfill, run_id)
    except (DatabaseError, ClockWrong):
        raise
    except TonggaoError as error:
        return str(error)
    except Exception as error:  # a job is an edge: the backfill says why it ended
        if is_trouble(error):
            raise
        log.exception("a backfill ended in an error of ours", backfill=backfill.backfill_id)
        return f"{type(error).__name__}: {error}; please report it"
    return None


async def _open_run(crew: Crew, backfill: Backfill) -> int:
    values = {
        "backfill_id": backfill.backfill_id,
        "source_id": backfill.source_id,
        "kind": "backfill",
        "worker": crew.worker,
    }
    async with crew.pool.connection() as connection:
        row = await (await connection.execute(SQL["open_run"], values)).fetchone()
    if row is None:
        raise LookupError(f"backfill {backfill.backfill_id} vanished")
    return int(row[0])


async def _read_page(crew: Crew, backfill: Backfill, run_id: int) -> None:
    source = crew.find(backfill.source_id)
    page = await crew.read_page(source, crew.tools, run_id, backfill.cursor, backfill.from_date)
    async with crew.pool.connection() as connection:
        await store.turn_page(connection, backfill, page)


async def _count(crew: Crew, backfill: Backfill, run_id: int) -> None:
    values = {"backfill_id": backfill.backfill_id, "run_id": run_id, "worker": crew.worker}
    async with crew.pool.connection() as connection:
        await connection.execute(SQL["count_in_run"], values)


async def end_step(crew: Crew, hold: Hold, backfill_id: int, failure: str | None) -> None:
    """Close the backfill when all is done or it cannot go on; else chain the next step."""
    backfill = await store.find(crew.pool, backfill_id)
    left = await store.open_items(crew.pool, backfill_id, 1)
    over = failure is not None or (backfill.walked and not left)
    async with crew.pool.connection() as connection:
        if not await hold.holds(connection):
            return
        await connection.execute(SQL["end_step"], {"backfill_id": backfill_id})
        if over and backfill.state == "running":
            await store.set_state(connection, backfill_id, "failed" if failure else "done", failure)
            if backfill.run_id is not None:
                state = "failed" if failure else "done"
                await store.close_run(connection, backfill.run_id, state, failure)
            await _tell(connection, backfill, failure)
        elif backfill.state == "running":
            await store.chain(connection, crew.queue, backfill_id, backfill.source_id, hold.job_id)
    log.info("a step of a backfill is done", backfill=backfill_id, over=over, error=failure)


async def _tell(connection: AsyncConnection, backfill: Backfill, failure: str | None) -> None:
    """The end of a backfill is an event: it may come days after it was asked for."""
    name = f"backfill {backfill.backfill_id} of {backfill.source_id}"
    sentence = f"{name} failed: {failure}" if failure else f"{name} is done"
    await add_event(
        connection,
        kind=EventKind.BACKFILL,
        sentence=f"{sentence}; `tonggao backfill show {backfill.backfill_id}`",
        source_id=backfill.source_id,
        new_state="failing" if failure else None,
    )
