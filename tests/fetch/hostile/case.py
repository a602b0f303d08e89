"""What a hostile case is, and handlers that several cases share."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scraper.fetch import Outcome
from tests.fetch.web import Call, Handler, Web, Writer

Behaviour = bytes | Handler


@dataclass(frozen=True)
class Case:
    """One misbehaviour.

    Attributes:
        name: also the host's first label and the path.
        expected: the outcomes that are right.
        behaviour: what the server does at the case's path; None if no server is reached.
        more: what it does at further paths.
        robots: its robots.txt, where that is the point.
        request: further fields of the request.
        limit: seconds within which it has to end.
        scheme, host: where they matter; ``server`` names a TLS server of ``tls``.
        check: more to be true of the answer's body.
    """

    name: str
    expected: tuple[Outcome, ...]
    behaviour: Behaviour | None = None
    more: Mapping[str, Behaviour] = field(default_factory=dict)
    robots: Behaviour | None = None
    request: Mapping[str, object] = field(default_factory=dict)
    limit: float = 4.5
    scheme: str = "http"
    host: str | None = None
    server: str | None = None
    body: bytes | None = None

    @property
    def name_of_host(self) -> str:
        """The host the case has for itself."""
        return self.host or f"{self.name.replace('_', '-')}.test"

    @property
    def url(self) -> str:
        """Where the request goes."""
        return f"{self.scheme}://{self.name_of_host}/{self.name}"

    def install(self, web: Web) -> None:
        """Teach the server the case."""
        if self.behaviour is not None:
            web.on(f"/{self.name}", self.behaviour)
        for path, behaviour in self.more.items():
            web.on(path, behaviour)


def case(name: str, expected: Outcome | tuple[Outcome, ...], *args: object, **more: object) -> Case:
    """A case, with one right outcome or several."""
    outcomes = expected if isinstance(expected, tuple) else (expected,)
    return Case(name, outcomes, *args, **more)  # type: ignore[arg-type]


def raw(*pieces: bytes, pause: float = 0.0, close: bool = True) -> Handler:
    """Send pieces as they are, a pause between them, and close."""

    async def handler(_call: Call, writer: Writer) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            if pause:
                await asyncio.sleep(pause)
        if close:
            writer.close()

    return handler


def endless(head: bytes, piece: Callable[[int], bytes] | bytes, pause: float = 0.0) -> Handler:
    """Send a head and then pieces for ever, until the client goes away."""

    async def handler(_call: Call, writer: Writer) -> None:
        writer.write(head)
        number = 0
        while not writer.is_closing():
            writer.write(piece if isinstance(piece, bytes) else piece(number))
            await writer.drain()
            await asyncio.sleep(pause)
            number += 1

    return handler


def silent(before: bytes = b"", reset: bool = False) -> Handler:
    """Send something and then nothing more: keep the connection open, or reset it."""

    async def handler(_call: Call, writer: Writer) -> None:
        writer.write(before)
        await writer.drain()
        if reset:
            await asyncio.sleep(0.05)
            connection: socket.socket = writer.get_extra_info("socket")
            linger = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            writer.transport.abort()
        else:
            await asyncio.sleep(5)

    return handler
