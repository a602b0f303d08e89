"""robots.txt (RFC 9309), kept in PostgreSQL for every process; ``protego`` reads the rules."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal

from protego import Protego
from psycopg.rows import class_row

from scraper.database import Pool, Statements
from scraper.fetch.exchange import Answer, Request
from scraper.fetch.policy import FetchPolicy
from scraper.outcome import Outcome

_STATEMENTS = Statements("fetching")
_NOBODY_THERE = frozenset(
    {Outcome.DNS, Outcome.CONNECT, Outcome.TLS, Outcome.REFUSED_UNSAFE, Outcome.BUSY}
)
_REMEMBERED = 2_000
_MEMORY = 600.0  # seconds a process goes without looking whether another has refreshed the file
_MOST_STARS = 3
_MOST_PATH = 512


class HostUnreachable(Exception):
    """robots.txt was not had because the host was not reached at all: nor would the page be."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.request.url}: {answer.detail}")
        self.outcome, self.retry_at = answer.outcome, answer.retry_at


@dataclass(frozen=True, slots=True)
class StoredRobots:
    """A row of ``tonggao.robots``; ``left`` is the seconds until it expires."""

    origin: str
    verdict: Literal["rules", "allow", "disallow"]
    body: str
    status: int | None
    detail: str
    left: float


class Superseded(Exception):
    """While a request for robots.txt waited for its slot, another process has brought it."""

    def __init__(self, stored: StoredRobots) -> None:
        super().__init__(stored.origin)
        self.stored = stored


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether a URL may be fetched, why not, and how long to rest between starts.

    ``again_in`` are the seconds until robots.txt is asked for again, where a refusal means only that
    it cannot be had at present.
    """

    allowed: bool
    crawl_delay: float | None = None
    detail: str = ""
    again_in: float | None = None


class RobotsRules:
    """The rules of one origin for our product token."""

    def __init__(self, stored: StoredRobots, agent: str) -> None:
        self._stored, self._agent = stored, agent
        self._rules = (
            Protego.parse(without_costly_patterns(stored.body))
            if stored.verdict == "rules"
            else None
        )

    def ask(self, url: str) -> Permission:
        """Say whether a URL may be fetched."""
        if self._rules is None:
            if self._stored.verdict == "allow":
                return Permission(allowed=True)
            left = max(1.0, self._stored.left)
            return Permission(False, detail=self._stored.detail, again_in=left)
        allowed = self._rules.can_fetch(url[:_MOST_PATH], self._agent)
        return Permission(
            allowed, self._delay(self._rules), "" if allowed else "robots.txt disallows it"
        )

    def _delay(self, rules: Protego) -> float | None:
        rate = rules.request_rate(self._agent)
        by_rate = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(rules.crawl_delay(self._agent) or 0.0, by_rate) or None


def without_costly_patterns(text: str) -> str:
    """Shorten rules whose many ``*`` could make matching take for ever.

    A Disallow is cut after its third star, which forbids more; an Allow is left out.
    """
    return "\n".join(
        line
        for line in map(_shortened, text.removeprefix("\ufeff").splitlines())
        if line is not None
    )


def _shortened(line: str) -> str | None:
    if line.count("*") <= _MOST_STARS:
        return line
    name, _, pattern = line.partition(":")
    if name.strip().lower() != "disallow":
        return None
    return f"{name}: {'*'.join(pattern.split('*')[:_MOST_STARS])}*"


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer to the request for robots.txt means, before it is stored."""

    verdict: Literal["rules", "allow", "disallow"]
    body: str = ""
    detail: str = ""
    lifetime: float = 0.0


def read_answer(answer: Answer, policy: FetchPolicy) -> Reading:
    """RFC 9309 section 2.3.1: 4xx allows everything; 5xx, 429 and silence forbid it for now.

    For now means: until it answers, or under the one before, while that is young enough. Here the
    host was reached; where it was not, ``HostUnreachable`` tells why, and nothing is kept.
    Too many redirects count as 4xx (section 2.3.1.2), and so does what is no text.
    """
    status, outcome = answer.status or 0, answer.outcome
    if outcome is Outcome.OK:
        text = answer.body.decode("utf-8", "replace").replace("\x00", "")
        return Reading("rules", text, lifetime=policy.robots_lifetime)
    if (400 <= status < 500 and status != 429) or outcome is Outcome.BAD_REDIRECT:
        return Reading("allow", detail=f"status {status}", lifetime=policy.robots_lifetime)
    detail = f"robots.txt cannot be had at present: {outcome.value}, {answer.detail}"
    return Reading("disallow", detail=detail)


class Robots:
    """Asks robots.txt, fetching it where the stored one is too old."""

    def __init__(
        self, pool: Pool, policy: FetchPolicy, fetch: Callable[[str, Request], Awaitable[Answer]]
    ) -> None:
        self._pool, self._policy, self._fetch = pool, policy, fetch
        self._known: OrderedDict[str, tuple[RobotsRules, float]] = OrderedDict()
        self._asking: dict[str, asyncio.Future[RobotsRules]] = {}

    async def ask(self, origin: str, request: Request) -> Permission:
        """Say whether a request may be sent; ``origin`` is its scheme, host and port."""
        known = self._known.get(origin)
        if known is not None and known[1] > asyncio.get_running_loop().time():
            return known[0].ask(request.url)
        return (await self._learn(origin, request)).ask(request.url)

    async def _learn(self, origin: str, asker: Request) -> RobotsRules:
        if (asking := self._asking.get(origin)) is None:
            asking = self._asking[origin] = asyncio.ensure_future(self._load(origin, asker))
            asking.add_done_callback(lambda _: self._asking.pop(origin, None))
        return await asyncio.shield(asking)

    async def _load(self, origin: str, asker: Request) -> RobotsRules:
        stored = await self.find(origin) or await self._refresh(origin, asker)
        rules = RobotsRules(stored, self._policy.robots_agent)
        until = asyncio.get_running_loop().time() + min(stored.left, _MEMORY)
        self._known[origin] = (rules, until)
        self._known.move_to_end(origin)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return rules

    async def _refresh(self, origin: str, asker: Request) -> StoredRobots:
        try:
            answer = await self._fetch(f"{origin}/robots.txt", asker)
        except Superseded as superseded:
            return superseded.stored
        if answer.status is None and answer.outcome in _NOBODY_THERE:
            raise HostUnreachable(answer)
        reading = read_answer(answer, self._policy)
        if reading.verdict == "disallow":
            return await self._fail(origin, reading, answer.status)
        return await self._store(origin, reading, answer.status)

    async def find(self, origin: str) -> StoredRobots | None:
        """The stored robots.txt of an origin, None where there is none that is young enough."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(StoredRobots))
            await cursor.execute(_STATEMENTS["find_robots"], {"origin": origin})
            return await cursor.fetchone()

    async def _fail(self, origin: str, reading: Reading, status: int | None) -> StoredRobots:
        """Note a failure; what is in force until it is asked for again comes back."""
        arguments = {
            "origin": origin,
            "status": status,
            "detail": reading.detail,
            "waits": list(self._policy.robots_waits),
            "trust": self._policy.robots_trust,
        }
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(StoredRobots))
            await cursor.execute(_STATEMENTS["fail_robots"], arguments)
            row = await cursor.fetchone()
        if row is None:
            raise AssertionError("INSERT … ON CONFLICT DO UPDATE … RETURNING gives a row")
        return row

    async def _store(self, origin: str, reading: Reading, status: int | None) -> StoredRobots:
        arguments = {
            "origin": origin,
            "verdict": reading.verdict,
            "body": reading.body,
            "status": status,
            "detail": reading.detail,
            "lifetime": reading.lifetime,
        }
        async with self._pool.connection() as connection:
            await connection.execute(_STATEMENTS["store_robots"], arguments)
        return StoredRobots(
            origin, reading.verdict, reading.body, status, reading.detail, reading.lifetime
        )
