"""Pages are parsed in processes of their own, so that a crash of the C parser loses one page.

`ParseWorkers` keeps a few worker processes (see `worker`), gives each one page at a time, and
replaces one that crashed, took too long, outgrew its memory, or has done its share of pages.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import pickle
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import structlog

from scraper import clock
from scraper.errors import PageError, ParserCrashed
from scraper.page.rules import FieldRules
from scraper.page.worker import LENGTH
from scraper.record.release import Release

log = structlog.get_logger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = "from scraper.page.worker import main; main()"
_STARTING_SECONDS = 60.0
_STOPPING_SECONDS = 5.0
_ANSWER_LIMIT = 256 << 20


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """What one worker process may use.

    Attributes:
        seconds: time for one page; the slowest page met took 0.3 s.
        megabytes: address space of the process.
        pages: pages after which the process is replaced, so that memory that C code leaked
            comes back.
    """

    seconds: float = 20.0
    megabytes: int = 2048
    pages: int = 5000


class _Worker:
    """One worker process and how many pages it has done."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.pages = 0

    async def ask(self, frame: bytes) -> bytes:
        """One page's frame in, its answer's frame out; EOFError if the process ended."""
        sink, source = self.process.stdin, self.process.stdout
        if sink is None or source is None:
            raise EOFError
        self.pages += 1
        try:
            sink.write(LENGTH.pack(len(frame)) + frame)
            await sink.drain()
            return await self._answer(source)
        except ConnectionError as error:
            raise EOFError from error

    async def ready(self) -> None:
        """Wait until the process has loaded the parser; EOFError if it ended before."""
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


class ParseWorkers:
    """A pool of parse workers; use it as an async context manager.

    Args:
        count: processes; by default one for each processor but one.
        limits: time, memory and pages of one process.
        now: the clock that ``parse_page`` gets (no publication time lies in the future).
    """

    def __init__(
        self,
        count: int | None = None,
        *,
        limits: WorkerLimits | None = None,
        now: Callable[[], dt.datetime] = clock.now,
    ) -> None:
        self._count = count or max(1, (os.cpu_count() or 2) - 1)
        self._limits = limits or WorkerLimits()
        self._now = now
        self._free: asyncio.Queue[_Worker | None] = asyncio.Queue()
        self._all: set[_Worker] = set()

    async def __aenter__(self) -> Self:
        """Open the pool; processes start with the first pages."""
        for _ in range(self._count):
            self._free.put_nowait(None)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop every process and wait until it is gone."""
        await asyncio.gather(*(worker.end(kill=kind is not None) for worker in list(self._all)))
        self._all.clear()

    async def parse(
        self,
        html: bytes,
        url: str,
        http_charset: str | None = None,
        rules: FieldRules | None = None,
    ) -> Release:
        """Read a page in a worker process (the arguments are those of ``parse_page``).

        Raises:
            ParserCrashed: the process died, hung or outgrew its memory on this page; the error
                carries the page's bytes. The pool goes on with a new process.
            PageError: the page is no release.
        """
        request = {"html": html, "url": url, "http_charset": http_charset, "rules": rules}
        frame = pickle.dumps({**request, "now": self._now()}, pickle.HIGHEST_PROTOCOL)
        worker = await self._free.get()
        kept: _Worker | None = None
        try:
            worker = worker or await self._start()
            answer = await self._ask(worker, frame, html, url)
            sound = isinstance(answer, Release | PageError)
            kept = worker if sound and worker.pages < self._limits.pages else None
        finally:
            if kept is None and worker is not None:
                await asyncio.shield(self._retire(worker))
            self._free.put_nowait(kept)
        if isinstance(answer, PageError):
            raise answer
        if not isinstance(answer, Release):
            log.error("The parser failed on a page; it is set aside", url=url, fault=answer)
            fault = str(answer).strip().rpartition("\n")[2]
            raise ParserCrashed(f"{url}: the parser failed with {fault}", page=html, url=url)
        return answer

    async def _ask(self, worker: _Worker, frame: bytes, html: bytes, url: str) -> object:
        try:
            async with asyncio.timeout(self._limits.seconds):
                answer = await worker.ask(frame)
        except TimeoutError:
            reason = f"took more than {self._limits.seconds:g} s"
        except EOFError:
            # It is going by itself; a signal now could take its status before asyncio sees it.
            status = await worker.end(kill=False)
            reason = f"ended with {_named(status)}"
        else:
            thing: object = pickle.loads(answer)  # noqa: S301 - our own child wrote it
            return thing
        log.error("A parse worker was lost; its page is set aside", url=url, reason=reason)
        raise ParserCrashed(
            f"{url}: the parser {reason} on this page; its bytes are kept for `tonggao doctor`",
            page=html,
            url=url,
        )

    async def _start(self) -> _Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _PROGRAM,
            str(self._limits.megabytes),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_ANSWER_LIMIT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path])},
        )
        worker = _Worker(process)
        self._all.add(worker)
        try:
            await worker.ready()
        except (TimeoutError, EOFError):
            await self._retire(worker)
            raise ParserCrashed(
                "a parse worker did not start; is there memory for one (WorkerLimits.megabytes)?",
                page=b"",
                url="",
            ) from None
        return worker

    async def _retire(self, worker: _Worker) -> None:
        await worker.end(kill=True)
        self._all.discard(worker)


def _named(status: int) -> str:
    """An exit status in words: signals by name."""
    return signal.Signals(-status).name if status < 0 else f"status {status}"
