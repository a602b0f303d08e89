"""A line of a file as a record that can be stored, shown and written out again; else the reason why not.

Pure: what is refused here would fail later, at the database or in an export, and take others with it.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NoReturn
from urllib.parse import urlsplit

from scraper.clock import SHANGHAI
from scraper.controls import visible_json
from scraper.record.controls import without_steering
from scraper.record.release import Release

LINE_BYTES = 16 << 20
"""A longer line is refused unread; the longest article met has less than a hundredth of it."""
LINE_FORMAT = 2
"""Version of a line's form, its key ``format``. Lines without one (version 0.1) are of the first; a later
one adds keys, which an import ignores, or else has a higher number, which it refuses."""
TOMBSTONE_FORMAT = 3
"""Of a line that tells what was erased; versions before 0.3 refuse it by its number and go on."""
ADDRESS_CHARACTERS = 65_536
NAME_CHARACTERS = 500
"""Longest id or name of a source, and version of a parser: what indexes and lists hold."""
FIRST_YEAR = 1900
"""Dates before it are errors of conversion: no page of the web is older, and few of its texts."""

_BOM = b"\xef\xbb\xbf"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WHITE = re.compile(r"[\s\x00-\x20\x7f]")
_REGION = re.compile(r"[0-9]{6}")


class Refused(ValueError):
    """A line or record cannot be taken; the message says why, without its contents at length."""


def lines_of(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a file, without their ends; None for one that is too long.

    A byte order mark before the first and a carriage return before a line's end are no part of them.
    """
    first = True
    while line := stream.readline(LINE_BYTES + 1):
        whole = line.endswith(b"\n") or len(line) <= LINE_BYTES
        while not whole and (rest := stream.readline(LINE_BYTES)):
            if rest.endswith(b"\n"):
                break
        if first:
            line = line.removeprefix(_BOM)
        first = False
        yield line.rstrip(b"\r\n") if whole else None


def record_of(line: bytes | None) -> dict[str, Any]:
    """The JSON object of a line.

    Raises:
        Refused: it is none, or holds what no database keeps.
    """
    if line is None:
        raise Refused(f"the line is longer than {LINE_BYTES >> 20} MiB")
    try:
        record = json.loads(line.decode("utf-8"), parse_constant=no_number)
    except UnicodeDecodeError as error:
        raise Refused(f"not UTF-8 at byte {error.start + 1}") from error
    except RecursionError as error:
        raise Refused("not JSON: nested too deeply") from error
    except ValueError as error:
        raise Refused(f"not JSON: {error}") from error
    if not isinstance(record, dict):
        raise Refused("not a release: it is no JSON object")
    return record


def line_of(record: Mapping[str, Any]) -> str:
    """The line of a record, without its end: one object, its form's version first."""
    return visible_json(json.dumps({"format": LINE_FORMAT, **record}, ensure_ascii=False))


def release_of(record: Mapping[str, Any], now: dt.datetime) -> Release:
    """The release that a record holds.

    Args:
        record: as a JSONL export writes it; ``url`` and ``title`` are needed.
        now: the present, which says what years are possible.

    Raises:
        Refused: a field is missing, of another type, or impossible; the message names it.
    """
    form = record.get("format", 1)
    if not isinstance(form, int) or not 1 <= form <= LINE_FORMAT:
        raise Refused(
            f"format {str(form)[:20]!r} is none that this version reads (1 to {LINE_FORMAT})"
        )
    for name, value in record.items():
        require_text(name, value)
    try:
        release = without_steering(Release.from_dict(record))
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise Refused(f"not a release: {error}") from error
    if not release.title.strip():
        raise Refused("not a release: title is empty")
    require_address("url", release.url)
    for number, image in enumerate(release.images):
        _bounded(f"images[{number}].url", image.url, ADDRESS_CHARACTERS)
    for number, file in enumerate(release.attachments):
        _bounded(f"attachments[{number}].url", file.url, ADDRESS_CHARACTERS)
    _bounded("parser_version", release.parser_version, NAME_CHARACTERS)
    if release.published_at is not None:
        require_year("published_at", release.published_at, now)
    return release


def moment_of(name: str, value: Any, now: dt.datetime) -> dt.datetime | None:
    """The time of a field in ISO 8601 with a time zone; None where it is missing.

    Raises:
        Refused: it is no such time, or of an impossible year.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise Refused(f"{name} must be of type text")
    try:
        moment = dt.datetime.fromisoformat(value)
        zone = moment.utcoffset()
    except (ValueError, OverflowError) as error:
        raise Refused(f"{name}: {value[:40]!r} is no time of ISO 8601") from error
    if zone is None:
        raise Refused(f"{name}: the time {value[:40]!r} has no time zone")
    require_year(name, moment, now)
    return moment


def require_year(name: str, moment: dt.datetime, now: dt.datetime) -> None:
    """Refuse a moment before 1900 or after next year, in Asia/Shanghai.

    Raises:
        Refused: with the field's name.
    """
    try:
        year = moment.astimezone(SHANGHAI).year
    except (ValueError, OverflowError):  # an end of the calendar
        year = moment.year
    last = now.astimezone(SHANGHAI).year + 1
    if not FIRST_YEAR <= year <= last or not FIRST_YEAR <= moment.year <= last:
        raise Refused(f"{name}: the year {year} is not between {FIRST_YEAR} and {last}")


def require_address(name: str, url: str) -> None:
    """Refuse what is no address of the web.

    Raises:
        Refused: with the field's name.
    """
    _bounded(name, url, ADDRESS_CHARACTERS)
    require_text(name, url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Refused(f"{name}: {url[:80]!r} is no address: {error}") from error
    if parts.scheme.lower() not in {"http", "https"} or not host or port == 0 or _WHITE.search(url):
        raise Refused(f"{name}: {url[:80]!r} is no address of http or https")


def require_name(name: str, value: Any) -> str | None:
    """A short text, or nothing.

    Raises:
        Refused: it is something else, with the field's name.
    """
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Refused(f"{name} must be of type text")
    require_text(name, value)
    _bounded(name, value, NAME_CHARACTERS)
    return value


def require_region(name: str, value: Any) -> str | None:
    """A GB/T 2260 code, or nothing.

    Raises:
        Refused: it is something else, with the field's name.
    """
    code = require_name(name, value)
    if code is not None and not _REGION.fullmatch(code):
        raise Refused(f"{name}: {code[:40]!r} is no code of GB/T 2260")
    return code


def require_text(name: str, value: Any) -> None:
    """Refuse characters that PostgreSQL or UTF-8 has no room for, wherever in a value they stand.

    Raises:
        Refused: with the field's name.
    """
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str) and (found := _UNSTORABLE.search(part)):
            what = "NUL (U+0000)" if found[0] == "\x00" else "half a surrogate pair"
            raise Refused(f"{name} holds {what}")
        if isinstance(part, dict):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, list | tuple):
            waiting += part


def _bounded(name: str, text: str, most: int) -> None:
    if len(text) > most:
        raise Refused(f"{name} is longer than {most} characters")


def no_number(name: str) -> NoReturn:
    """For ``parse_constant``: NaN and the infinities are no numbers of JSON (RFC 8259 section 6).

    Raises:
        ValueError: always.
    """
    raise ValueError(f"{name} is no number of JSON")
