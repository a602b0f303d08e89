"""One try at a request: every hop checked, permitted, waited for, sent and judged."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field, replace

from scraper.fetch.budget import Budget, HostBusy
from scraper.fetch.client import Client, NoPlace, Reply
from scraper.fetch.exchange import Answer, Purpose, Request
from scraper.fetch.guard import Refusal, Target, check_target, locate
from scraper.fetch.pace import base_interval, retry_after
from scraper.fetch.policy import FetchPolicy, TlsException
from scraper.fetch.redirect import Stub, follow, location, stub_of
from scraper.fetch.robots import HostUnreachable, Permission, Robots, Superseded
from scraper.fetch.verdict import (
    MARKUP,
    Verdict,
    http_charset,
    is_document,
    judge_by,
    media_type,
)
from scraper.fetch.walls import SCRIPT, NameWall, name_here
from scraper.log import get_logger
from scraper.outcome import Outcome
from scraper.timekeeping import DOUBT_SECONDS, Timekeeper

log = get_logger(__name__)

_MAY_ASK_FOR_REST = frozenset({Outcome.RATE_LIMITED, Outcome.MAINTENANCE, Outcome.SERVER_ERROR})
"""Outcomes whose answer may say, by Retry-After, for how long the host is to be left alone."""


@dataclass(slots=True)
class _Hop:
    """What one hop brought."""

    request: Request
    reply: Reply
    verdict: Verdict
    stub: Stub | None = None


@dataclass(slots=True)
class Trip:
    """The way of one try through its redirects.

    Attributes:
        request: as it was asked.
        clock: tells the present.
        at: when the last request was begun; before that, when the try was.
        name_wall: tells walls from pages.
        asked_rest: seconds that the last server asked us to wait, or until its robots.txt is asked
            for again.
    """

    request: Request
    clock: Timekeeper
    policy: FetchPolicy
    client: Client
    budget: Budget
    robots: Robots
    name_wall: NameWall = name_here
    asked_rest: float | None = None
    at: dt.datetime = field(init=False)
    _hops: list[_Hop] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _sent_on: str = ""

    def __post_init__(self) -> None:
        self.at = self.clock()

    async def run(self) -> Answer:
        """Go until there is an answer, or a reason why there is none.

        Raises:
            Superseded: it was for robots.txt, and another process has brought it meanwhile.
        """
        hop = self._unconditional(self.request) if self._too_old() else self.request
        try:
            start = locate(self.request.url)
            while True:
                done = await self._step(hop, start)
                if isinstance(done, Answer):
                    return done
                hop = done
        except Refusal as refusal:
            outcome = Outcome.OFF_LIST if refusal.listed else Outcome.REFUSED_UNSAFE
            return self._answer(Verdict(outcome, str(refusal)))
        except HostUnreachable as unreachable:
            return self._answer(Verdict(unreachable.outcome, str(unreachable)))
        except HostBusy as busy:
            self.asked_rest = busy.wait
            return self._answer(Verdict(Outcome.BUSY, str(busy)))

    async def _step(self, hop: Request, start: Target) -> Request | Answer:
        target = self._checked(hop, start)
        permission = await self._permission(hop, target)
        if not permission.allowed:
            self.asked_rest = permission.again_in
            return self._answer(Verdict(Outcome.BLOCKED_ROBOTS, permission.detail))
        await self._exchange(hop, target, permission.crawl_delay)
        return self._next(hop)

    def _checked(self, hop: Request, start: Target) -> Target:
        target, rules = locate(hop.url), hop.rules
        if TlsException.HTTP_ONLY in rules.tls and target.scheme == "https":
            raise Refusal("the source is set to http only")
        if hop.purpose is Purpose.ROBOTS:
            # RFC 9309 section 2.3.1.2: its redirects are followed across hosts
            rules, start = replace(rules, allowed_hosts=()), target
        check_target(target, start, rules, self.policy.ports)
        return target

    async def _permission(self, hop: Request, target: Target) -> Permission:
        if hop.purpose is Purpose.ROBOTS:
            return Permission(allowed=True)
        if hop.rules.ignore_robots:
            log.info("robots.txt is disregarded", source=hop.source_id, url=hop.url)
            return Permission(allowed=True)
        return await self.robots.ask(target.origin, hop)

    async def _exchange(self, hop: Request, target: Target, crawl_delay: float | None) -> None:
        policy, rules = self.policy, hop.rules
        wait = policy.slot_wait if hop.slot_wait is None else hop.slot_wait
        interval = base_interval(policy, rules, crawl_delay)
        slot = await self.budget.reserve(
            target.host, interval, wait, overridden=rules.override_interval
        )
        reply, verdict = Reply(), Verdict(Outcome.OK)
        try:
            await self._still_wanted(hop, target)
            reply = await self._send(hop, target)
            verdict = await self._judge(hop, reply)
            stub = self._stub(hop, reply) if verdict.outcome is Outcome.OK else None
            verdict = self._judge_stub(hop, stub) or verdict
            self._hops.append(_Hop(hop, reply, verdict, stub))
        finally:
            answered = reply.seconds if reply.status is not None else None
            since = reply.seconds - reply.headers_after
            rest = self._rest(reply, verdict)
            await self.budget.release(slot, verdict.outcome, answered, since, rest)

    async def _send(self, hop: Request, target: Target) -> Reply:
        try:
            async with self.client.place():
                self.at = self.clock()
                reply = await self.client.send(hop, target)
                self.clock.hear(target.host, reply.headers)
                if self.clock.judgement().doubtful:  # as this host may have borne out
                    self.at = self.clock() - dt.timedelta(seconds=reply.seconds)
                return reply
        except NoPlace as error:
            raise HostBusy(target.host, self.policy.backoff) from error

    async def _still_wanted(self, hop: Request, target: Target) -> None:
        """Look, now that the host is ours, whether another process has brought its robots.txt."""
        if hop is not self.request or hop.purpose is not Purpose.ROBOTS:
            return
        if (stored := await self.robots.find(target.origin)) is not None:
            raise Superseded(stored)

    async def _judge(self, hop: Request, reply: Reply) -> Verdict:
        if reply.outcome is not None:
            return Verdict(reply.outcome, reply.detail)
        status = reply.status or 0
        if location(status, reply.headers.get("location"), hop.url) is not None:
            return Verdict(Outcome.OK)
        if status == 304:
            return self._judge_unchanged(hop)
        verdict = await judge_by(
            self.name_wall, status, reply.headers, reply.body, hop.purpose, hop.url
        )
        if (
            hop.documents
            and verdict.outcome is Outcome.WRONG_TYPE
            and is_document(reply.headers, reply.body)
        ):
            verdict = Verdict(Outcome.OK)
        if verdict.outcome is Outcome.OK and self._same(reply.body):
            return Verdict(Outcome.NOT_MODIFIED, "sent again, and the same")
        return verdict

    @staticmethod
    def _stub(hop: Request, reply: Reply) -> Stub | None:
        """Where a page sends its reader on, if it is asked for to be read and does nothing else."""
        wanted = hop.purpose in {Purpose.LISTING, Purpose.ARTICLE} and reply.status == 200
        if not wanted or (media_type(reply.headers) or "text/html") not in MARKUP:
            return None
        return stub_of(reply.headers, reply.body, hop.url)

    def _judge_stub(self, hop: Request, stub: Stub | None) -> Verdict | None:
        """A page that leads back to itself is a check of who asks; None where it can be followed."""
        if stub is None:
            return None
        if stub.url == hop.url or stub.url in self._seen:
            return Verdict(Outcome.WALL, f"{SCRIPT} (a page that leads back to itself)", SCRIPT)
        if stub.sets_cookie and not hop.rules.cookies:
            detail = f"redirects to {stub.url}, and sets a cookie first"
            return Verdict(Outcome.BAD_REDIRECT, detail)
        return None

    def _judge_unchanged(self, hop: Request) -> Verdict:
        if not hop.conditional:
            return Verdict(Outcome.PROTOCOL, "304 to a request without conditions")
        return Verdict(Outcome.NOT_MODIFIED, "status 304")

    def _same(self, body: bytes) -> bool:
        held = self.request.body_digest
        return held is not None and hashlib.sha256(body).hexdigest() == held

    def _rest(self, reply: Reply, verdict: Verdict) -> float:
        """Seconds that the host is to be left alone, beyond its usual rest."""
        self.asked_rest = None
        if verdict.outcome is Outcome.WALL:
            own = self.request.wall_rest
            return self.policy.wall_rest if own is None else own
        if verdict.outcome in _MAY_ASK_FOR_REST:
            text = reply.headers.get("retry-after")
            self.asked_rest = retry_after(text, self.at, self.policy.retry_after_cap)
        return self.asked_rest or 0.0

    def _next(self, hop: Request) -> Request | Answer:
        last = self._hops[-1]
        if self._contradicts(hop, last):
            return self._unconditional(hop)
        there = location(last.reply.status, last.reply.headers.get("location"), hop.url)
        if last.stub is not None and last.verdict.outcome is Outcome.OK:
            there = self._sent_on = last.stub.url
        if there is None or last.reply.outcome is not None:
            return self._answer(last.verdict)
        self._seen.add(hop.url)
        if not there:
            return self._answer(Verdict(Outcome.BAD_REDIRECT, "it names no address"))
        if len(self._hops) > self.policy.redirects:
            detail = f"more than {self.policy.redirects} redirects"
            return self._answer(Verdict(Outcome.BAD_REDIRECT, detail))
        if there in self._seen and not hop.rules.cookies:
            return self._answer(Verdict(Outcome.BAD_REDIRECT, f"a circle, back to {there}"))
        return follow(hop, there, last.reply.status)

    def _contradicts(self, hop: Request, last: _Hop) -> bool:
        """Whether a 304 names another validator than the one it confirms: then it is not believed."""
        if last.verdict.outcome is not Outcome.NOT_MODIFIED or last.reply.status != 304:
            return False
        theirs = last.reply.headers.get("etag")
        return bool(hop.etag and theirs and _weak(theirs) != _weak(hop.etag))

    def _too_old(self) -> bool:
        body_at = self.request.body_at
        if body_at is None:
            return False
        age = (self.at - body_at).total_seconds()
        return age > self.policy.trust_304 or age < -DOUBT_SECONDS  # of a wrong clock's future

    @staticmethod
    def _unconditional(request: Request) -> Request:
        return replace(request, etag=None, last_modified=None)

    def _answer(self, verdict: Verdict) -> Answer:
        last = self._hops[-1] if self._hops else None
        reply = last.reply if last else Reply()
        if self._sent_on and not verdict.outcome.good:
            verdict = replace(verdict, detail=f"redirects to {self._sent_on}: {verdict.detail}")
        body = reply.body if verdict.outcome.good or self.request.purpose is Purpose.ROBOTS else b""
        return Answer(
            request=self.request,
            url=last.request.url if last else self.request.url,
            outcome=verdict.outcome,
            fetched_at=self.at,
            clock_doubtful=self.clock.judgement().doubtful,
            status=reply.status,
            headers=reply.headers,
            body=body,
            http_charset=http_charset(reply.headers),
            media_type=media_type(reply.headers),
            digest=hashlib.sha256(body).hexdigest() if body else None,
            milliseconds=round(1000 * sum(hop.reply.seconds for hop in self._hops)),
            wire_bytes=reply.wire_bytes,
            redirects=max(0, len({hop.request.url for hop in self._hops}) - 1),
            wall=verdict.wall,
            detail=verdict.detail,
        )


def _weak(etag: str) -> str:
    """An entity tag for weak comparison (RFC 9110 section 8.8.3.2)."""
    return etag.strip().removeprefix("W/")
