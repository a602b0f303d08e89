"""A small web of our own on loopback: raw enough to break HTTP in every way a case needs."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from scraper.fetch import FetchPolicy, SizeLimit

PAGE = (
    "<html><head><title>西青区召开会议</title></head><body><h1>西青区召开会议</h1>"
    "<p>11月20日，西青区召开会议，研究部署下一阶段工作。会议指出，要抓好落实。</p></body></html>"
).encode()

Writer = asyncio.StreamWriter


@dataclass
class Call:
    """A request as the server saw it; ``at`` is monotonic."""

    method: str
    host: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    at: float


Handler = Callable[[Call, Writer], Awaitable[None]]


def answer(
    body: bytes = PAGE,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    kind: str | None = "text/html; charset=utf-8",
) -> bytes:
    """An answer as bytes, with a right length unless a header says otherwise."""
    fields = {"Content-Type": kind} if kind else {}
    fields |= {"Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"HTTP/1.1 {status} Status\r\n{head}\r\n".encode("latin-1") + body


@dataclass
class Web:
    """The servers' log and handlers: by path, or else for every path."""

    port: int = 0
    calls: list[Call] = field(default_factory=list)
    handlers: dict[str, Handler] = field(default_factory=dict)
    default: Handler | None = None
    robots: bytes = answer(b"", 404)

    def on(self, path: str, *answers: bytes | Handler) -> None:
        """Answer a path with these in turn, the last one for ever."""
        left = list(answers)

        async def handler(call: Call, writer: Writer) -> None:
            each = left.pop(0) if len(left) > 1 else left[0]
            if isinstance(each, bytes):
                writer.write(each)
            else:
                await each(call, writer)

        self.handlers[path] = handler

    def paths(self) -> list[str]:
        """What was asked for, robots.txt aside."""
        return [call.path for call in self.calls if call.path != "/robots.txt"]

    async def serve(self, reader: asyncio.StreamReader, writer: Writer) -> None:
        """Answer the requests of one connection."""
        try:
            while call := await _read(reader):
                self.calls.append(call)
                await self._handle(call, writer)
                if writer.is_closing():
                    break
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ValueError, ssl.SSLError):
            pass  # the client went away, as some of them have to
        finally:
            writer.close()

    async def _handle(self, call: Call, writer: Writer) -> None:
        handler = self.handlers.get(call.path, self.default)
        if handler is not None:
            await handler(call, writer)
        elif call.path == "/robots.txt":
            writer.write(self.robots)
        else:
            writer.write(answer())


async def _read(reader: asyncio.StreamReader) -> Call | None:
    line = (await reader.readline()).decode("latin-1").split()
    if len(line) < 2:
        return None
    at, headers = time.monotonic(), {}
    while raw := (await reader.readline()).decode("latin-1").strip():
        name, _, value = raw.partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Call(line[0], headers.get("host", ""), line[1], headers, body, at)


@contextlib.asynccontextmanager
async def serving(web: Web, context: ssl.SSLContext | None = None) -> AsyncIterator[Web]:
    """Serve on a free port of loopback."""
    async with listening(web.serve, context) as port:
        web.port = port
        yield web


@contextlib.asynccontextmanager
async def listening(
    serve: Callable[[asyncio.StreamReader, Writer], Awaitable[None]],
    context: ssl.SSLContext | None = None,
) -> AsyncIterator[int]:
    """Serve connections on a free port of loopback; at the end, cut off those still open."""
    open_now: dict[asyncio.Task[None], Writer] = {}

    async def tracked(reader: asyncio.StreamReader, writer: Writer) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_now[task] = writer
        try:
            await serve(reader, writer)
        except (asyncio.CancelledError, ConnectionError, ssl.SSLError):
            pass  # the test is over, or the client has gone
        finally:
            writer.close()
            open_now.pop(task, None)

    server = await asyncio.start_server(tracked, "127.0.0.1", 0, ssl=context, limit=1 << 20)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task, writer in list(open_now.items()):
            writer.transport.abort()
            task.cancel()
        if open_now:
            await asyncio.wait(list(open_now))
        await asyncio.sleep(0)


def policy(*hosts: str, port: int, **changes: object) -> FetchPolicy:
    """A policy for tests: no rest between requests, tight limits, these hosts on that port."""
    settings: dict[str, object] = {
        "minimum_interval": 0.0,
        "jitter": 0.0,
        "attempts": 1,
        "slot_wait": 5.0,
        "connect_timeout": 1.0,
        "read_timeout": 1.5,
        "total_timeout": 3.0,
        "page": SizeLimit(256 * 1024, 1 << 20),
        "trust_environment": False,
        "wall_rest": 0.0,
        "maximum_interval": 0.02,
        "test_hosts": dict.fromkeys(hosts, ("127.0.0.1", port)),
    }
    return FetchPolicy(**(settings | changes))  # type: ignore[arg-type]
