"""Sending what should be told, by apprise, from one process at a time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from psycopg import AsyncConnection
from psycopg.rows import class_row

from scheduler.health.doctor import state_counts
from scheduler.health.events import QUIET_KINDS, EventKind
from scheduler.notifications.messages import Event, Message, Severity, bundle, digest, may_send
from scraper.clock import now
from scraper.database import Pool, Statements
from scraper.errors import NotificationError, SettingsError
from scraper.log import get_logger

SQL = Statements("notifications")
SEND_SECONDS = 60.0
_QUIET = {"quiet": list(QUIET_KINDS)}
_DIGEST = {"digest": EventKind.DIGEST.value}
Send = Callable[[Message], Awaitable[bool]]
log = get_logger(__name__)


@contextmanager
def _silent(library: str) -> Iterator[None]:
    """Let a library log nothing meanwhile."""
    logger = logging.getLogger(library)
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def sender(addresses: str) -> Send:
    """A way to send messages.

    Args:
        addresses: in apprise's notation, separated by spaces.

    Raises:
        SettingsError: one of them is not understood (it is not shown: it may hold a secret).
    """
    import apprise  # noqa: PLC0415 - a hundred services, for those who want to be told

    service = apprise.Apprise()
    for number, address in enumerate(addresses.split(), start=1):
        with _silent("apprise"):  # it logs an address that it does not understand, key and all
            understood = service.add(address)
        if not understood:
            raise SettingsError(
                f"address {number} of notify_urls (TONGGAO_NOTIFY_URLS) is none that apprise knows"
            )

    async def send(message: Message) -> bool:
        async with asyncio.timeout(SEND_SECONDS):
            return bool(
                await service.async_notify(
                    title=message.title, body=message.body, notify_type=message.severity.value
                )
            )

    return send


async def send_test(send: Send) -> None:
    """Send a message that says that alarms arrive.

    Raises:
        NotificationError: it was not taken by every address.
    """
    message = Message("tonggao: a test", "Alarms of this archive arrive here.", Severity.NEWS)
    if not await _sent(send, message):
        raise NotificationError(
            "the test message was not taken by every address of notify_urls; the log above says"
            " which service refused it: look at its address and key"
        )


async def tell(pool: Pool, send: Send) -> int:
    """Send the events that were not told yet, if a message may go now.

    Returns:
        How many were told. After a failure they are told later.
    """
    async with pool.connection() as connection:
        if not await _alone(connection):
            return 0
        async with connection.cursor(row_factory=class_row(Event)) as cursor:
            await cursor.execute(SQL["untold"], _QUIET)
            events = await cursor.fetchall()
        sent = [row[0] for row in await (await connection.execute(SQL["sent"], _QUIET)).fetchall()]
        if not events or not may_send(sent, events[0].at, now()):
            return 0
        if not await _sent(send, bundle(events)):
            return 0
        await connection.execute(SQL["told"], {"events": [event.event_id for event in events]})
    return len(events)


async def tell_the_day(pool: Pool, send: Send) -> bool:
    """Send the daily digest, once, whichever daemon comes first."""
    states = await state_counts(pool)
    async with pool.connection() as connection:
        if not await _alone(connection):
            return False
        row = await (await connection.execute(SQL["digest_sent"], _DIGEST)).fetchone()
        if row and row[0]:
            return False
        troubled = await (await connection.execute(SQL["troubled"])).fetchall()
        new = await (await connection.execute(SQL["new_releases"])).fetchone()
        message = digest(states, [(a, b, c) for a, b, c in troubled], new[0] if new else 0)
        if not await _sent(send, message):
            return False
        await connection.execute(
            SQL["digest_done"], {**_DIGEST, "sentence": message.body.splitlines()[0]}
        )
    return True


async def _alone(connection: AsyncConnection) -> bool:
    row = await (await connection.execute(SQL["lock"])).fetchone()
    return bool(row and row[0])


async def _sent(send: Send, message: Message) -> bool:
    try:
        done = await send(message)
    except Exception as error:  # noqa: BLE001  a plug-in for somebody else's service: anything
        log.warning("a message could not be sent and will be tried again", error=repr(error))
        return False
    if not done:
        log.warning("a message could not be sent and will be tried again")
    return done
