"""What a daemon does about the chain: it seals days that are over, and has their roots stamped."""

from __future__ import annotations

import datetime as dt

from scheduler.health.events import EventKind
from scheduler.health.store import add_event
from scheduler.proof.authority import Authority, stamp
from scraper.archive.proof.rows import one_value
from scraper.archive.proof.sealing import seal
from scraper.clock import SHANGHAI
from scraper.database import Pool
from scraper.errors import TimestampError
from scraper.log import get_logger

EVERY_SECONDS = 600.0
"""Between two looks whether a day is over; also between two tries of an authority that is away."""
LATE = dt.timedelta(days=3)
"""From the day of the last root with a timestamp on, after which the operator is told: the next one was made a day ago."""
log = get_logger(__name__)


async def keep_chain(pool: Pool, moment: dt.datetime, authority: Authority | None) -> None:
    """Seal what is over; then ask for timestamps, if anybody is to be asked.

    Args:
        pool: of the owner.
        moment: the present, aware.
        authority: who stamps; None: nobody.
    """
    today = moment.astimezone(SHANGHAI).date()
    for root in await seal(pool, today):
        log.info("a day was sealed", day=root.day.isoformat(), leaves=root.leaves)
    if authority is None:
        return
    try:
        await stamp(pool, authority)
    except TimestampError as error:
        log.warning("a root was not stamped; it is tried again", error=str(error))
        await _tell_if_late(pool, today, error)


async def _tell_if_late(pool: Pool, today: dt.date, error: TimestampError) -> None:
    """Tell the operator of an authority that stays away, once for each time it does; at once where it never answered."""
    async with pool.connection() as connection:
        last: dt.date | None = await one_value(connection, "last_stamped")
        if last is not None and today - last < LATE:
            return
        after = f"that of {last}" if last else "the first"
        told = {"kind": EventKind.TIMESTAMP, "after": after}
        if not await one_value(connection, "told_unstamped", told):
            await add_event(
                connection,
                kind=EventKind.TIMESTAMP,
                sentence=f"no root since {after} gets a timestamp: {error}; it is tried again, and `tonggao proof "
                "seal` tries at once; timestamp_authority says who is asked",
                evidence={"after": after, "error": str(error)},
            )
