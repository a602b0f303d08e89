"""What runs in a worker: documents in, what they say out, one at a time, over two pipes.

A frame is its length (4 bytes, big endian) and a pickle: of the kind of document and the arguments
on the way in. The process limits its own memory, so that a document that grows without bound ends
this process and not the machine.
"""

from __future__ import annotations

import gc
import pickle
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import IO

from scraper.readers.frames import LENGTH, OUT_OF_MEMORY, Fault, Request

_COLLECTED = 100
"""Documents after which the collector runs; by itself it takes 7 to 12 in 100 of the time."""

Reading = Mapping[str, Callable[..., object]]


def serve(read: Reading, errors: tuple[type[Exception], ...]) -> None:
    """Serve until the input ends.

    Args:
        read: how each kind of document is read.
        errors: what reading may raise; an answer like any other.
    """
    megabytes, seconds = int(sys.argv[1]), float(sys.argv[2])
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]  # programs that it starts have their own
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.collect()
    gc.freeze()  # what is loaded now lives as long as the process
    gc.disable()  # records hold no cycles; what a fault leaves is collected every so many documents
    served = 0
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    send(sink, "ready")
    while (request := receive(source)) is not None:
        signal.setitimer(signal.ITIMER_REAL, seconds)  # ends an orphan, whose owner was killed
        answer = _answer(request, read, errors)
        signal.setitimer(signal.ITIMER_REAL, 0)
        send(sink, answer)
        served += 1
        if served % _COLLECTED == 0:
            gc.collect()


def _answer(request: Request, read: Reading, errors: tuple[type[Exception], ...]) -> object:
    """What the document says, or the error that says why it cannot be used, or our fault."""
    kind, arguments = request
    try:
        return read[kind](**arguments)
    except errors as error:
        return error
    except MemoryError:  # the process is of no more use: it ends, and its document is set aside
        sys.exit(OUT_OF_MEMORY)
    except Exception:  # noqa: BLE001 - the edge of the process: a fault must name itself
        return Fault(traceback.format_exc())


def receive(source: IO[bytes]) -> Request | None:
    """The next frame; None at the end of input."""
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    request: Request = pickle.loads(source.read(LENGTH.unpack(head)[0]))  # noqa: S301 - our own parent wrote it
    return request


def send(sink: IO[bytes], answer: object) -> None:
    """Write one frame."""
    frame = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    sink.write(LENGTH.pack(len(frame)) + frame)
    sink.flush()
