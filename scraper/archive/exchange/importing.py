"""Files read in through the same parsing and deduplication as fetched pages: JSON lines and WARC."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

from scraper.archive.exchange.warc import ReceivedPage, ReceivedText
from scraper.archive.observations.observation import (
    Change,
    FurtherPage,
    Observation,
    PageBytes,
    Parse,
)
from scraper.archive.writing.store import BATCH, Archive
from scraper.clock import SHANGHAI
from scraper.database import Pool, Statements
from scraper.errors import PageError
from scraper.record.release import Release

Normal = Callable[[str], str]
"""Brings an address into normal form."""
Tell = Callable[[str, str], None]
"""Told of each line or record: its place, and what became of it."""

_SQL = Statements("archive")
IMPORTED = "imported"
"""Kind of a source that only an import named."""


@dataclass(slots=True)
class ImportReport:
    """Counts of what became of the records; ``refused`` by reason."""

    changes: Counter[Change] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Placed:
    """An observation with the place in its file, or the reason why there is none."""

    place: str
    observation: Observation | None
    refusal: str | None = None


class Importer:
    """Reads files into an archive.

    Args:
        archive: where to.
        pool: its database, for sources that only the file names.
        parse: reads pages.
        normal: brings addresses into normal form.
        source_id: the source of everything in the file; None takes each record's own, else its host.
        now: when a record without ``fetched_at`` counts as received.
    """

    def __init__(
        self,
        archive: Archive,
        pool: Pool,
        *,
        parse: Parse,
        normal: Normal,
        now: dt.datetime,
        source_id: str | None = None,
    ) -> None:
        self._archive, self._pool = archive, pool
        self._parse, self._normal = parse, normal
        self._source_id, self._now = source_id, now
        self._registered: set[str] = set()
        self._states: dict[str, Mapping[str, Any]] = {}
        self._further: dict[str, list[FurtherPage]] = {}

    async def jsonl(self, lines: Iterable[str], tell: Tell | None = None) -> ImportReport:
        """Lines as the JSONL export writes them; ``url`` and ``title`` are needed, the rest may lack."""
        return await self._store(self._lines(lines), tell)

    async def warc(
        self, records: Iterable[ReceivedPage | ReceivedText], tell: Tell | None = None
    ) -> ImportReport:
        """Records of :func:`scraper.archive.exchange.warc.read_warc`."""
        report = await self._store(self._records(records), tell)
        await self._restore_states()
        return report

    async def _lines(self, lines: Iterable[str]) -> AsyncIterator[_Placed]:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield await self._line(f"line {number}", line)

    async def _line(self, place: str, line: str) -> _Placed:
        try:
            record = json.loads(line)
            release, fetched_at = Release.from_dict(record), _moment(record.get("fetched_at"))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return _Placed(place, None, f"not a release: {error}")
        return _Placed(place, await self._text(release, record, fetched_at))

    async def _text(
        self, release: Release, record: Mapping[str, Any], fetched_at: dt.datetime | None
    ) -> Observation:
        source_id = await self._source(release.url, record)
        url = self._normal(release.url)
        return Observation(source_id, url, release, fetched_at or self._now)

    async def _records(
        self, records: Iterable[ReceivedPage | ReceivedText]
    ) -> AsyncIterator[_Placed]:
        for number, record in enumerate(records, start=1):
            if isinstance(record, ReceivedPage):
                first = (record.origin or {}).get("further_page_of")
                if first is not None:
                    self._further.setdefault(first, []).append(_further_page(record))
                    continue
                yield await self._page(f"record {number}", record)
            else:
                yield await self._line(f"record {number}", json.dumps(record.record))
                self._remember(record.record["url"], record.origin)

    async def _page(self, place: str, page: ReceivedPage) -> _Placed:
        further = tuple(self._further.pop(page.url, ()))
        if page.status not in {200, 203} or not page.body:
            return _Placed(place, None, f"status {page.status}")
        origin = page.origin or {}
        charset = origin["http_charset"] if page.origin else _charset(page)
        source_id = await self._source(page.url, origin)
        day = page.fetched_at.astimezone(SHANGHAI).date()
        try:
            release = await self._read(
                origin,
                PageBytes(page.body, page.url, charset, source_id, day, page.fetched_at),
            )
        except PageError as error:
            return _Placed(place, None, error.outcome)
        self._remember(page.url, page.origin)
        headers = {name.lower(): value for name, value in page.headers}
        observation = Observation(
            source_id,
            self._normal(page.url),
            release,
            page.fetched_at,
            body=page.body,
            headers=page.headers,
            status=page.status,
            http_charset=charset,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            further=further,
        )
        return _Placed(place, observation)

    async def _read(self, origin: Mapping[str, Any], page: PageBytes) -> Release:
        """The page's record; one that was joined from several pages comes with its origin."""
        joined = origin.get("joined")
        return Release.from_dict(joined) if joined else await self._parse(page)

    async def _store(self, placed: AsyncIterator[_Placed], tell: Tell | None) -> ImportReport:
        report, group = ImportReport(), list[_Placed]()
        async for item in placed:
            if item.refusal is not None:
                report.refused[item.refusal] += 1
                if tell:
                    tell(item.place, f"refused: {item.refusal}")
                continue
            group.append(item)
            if len(group) >= BATCH:
                await self._flush(group, report, tell)
                group = []
        await self._flush(group, report, tell)
        return report

    async def _flush(self, group: list[_Placed], report: ImportReport, tell: Tell | None) -> None:
        observations = [item.observation for item in group if item.observation]
        stored = await self._archive.store_many(observations)
        for item, answer in zip(group, stored, strict=True):
            report.changes[answer.change] += 1
            if tell:
                tell(item.place, answer.change)

    async def _source(self, url: str, named: Mapping[str, Any]) -> str:
        """The record's source; registered, never enabled, where nobody did before."""
        host = urlsplit(url).hostname or "unknown"
        source_id = self._source_id or named.get("source_id") or host
        if source_id not in self._registered:
            row = {
                "source_id": source_id,
                "name": named.get("source_column") or source_id,
                "publisher": named.get("publisher") or host,
                "region": named.get("source_region"),
                "kind": named.get("source_kind") or IMPORTED,
            }
            async with self._pool.connection() as connection:
                await connection.execute(_SQL["put_source"], row)
            self._registered.add(source_id)
        return source_id

    def _remember(self, url: str, origin: Mapping[str, Any] | None) -> None:
        if origin:
            self._states[self._normal(url)] = origin

    async def _restore_states(self) -> None:
        """Last sights and withdrawals, once every page of the file is stored."""
        for url, origin in self._states.items():
            if seen := _moment(origin.get("last_seen_at")):
                await self._archive.seen(url, seen)
            if gone := _moment(origin.get("withdrawn_at")):
                await self._archive.withdraw(url, gone, origin.get("withdrawn_for") or "")
        self._states.clear()


def _further_page(page: ReceivedPage) -> FurtherPage:
    charset = (page.origin or {}).get("http_charset")
    return FurtherPage(page.url, page.fetched_at, page.body, page.headers, page.status, charset)


def _moment(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    moment = dt.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the time {text!r} has no time zone")
    return moment


def _charset(page: ReceivedPage) -> str | None:
    """The charset parameter of Content-Type."""
    message = Message()
    for name, value in page.headers:
        if name.lower() == "content-type":
            message["content-type"] = value
    return message.get_content_charset()
