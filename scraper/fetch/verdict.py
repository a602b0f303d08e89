"""What an answer amounts to, from status, headers and bytes alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from scraper.errors import PageError
from scraper.fetch.exchange import Purpose
from scraper.fetch.walls import LOOKED_AT, NameWall, may_be_wall, name_wall
from scraper.outcome import Outcome

_TEXT_TYPES = frozenset(
    [
        "text/html",
        "application/xhtml+xml",
        "text/xml",
        "application/xml",
        "application/json",
        "text/json",
        "text/plain",
        "text/javascript",
        "application/javascript",
        "application/x-javascript",
        "application/rss+xml",
        "application/atom+xml",
        "application/gzip",  # sitemaps are served as files; they are unpacked on arrival
        "application/x-gzip",
    ]
)
_IMAGE_TYPES = frozenset(
    [
        "image/jpeg",
        "image/jpg",
        "image/pjpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/bmp",
        "image/x-ms-bmp",
        "image/avif",
        "image/tiff",
    ]
)
_UNTOLD = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/x-download"}
)
MARKUP = frozenset({"text/html", "application/xhtml+xml"})
_BINARY = re.compile(
    rb"%PDF-|\x89PNG\r\n|GIF8[79]a|\xff\xd8\xff|PK\x03\x04|Rar!\x1a|7z\xbc\xaf|\xd0\xcf\x11\xe0"
    rb"|BM.{4}\x00\x00\x00\x00|RIFF.{4}WEBP|\x7fELF|MZ\x90|ID3|\x00\x00\x00.ftyp|\x1f\x8b",
    re.DOTALL,
)
_DOCUMENT = re.compile(
    rb"[\s\x00\xef\xbb\xbf]{0,32}%PDF-|PK\x03\x04|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    rb"|\{\\rtf"
)
"""What documents and archives begin with: PDF, OOXML and OFD and ZIP, RAR, 7z, Office 97, RTF."""
_PROGRAM = re.compile(rb"MZ.\x00|\x7fELF|#!|\xca\xfe\xba\xbe", re.DOTALL)
_IMAGE = re.compile(
    rb"\x89PNG\r\n|GIF8[79]a|\xff\xd8\xff|BM|RIFF.{4}WEBP|II\*\x00|MM\x00\*|\x00\x00\x00.ftypavif",
    re.DOTALL,
)
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.IGNORECASE)
_LONGEST_VALUE = 500
_BLANK = b" \t\r\n\x00\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome, a sentence about it and, for a wall, its name."""

    outcome: Outcome
    detail: str = ""
    wall: str | None = None


def media_type(headers: Mapping[str, str]) -> str | None:
    """Content-Type without its parameters, lower case; None where there is none."""
    return (
        headers.get("content-type", "")[:_LONGEST_VALUE].partition(";")[0].strip().lower() or None
    )


def http_charset(headers: Mapping[str, str]) -> str | None:
    """The charset that Content-Type names, lower case; it may lie."""
    found = _CHARSET.search(headers.get("content-type", "")[:_LONGEST_VALUE])
    return found.group(1).lower() if found else None


def judge(status: int, headers: Mapping[str, str], body: bytes, purpose: Purpose) -> Verdict:
    """Say what an answer with its whole body amounts to; redirects and 304 are settled before."""
    wall = None if purpose is Purpose.ROBOTS else name_wall(status, headers, body)
    return weigh(status, headers, body, purpose, wall)


async def judge_by(
    judged_by: NameWall,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    purpose: Purpose,
    url: str,
) -> Verdict:
    """The same, with the wall named by somebody else: mostly a reader in a process of its own."""
    if purpose is Purpose.ROBOTS or not may_be_wall(status, body):
        return weigh(status, headers, body, purpose)
    try:
        wall = await judged_by(status, headers, body[:LOOKED_AT], url)
    except PageError as error:
        return Verdict(Outcome.PARSE_ERROR, str(error))
    return weigh(status, headers, body, purpose, wall)


def weigh(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    purpose: Purpose,
    wall: str | None = None,
) -> Verdict:
    """Say what an answer amounts to of which it is known whether it is a wall."""
    if wall:
        return Verdict(Outcome.WALL, f"{wall} (status {status})", wall)
    if status in {200, 203}:
        return _judge_good(headers, body, purpose)
    return Verdict(outcome_of_status(status, headers), f"status {status}")


def outcome_of_status(status: int, headers: Mapping[str, str]) -> Outcome:
    """The outcome that goes with a status other than 200, 203, 304 and the redirects."""
    if status in {404, 410}:
        return Outcome.GONE
    if status == 429:
        return Outcome.RATE_LIMITED
    if status == 503 and "retry-after" in headers:
        return Outcome.MAINTENANCE
    if 400 <= status < 500:
        return Outcome.CLIENT_ERROR
    if 200 <= status < 300:
        return Outcome.EMPTY
    return Outcome.PROTOCOL if status < 500 else Outcome.SERVER_ERROR


def _judge_good(headers: Mapping[str, str], body: bytes, purpose: Purpose) -> Verdict:
    if purpose is Purpose.ROBOTS:
        return Verdict(Outcome.OK)
    if not body.strip(_BLANK):
        return Verdict(Outcome.EMPTY, f"{len(body)} bytes, all blank")
    reason = _wrong_type(media_type(headers) or "", body, purpose)
    return Verdict(Outcome.WRONG_TYPE, reason) if reason else Verdict(Outcome.OK)


def _wrong_type(kind: str, body: bytes, purpose: Purpose) -> str | None:
    if purpose is Purpose.IMAGE:
        fits = (kind in _IMAGE_TYPES or kind in _UNTOLD) and bool(_IMAGE.match(body))
    elif purpose is Purpose.ATTACHMENT:
        fits = (_is_document(kind) or bool(_BINARY.match(body))) and not _PROGRAM.match(body)
    else:
        fits = (kind in _TEXT_TYPES or kind in _UNTOLD) and not _BINARY.match(body)
    if fits:
        return None
    return f"{kind or 'no type'}, beginning {body[:8]!r}, where a {purpose.value} was asked for"


def is_document(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether an answer is a document that can be read, by its bytes, whatever its type says."""
    kind = media_type(headers) or ""
    return bool(_DOCUMENT.match(body)) and not kind.startswith(("image/", "audio/", "video/"))


def is_text(headers: Mapping[str, str]) -> bool:
    """Whether the type is one that pages come under."""
    return (media_type(headers) or "text/html") in _TEXT_TYPES


def _is_document(kind: str) -> bool:
    """Whether a type may be an attachment: documents, archives and pictures, no markup or code."""
    if kind in MARKUP or kind.endswith(("javascript", "ecmascript")):
        return False
    return kind == "" or kind.startswith(("application/", "image/", "text/plain", "text/csv"))


def refused_early(status: int, headers: Mapping[str, str], purpose: Purpose) -> str | None:
    """Whether the headers alone show that the body need not be read: sound, video, a picture."""
    kind = media_type(headers) or ""
    if status != 200 or purpose is Purpose.ROBOTS:
        return None
    if kind.startswith(("audio/", "video/")):
        return f"{kind} is never asked for"
    if kind.startswith("image/") and purpose in {Purpose.LISTING, Purpose.ARTICLE}:
        return f"{kind} where a {purpose.value} was asked for"
    return None
