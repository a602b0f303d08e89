"""The one module that knows httpx: it sends a single request and gives back what came.

No redirect is followed here, no cookie is kept unasked, no body is read past its limits. Each
origin has a small pool of its own, for a host is asked one thing at a time; the least recently
used ones are closed.

To change to httpx2: put ``httpx2`` for ``httpx`` in this module, and ``httpcore2`` for ``httpcore``
here, in ``connect.py`` and in ``failures.py`` (a transport's answers and errors are httpcore's), and in
``pyproject.toml``. Version 2.16 has every name that is used here; ``tests/fetch`` decides on the rest.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import httpcore
import httpx

from scraper.fetch.bodies import ACCEPT_ENCODING, Body, BrokenBody
from scraper.fetch.connect import GuardedNetwork, Resolver
from scraper.fetch.exchange import Purpose, Request
from scraper.fetch.failures import FAILURES, name_failure
from scraper.fetch.guard import Refusal, Target
from scraper.fetch.policy import FetchPolicy, HostRules, Limit, SizeLimit
from scraper.fetch.proxies import proxy_for
from scraper.fetch.tls import TlsProfile, make_context, profile_of
from scraper.fetch.verdict import is_text, refused_early
from scraper.outcome import Outcome

_ACCEPT = {
    Purpose.IMAGE: "image/webp,image/png,image/jpeg,image/gif;q=0.9,*/*;q=0.1",
    Purpose.ATTACHMENT: "*/*",
    Purpose.ROBOTS: "text/plain,*/*;q=0.5",
}
_ACCEPT_PAGE = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,application/json;q=0.8,*/*;q=0.5"
)
_NO_BODY = frozenset({204, 304})
_UNWANTED = 65_536
_UNWANTED_SECONDS = 1.0
_STATUSES = range(100, 1000)
_MOST_HEADERS = 2_000

MOST_ROBOTS = 500 * 1024
"""RFC 9309 section 2.5: at least so much of a robots.txt is read; what comes after it is not."""

_ROBOTS_LIMIT = SizeLimit(1 << 20, 4 << 20)

_SENDABLE = re.compile(r"\A[\x21-\x7e\x80-\xff]([\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?\Z")
"""What may stand in a header's value; a validator with anything else in it is not sent back."""

PoolKey = tuple[str, TlsProfile, str | None]


@dataclass(frozen=True, slots=True)
class Reply:
    """What one request on the wire brought: an answer, or the outcome that stands for a failure.

    Attributes:
        outcome: None where there is an answer to be judged.
        status, headers, body: the answer; the names of headers are lower case.
        wire_bytes: bytes of content as sent.
        headers_after: seconds from the beginning until the status line was there.
        seconds: until the last byte.
        detail: a sentence about the failure.
    """

    outcome: Outcome | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    wire_bytes: int = 0
    headers_after: float = 0.0
    seconds: float = 0.0
    detail: str = ""


class _Stream(httpx.AsyncByteStream):
    """The body of an answer of httpcore as httpx wants it."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for piece in self._response.aiter_stream():
            yield piece

    async def aclose(self) -> None:
        await self._response.aclose()


class OriginTransport(httpx.AsyncBaseTransport):
    """An httpx transport over connections of our own making (``connect``), for one origin."""

    def __init__(
        self,
        policy: FetchPolicy,
        context: ssl.SSLContext,
        network: GuardedNetwork,
        proxy: str | None,
    ) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            proxy=_proxy(proxy) if proxy else None,
            max_connections=2,
            max_keepalive_connections=1,
            keepalive_expiry=policy.keep_alive,
            http2=policy.http2,
            network_backend=None if proxy else network,
        )
        self.used_at = 0.0

    @property
    def idle(self) -> bool:
        """Whether no request is under way."""
        return all(connection.is_idle() for connection in self._pool.connections)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; the answer's body is still to be read."""
        url = request.url
        place = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        wire = httpcore.Request(
            request.method,
            place,
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            response = await self._pool.handle_async_request(wire)
        except (ValueError, LookupError) as error:
            # httpcore reads an HTTP/2 status by int(), whatever the server has put there
            raise httpcore.RemoteProtocolError(str(error)) from error
        if response.status not in _STATUSES:
            await response.aclose()
            raise httpcore.RemoteProtocolError(f"{response.status} is no status")
        return httpx.Response(response.status, headers=response.headers, stream=_Stream(response))

    async def aclose(self) -> None:
        """Close its connections."""
        await self._pool.aclose()


def _proxy(address: str) -> httpcore.Proxy:
    url = httpx.URL(address)
    auth = (url.username, url.password) if url.username else None
    plain = url.copy_with(username=None, password=None) if auth else url
    return httpcore.Proxy(url=str(plain), auth=auth)


class NoPlace(Exception):
    """As many requests as the policy allows were under way for too long."""


class Client:
    """Sends single requests. An async context manager; closes its connections at the end."""

    def __init__(self, policy: FetchPolicy, resolve: Resolver) -> None:
        self._policy = policy
        self._network = GuardedNetwork(resolve, policy.test_hosts)
        self._contexts: dict[TlsProfile, ssl.SSLContext] = {}
        self._origins: OrderedDict[PoolKey, OriginTransport] = OrderedDict()
        self._cookies: dict[str | None, httpx.Cookies] = {}
        self._places = asyncio.Semaphore(policy.concurrency)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for transport in self._origins.values():
            await transport.aclose()
        self._origins.clear()

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """One of the requests that this process has under way at once, while the block runs.

        Raises:
            NoPlace: none was free for as long as the policy lets a request wait.
        """
        try:
            async with asyncio.timeout(self._policy.place_wait):
                await self._places.acquire()
        except TimeoutError as error:
            raise NoPlace from error
        try:
            yield
        finally:
            self._places.release()

    async def send(self, request: Request, target: Target) -> Reply:
        """Send one request and read its answer within every limit; never raises for the network.

        Args:
            request: what is asked for, and under which rules.
            target: where its URL leads, already checked.
        """
        begun = asyncio.get_running_loop().time()
        reader = _Reading(self._policy, request, begun)
        try:
            async with asyncio.timeout(self._policy.total_timeout):
                wire = self._compose(request, target)
                transport = await self._transport(request.rules, target)
                reply = await reader.read(await transport.handle_async_request(wire))
        except TimeoutError:
            limit = self._policy.total_timeout
            return reader.failed(Outcome.TIMEOUT, f"not complete after {limit:g} s")
        except httpx.InvalidURL as error:
            return reader.failed(Outcome.REFUSED_UNSAFE, str(error))
        except FAILURES as error:
            return reader.failed(*name_failure(error))
        if request.rules.cookies:
            self._keep_cookies(request, wire, reader)
        return reply

    def _compose(self, request: Request, target: Target) -> httpx.Request:
        policy, rules = self._policy, request.rules
        headers = {
            "User-Agent": rules.user_agent or policy.agent,
            "Accept": _ACCEPT.get(request.purpose, _ACCEPT_PAGE),
            "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.1",
            "Accept-Encoding": ACCEPT_ENCODING,
            **dict(rules.headers),
            **_conditions(request),
        }
        content = urlencode(request.form).encode() if request.form is not None else None
        if content is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        timeouts = httpx.Timeout(policy.read_timeout, connect=policy.connect_timeout)
        wire = httpx.Request(
            "GET" if content is None else "POST",
            request.url,
            headers=[
                (name.encode(), value.encode("latin-1", "replace"))
                for name, value in headers.items()
            ],
            content=content,
            extensions={"timeout": timeouts.as_dict()},
        )
        if wire.url.raw_host.decode().strip("[]") != target.host:
            raise Refusal(f"{request.url} can be read as leading to another host")
        if rules.cookies and (jar := self._cookies.get(request.source_id)):
            jar.set_cookie_header(wire)
        return wire

    def _keep_cookies(self, request: Request, wire: httpx.Request, reader: _Reading) -> None:
        if (response := reader.response) is not None:
            response.request = wire
            self._cookies.setdefault(request.source_id, httpx.Cookies()).extract_cookies(response)

    async def _transport(self, rules: HostRules, target: Target) -> OriginTransport:
        proxy = proxy_for(self._policy, rules, target)
        key = (target.origin, profile_of(rules), proxy)
        await self._make_room()
        if key not in self._origins:
            context = self._context(key[1])
            self._origins[key] = OriginTransport(self._policy, context, self._network, proxy)
        self._origins.move_to_end(key)
        self._origins[key].used_at = asyncio.get_running_loop().time()
        return self._origins[key]

    async def _make_room(self) -> None:
        """Close the least recently used origins, while there are too many or they lie idle."""
        now, policy = asyncio.get_running_loop().time(), self._policy
        while self._origins:
            key, oldest = next(iter(self._origins.items()))
            wanted = now - oldest.used_at <= policy.keep_alive
            if (wanted and len(self._origins) < policy.connections) or not oldest.idle:
                return
            del self._origins[key]
            await oldest.aclose()

    def _context(self, profile: TlsProfile) -> ssl.SSLContext:
        if profile not in self._contexts:
            self._contexts[profile] = make_context(profile)
        return self._contexts[profile]


def _conditions(request: Request) -> dict[str, str]:
    """Validators, both where both are known: the server picks (RFC 9110 section 13.2.2)."""
    found = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in found.items() if value and _SENDABLE.match(value)}


class _Reading:
    """Reads one answer and keeps the times."""

    def __init__(self, policy: FetchPolicy, request: Request, begun: float) -> None:
        self._policy = policy
        self._limit = _bounded(policy.size_limit(request.purpose.limit), request.most_bytes)
        if request.purpose is Purpose.ROBOTS:
            self._limit = _ROBOTS_LIMIT
        self._request, self._begun = request, begun
        self._headers_after: float | None = None
        self.response: httpx.Response | None = None

    async def read(self, response: httpx.Response) -> Reply:
        """Read the body, as far as it is wanted and allowed."""
        self._headers_after, self.response = self._elapsed(), response
        status = response.status_code
        try:
            if len(response.headers.raw) > _MOST_HEADERS:
                raise BrokenBody(f"{len(response.headers.raw)} header fields")
            headers = _plain_headers(response.headers)
            if reason := refused_early(status, headers, self._request.purpose):
                return self._reply(Outcome.WRONG_TYPE, headers, reason)
            if status in _NO_BODY or (300 <= status < 400 and "location" in headers):
                await _read_out(response)
                return self._reply(None, headers, "")
            body = self._body(headers)
            async for piece in response.aiter_raw():
                body.feed(piece)
                if body.size > MOST_ROBOTS and self._request.purpose is Purpose.ROBOTS:
                    return self._reply(None, headers, "", body.so_far(), body.wire_bytes)
            return self._reply(None, headers, "", body.finish(), body.wire_bytes)
        finally:
            await response.aclose()

    def _body(self, headers: Mapping[str, str]) -> Body:
        page, limit = self._request.purpose.limit is Limit.PAGE, self._limit
        if self._request.documents and not is_text(headers):
            page = False
            limit = _bounded(self._policy.size_limit(Limit.ATTACHMENT), self._request.most_bytes)
        coding = headers.get("content-encoding", "")
        return Body(coding, limit.wire, limit.body, sniff=page)

    def failed(self, outcome: Outcome, detail: str) -> Reply:
        """What stands for an answer that could not be had, or not whole."""
        headers = _plain_headers(self.response.headers) if self.response else {}
        return self._reply(outcome, headers, detail)

    def _reply(
        self,
        outcome: Outcome | None,
        headers: Mapping[str, str],
        detail: str,
        body: bytes = b"",
        wire_bytes: int = 0,
    ) -> Reply:
        elapsed = self._elapsed()
        after = elapsed if self._headers_after is None else self._headers_after
        status = self.response.status_code if self.response else None
        return Reply(outcome, status, headers, body, wire_bytes, after, elapsed, detail)

    def _elapsed(self) -> float:
        return asyncio.get_running_loop().time() - self._begun


def _bounded(limit: SizeLimit, most: int | None) -> SizeLimit:
    return limit if most is None else SizeLimit(min(limit.wire, most), min(limit.body, most))


async def _read_out(response: httpx.Response) -> None:
    """Read an answer that nobody wants to its end, if that is near: its connection is then kept."""
    size = 0
    with suppress(TimeoutError, *FAILURES):
        async with asyncio.timeout(_UNWANTED_SECONDS):
            async for piece in response.aiter_raw():
                size += len(piece)
                if size > _UNWANTED:
                    return


def _plain_headers(headers: httpx.Headers) -> dict[str, str]:
    plain: dict[str, str] = {}
    for raw_name, raw_value in headers.raw[:_MOST_HEADERS]:
        name, value = (
            raw_name.decode("latin-1").lower(),
            raw_value.decode("latin-1").replace("\x00", ""),
        )
        plain[name] = f"{plain[name]}, {value}" if name in plain else value
    return plain
