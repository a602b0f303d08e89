"""Pages and lists are read in processes of their own, so that a crash of a parser loses one page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from scraper.errors import ListingCrashed, ListingError, PageError, ParserCrashed
from scraper.listing.model import FormFields, Link, Listing
from scraper.listing.rules import NO_RULES, ListRules
from scraper.page.rules.selectors import FieldRules
from scraper.readers.processors import by_processors
from scraper.readers.workers import Lost, ReaderLimits, WorkerPool
from scraper.release import Release

_PROGRAM = "from scraper.readers.process import main; main()"


class ReaderPool(WorkerPool):
    """A pool of readers' processes; use it as an async context manager.

    Args:
        count: processes at most; by default :func:`by_processors`.
        limits: time, memory and documents of one process.
    """

    def __init__(
        self,
        count: int | None = None,
        *,
        limits: ReaderLimits | None = None,
    ) -> None:
        count = count or by_processors()
        super().__init__(
            _PROGRAM, (PageError, ListingError), count, limits=limits or ReaderLimits()
        )

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
            answer = await self.read("page", url, {**request, **dated})
        except Lost as lost:
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
            return await self.read(kind, url, request)
        except Lost as lost:
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
            answer = await self.read("wall", url, request)
        except Lost as lost:
            raise ParserCrashed(
                f"{url}: the reader {lost} when it looked for a wall", page=body, url=url
            ) from lost
        if not isinstance(answer, str | None):
            raise TypeError(f"a wall was named as {type(answer).__name__}")
        return answer
