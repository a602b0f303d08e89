"""The reader's HTTP server, for addresses as people and programs write them."""

from __future__ import annotations

import re
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

_NOT_ASCII = re.compile(rb"[\x80-\xff]")


def with_ascii_target(data: bytes) -> bytes:
    """The beginning of a request whose first line is of ASCII alone, as RFC 9112 section 3 has it.

    Bytes beyond it become percent escapes: ``/?q=供热`` typed into curl or a script means the same as
    what a browser makes of it. Everything behind the first line stays.
    """
    line, end, rest = data.partition(b"\n")
    return _NOT_ASCII.sub(lambda byte: b"%%%02X" % ord(byte[0]), line) + end + rest


class LenientProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, that takes an address in raw UTF-8 where it would answer 400."""

    def data_received(self, data: bytes) -> None:
        """Take what came from the network."""
        waiting, _ = self.conn.trailing_data
        if self.conn.their_state is h11.IDLE and b"\n" not in waiting:
            data = with_ascii_target(data)
        super().data_received(data)


def server_config(application: Any, **options: Any) -> uvicorn.Config:
    """How the reader is served; ``options`` are those of uvicorn."""
    return uvicorn.Config(
        application, http=LenientProtocol, ws="none", log_level="warning", **options
    )
