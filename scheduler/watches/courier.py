"""Messages on their way: webhooks by our own POST, everything else by apprise.

A message is claimed, sent, and marked: a process that is killed between sending and marking leaves it
claimed for a while, and then it goes once more under the same key.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import random
import time
from contextlib import suppress
from dataclasses import dataclass

import httpx

from scheduler.notifications.messages import Message
from scheduler.notifications.sending import sender
from scheduler.watches import outbox
from scheduler.watches.faults import Fault, fault_of_status
from scheduler.watches.outbox import Claimed
from scheduler.watches.signing import headers
from scheduler.watches.targets import is_webhook, without_secrets
from scheduler.watches.timing import LONGEST_WAIT, wait_after
from scheduler.watches.wording import Outgoing, json_of, text_of, title_of
from scraper.clock import now
from scraper.controls import visible
from scraper.database import Pool
from scraper.errors import SettingsError
from scraper.fetch.pace import retry_after
from scraper.log import get_logger

AT_ONCE = 8
ANSWER_SECONDS = 10.0
WHOLE_SECONDS = 25.0
"""Of one attempt; less than a claim lasts."""
ROUND_SECONDS = 15.0
"""After these no more is claimed in a round: a duty that takes longer than a minute counts as ill."""
LONGEST_DETAIL = 200
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """How an attempt ended.

    Attributes:
        fault: None: the target took the message.
        detail: what it answered, shortened.
        asked: how long it wants to be left alone.
    """

    fault: Fault | None
    detail: str = ""
    asked: dt.timedelta | None = None


class Courier:
    """Sends what is in the outbox.

    Args:
        pool: the archive.
        reader: where the web reader is, for links; None: nobody said so.
        seconds: how long a webhook may take to answer.
    """

    def __init__(self, pool: Pool, reader: str | None = None, seconds: float = ANSWER_SECONDS):
        self._pool = pool
        self._reader = reader
        self._seconds = seconds

    async def deliver(self) -> int:
        """Send what is due, some messages at once, for some seconds; how many were taken."""
        end = time.monotonic() + ROUND_SECONDS
        first = await outbox.claim(self._pool)
        if first is None:  # as at most looks: a client loads certificates, which takes 20 ms
            return 0
        plain = {"Accept-Encoding": "identity"}  # the beginning of an answer is to be read as it is
        async with httpx.AsyncClient(timeout=self._seconds, headers=plain) as client:
            others = (self._carry(client, end, None) for _ in range(AT_ONCE - 1))
            counts = await asyncio.gather(self._carry(client, end, first), *others)
        return sum(counts)

    async def _carry(self, client: httpx.AsyncClient, end: float, first: Claimed | None) -> int:
        """Send message after message, ``first`` before those that are claimed; how many were taken."""
        taken, claimed = 0, first or await outbox.claim(self._pool)
        while claimed is not None:
            taken += await self._send(client, claimed)
            claimed = await outbox.claim(self._pool) if time.monotonic() < end else None
        return taken

    async def _send(self, client: httpx.AsyncClient, claimed: Claimed) -> bool:
        """Send a message and note what came of it; whether it was taken."""
        message = await outbox.outgoing(self._pool, claimed)
        if message is None:
            return False
        attempt = await self._attempt(client, claimed, message)
        if attempt.fault is None:
            await outbox.sent(self._pool, claimed)
            return True
        detail = without_secrets(attempt.detail, claimed.address)
        log.warning(
            "a message of a watch was not taken",
            watch=claimed.watch_id,
            fault=attempt.fault,
            detail=detail,
            attempt=claimed.attempts,
        )
        chance = random.random()  # noqa: S311 - spreads attempts, hides nothing
        wait = wait_after(attempt.fault, claimed.attempts, attempt.asked, chance)
        await outbox.failed(self._pool, claimed, attempt.fault, detail, wait)
        return False

    async def _attempt(
        self, client: httpx.AsyncClient, claimed: Claimed, message: Outgoing
    ) -> Attempt:
        try:
            async with asyncio.timeout(WHOLE_SECONDS):
                if is_webhook(claimed.address):
                    return await post(client, claimed, json_of(message, self._reader))
                told = Message(title_of(message), text_of(message, self._reader))
                return await _by_service(claimed.address, told)
        except (TimeoutError, httpx.TimeoutException) as error:
            return Attempt(Fault.TIMEOUT, type(error).__name__)


async def post(client: httpx.AsyncClient, claimed: Claimed, told: object) -> Attempt:
    """Send a message to a webhook; redirects are not followed.

    Raises:
        httpx.TimeoutException: it did not answer in time.
    """
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    sealed = headers(claimed.secret, claimed.key, int(time.time()), body)
    try:
        async with client.stream("POST", claimed.address, content=body, headers=sealed) as answer:
            fault = fault_of_status(answer.status_code)
            if fault is None:
                return Attempt(None)
            said = f"{answer.status_code} {await _beginning(answer)}".strip()
            asked = retry_after(
                answer.headers.get("retry-after"), now(), LONGEST_WAIT.total_seconds()
            )
            return Attempt(fault, said, None if asked is None else dt.timedelta(seconds=asked))
    except httpx.TimeoutException:
        raise
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Attempt(Fault.UNREACHABLE, _short(str(error) or type(error).__name__))


async def _by_service(address: str, told: Message) -> Attempt:
    """Send by a service that apprise knows."""
    try:
        send = sender(address)
    except SettingsError:  # it speaks of notify_urls
        return Attempt(Fault.NOT_TAKEN, "apprise does not know the address")
    try:
        taken = await send(told)
    except TimeoutError:
        raise
    except Exception as error:  # noqa: BLE001  a plug-in for somebody else's service: anything
        return Attempt(Fault.NOT_TAKEN, type(error).__name__)
    return Attempt(None if taken else Fault.NOT_TAKEN)


async def _beginning(answer: httpx.Response) -> str:
    """The first words of an answer, for the operator; no more is read, and none need come: its status is said."""
    with suppress(httpx.HTTPError):
        async for piece in answer.aiter_raw():
            return _short(piece[: LONGEST_DETAIL * 4].decode("utf-8", "replace"))
    return ""


def _short(text: str) -> str:
    return visible(" ".join(text.replace("\x00", " ").split()))[:LONGEST_DETAIL]
