"""WARC in: every record that can be read, and for each other one the reason why not.

The frames are read here and not by warcio, which ends at the first broken record, trusts lengths, and
undoes content codings without a limit (and ``br`` not at all beside brotli 1.2). Files of the older ARC
form are turned into WARC by warcio.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import tempfile
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO

from scraper.archive.exchange.lines import Refused, moment_of, no_number, require_address
from scraper.archive.exchange.warc import RENAMED
from scraper.archive.exchange.warc_stream import Gap, unpacked
from scraper.archive.observations.observation import Headers
from scraper.errors import UsageError
from scraper.fetch.bodies import Body, BodyTooLarge, BrokenBody

CONTENT_BYTES = 32 << 20
"""Longest content of a record that is read, and longest body that one may unpack to."""
HEAD_BYTES = 64 << 10
"""Longest head of a record, and of the answer in it."""
ORIGINS_KEPT = 1000
"""Metadata records whose response has not come yet."""

_JSON = "application/json"
_VERSION = re.compile(rb"WARC/[0-9]\.[0-9]+\s*")
_STATUS = re.compile(rb"HTTP/[0-9](?:\.[0-9])? +([0-9]{3})(?: |$)")
_LENGTH = re.compile(r"[0-9]{1,15}")
_CHUNK = re.compile(rb"\r?\n?([0-9A-Fa-f]{1,8})[^\n]{0,200}\n")


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    """A response record. ``origin`` is what our own export says of it, None for other files."""

    url: str
    fetched_at: dt.datetime
    status: int
    headers: Headers
    body: bytes
    origin: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class ReceivedText:
    """A conversion record: a line of the JSONL export, and its origin."""

    record: dict[str, Any]
    origin: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Damaged:
    """A record that cannot be read, or bytes that are none. ``place`` counts records from 1."""

    place: int
    reason: str


Received = ReceivedPage | ReceivedText | Damaged


def read_warc(stream: BinaryIO, now: dt.datetime) -> Iterator[Received]:
    """The pages and texts of a WARC file, compressed or not; records of other types are passed over.

    Args:
        stream: the file; an ARC file, too.
        now: the present, which says what years are possible.

    Raises:
        UsageError: there is no record in it.
    """
    pieces = unpacked(stream)
    first = next(pieces, b"")
    if isinstance(first, bytes) and first.startswith(b"filedesc://"):
        first, pieces = b"", unpacked(_as_warc(stream))
    reading = _Reading(_Buffer(chain([first], pieces)), now)
    yield from reading.all()
    if not reading.found:
        raise UsageError("the file is not a WARC file: there is no record in it")


class _Buffer:
    """Bytes as they come. ``_Gap`` is raised where some are missing; then what follows begins anew."""

    def __init__(self, pieces: Iterator[bytes | Gap]) -> None:
        self._pieces, self._held = pieces, bytearray()

    def more(self) -> bool:
        """Take the next piece; False at the end."""
        piece = next(self._pieces, None)
        if isinstance(piece, Gap):
            self._held.clear()
            raise Refused(piece.reason)
        self._held += piece or b""
        return piece is not None

    def line(self, most: int) -> bytes:
        """A line with its end; empty at the end of the file."""
        place = self._held.find(b"\n")
        while place < 0 and len(self._held) <= most and self.more():
            place = self._held.find(b"\n")
        if place < 0 and len(self._held) > most:
            raise Refused("a line of a record's head is too long")
        return self.take(place + 1 if place >= 0 else len(self._held))

    def take(self, size: int) -> bytes:
        """Bytes that are held."""
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def read(self, size: int) -> bytes:
        """So many bytes; fewer at the end of the file."""
        while len(self._held) < size and self.more():
            pass
        return self.take(size)

    def skip(self, size: int) -> int:
        """Pass over so many bytes; how many of them were not there."""
        while size > 0 and (self._held or self.more()):
            size -= len(self.take(size))
        return max(size, 0)

    def seek(self, mark: bytes) -> None:
        """Pass over everything up to the next line that begins with ``mark``."""
        at_line = True
        while self._held or self.more():
            if at_line and len(self._held) < len(mark) and self.more():
                continue
            if at_line and self._held.startswith(mark):
                return
            place = self._held.find(b"\n")
            at_line = place >= 0
            self.take(place + 1 if at_line else len(self._held))

    def followed_by_end(self) -> bool:
        """Whether a record may end here: at a line's end or the file's."""
        while not self._held and self.more():
            pass
        return not self._held or bytes(self._held[:1]) in {b"\r", b"\n"}


class _Reading:
    """One pass through a file."""

    def __init__(self, buffer: _Buffer, now: dt.datetime) -> None:
        self._buffer, self._now = buffer, now
        self._origins: OrderedDict[str, Mapping[str, Any]] = OrderedDict()
        self._place = 0
        self.found = False

    def all(self) -> Iterator[Received]:
        """Everything, in order."""
        broken = False
        while True:
            try:
                if broken:
                    broken = False
                    self._buffer.seek(b"WARC/")
                head = self._head()
                if head is None:
                    return
                received = self._record(head)
            except _Unreadable as error:
                yield Damaged(self._place, str(error))
            except Refused as error:
                broken = True
                yield Damaged(self._place, str(error))
            else:
                if received is not None:
                    yield received

    def _head(self) -> dict[str, str] | None:
        """The next record's head, names in small letters; None at the end of the file."""
        line = self._buffer.line(HEAD_BYTES)
        while line and not line.strip():
            line = self._buffer.line(HEAD_BYTES)
        if not line:
            return None
        self._place += 1
        if not _VERSION.fullmatch(line):
            raise Refused("what stands here is no record: the length before it is wrong")
        self.found = True
        lines, size = [], 0
        while (line := self._buffer.line(HEAD_BYTES)).strip():
            lines.append(line)
            size += len(line)
            if size > HEAD_BYTES:
                raise Refused("the record's head is too long")
        if not line:
            raise Refused("the file is cut off within a record's head")
        return {name.lower(): value for name, value in reversed(_headers(lines))}

    def _record(self, head: Mapping[str, str]) -> ReceivedPage | ReceivedText | None:
        content = self._content(head)
        kind, of_json = head.get("warc-type"), head.get("content-type") == _JSON
        if content is None:
            return None
        if kind == "metadata" and of_json:
            self._remember(head.get("warc-concurrent-to", ""), content)
            return None
        if kind == "conversion" and of_json:
            value = _json(content)
            if not isinstance(value.get("record"), dict):
                raise _Unreadable("a text without its record")
            return ReceivedText(value["record"], _object(value.get("origin")))
        if kind == "response":
            return self._page(head, content)
        return None

    def _content(self, head: Mapping[str, str]) -> bytes | None:
        """The record's content; None where its type is of no use."""
        length = head.get("content-length", "")
        if not _LENGTH.fullmatch(length):
            raise Refused(f"Content-Length is {length[:40]!r}" if length else "no Content-Length")
        size = int(length)
        wanted = head.get("warc-type") in {"metadata", "conversion", "response"}
        too_long = size > CONTENT_BYTES
        content = self._buffer.read(size) if wanted and not too_long else None
        lacking = size - len(content) if content is not None else self._buffer.skip(size)
        if lacking:
            raise Refused(
                f"the file is cut off: {lacking} of {size} bytes of the record are missing"
            )
        if not self._buffer.followed_by_end():
            raise Refused("the record does not end where its Content-Length says")
        if wanted and too_long:
            raise _Unreadable(f"the record is longer than {CONTENT_BYTES >> 20} MiB")
        return content

    def _remember(self, number: str, content: bytes) -> None:
        self._origins[number] = _json(content)
        while len(self._origins) > ORIGINS_KEPT:
            self._origins.popitem(last=False)

    def _page(self, head: Mapping[str, str], content: bytes) -> ReceivedPage | None:
        origin = self._origins.pop(head.get("warc-record-id", ""), None)
        status = _STATUS.match(content)
        if status is None:
            return None  # an answer of DNS or FTP
        try:
            url, fetched_at = self._origin_of(head)
            headers, body = _answer(content)
        except Refused as error:
            raise _Unreadable(str(error)) from error
        restored = tuple(_restored(headers, ours=origin is not None))
        return ReceivedPage(url, fetched_at, int(status[1]), restored, body, origin)

    def _origin_of(self, head: Mapping[str, str]) -> tuple[str, dt.datetime]:
        """The address of a page, and when it was received."""
        url = head.get("warc-target-uri", "").strip("<>")
        if not url:
            raise Refused("no WARC-Target-URI")
        require_address("WARC-Target-URI", url)
        fetched_at = moment_of("WARC-Date", head.get("warc-date"), self._now)
        if fetched_at is None:
            raise Refused("no WARC-Date")
        return url, fetched_at


class _Unreadable(Exception):
    """A record of which the frame is sound, so that the next one begins where it should."""


def _headers(lines: list[bytes]) -> list[tuple[str, str]]:
    """Names and values; a line that begins with a blank continues the one before."""
    found: list[tuple[str, str]] = []
    for line in lines:
        text = line.rstrip(b"\r\n").decode("utf-8", "replace")
        if "\x00" in text:
            raise Refused("a header holds NUL")
        if text[:1] in {" ", "\t"} and found:
            name, value = found[-1]
            found[-1] = (name, f"{value} {text.strip()}")
            continue
        name, colon, value = text.partition(":")
        if colon:
            found.append((name.strip(), value.strip()))
    return found


def _answer(content: bytes) -> tuple[list[tuple[str, str]], bytes]:
    """The headers of an answer and its body, with chunks and codings undone."""
    lines = io.BytesIO(content)
    lines.readline(HEAD_BYTES)
    raw = []
    while (line := lines.readline(HEAD_BYTES)).strip():
        raw.append(line)
        if lines.tell() > HEAD_BYTES:
            raise Refused("the answer's head is too long")
    headers = _headers(raw)
    names = {name.lower(): value for name, value in reversed(headers)}
    body = content[lines.tell() :]
    if "chunked" in names.get("transfer-encoding", "").lower():
        body = _joined(body)
    return headers, _decoded(body, names.get("content-encoding", ""))


def _joined(body: bytes) -> bytes:
    """A body without its chunks' heads (RFC 9112 section 7.1); as it is where it has none."""
    parts, place = [], 0
    while (head := _CHUNK.match(body, place)) and (size := int(head[1], 16)):
        parts.append(body[head.end() : head.end() + size])
        place = head.end() + size
    return b"".join(parts) if parts else body


def _decoded(body: bytes, coding: str) -> bytes:
    """A body without its content coding; as it is where it was undone before it was kept."""
    out = None
    try:
        out = Body(coding, CONTENT_BYTES, CONTENT_BYTES)
        out.feed(body)
        return out.finish()
    except BodyTooLarge as error:
        raise Refused(str(error)) from error
    except BrokenBody as error:
        if (out is None or out.size == 0) and body.lstrip()[:1] in {b"<", b"{", b"["}:
            return body
        raise Refused(str(error)) from error


def _restored(headers: list[tuple[str, str]], *, ours: bool) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        if name.startswith(RENAMED):
            yield name.removeprefix(RENAMED), value
        elif not (ours and name.lower() == "content-length"):
            yield name, value


def _json(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content.decode("utf-8"), parse_constant=no_number)
    except (ValueError, RecursionError) as error:
        raise _Unreadable(f"what the record tells is not JSON: {error}") from error
    found = _object(value)
    if found is None:
        raise _Unreadable("what the record tells is no JSON object")
    return found


def _object(value: Any) -> dict[str, Any] | None:
    return value if isinstance(value, dict) else None


def _as_warc(stream: BinaryIO) -> BinaryIO:
    """An ARC file, which ends at its first broken record, as WARC."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415 - hardly ever needed
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415
    from warcio.warcwriter import WARCWriter  # noqa: PLC0415

    stream.seek(0)
    out = tempfile.TemporaryFile()  # noqa: SIM115 - closed when nobody reads it any more
    writer = WARCWriter(out, gzip=False)
    try:
        for record in ArchiveIterator(stream, arc2warc=True):
            writer.write_record(record)
    except (ArchiveLoadFailed, EOFError, ValueError) as error:
        if out.tell() == 0:
            raise UsageError(f"the file is not an ARC file: {error}") from error
    out.seek(0)
    return out
