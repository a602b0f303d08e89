"""How the fetcher behaves: one policy for the process, one set of rules for each source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

MIB = 1 << 20

_NO_HOSTS: Mapping[str, tuple[str, int]] = MappingProxyType({})


class TlsException(StrEnum):
    """A weakness of a server that a source may be allowed; certificates stay verified."""

    LEGACY_RENEGOTIATION = "legacy_renegotiation"
    """The server knows only the renegotiation from before RFC 5746."""
    SECLEVEL_1 = "seclevel_1"
    """Short keys, SHA-1 or TLS 1.0: OpenSSL's security level 1."""
    P256_ONLY = "p256_only"
    """The server fails when other curves than P-256 are offered (BAD_ECPOINT)."""
    MISSING_INTERMEDIATE = "missing_intermediate"
    """The server sends its certificate without the intermediate; ``extra_ca`` names a PEM file."""
    HTTP_ONLY = "http_only"
    """There is no TLS: https addresses of the source are refused, not tried."""


class Limit(StrEnum):
    """What a limit on bytes is about; see ``FetchPolicy.size_limits``."""

    PAGE = "page"
    IMAGE = "image"
    ATTACHMENT = "attachment"


@dataclass(frozen=True, slots=True)
class SizeLimit:
    """Bytes that may arrive (``wire``) and that may come out of decompression (``body``)."""

    wire: int
    body: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostRules:
    """What one source adds to the policy.

    Attributes:
        allowed_hosts: hosts that pages and redirects may lie on; ``.gov.cn`` with a leading dot
            means every host below it. Empty: only the host of the request itself, with or
            without ``www.``.
        allowed_ports: ports besides the policy's.
        minimum_interval: seconds between two starts on a host. It can only slow the source
            down, unless ``override_interval`` says that the operator has decided otherwise.
        override_interval: take ``minimum_interval`` even where it is shorter than the policy's
            or than the site's ``Crawl-delay``. Recorded with the host.
        ignore_robots: do not ask robots.txt. Logged with each request and kept with the attempt.
        tls: the weaknesses of the source's servers that are put up with.
        extra_ca: PEM file with the intermediates that the servers do not send.
        proxy: address of the proxy for this source (http, https, socks5); "direct" for none,
            None for what the environment says.
        cookies: keep cookies, in memory, for this source.
        user_agent: another User-Agent than the policy's.
        headers: further request headers.
    """

    allowed_hosts: tuple[str, ...] = ()
    allowed_ports: frozenset[int] = frozenset()
    minimum_interval: float | None = None
    override_interval: bool = False
    ignore_robots: bool = False
    tls: frozenset[TlsException] = frozenset()
    extra_ca: Path | None = None
    proxy: str | None = None
    cookies: bool = False
    user_agent: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """The behaviour of the one HTTP client. Times are seconds, sizes are bytes.

    Attributes:
        contact: URL or mail address where a webmaster reaches the operator.
        user_agent: sent as it is; ``{contact}`` is filled in.
        robots_agent: the product token that robots.txt is asked about.
        minimum_interval: between two starts on one host.
        jitter: up to this much is added to every interval, at random.
        maximum_interval: the slowest that a host's answers can make us.
        concurrency: requests of this process under way at once, over all hosts.
        place_wait: how long a request that has its host's slot waits to be one of them.
        load_factor: after an answer that took t, the host rests at least t times this.
        slot_wait: how long a request may wait for its host; then it is ``busy``.
        crawl_delay_cap: a longer ``Crawl-delay`` counts as this.
        connect_timeout, read_timeout, total_timeout: for the connection (each address), for
            each read, and for one request from slot to last byte.
        page, image, attachment: limits on bytes by purpose.
        redirects: how many are followed.
        wall_rest: how long a host is left alone after a wall.
        retry_after_cap: a longer ``Retry-After`` counts as this.
        attempts: how often one ``fetch`` tries in all where the outcome is transient.
        backoff, backoff_cap: base and bound of the pause between those tries.
        url_backoff, url_backoff_cap: base and bound of the time before a failing URL is due
            again: ever more rarely, never not at all.
        listed_backoff_cap: the bound for one that a list shows at present.
        gone_sightings, gone_spacing: an article is withdrawn once 404 or 410 was seen so
            often, each sighting at least so long after the one before.
        trust_304: after so long without a whole body, the page is asked for without conditions.
        robots_lifetime: after how long a robots.txt is asked for again.
        robots_trust: how long it is believed while it cannot be had again (RFC 9309 section 2.4:
            24 h); what lies between the two is the time to try.
        robots_waits: after how long one that failed is asked for again: after the first failure,
            the second …, the last for ever.
        keep_attempts: how long rows of ``tonggao.attempt`` are kept.
        ports: ports that may be connected to.
        connections, keep_alive: open connections kept, and for how long.
        http2: offer HTTP/2 in the TLS handshake.
        trust_environment: read ``HTTP_PROXY``, ``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY``.
        test_hosts: host name to address and port on which it is served instead of the real
            one, past the guard. For tests only; never set by default.
    """

    contact: str = "https://github.com/tonggao/tonggao"
    user_agent: str = "tonggao/0.1 (+{contact})"
    robots_agent: str = "tonggao"
    minimum_interval: float = 3.0
    jitter: float = 0.5
    maximum_interval: float = 300.0
    concurrency: int = 32
    place_wait: float = 20.0
    load_factor: float = 2.0
    slot_wait: float = 600.0
    crawl_delay_cap: float = 600.0
    connect_timeout: float = 15.0
    read_timeout: float = 20.0
    total_timeout: float = 90.0
    page: SizeLimit = SizeLimit(8 * MIB, 16 * MIB)
    image: SizeLimit = SizeLimit(16 * MIB, 16 * MIB)
    attachment: SizeLimit = SizeLimit(32 * MIB, 32 * MIB)
    redirects: int = 5
    wall_rest: float = 900.0
    retry_after_cap: float = 21_600.0
    attempts: int = 3
    backoff: float = 5.0
    backoff_cap: float = 60.0
    url_backoff: float = 300.0
    url_backoff_cap: float = 90 * 86_400.0
    listed_backoff_cap: float = 7 * 86_400.0
    gone_sightings: int = 3
    gone_spacing: float = 20 * 3_600.0
    trust_304: float = 7 * 86_400.0
    robots_lifetime: float = 72_000.0
    robots_trust: float = 86_400.0
    robots_waits: tuple[float, ...] = (60.0, 300.0, 900.0)
    keep_attempts: float = 90 * 86_400.0
    ports: frozenset[int] = frozenset({80, 443, 8080, 8443})
    connections: int = 256
    keep_alive: float = 30.0
    http2: bool = True
    trust_environment: bool = True
    test_hosts: Mapping[str, tuple[str, int]] = field(default_factory=lambda: _NO_HOSTS)

    @property
    def agent(self) -> str:
        """The User-Agent with the contact filled in."""
        return self.user_agent.replace("{contact}", self.contact)

    @property
    def lease(self) -> float:
        """How long a request may hold its host: to begin, the whole request, a margin to settle it."""
        return self.place_wait + self.total_timeout + 15.0

    def size_limit(self, limit: Limit) -> SizeLimit:
        """The limit on bytes that goes with a purpose."""
        return {Limit.PAGE: self.page, Limit.IMAGE: self.image}.get(limit, self.attachment)
