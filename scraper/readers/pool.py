"""Documents are read in processes of their own, so that a crash of a parser loses one document.

`ReaderPool` keeps a few processes (see `process`), gives each one document at a time, and replaces
one that crashed, took too long, outgrew its memory, or has done its share.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import pickle
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from scraper.errors import ListingCrashed, ListingError, PageError, ParserCrashed
from scraper.listing.model import FormFields, Link, Listing
from scraper.listing.rules import NO_RULES, ListRules
from scraper.log import get_logger
from scraper.page.rules.selectors import FieldRules
from scraper.readers.frames import LENGTH, Fault
from scraper.release import Release

log = get_logger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
_PROGRAM = "from scraper.readers.process import main; main()"
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


class _Lost(Exception):
    """A document cost its reader; the message says how."""


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


class ReaderPool:
    """A pool of readers' processes; use it as an async context manager.

    Args:
        count: processes; by default one for each processor but one.
        limits: time, memory and documents of one process.
    """

    def __init__(
        self,
        count: int | None = None,
        *,
        limits: ReaderLimits | None = None,
    ) -> None:
        self._count = count or max(1, (os.cpu_count() or 2) - 1)
        self._limits = limits or ReaderLimits()
        self._free: asyncio.Queue[_Process | None] = asyncio.Queue()
        self._all: set[_Process] = set()

    async def __aenter__(self) -> Self:
        """Open the pool; processes start with the first documents."""
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
        await asyncio.gather(*(process.end(kill=kind is not None) for process in list(self._all)))
        self._all.clear()

    async def parse(
        self,
        html: bytes,
        url: str,
        http_charset: str | None = None,
        rules: FieldRules | None = None,
        *,
        received_at: dt.datetime | None = None,
        listed_on: dt.date | None = None,
    ) -> Release:
        """Read a page (the arguments are those of ``parse_page``).

        Raises:
            ParserCrashed: the process died, hung or outgrew its memory on this page; the error
                carries the page's bytes. The pool goes on with a new process.
            PageError: the page is no release.
        """
        request = {"html": html, "url": url, "http_charset": http_charset, "rules": rules}
        dated = {"received_at": received_at, "listed_on": listed_on}
        try:
            answer = await self._read("page", url, {**request, **dated})
        except _Lost as lost:
            kept = "its bytes are kept for `tonggao doctor`"
            raise ParserCrashed(
                f"{url}: the parser {lost} on this page; {kept}", page=html, url=url
            ) from lost
        if not isinstance(answer, Release):
            raise TypeError(f"a page was read as {type(answer).__name__}")
        return answer

    async def read_listing(
        self,
        document: bytes,
        url: str,
        http_charset: str | None = None,
        engine: str = "auto",
        *,
        rules: ListRules = NO_RULES,
        form: FormFields | None = None,
    ) -> Listing:
        """Read a list page (the arguments are those of ``read_listing``).

        Raises:
            ListingCrashed: the process died, hung or outgrew its memory on this document.
            ListingError: it is no list, or exceeds a limit.
        """
        request: dict[str, Any] = {"document": document, "url": url, "http_charset": http_charset}
        request |= {"engine": engine, "rules": rules, "form": form}
        answer = await self._read_list("list", request)
        if not isinstance(answer, Listing):
            raise TypeError(f"a list was read as {type(answer).__name__}")
        return answer

    async def columns_on(
        self, page: bytes, url: str, http_charset: str | None = None
    ) -> tuple[Link, ...]:
        """Find the columns that a home page leads to (the arguments are those of ``columns_on``).

        Raises:
            ListingCrashed: the process died, hung or outgrew its memory on this page.
            ListingError: the page exceeds a limit.
        """
        request = {"page": page, "url": url, "http_charset": http_charset}
        answer = await self._read_list("columns", request)
        if not isinstance(answer, tuple):
            raise TypeError(f"columns were read as {type(answer).__name__}")
        return answer

    async def _read_list(self, kind: str, request: dict[str, Any]) -> object:
        url = str(request["url"])
        try:
            return await self._read(kind, url, request)
        except _Lost as lost:
            raise ListingCrashed(
                f"{url}: the reader {lost} on this list page; name another list in the source, "
                "or report the address"
            ) from lost

    async def name_wall(
        self, status: int, headers: Mapping[str, str], body: bytes, url: str
    ) -> str | None:
        """Name the wall that an answer is (see ``scraper.fetch.walls``).

        Raises:
            ParserCrashed: the process died, hung or outgrew its memory on this answer.
        """
        request = {"status": status, "headers": dict(headers), "body": body}
        try:
            answer = await self._read("wall", url, request)
        except _Lost as lost:
            raise ParserCrashed(
                f"{url}: the reader {lost} when it looked for a wall", page=body, url=url
            ) from lost
        if not isinstance(answer, str | None):
            raise TypeError(f"a wall was named as {type(answer).__name__}")
        return answer

    async def _read(self, kind: str, url: str, arguments: dict[str, Any]) -> object:
        """What a reader makes of a document.

        Raises:
            PageError, ListingError: as the reader raised them.
            _Lost: the reader came to an end, or has a fault.
        """
        frame = pickle.dumps((kind, arguments), pickle.HIGHEST_PROTOCOL)
        process = await self._free.get()
        kept: _Process | None = None
        try:
            process = process or await self._start()
            answer = await self._ask(process, frame, url)
            kept = process if self._is_good_for_more(process, answer) else None
        finally:
            if kept is None and process is not None:
                await asyncio.shield(self._retire(process))
            self._free.put_nowait(kept)
        if isinstance(answer, PageError | ListingError):
            raise answer
        if isinstance(answer, Fault):
            log.error("A reader failed on a document", url=url, fault=answer.traceback)
            raise _Lost(f"failed with {answer.last_line}")
        return answer

    def _is_good_for_more(self, process: _Process, answer: object) -> bool:
        return not isinstance(answer, Fault) and process.documents < self._limits.documents

    async def _ask(self, process: _Process, frame: bytes, url: str) -> object:
        try:
            async with asyncio.timeout(self._limits.seconds):
                answer = await process.ask(frame)
        except TimeoutError:
            reason = f"took more than {self._limits.seconds:g} s"
        except EOFError:
            # It is going by itself; a signal now could take its status before asyncio sees it.
            status = await process.end(kill=False)
            reason = f"ended with {_named(status)}"
        else:
            thing: object = pickle.loads(answer)  # noqa: S301 - our own child wrote it
            return thing
        log.error("A document cost its reader", url=url, reason=reason)
        raise _Lost(reason)

    async def _start(self) -> _Process:
        started = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            _PROGRAM,
            str(self._limits.megabytes),
            str(self._limits.seconds + _GRACE_SECONDS),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_ANSWER_LIMIT,
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path])},
        )
        process = _Process(started)
        self._all.add(process)
        try:
            await process.ready()
        except (TimeoutError, EOFError):
            await self._retire(process)
            raise _Lost("did not start: is there memory for a process?") from None
        return process

    async def _retire(self, process: _Process) -> None:
        await process.end(kill=True)
        self._all.discard(process)


def _named(status: int) -> str:
    """An exit status in words: signals by name."""
    return signal.Signals(-status).name if status < 0 else f"status {status}"
