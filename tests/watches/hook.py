"""A receiver of webhooks on loopback, whose answers a test chooses."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

Answer = bytes | float
"""What is answered, or how long nothing is."""


def status(number: int, *headers: str) -> bytes:
    """An answer without a body."""
    lines = [f"HTTP/1.1 {number} Said", "Content-Length: 0", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


@dataclass
class Received:
    """A request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """The body as JSON."""
        told: dict[str, Any] = json.loads(self.body)
        return told


@dataclass
class Hook:
    """Answers requests one after the other; when no answer is left, with 200."""

    address: str = ""
    received: list[Received] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    under_way: set[asyncio.Task[None]] = field(default_factory=set)

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection; it is over when the block is."""
        task = asyncio.create_task(self.serve(reader, writer))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[1:]
        pairs = (line.split(": ", 1) for line in lines if ": " in line)
        headers = {name.lower(): value for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.received.append(Received(headers, body))
        answer = self.answers.pop(0) if self.answers else status(200)
        if isinstance(answer, bytes):
            writer.write(answer)
        else:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.over.wait(), answer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@asynccontextmanager
async def opened_hook(given: Hook | None = None) -> AsyncIterator[Hook]:
    """A receiver that listens while the block runs."""
    hook = given or Hook()
    server = await asyncio.start_server(hook.accept, "127.0.0.1", 0)
    hook.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook/secret-part"
    try:
        yield hook
    finally:
        hook.over.set()
        server.close()
        await asyncio.gather(*hook.under_way)
