"""Files of a publication as an export tells them: each address with its versions and what they say.

The bytes that are kept leave as records of their own in a WARC file (``WarcFile.kept``); JSON lines
carry texts and dates, as they carry the texts of pages and not the pages.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection
from psycopg.rows import scalar_row

from scraper.archive.exchange.lines import (
    NAME_CHARACTERS,
    Refused,
    moment_of,
    require_address,
    require_text,
)
from scraper.archive.observations.file import FileReading, Kind
from scraper.archive.writing.file_store import host_of, put_readings
from scraper.archive.writing.main_files import join_by_main_file
from scraper.database import Pool, Statements

MOST_FILES, MOST_VERSIONS = 200, 5000
_DIGEST = re.compile(r"[0-9a-f]{64}")
_SQL = Statements("files")


@dataclass(frozen=True, slots=True)
class FileVersion:
    """A content that an address gave, and what it says; ``digest`` is its SHA-256 in hexadecimal."""

    digest: str
    size: int
    first_at: dt.datetime
    last_at: dt.datetime
    name: str | None
    media_type: str | None
    format: str | None
    readings: tuple[FileReading, ...]


@dataclass(frozen=True, slots=True)
class FileHistory:
    """An address of a publication's file with its versions, the oldest first."""

    url: str
    kind: Kind
    place: int | None
    keep: bool
    versions: tuple[FileVersion, ...]


@dataclass(frozen=True, slots=True)
class KeptBytes:
    """The bytes of a content, and the address and time they are told with."""

    url: str
    digest: str
    media_type: str | None
    first_at: dt.datetime
    content: bytes


async def files_out(pool: Pool, publication_id: int) -> list[dict[str, Any]]:
    """The files of a publication in types of JSON; empty where none was ever fetched."""
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=scalar_row)
        await cursor.execute(_SQL["files_out"], {"publication_id": publication_id})
        found: list[dict[str, Any]] = await cursor.fetchall()
        return found


def files_of(record: Mapping[str, Any], now: dt.datetime) -> tuple[FileHistory, ...]:
    """The files that a record tells.

    Args:
        record: a line of an export, or what stands beside a page of a WARC file.
        now: the present, which says what years are possible.

    Raises:
        Refused: what it tells is impossible; the message names the field.
    """
    told = record.get("files")
    if told is None:
        return ()
    if not isinstance(told, list) or len(told) > MOST_FILES:
        raise Refused(f"files must be a list of {MOST_FILES} at most")
    return tuple(_history(f"files[{number}]", each, now) for number, each in enumerate(told))


def _history(name: str, told: Any, now: dt.datetime) -> FileHistory:
    if not isinstance(told, dict):
        raise Refused(f"{name} must be of type object")
    url, kind, place = told.get("url"), told.get("kind"), told.get("place")
    if not isinstance(url, str):
        raise Refused(f"{name}.url must be of type text")
    require_address(f"{name}.url", url)
    if kind not in {"image", "attachment"}:
        raise Refused(f"{name}.kind is image or attachment, not {str(kind)[:40]!r}")
    versions = told.get("versions")
    if not isinstance(versions, list) or not 0 < len(versions) <= MOST_VERSIONS:
        raise Refused(f"{name}.versions must be a list of 1 to {MOST_VERSIONS}")
    read = [_version(f"{name}.versions[{n}]", each, now) for n, each in enumerate(versions)]
    return FileHistory(
        url,
        kind,
        _whole(f"{name}.place", place, 1, 100_000),
        bool(told.get("keep")),
        tuple(sorted(read, key=lambda version: version.first_at)),
    )


def _version(name: str, told: Any, now: dt.datetime) -> FileVersion:
    if not isinstance(told, dict):
        raise Refused(f"{name} must be of type object")
    digest = told.get("digest")
    if not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
        raise Refused(f"{name}.digest is no SHA-256 in hexadecimal")
    first_at = moment_of(f"{name}.first_at", told.get("first_at"), now)
    size = _whole(f"{name}.size", told.get("size"), 0, 1 << 40)
    if first_at is None or size is None:
        raise Refused(f"{name} has no first_at or no size")
    readings = told.get("readings") or []
    if not isinstance(readings, list) or len(readings) > 2:
        raise Refused(f"{name}.readings must be a list of 2 at most")
    return FileVersion(
        digest,
        size,
        first_at,
        moment_of(f"{name}.last_at", told.get("last_at"), now) or first_at,
        _text(f"{name}.name", told.get("name"), NAME_CHARACTERS),
        _text(f"{name}.media_type", told.get("media_type"), NAME_CHARACTERS),
        _text(f"{name}.format", told.get("format"), 40),
        tuple(_reading(f"{name}.readings[{n}]", each) for n, each in enumerate(readings)),
    )


def _reading(name: str, told: Any) -> FileReading:
    if not isinstance(told, dict):
        raise Refused(f"{name} must be of type object")
    state = _text(f"{name}.state", told.get("state"), 40)
    if state is None:
        raise Refused(f"{name} has no state")
    sure = told.get("confidence")
    if sure is not None and (isinstance(sure, bool) or not isinstance(sure, int | float)):
        raise Refused(f"{name}.confidence must be a number")
    return FileReading(
        recognised=told.get("recognised") is True,
        state=state,
        reader=_text(f"{name}.reader", told.get("reader"), NAME_CHARACTERS) or "imported",
        body=_text(f"{name}.body", told.get("body"), 16 << 20) or "",
        detail=_text(f"{name}.detail", told.get("detail"), 2000),
        heading=_text(f"{name}.heading", told.get("heading"), 2000),
        pages=_whole(f"{name}.pages", told.get("pages"), 0, 1_000_000),
        complete=told.get("complete") is not False,
        confidence=sure if sure is None else min(max(float(sure), 0.0), 1.0),
    )


def _text(name: str, value: Any, most: int) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > most:
        raise Refused(f"{name} must be a text of {most} characters at most")
    require_text(name, value)
    return value


def _whole(name: str, value: Any, least: int, most: int) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise Refused(f"{name} must be a whole number of {least} to {most}")
    return value


async def files_in(pool: Pool, page_url: str, source_id: str, files: Sequence[FileHistory]) -> None:
    """Take files in with a publication that is stored; what is known already stays as it is.

    Nothing becomes due by that: what comes from a file is fetched when its article is looked at.
    """
    async with pool.connection() as connection, connection.transaction():
        for file in files:
            await _take_in(connection, page_url, source_id, file)
        for file in files:
            if file.kind == "attachment" and file.place == 1:
                await join_by_main_file(connection, file.versions[-1].digest)


async def _take_in(
    connection: AsyncConnection, page_url: str, source_id: str, file: FileHistory
) -> None:
    newest = file.versions[-1]
    for version in file.versions:
        row = {"digest": version.digest, "size": version.size, "format": version.format}
        row |= {"media_type": version.media_type, "content": None}
        await connection.execute(_SQL["store_file"], row)
        await put_readings(connection, version.digest, version.readings)
    values = {
        "page_url": page_url,
        "source_id": source_id,
        "url": file.url,
        "host": host_of(file.url),
        "kind": file.kind,
        "place": file.place,
        "keep": file.keep,
        "digest": newest.digest,
        "fetched_at": newest.first_at,
        "checked_at": newest.last_at,
    }
    await connection.execute(_SQL["take_in_address"], values)
    await connection.execute(_SQL["take_in_link"], values)
    for version in file.versions:
        seen = {"url": file.url, "digest": version.digest, "first_at": version.first_at}
        seen |= {"last_at": version.last_at, "name": version.name, "run_id": None}
        seen |= {"media_type": version.media_type, "clock_doubtful": False}
        await connection.execute(_SQL["store_version"], seen)


async def bytes_in(pool: Pool, digest: str, content: bytes, media_type: str | None) -> None:
    """Take the bytes of a content in."""
    row = {"digest": digest, "size": len(content), "format": None}
    row |= {"media_type": media_type, "content": content}
    async with pool.connection() as connection:
        await connection.execute(_SQL["store_file"], row)
