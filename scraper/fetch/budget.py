"""The budget of each host, kept in PostgreSQL and shared by every process on every machine.

A request reserves its host by one statement that succeeds only when the host has rested and nobody
holds it. What is reserved is held by a lease that ends by itself, so a killed process blocks
nobody. The clock is the database server's; what passes between it and us is durations. Within a
process requests for a host go first come, first served; between processes the one that had the
last slot lets the others go first.
"""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from weakref import WeakValueDictionary

from psycopg.rows import class_row

from scraper.batch import Batch
from scraper.database import Pool, Statements, alone
from scraper.fetch.pace import Pace, next_pace, pause
from scraper.fetch.policy import FetchPolicy
from scraper.outcome import Outcome

_STATEMENTS = Statements("budget")
_LEAST_WAIT = 0.01
_POLL = 0.2  # while another process's request is under way beyond the host's rest
_COURTESY = 0.05  # how much later the holder of the last slot comes back


@dataclass(frozen=True, slots=True)
class Ask:
    """A wish for a host's slot."""

    host: str
    token: uuid.UUID
    interval: float
    overridden: bool


@dataclass(frozen=True, slots=True)
class Grant:
    """What the database says to a wish."""

    host: str
    granted: bool
    factor: float
    response: float
    wait: float
    held: bool
    ours: bool


@dataclass(frozen=True, slots=True)
class Slot:
    """A reserved start on a host; it has to be given back."""

    host: str
    token: uuid.UUID
    interval: float
    pace: Pace
    granted_at: float
    turn: asyncio.Lock


@dataclass(frozen=True, slots=True)
class _Return:
    host: str
    token: uuid.UUID
    ago: float
    pause: float
    rest: float
    pace: Pace


class HostBusy(Exception):
    """The next slot lies further ahead than the request may wait."""

    def __init__(self, host: str, wait: float) -> None:
        super().__init__(f"the next slot of {host} is {wait:.0f} s ahead")
        self.wait = wait


class Budget:
    """Reserves and gives back the slots of hosts for one process."""

    def __init__(self, pool: Pool, policy: FetchPolicy, chance: random.Random) -> None:
        self._pool, self._policy, self._chance = pool, policy, chance
        self._holder = uuid.uuid4()
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._asking: Batch[Ask, Grant] = Batch(self._ask)
        self._returning: Batch[_Return, None] = Batch(self._give_back)
        self._unclaimed: set[asyncio.Task[None]] = set()

    async def reserve(self, host: str, interval: float, most: float, *, overridden: bool) -> Slot:
        """Wait for the host's next slot and take it.

        Args:
            host: name in lower case.
            interval: seconds since the start before that must have passed.
            most: seconds to wait at most.
            overridden: whether the operator has shortened the interval; recorded.

        Raises:
            HostBusy: it would take longer than ``most``.
        """
        turn = self._turns.get(host)
        if turn is None:
            self._turns[host] = turn = asyncio.Lock()
        until = asyncio.get_running_loop().time() + most
        try:
            async with asyncio.timeout(most):
                await turn.acquire()
        except TimeoutError as error:
            raise HostBusy(host, most) from error
        try:
            return await self._take(host, interval, until, turn, overridden=overridden)
        except BaseException:
            turn.release()
            raise

    async def release(
        self, slot: Slot, outcome: Outcome, seconds: float | None, since_start: float, rest: float
    ) -> None:
        """Give a slot back and say when the host may be asked again.

        Args:
            slot: as reserved.
            outcome: what became of the request.
            seconds: how long the answer took, None where there was none.
            since_start: seconds since the latest moment at which the host can have seen the start.
            rest: seconds from now that the host itself has asked for.
        """
        pace = next_pace(slot.pace, outcome, seconds)
        length = pause(self._policy, slot.interval, pace, self._chance.random())
        try:
            await asyncio.shield(
                self._returning.put(_Return(slot.host, slot.token, since_start, length, rest, pace))
            )
        finally:
            slot.turn.release()

    async def close(self) -> None:
        """Wait until everything is given back."""
        if self._unclaimed:
            await asyncio.wait(self._unclaimed)
        await self._asking.drained()
        await self._returning.drained()

    async def _take(
        self, host: str, interval: float, until: float, turn: asyncio.Lock, *, overridden: bool
    ) -> Slot:
        loop = asyncio.get_running_loop()
        ask = Ask(host, uuid.uuid4(), interval, overridden)
        while True:
            grant = await self._asked(ask)
            if grant.granted:
                pace = Pace(grant.factor, grant.response)
                return Slot(host, ask.token, interval, pace, loop.time(), turn)
            wait = self._wait(grant)
            if loop.time() + wait > until:
                raise HostBusy(host, grant.wait)
            await asyncio.sleep(wait)

    async def _asked(self, ask: Ask) -> Grant:
        future = self._asking.put(ask)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            task = asyncio.create_task(self._return_unclaimed(ask, future))
            self._unclaimed.add(task)
            task.add_done_callback(self._unclaimed.discard)
            raise

    async def _return_unclaimed(self, ask: Ask, future: asyncio.Future[Grant]) -> None:
        """Give back what was granted after the request had been cancelled."""
        grant = await future
        if grant.granted:
            pace = Pace(grant.factor, grant.response)
            await self._returning.put(_Return(ask.host, ask.token, 0.0, 0.0, 0.0, pace))

    def _wait(self, grant: Grant) -> float:
        wait = max(grant.wait, _LEAST_WAIT)
        if grant.held:
            wait = max(wait, _POLL * (0.5 + self._chance.random() / 2))
        return wait + (_COURTESY if grant.ours and not grant.held else 0.0)

    async def _ask(self, asks: list[Ask]) -> Sequence[Grant]:
        arguments = {
            "hosts": [ask.host for ask in asks],
            "tokens": [ask.token for ask in asks],
            "intervals": [ask.interval for ask in asks],
            "overridden": [ask.overridden for ask in asks],
            "lease": self._policy.lease,
            "holder": self._holder,
        }
        async with alone(self._pool) as connection:
            cursor = connection.cursor(row_factory=class_row(Grant))
            await cursor.execute(_STATEMENTS["reserve_slots"], arguments)
            grants = {grant.host: grant for grant in await cursor.fetchall()}
        return [grants[ask.host] for ask in asks]

    async def _give_back(self, returns: list[_Return]) -> Sequence[None]:
        columns = zip(*(_row(each) for each in returns), strict=True)
        names = ("hosts", "tokens", "agos", "pauses", "rests", "factors", "responses")
        arguments = dict(zip(names, map(list, columns), strict=True))
        async with alone(self._pool) as connection:
            await connection.execute(_STATEMENTS["release_slots"], arguments)
        return [None] * len(returns)


def _row(each: _Return) -> Iterable[object]:
    pace = each.pace
    return each.host, each.token, each.ago, each.pause, each.rest, pace.factor, pace.response
