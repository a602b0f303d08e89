"""What runs in a parse worker: pages in, records out, one at a time, over two pipes.

A frame is its length (4 bytes, big endian) and a
pickle. The process limits its own memory, so that a page that grows without bound ends this
process and not the machine.
"""

from __future__ import annotations

import gc
import pickle
import resource
import struct
import sys
import traceback
from typing import IO, Any

from scraper.errors import PageError
from scraper.page.reader import parse_page

LENGTH = struct.Struct(">I")


def main() -> None:
    """Serve until the input ends."""
    megabytes = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.collect()
    gc.freeze()  # what is loaded now lives as long as the process
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    send(sink, "ready")
    while (request := receive(source)) is not None:
        send(sink, _answer(request))


def _answer(request: dict[str, Any]) -> object:
    """The record, or the page error that says why there is none, or a fault's traceback."""
    try:
        return parse_page(**request)
    except PageError as error:
        return error
    except MemoryError:
        raise  # the process is of no more use: it ends, and its page is set aside
    except Exception:  # noqa: BLE001 - the edge of the process: a fault must name itself
        return traceback.format_exc()


def receive(source: IO[bytes]) -> dict[str, Any] | None:
    """The next frame; None at the end of input."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    request: dict[str, Any] = pickle.loads(source.read(LENGTH.unpack(head)[0]))  # noqa: S301 - our own parent wrote it
    return request


def send(sink: IO[bytes], answer: object) -> None:
    """Write one frame."""
    frame = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    sink.write(LENGTH.pack(len(frame)) + frame)
    sink.flush()
