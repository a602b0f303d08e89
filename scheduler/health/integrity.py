"""The daemon's rolling check: everything that digests cover, once a day, a share at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from scheduler.health.events import EventKind
from scheduler.health.store import add_event
from scraper.archive.integrity.checking import check
from scraper.archive.integrity.findings import of_the_day
from scraper.database import Pool
from scraper.log import get_logger

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

EVERY_SECONDS = 600.0
_NAMED = 5
log = get_logger(__name__)


async def check_share(
    pool: Pool, moment: dt.datetime, certificates: Sequence[Certificate] = ()
) -> int:
    """Check the share whose turn it is, and tell of what is altered; how many values are.

    Args:
        pool: of the owner.
        moment: the present, aware; the share follows from the time of day.
        certificates: which the timestamps of roots must lead to; none: their signatures are not looked at.
    """
    found = await check(pool, of_the_day(moment, EVERY_SECONDS), certificates=certificates)
    if found.altered:
        sentence = (
            f"{len(found.altered)} stored values are not what was stored: {found.altered[0]}; "
            "`tonggao verify --all` names all, a backup has the right ones"
        )
        evidence = {"altered": [str(each) for each in found.altered[:_NAMED]]}
        async with pool.connection() as connection:
            await add_event(
                connection, kind=EventKind.INTEGRITY, sentence=sentence, evidence=evidence
            )
        log.error("stored values are altered", values=len(found.altered))
    return len(found.altered)
