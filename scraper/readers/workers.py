"""Processes that read documents and may die of them, whatever kind of document it is.

`WorkerPool` keeps a few processes (see `process`), gives each one document at a time, and replaces
one that crashed, took too long, outgrew its memory, or has done its share.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from scraper.log import get_logger
from scraper.readers.frames import LENGTH, OUT_OF_MEMORY, Fault
from scraper.refusal import Refusal

log = get_logger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_STARTING_SECONDS = 60.0
_STOPPING_SECONDS = 5.0
_GRACE_SECONDS = 5.0  # after its owner's patience: for a reader whose owner is gone
_ANSWER_LIMIT = 256 << 20


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What one process may use.

    Attributes:
        seconds: time for one document; the slowest page met took 0.3 s.
        megabytes: address space of the process.
        documents: after which the process is replaced, so that memory that C code leaked comes
            back.
    """

    seconds: float = 20.0
    megabytes: int = 2048
    documents: int = 5000


class Cause(Enum):
    """What became of a reader that a document cost."""

    TIME = auto()
    MEMORY = auto()
    CRASH = auto()


REFUSALS = {
    Cause.TIME: Refusal.TOO_SLOW,
    Cause.MEMORY: Refusal.TOO_MUCH_MEMORY,
    Cause.CRASH: Refusal.CRASHED,
}
"""Under which word a file that was lost so is known."""


class Lost(Exception):
    """A document cost its reader; the message says how."""

    def __init__(self, message: str, cause: Cause = Cause.CRASH) -> None:
        super().__init__(message)
        self.cause = cause


class _Process:
    """One reader's process and how many documents it has read."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.documents = 0

    async def ask(self, frame: bytes) -> bytes:
        """One document's frame in, its answer's frame out; EOFError if the process ended."""
        sink, source = self.process.stdin, self.process.stdout
        if sink is None or source is None:
            raise EOFError
        self.documents += 1
        try:
            sink.write(LENGTH.pack(len(frame)) + frame)
            await sink.drain()
            return await self._answer(source)
        except ConnectionError as error:
            raise EOFError from error

    async def ready(self) -> None:
        """Wait until the process has loaded the parsers; EOFError if it ended before."""
        if self.process.stdout is not None:
            async with asyncio.timeout(_STARTING_SECONDS):
                await self._answer(self.process.stdout)

    async def _answer(self, source: asyncio.StreamReader) -> bytes:
        try:
            head = await source.readexactly(LENGTH.size)
            return await source.readexactly(LENGTH.unpack(head)[0])
        except asyncio.IncompleteReadError as error:
            raise EOFError from error

    async def end(self, *, kill: bool) -> int:
        """Stop the process, at once or by ending its input; its exit status."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        if kill and self.process.returncode is None:
            self.process.kill()
        try:
            return await asyncio.wait_for(self.process.wait(), _STOPPING_SECONDS)
        except TimeoutError:
            self.process.kill()
            return await self.process.wait()


class WorkerPool:
    """A pool of workers; use it as an async context manager.

    Args:
        program: Python that a worker runs; it gets megabytes and seconds as arguments.
        errors: what a document may raise; such an answer is raised here.
        count: processes at most.
        limits: time, memory and documents of one process.
        environment: variables that a worker gets besides ours.
    """

    def __init__(
        self,
        program: str,
        errors: tuple[type[Exception], ...],
        count: int,
        *,
        limits: ReaderLimits,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._program = program
        self._errors = errors
        self._count = count
        self._limits = limits
        self._environment = dict(environment or {})
        self._free: asyncio.LifoQueue[_Process | None] = asyncio.LifoQueue()
        self._all: set[_Process] = set()
        self._creating: set[asyncio.Task[_Process]] = set()
        self._open = False

    async def __aenter__(self) -> Self:
        """Open the pool; a process starts with a document for which none that runs is free."""
        for _ in range(self._count):
            self._free.put_nowait(None)
        self._open = True
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop every process and wait until it is gone, those too that are being made just now."""
        self._open = False
        await asyncio.gather(*self._creating, return_exceptions=True)
        await asyncio.gather(*(process.end(kill=kind is not None) for process in list(self._all)))
        self._all.clear()

    async def read(self, kind: str, url: str, arguments: dict[str, Any]) -> object:
        """What a reader makes of a document.

        Raises:
            Exception: one of the pool's errors, as the reader raised it.
            Lost: the reader came to an end, or has a fault.
            RuntimeError: the pool is not open, so that nobody would ever answer.
        """
        self._require_open()
        frame = pickle.dumps((kind, arguments), pickle.HIGHEST_PROTOCOL)
        process = await self._free.get()
        kept: _Process | None = None
        try:
            self._require_open()  # it may have been closed while this one waited for its turn
            process = process or await self._start()
            answer = await self._ask(process, frame, url)
            kept = process if self._is_good_for_more(process, answer) else None
        finally:
            if kept is None and process is not None:
                await asyncio.shield(self._retire(process))
            self._free.put_nowait(kept)
        if isinstance(answer, self._errors):
            raise answer
        if isinstance(answer, Fault):
            log.error("A reader failed on a document", url=url, fault=answer.traceback)
            raise Lost(f"failed with {answer.last_line}")
        return answer

    def _require_open(self) -> None:
        if not self._open:
            raise RuntimeError("a pool of readers reads within `async with` only")

    def _is_good_for_more(self, process: _Process, answer: object) -> bool:
        return not isinstance(answer, Fault) and process.documents < self._limits.documents

    async def _ask(self, process: _Process, frame: bytes, url: str) -> object:
        cause = Cause.CRASH
        try:
            async with asyncio.timeout(self._limits.seconds):
                answer = await process.ask(frame)
        except TimeoutError:
            reason, cause = f"took more than {self._limits.seconds:g} s", Cause.TIME
        except EOFError:
            # It is going by itself; a signal now could take its status before asyncio sees it.
            status = await process.end(kill=False)
            reason, cause = f"ended with {_named(status)}", _cause(status)
        else:
            thing: object = pickle.loads(answer)  # noqa: S301 - our own child wrote it
            return thing
        log.error("A document cost its reader", url=url, reason=reason)
        raise Lost(reason, cause)

    async def _start(self) -> _Process:
        process = await self._created()
        try:
            await process.ready()
        except (TimeoutError, EOFError):
            await self._retire(process)
            raise Lost("did not start: is there memory for a process?") from None
        except asyncio.CancelledError:
            await self._retire(process)
            raise
        return process

    async def _created(self) -> _Process:
        """A new process, made once it was begun, whoever is cancelled.

        asyncio (3.11) waits for ever for a process of which the making was cancelled.
        """
        creation = asyncio.create_task(self._create())
        self._creating.add(creation)
        creation.add_done_callback(self._creating.discard)
        try:
            return await asyncio.shield(creation)
        except asyncio.CancelledError:
            await self._retire(await creation)
            raise

    async def _create(self) -> _Process:
        started = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            self._program,
            str(self._limits.megabytes),
            str(self._limits.seconds + _GRACE_SECONDS),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_ANSWER_LIMIT,
            env={
                **os.environ,
                **self._environment,
                "PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path]),
            },
        )
        process = _Process(started)
        self._all.add(process)
        return process

    async def _retire(self, process: _Process) -> None:
        await process.end(kill=True)
        self._all.discard(process)


def _named(status: int) -> str:
    """An exit status in words: signals by name."""
    return signal.Signals(-status).name if status < 0 else f"status {status}"


def _cause(status: int) -> Cause:
    """What an exit status tells: C code that gets no memory aborts or traps."""
    if status in {OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL}:
        return Cause.MEMORY
    return Cause.TIME if status in {-signal.SIGPROF, -signal.SIGXCPU} else Cause.CRASH
