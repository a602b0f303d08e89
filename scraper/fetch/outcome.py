"""The closed vocabulary of what can become of a request."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """How an attempt ended. The same words stand in ``tonggao.attempt.outcome``.

    ``empty``, ``charset`` and ``parse_error`` may also be given afterwards, by the code that
    reads the page, through ``Fetcher.amend``.
    """

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    GONE = "gone"
    BLOCKED_ROBOTS = "blocked_robots"
    REFUSED_UNSAFE = "refused_unsafe"
    OFF_LIST = "off_list"
    BAD_REDIRECT = "bad_redirect"
    WALL = "wall"
    RATE_LIMITED = "rate_limited"
    CLIENT_ERROR = "client_error"
    SERVER_ERROR = "server_error"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    PROTOCOL = "protocol"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"
    EMPTY = "empty"
    CHARSET = "charset"
    PARSE_ERROR = "parse_error"
    BUSY = "busy"

    @property
    def good(self) -> bool:
        """Whether the page is in hand: delivered, or known to be unchanged."""
        return self in _GOOD

    @property
    def transient(self) -> bool:
        """Whether the same request may well succeed within minutes."""
        return self in _TRANSIENT

    @property
    def strains_host(self) -> bool:
        """Whether the host asks, in words or by its behaviour, to be asked less often."""
        return self in _STRAIN


_GOOD = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})
_TRANSIENT = frozenset(
    {Outcome.DNS, Outcome.CONNECT, Outcome.TIMEOUT, Outcome.PROTOCOL, Outcome.SERVER_ERROR}
)
_STRAIN = frozenset(
    {Outcome.RATE_LIMITED, Outcome.SERVER_ERROR, Outcome.TIMEOUT, Outcome.WALL, Outcome.CONNECT}
)

MEANING: dict[Outcome, str] = {
    Outcome.OK: "the page came",
    Outcome.NOT_MODIFIED: "the server says, or the digest shows, that the page is unchanged",
    Outcome.GONE: "404 or 410",
    Outcome.BLOCKED_ROBOTS: "robots.txt forbids it, or cannot be read at present",
    Outcome.REFUSED_UNSAFE: "the address is not public, or the URL is disguised; nothing was sent",
    Outcome.OFF_LIST: "the host or port is not one of the source's; nothing was sent there",
    Outcome.BAD_REDIRECT: "too many redirects, a circle, or a redirect that names no address",
    Outcome.WALL: "a JavaScript challenge, captcha or firewall page stood in front of it",
    Outcome.RATE_LIMITED: "429, or 503 with Retry-After",
    Outcome.CLIENT_ERROR: "another status of 400 to 499",
    Outcome.SERVER_ERROR: "another status of 500 to 599, or one that HTTP does not know",
    Outcome.DNS: "the host's name could not be resolved",
    Outcome.CONNECT: "no connection could be made, or not in time",
    Outcome.TLS: "the TLS handshake or the certificate failed",
    Outcome.TIMEOUT: "reading, or the whole request, took too long",
    Outcome.PROTOCOL: "the answer breaks HTTP or its own content coding, or was cut off",
    Outcome.TOO_LARGE: "more bytes than the limit, as sent or once decompressed",
    Outcome.WRONG_TYPE: "the content is of a kind that was not asked for",
    Outcome.EMPTY: "a good status with nothing in it",
    Outcome.CHARSET: "the bytes can be read in no character set",
    Outcome.PARSE_ERROR: "the page came and could not be read",
    Outcome.BUSY: "the host's next slot lies further ahead than the request may wait",
}
"""One line for each outcome, for the operator."""
