"""WARC 1.1 (ISO 28500:2017) out; ``warc_reading`` reads it in.

A page leaves as three records: ``metadata`` (its source and how it stands, JSON), ``request`` and
``response``; the later pages of an article stand before its first, each with the first's address in
its metadata. A text whose page is not kept leaves as a ``conversion`` record with the line that the
JSONL export would write. Headers that describe how the bytes travelled (Content-Encoding and its
like) are renamed, since the bytes kept are the decoded ones; reading restores them.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, BinaryIO
from urllib.parse import quote, urlsplit

import structlog
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from scraper.archive.exchange.file_history import KeptBytes
from scraper.archive.observations.observation import FurtherPage, headers_of
from scraper.archive.querying.reading import Origin, Reading, StoredPage

TRAVEL = frozenset({"content-encoding", "transfer-encoding", "content-length"})
"""Headers of the transport (RFC 9110), not of the bytes that are kept."""
RENAMED = "X-Archive-Orig-"
_JSON = "application/json"
_ODD_NAME = re.compile(r"[^!-9;-~]")
_ODD_VALUE = re.compile(r"[^\t -~]")
_log = structlog.get_logger(__name__)
_ODD = re.compile(r"[\x00-\x20\x7f]")


class WarcFile:
    """Writes pages and texts to a stream, each record compressed by itself."""

    def __init__(self, out: BinaryIO) -> None:
        self._writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")

    def begin(self, name: str, software: str) -> None:
        """The ``warcinfo`` record."""
        info = {"software": software, "format": "WARC File Format 1.1"}
        self._writer.write_record(self._writer.create_warcinfo_record(name, info))

    def page(
        self,
        page: StoredPage,
        body: bytes,
        further: Sequence[FurtherPage] = (),
        joined: Mapping[str, Any] | None = None,
        files: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        """A page as received, before it the later pages of its article.

        ``joined`` is the record of them all: what was read then, whatever the pages' order says.
        ``files`` are those of the publication (``files_out``).
        """
        for later in further:
            told = {"further_page_of": page.url, "http_charset": later.http_charset}
            self._exchange(later, told)
        first = FurtherPage(
            page.url,
            page.fetched_at,
            body,
            headers_of(page.headers),
            page.status,
            page.http_charset,
        )
        origin = {**_origin(page), "http_charset": page.http_charset, "joined": joined}
        self._exchange(first, {**origin, "files": files} if files else origin)

    def kept(self, kept: KeptBytes) -> None:
        """The bytes of a file; its versions and texts stand beside the pages that offer it."""
        headers = (("Content-Type", kept.media_type),) if kept.media_type else ()
        page = FurtherPage(kept.url, kept.first_at, kept.content, headers, 200, None)
        self._exchange(page, {"kept_file": kept.digest})

    def _exchange(self, page: FurtherPage, told: Mapping[str, Any]) -> None:
        date = {"WARC-Date": _stamp(page.received_at)}
        response = self._writer.create_warc_record(
            _uri(page.url),
            "response",
            payload=io.BytesIO(page.body),
            length=len(page.body),
            http_headers=_response_head(page),
            warc_headers_dict=dict(date),
        )
        beside = {**date, "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")}
        request = self._writer.create_warc_record(
            _uri(page.url),
            "request",
            http_headers=_request_head(_uri(page.url)),
            warc_headers_dict=dict(beside),
        )
        self._json("metadata", page.url, told, beside)
        self._writer.write_record(request)
        self._writer.write_record(response)

    def text(self, reading: Reading, record: Mapping[str, Any]) -> None:
        """A text whose page is not kept; ``record`` is its line of the JSONL export."""
        date = {"WARC-Date": _stamp(reading.valid_from)}
        value = {"record": record, "origin": _origin(reading)}
        self._json("conversion", reading.url, value, date)

    def _json(self, kind: str, url: str, value: Any, headers: dict[str, str]) -> None:
        payload = json.dumps(value, ensure_ascii=False, default=str).encode()
        self._writer.write_record(
            self._writer.create_warc_record(
                _uri(url),
                kind,
                payload=io.BytesIO(payload),
                length=len(payload),
                warc_content_type=_JSON,
                warc_headers_dict=dict(headers),
            )
        )


def _response_head(page: FurtherPage) -> StatusAndHeaders:
    status = page.status or HTTPStatus.OK
    phrases = {member.value: member.phrase for member in HTTPStatus}
    headers = []
    for name, value in page.headers:
        written = (_ODD_NAME.sub(_percent, name) or "%", _ODD_VALUE.sub(_percent, value))
        if written != (name, value):
            _log.warning("a header goes out in percent signs", url=page.url, header=written[0])
        kept = f"{RENAMED}{written[0]}" if name.lower() in TRAVEL else written[0]
        headers.append((kept, written[1]))
    headers.append(("Content-Length", str(len(page.body))))
    return StatusAndHeaders(f"{status} {phrases.get(status, '')}", headers, protocol="HTTP/1.1")


def _request_head(url: str) -> StatusAndHeaders:
    try:
        parts = urlsplit(url)
    except ValueError:  # what an earlier version took for an address
        parts = urlsplit("")
    target = parts.path or "/"
    if parts.query:
        target = f"{target}?{parts.query}"
    return StatusAndHeaders(
        f"GET {target} HTTP/1.1", [("Host", parts.netloc)], is_http_request=True
    )


def _origin(row: Origin) -> dict[str, Any]:
    return {
        "url": row.url,
        "source_id": row.source_id,
        "source_column": row.source_column,
        "publisher": row.publisher,
        "source_region": row.source_region,
        "source_kind": row.source_kind,
        "last_seen_at": row.last_seen_at.isoformat(),
        "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        "withdrawn_for": row.withdrawn_for,
        "listed_on": row.listed_on.isoformat() if row.listed_on else None,
    }


def _uri(url: str) -> str:
    """The address as a header can hold it: blanks and controls in percent signs."""
    return _ODD.sub(_percent, url)


def _percent(found: re.Match[str]) -> str:
    return quote(found[0], errors="replace")


def _stamp(moment: dt.datetime) -> str:
    try:
        utc = moment.astimezone(dt.UTC)
    except OverflowError:  # an end of the calendar
        utc = moment.replace(tzinfo=dt.UTC)
    return utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
