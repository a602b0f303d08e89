"""The fetcher: what the rest of the program asks for pages."""

from __future__ import annotations

import asyncio
import datetime as dt
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType
from typing import Self

from scraper.clock import now
from scraper.database import Pool
from scraper.fetch.budget import Budget
from scraper.fetch.client import Client
from scraper.fetch.connect import Resolver, SystemResolver
from scraper.fetch.exchange import Answer, Decision, Purpose, Request, UrlState
from scraper.fetch.ledger import Ledger
from scraper.fetch.policy import FetchPolicy
from scraper.fetch.retry import again_soon, plan
from scraper.fetch.robots import Robots
from scraper.fetch.trip import Trip
from scraper.fetch.walls import NameWall, name_here
from scraper.log import get_logger
from scraper.outcome import Outcome
from scraper.timekeeping import Timekeeper

log = get_logger(__name__)


class Fetcher:
    """Brings pages, politely. An async context manager; one for a process.

    Args:
        pool: the database in which budget, robots.txt, attempts and failing URLs are kept.
        policy: how to behave.
        resolve: in place of the system's resolver.
        clock: the wall clock, aware; for the record and the retry times only, never for the budget.
            Where witnesses speak against it, what they say is written down (``timekeeping``).
        chance: the source of jitter.
        name_wall: tells walls from pages; a visit has it done by its readers.
    """

    def __init__(
        self,
        pool: Pool,
        policy: FetchPolicy | None = None,
        *,
        resolve: Resolver | None = None,
        clock: Callable[[], dt.datetime] = now,
        chance: random.Random | None = None,
        name_wall: NameWall = name_here,
    ) -> None:
        self.policy = policy or FetchPolicy()
        self.clock = Timekeeper(clock)
        self.ledger = Ledger(pool, self.clock)
        self._chance = chance or random.SystemRandom()
        self._resolve = resolve
        self._name_wall = name_wall
        self._pool = pool
        self._budget = Budget(pool, self.policy, self._chance)
        self._robots = Robots(pool, self.policy, self._fetch_robots)
        self._client: Client | None = None
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        resolve = self._resolve
        if resolve is None:
            resolve = system = SystemResolver()
            self._open.callback(system.close)
        self._client = await self._open.enter_async_context(Client(self.policy, resolve))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._budget.close()
        await self.ledger.close()
        await self._open.aclose()

    async def fetch(self, request: Request) -> Answer:
        """Bring a page, or say what became of it; tries again where that may soon help.

        Never raises for the network or for what a server does. Each try is a row of
        ``tonggao.attempt``; a URL that fails is remembered with the time it is due again.

        Raises:
            psycopg.Error: the database cannot be used.
        """
        tries = 0
        while True:
            tries += 1
            trip = self._trip(request)
            answer = await trip.run()
            soon = again_soon(self.policy, answer.outcome, tries, self._chance.random())
            if soon is None or trip.asked_rest:
                return await self._conclude(answer, trip.asked_rest)
            await self._record(replace(answer, decision=Decision.AGAIN, retry_at=self._in(soon)))
            await asyncio.sleep(soon)

    async def amend(self, answer: Answer, outcome: Outcome, detail: str) -> Answer:
        """Correct an attempt by what reading the page has shown (empty, charset, parse_error …)."""
        answer = replace(answer, outcome=outcome, detail=detail)
        answer = await self._planned(answer, None, answer.state)
        await self.ledger.amend(answer)
        return answer

    async def purge_attempts(self, present: dt.datetime | None = None) -> int:
        """Remove the attempts that are older than the policy keeps them; tell how many."""
        before = (present or self.clock()) - dt.timedelta(seconds=self.policy.keep_attempts)
        return await self.ledger.purge(before)

    def _trip(self, request: Request) -> Trip:
        if self._client is None:
            raise RuntimeError("the fetcher is not open: use it in `async with`")
        return Trip(
            request,
            self.clock,
            self.policy,
            self._client,
            self._budget,
            self._robots,
            self._name_wall,
        )

    async def _conclude(self, answer: Answer, asked: float | None) -> Answer:
        if answer.outcome.good:
            return await self._record(answer)
        state = await self.ledger.state(answer.request.remembered_as)
        return await self._record(await self._planned(answer, asked, state))

    async def _planned(self, answer: Answer, asked: float | None, state: UrlState) -> Answer:
        """Decide what is to be done about a URL that failed, and remember it."""
        made = plan(
            self.policy,
            answer.outcome,
            answer.request.purpose,
            state,
            answer.fetched_at,
            chance=self._chance.random(),
            asked=asked,
        )
        if made.state != state and answer.request.remembered:
            await self.ledger.remember(answer, made)
        return replace(
            answer,
            decision=made.decision,
            retry_at=made.retry_at,
            state=made.state,
        )

    async def _record(self, answer: Answer) -> Answer:
        recorded = await self.ledger.record(answer)
        if answer.decision is not Decision.NONE:
            log.warning(
                "a request did not bring the page",
                source=answer.request.source_id,
                url=answer.request.url[:300],
                outcome=answer.outcome.value,
                status=answer.status,
                detail=answer.detail,
                decision=answer.decision.value,
            )
        state = recorded.state if answer.outcome.good else answer.state
        return replace(answer, attempt_id=recorded.attempt_id, state=state)

    async def _fetch_robots(self, url: str, asker: Request) -> Answer:
        """Bring a robots.txt the way the request that needs it goes: its proxy, TLS and pace."""
        request = Request(
            url=url,
            purpose=Purpose.ROBOTS,
            source_id=asker.source_id,
            run_id=asker.run_id,
            rules=replace(asker.rules, allowed_hosts=(), cookies=False),
            slot_wait=asker.slot_wait,
        )
        trip = self._trip(request)
        answer = await trip.run()
        settled = answer.outcome.good or answer.outcome.says_gone  # there need not be one
        decision = Decision.NONE if settled else Decision.LATER
        return await self._record(replace(answer, decision=decision))

    def _in(self, seconds: float) -> dt.datetime:
        return self.clock() + dt.timedelta(seconds=seconds)
