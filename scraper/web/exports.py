"""A search as a file, and a release as a citation: what leaves the reader for other programs."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Callable
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from scraper.archive.exchange.exporting import row_out
from scraper.archive.exchange.tables import CsvTable, ParquetTable, Row, XlsxTable
from scraper.clock import now
from scraper.errors import UsageError
from scraper.record.citation import Style, cite
from scraper.web.archive import Reading
from scraper.web.forms import MEDIA_TYPES, MOST, MOST_BYTES, forms
from scraper.web.pages import reading
from scraper.web.query import Query, read_query


class _Written(Protocol):
    """What lines or rows are added to, and what ends it."""

    def add(self, text: Any, /) -> None: ...

    def close(self) -> None: ...


class _Lines:
    """JSON lines, as ``tonggao import`` takes them."""

    def __init__(self, path: Path) -> None:
        self._out = path.open("w", encoding="utf-8", newline="\n")

    def add(self, line: str) -> None:
        """Write a line."""
        self._out.write(line + "\n")

    def close(self) -> None:
        """Close the file."""
        self._out.close()


class _Csv(CsvTable):
    """CSV with the mark by which Excel knows UTF-8: who clicks a button opens it there."""

    def __init__(self, path: Path) -> None:
        self._out: io.TextIOBase = path.open("w", encoding="utf-8", newline="")
        super().__init__(self._out, bom=True)

    def close(self) -> None:
        """Close the file."""
        self._out.close()


_MAKERS: dict[str, Callable[[Path], _Written]] = {
    "jsonl": _Lines,
    "csv": _Csv,
    "xlsx": partial(XlsxTable, split=True),
    "parquet": ParquetTable,
}
_CITED = {
    Style.gbt7714: ("text/plain", "txt"),
    Style.bibtex: ("application/x-bibtex", "bib"),
    Style.ris: ("application/x-research-info-systems", "ris"),
    Style.csl: ("application/vnd.citationstyles.csl+json", "json"),
}


def _remove(path: Path) -> None:
    """Remove a file, at once: who cancelled a request may cancel what is awaited after it as well."""
    path.unlink(missing_ok=True)


class _Spooled(FileResponse):
    """A file that is gone when it was sent, was not asked for rightly (Range), or could not be sent."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            _remove(Path(self.path))


async def export(request: Request) -> Response:
    """The releases of a search as a file; written whole before the first byte goes out.

    So a reader who takes it slowly holds no connection, and a file that cannot be finished is an error
    and not half a file.
    """
    form = request.path_params["form"]
    if form not in forms():
        raise HTTPException(404)
    query = replace(read_query(request.query_params, now().date()), page=1, sort="newest")
    archive = reading(request)
    found = await archive.total(query)
    if found > MOST:
        raise UsageError(
            f"{found} releases are more than the {MOST} of one file: narrow the search, or use `tonggao export`"
        )
    if archive.exporting.locked():
        raise HTTPException(503)
    with tempfile.NamedTemporaryFile(prefix="tonggao-", suffix=f".{form}", delete=False) as held:
        path = Path(held.name)
    try:
        async with archive.exporting:
            await _write(archive, query, form, path)
    except BaseException:
        _remove(path)
        raise
    return _Spooled(path, media_type=MEDIA_TYPES[form], filename=file_name(query, form))


def file_name(query: Query, form: str) -> str:
    """What a file is called: by the words, the region and the days."""
    parts = ("tonggao", query.words[:40], query.region, query.since, query.until)
    name = "-".join(str(part) for part in parts if part)
    return "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in name) + f".{form}"


async def _write(archive: Reading, query: Query, form: str, path: Path) -> None:
    """Write a file beside the event loop, a text at a time: one of them may bring files of many megabytes.

    Raises:
        UsageError: it would tell more than ``MOST_BYTES``.
    """
    room = MOST_BYTES
    written = await asyncio.to_thread(_MAKERS[form], path)
    try:
        async with aclosing(archive.texts(query)) as texts:  # its cursor is open until it is closed
            async for text in texts:
                told = await archive.line(text) if form == "jsonl" else row_out(text)
                room -= _bytes(told)
                if room < 0:
                    raise UsageError(
                        f"these releases are more than the {MOST_BYTES // 1_000_000} MB of one file: "
                        "narrow the search, or use `tonggao export`"
                    )
                await asyncio.to_thread(written.add, told)
    finally:
        await asyncio.to_thread(written.close)  # a workbook keeps its sheets in files of its own


def _bytes(told: str | Row) -> int:
    """Of a line, or of a row's cells, in UTF-8."""
    cells = (told,) if isinstance(told, str) else map(str, told.values())
    return sum(len(cell.encode("utf-8", "surrogatepass")) for cell in cells)


async def citation(request: Request) -> Response:
    """A release's citation, as a file for a reference manager."""
    number, style = request.path_params["release_id"], request.path_params["style"]
    archive = reading(request)
    found = await archive.release(number) if style in set(Style) else None
    if found is None:
        raise HTTPException(404)
    media_type, suffix = _CITED[Style(style)]
    text = cite(await archive.cited(found), Style(style))
    name = f"tonggao{number}.{suffix}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return PlainTextResponse(text + "\n", media_type=media_type, headers=headers)
