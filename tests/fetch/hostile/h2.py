"""HTTP/2 connections that break its rules. Each case is what is sent after the client's preface."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import hpack

from scraper.fetch import HostRules, Outcome
from tests.fetch.hostile.case import case
from tests.fetch.web import Writer

BROKEN = (Outcome.PROTOCOL, Outcome.TIMEOUT, Outcome.EMPTY)
IGNORING = HostRules(ignore_robots=True)
SETTINGS = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00"


def frame(kind: int, body: bytes = b"", flags: int = 0, stream: int = 1) -> bytes:
    head = len(body).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big")
    return head + body


def headers(*fields: tuple[str, str], flags: int = 4) -> bytes:
    return frame(1, hpack.Encoder().encode(list(fields)), flags)


OK_HEADERS = headers((":status", "200"), ("content-type", "text/html"))

SENT = {
    "garbage": b"\xff" * 4096,
    "http_1_answer": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "goaway": frame(7, bytes(8), stream=0),
    "reset_stream": frame(3, b"\x00\x00\x00\x07"),
    "reset_in_the_body": OK_HEADERS + frame(0, b"half") + frame(3, b"\x00\x00\x00\x02"),
    "data_before_headers": frame(0, b"body", 1),
    "data_on_no_stream": frame(0, b"body", 1, stream=99),
    "frame_too_large": frame(0, bytes(70_000)),
    "headers_not_packed": frame(1, b"\xff\xff\xff\xff\xff\xff", 4),
    "headers_without_status": headers(("content-type", "text/html")),
    "status_no_number": headers((":status", "fine")),
    "status_enormous": headers((":status", "99999999")) + frame(0, b"page", 1),
    "status_negative": headers((":status", "-1")) + frame(0, b"page", 1),
    "header_with_nul": headers((":status", "200"), ("etag", '"\x00"'), ("content-type", "text/html\x00")) + frame(0, b"", 1),
    "status_twice": headers((":status", "200"), (":status", "200")),
    "headers_in_capitals": headers((":status", "200"), ("Content-Type", "text/html")),
    "continuation_without_end": headers((":status", "200"), flags=0) + frame(9, bytes(16_000), 0) * 200,
    "continuation_alone": frame(9, b"x", 4),
    "push": frame(5, b"\x00\x00\x00\x02" + hpack.Encoder().encode([(":path", "/")]), 4),
    "window_overflow": frame(8, b"\x7f\xff\xff\xff", stream=0) * 3,
    "window_of_nothing": frame(8, bytes(4)),
    "settings_wrong_size": frame(4, b"abc", stream=0),
    "settings_flood": SETTINGS * 20_000,
    "ping_flood": frame(6, bytes(8), stream=0) * 20_000,
    "padding_lies": OK_HEADERS + frame(0, b"\xffab", 8),
    "length_lies": headers((":status", "200"), ("content-length", "5")) + frame(0, b"more than five", 1),
    "hpack_bomb": frame(1, hpack.Encoder().encode([(":status", "200"), ("x", "y" * 4000)]) + b"\xbe" * 12_000, 4),
}  # fmt: skip

CASES = [
    case(f"h2_{name}", BROKEN, scheme="https", server=f"h2_{name}", request={"rules": IGNORING})
    for name in SENT
]


def server(sent: bytes) -> Callable[[asyncio.StreamReader, Writer], Awaitable[None]]:
    """A server that answers the first bytes it gets by what it is told to send."""

    async def serve(reader: asyncio.StreamReader, writer: Writer) -> None:
        await reader.read(65_536)
        writer.write(SETTINGS + sent)
        while await reader.read(65_536):
            await writer.drain()

    return serve
