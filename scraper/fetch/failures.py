"""What an exception of the transport means: one outcome for each."""

from __future__ import annotations

import ssl

import httpcore

from scraper.fetch.bodies import BodyTooLarge, BrokenBody
from scraper.fetch.connect import NameFailure
from scraper.fetch.guard import Refusal
from scraper.outcome import Outcome

FAILURES = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
    BodyTooLarge,
    BrokenBody,
    NameFailure,
    Refusal,
    ssl.SSLError,
    OSError,
)
"""Every exception that a request may end with."""


def name_failure(error: BaseException) -> tuple[Outcome, str]:
    """The outcome that an exception of the transport stands for, and a sentence."""
    text = " ".join(str(error).replace("\x00", "").split())[:300] or type(error).__name__
    if isinstance(error, httpcore.ConnectError) and _is_tls(error):
        return Outcome.TLS, text
    for kinds, outcome in _OUTCOMES:
        if isinstance(error, kinds):
            return outcome, text
    return Outcome.CONNECT, text


def _is_tls(error: BaseException) -> bool:
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError):
            return True
        seen = seen.__cause__ or seen.__context__
    return "handshake" in str(error).lower() or "certificate" in str(error).lower()


_OUTCOMES: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Outcome], ...] = (
    (BodyTooLarge, Outcome.TOO_LARGE),
    (BrokenBody, Outcome.PROTOCOL),
    (NameFailure, Outcome.DNS),
    (Refusal, Outcome.REFUSED_UNSAFE),
    ((httpcore.ConnectTimeout, httpcore.PoolTimeout), Outcome.CONNECT),
    (httpcore.TimeoutException, Outcome.TIMEOUT),
    ((httpcore.ConnectError, httpcore.ProxyError), Outcome.CONNECT),
    ((httpcore.ProtocolError, httpcore.ReadError, httpcore.WriteError), Outcome.PROTOCOL),
    (ssl.SSLError, Outcome.TLS),
)
