"""What a daemon does about the chain: it seals days that are over, and has their roots stamped."""

from __future__ import annotations

import datetime as dt

from scheduler.proof.authority import Authority, stamp
from scraper.archive.proof.sealing import seal
from scraper.clock import SHANGHAI
from scraper.database import Pool
from scraper.errors import TimestampError
from scraper.log import get_logger

EVERY_SECONDS = 600.0
"""Between two looks whether a day is over; also between two tries of an authority that is away."""
log = get_logger(__name__)


async def keep_chain(pool: Pool, moment: dt.datetime, authority: Authority | None) -> None:
    """Seal what is over; then ask for timestamps, if anybody is to be asked.

    Args:
        pool: of the owner.
        moment: the present, aware.
        authority: who stamps; None: nobody.
    """
    for root in await seal(pool, moment.astimezone(SHANGHAI).date()):
        log.info("a day was sealed", day=root.day.isoformat(), leaves=root.leaves)
    if authority is None:
        return
    try:
        await stamp(pool, authority)
    except TimestampError as error:
        log.warning("a root was not stamped; it is tried again", error=str(error))
