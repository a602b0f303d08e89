"""Files read in through the same parsing and deduplication as fetched pages: JSON lines and WARC."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from collections import Counter
from collections.abc import (
    AsyncGenerator,
    AsyncIterator,
    Callable,
    Coroutine,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from email.message import Message
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from scraper.ahead import READ_AT_ONCE, in_order, one_behind
from scraper.archive.exchange.erasures import (
    ToldErasure,
    erase_told,
    is_erasure,
    told_erasure,
)
from scraper.archive.exchange.file_history import FileHistory, bytes_in, files_in, files_of
from scraper.archive.exchange.lines import (
    FIRST_YEAR,
    NAME_CHARACTERS,
    Refused,
    moment_of,
    record_of,
    release_of,
    require_address,
    require_name,
    require_region,
    require_text,
)
from scraper.archive.exchange.warc_reading import Damaged, Received, ReceivedPage, ReceivedText
from scraper.archive.observations.observation import (
    BroughtBy,
    Change,
    FurtherPage,
    Observation,
    PageBytes,
    Parse,
)
from scraper.archive.writing.store import BATCH, Archive, Ready
from scraper.clock import SHANGHAI
from scraper.database import Pool, Statements
from scraper.errors import AddressErased, DocumentRefused, PageError
from scraper.record.release import Release
from scraper.regions import regions_of

Normal = Callable[[str], str]
"""Brings an address into normal form."""
Tell = Callable[[str, str], None]
"""Told of each line or record: its place, and what became of it."""

_SQL = Statements("archive")
FURTHER_KEPT = 200
"""Later pages that wait for the first page of their article."""
IMPORTED = "imported"
"""Kind of a source that only an import named."""


LISTED = 1000
"""Refused lines that a report lists; the others are counted."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A line or record that was not stored, and why; ``place`` is e.g. ``line 7``."""

    place: str
    reason: str


@dataclass(slots=True)
class ImportReport:
    """What became of the records.

    Attributes:
        changes: those that were stored, by what that changed.
        refused: those that were not, by reason: broken ones, and pages that are no articles.
        broken: how many could not be taken: damaged, or not what a line or record must be.
        refusals: the first of those, each with its place.
        erasures: how many lines tell what was erased elsewhere.
    """

    changes: Counter[Change] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    broken: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    erasures: int = 0

    def refuse(self, refusal: Refusal) -> None:
        """Note a line or record that could not be taken."""
        self.refused[refusal.reason] += 1
        self.broken += 1
        if len(self.refusals) < LISTED:
            self.refusals.append(refusal)


@dataclass(frozen=True, slots=True)
class _Placed:
    """An observation with the place in its file."""

    place: str
    observation: Observation
    files: tuple[FileHistory, ...] = ()
    state: Mapping[str, Any] | None = None
    """What the file says of the publication as a whole: last sight, withdrawal."""


@dataclass(frozen=True, slots=True)
class _PassedOver:
    """A page that is no article."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Unread:
    """A page that is still to be read: several are at once."""

    place: str
    received: ReceivedPage
    page: PageBytes
    url: str
    origin: Mapping[str, Any]
    further: tuple[FurtherPage, ...]


class Importer:
    """Reads files into an archive.

    Args:
        archive: where to.
        pool: its database, for sources that only the file names.
        parse: reads pages.
        normal: brings addresses into normal form.
        source_id: the source of everything in the file; None takes each record's own, else its host.
        now: when a record without ``fetched_at`` counts as received.
        erasures: whether what the file tells as erased is erased here too.
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
        erasures: bool = False,
    ) -> None:
        self._archive, self._pool = archive, pool
        self._parse, self._normal = parse, normal
        self._source_id, self._now = source_id, now
        self._registered: set[str] = set()
        self._states: dict[str, Mapping[str, Any]] = {}
        self._further: dict[str, list[FurtherPage]] = {}
        self._erasures = erasures
        self._told: list[ToldErasure] = []

    async def jsonl(
        self, lines: Iterable[bytes | str | None], tell: Tell | None = None
    ) -> ImportReport:
        """Lines as the JSONL export writes them; ``url`` and ``title`` are needed, the rest may lack.

        A line that cannot be taken is refused by its number, and the others are stored. What a line
        tells as erased is erased once all are stored, where that was asked for.

        Raises:
            UnderHold: that is under a hold here; the others are stored.
        """
        report = await self._store(self._lines(lines), tell)
        report.erasures = len(self._told)
        if self._erasures:
            await erase_told(self._pool, self._told)
        self._told.clear()
        return report

    async def warc(self, records: Iterable[Received], tell: Tell | None = None) -> ImportReport:
        """Records of :func:`scraper.archive.exchange.warc_reading.read_warc`."""
        report = await self._store(self._records(records), tell)
        await self._restore_states()
        return report

    async def _lines(self, lines: Iterable[bytes | str | None]) -> AsyncIterator[_Item | _Unread]:
        for number, line in enumerate(lines, start=1):
            raw = line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line
            if raw is None or raw.strip():
                place = f"line {number}"
                try:
                    record = record_of(raw)
                    if is_erasure(record):
                        self._told.append(told_erasure(record))
                        continue
                    observation = await self._text(record, record)
                    yield _Placed(place, observation, files_of(record, self._now))
                except Refused as error:
                    yield Refusal(place, str(error))

    async def _text(self, record: Mapping[str, Any], origin: Mapping[str, Any]) -> Observation:
        release = _placed_in(release_of(record, self._now), record, origin)
        fetched_at = moment_of("fetched_at", record.get("fetched_at"), self._now)
        url = self._address(release.url)
        source_id = await self._source(release.url, origin)
        return Observation(
            source_id,
            url,
            release,
            fetched_at or self._now,
            brought_by=BroughtBy.IMPORT,
            received_known=fetched_at is not None,
            listed_on=_day(origin.get("listed_on"), self._now),
        )

    def _address(self, url: str) -> str:
        """The normal form; raises Refused."""
        try:
            normal = self._normal(url)
        except ValueError as error:
            raise Refused(f"url: {url[:80]!r} is no address: {error}") from error
        require_address("url", normal)
        return normal

    async def _records(self, records: Iterable[Received]) -> AsyncIterator[_Item | _Unread]:
        for number, record in enumerate(records, start=1):
            place = f"record {record.place if isinstance(record, Damaged) else number}"
            try:
                match record:
                    case Damaged():
                        yield Refusal(place, record.reason)
                    case ReceivedText():
                        origin = _stated(record.origin, self._now)
                        observation = await self._text(record.record, record.record | origin)
                        files = files_of(record.record, self._now)
                        yield _Placed(place, observation, files, record.origin)
                    case ReceivedPage():
                        item = await self._page(place, record)
                        if item is not None:
                            yield item
            except Refused as error:
                yield Refusal(place, str(error))

    async def _page(self, place: str, page: ReceivedPage) -> _Unread | _PassedOver | None:
        """The page as it is to be read; None for a later page of an article that is to come."""
        origin = _stated(page.origin, self._now)
        if origin.get("kept_file") is not None:
            await self._kept(page)
            return None
        first = origin.get("further_page_of")
        require_text("a header", page.headers)
        if first is not None:
            self._further.setdefault(first, []).append(_further_page(page, origin))
            while sum(map(len, self._further.values())) > FURTHER_KEPT:
                self._further.pop(next(iter(self._further)))
            return None
        further = tuple(self._further.pop(page.url, ()))
        if page.status not in {200, 203} or not page.body:
            return _PassedOver(place, f"status {page.status}")
        url = self._address(page.url)
        charset = origin.get("http_charset") if page.origin else _charset(page)
        source_id = await self._source(page.url, origin)
        day = page.fetched_at.astimezone(SHANGHAI).date()
        listed_on = _day(origin.get("listed_on"), self._now)
        stored = PageBytes(page.body, page.url, charset, source_id, day, page.fetched_at, listed_on)
        return _Unread(place, page, stored, url, origin, further)

    async def _finished(self, item: _Item | _Unread) -> _Item:
        """The item itself; of a page that is still to be read, what reading it gives."""
        if not isinstance(item, _Unread):
            return item
        received, page = item.received, item.page
        try:
            release = await self._read(item.origin, page)
            files = files_of(item.origin, self._now)
        except PageError as error:
            return _PassedOver(item.place, error.outcome)
        except Refused as error:
            return Refusal(item.place, str(error))
        headers = {name.lower(): value for name, value in received.headers}
        observation = Observation(
            page.source_id,
            item.url,
            release,
            received.fetched_at,
            body=received.body,
            headers=received.headers,
            status=received.status,
            http_charset=page.http_charset,
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
            further=item.further,
            brought_by=BroughtBy.IMPORT,
            listed_on=page.listed_on,
        )
        return _Placed(item.place, observation, files, received.origin)

    async def _kept(self, page: ReceivedPage) -> None:
        """Bytes of a file; its versions and texts come with the pages that offer it."""
        kinds = [value for name, value in page.headers if name.lower() == "content-type"]
        kind = require_name("content-type", kinds[0]) if kinds else None
        digest = hashlib.sha256(page.body).hexdigest()
        if page.body:
            await bytes_in(self._pool, digest, page.body, kind)

    async def _read(self, origin: Mapping[str, Any], page: PageBytes) -> Release:
        """The page's record; one that was joined from several pages comes with its origin."""
        joined = origin.get("joined")
        return release_of(joined, self._now) if joined else await self._parse(page)

    async def _store(
        self, items: AsyncIterator[_Item | _Unread], tell: Tell | None
    ) -> ImportReport:
        """Read and store in the file's order: while a group is stored, the next is made ready and one more read."""
        report, tell = ImportReport(), tell or _tell_nobody

        async def pieces() -> AsyncGenerator[Coroutine[Any, Any, _Item]]:
            async for item in items:
                yield self._finished(item)

        async def groups() -> AsyncGenerator[Coroutine[Any, Any, _ReadyGroup]]:
            group = list[_Placed]()
            async with aclosing(in_order(pieces(), READ_AT_ONCE)) as finished:
                async for item in finished:
                    self._noted(item, group, report, tell)
                    if len(group) >= BATCH:
                        yield self._ready(group)
                        group = []
            if group:
                yield self._ready(group)

        async with one_behind() as begin, aclosing(in_order(groups(), 2)) as ready:
            async for group in ready:
                await begin(self._flush(*group, report, tell))
        await self._archive.settle()
        return report

    async def _ready(self, group: Sequence[_Placed]) -> _ReadyGroup:
        return group, await self._archive.ready([item.observation for item in group])

    def _noted(self, item: _Item, group: list[_Placed], report: ImportReport, tell: Tell) -> None:
        """Take an item into the group, or tell why it is none of it."""
        match item:
            case Refusal():
                report.refuse(item)
                tell(item.place, f"refused: {item.reason}")
            case _PassedOver():
                report.refused[item.reason] += 1
                tell(item.place, f"passed over: {item.reason}")
            case _Placed():
                if item.state:
                    self._states[item.observation.url] = item.state
                group.append(item)

    async def _flush(
        self, group: Sequence[_Placed], ready: Ready, report: ImportReport, tell: Tell
    ) -> None:
        """Store a group; what the database refuses of it is refused by its place."""
        stored = await self._archive.store_sound(ready)
        for item, answer in zip(group, stored, strict=True):
            if isinstance(answer, AddressErased):
                report.refused[answer.outcome] += 1
                tell(item.place, f"passed over: {answer.outcome}")
            elif isinstance(answer, DocumentRefused):
                report.refuse(Refusal(item.place, str(answer)))
                tell(item.place, f"refused: {answer}")
            else:
                report.changes[answer.change] += 1
                tell(item.place, answer.change)
                if item.files:
                    seen = item.observation
                    await files_in(self._pool, seen.url, seen.source_id, item.files)

    async def _source(self, url: str, named: Mapping[str, Any]) -> str:
        """The record's source; registered, never enabled, where nobody did before.

        Raises:
            Refused: what the record says of it is impossible.
        """
        host = urlsplit(url).hostname or "unknown"
        source_id = self._source_id or require_name("source_id", named.get("source_id")) or host
        row = {
            "source_id": source_id,
            "name": require_name("source_column", named.get("source_column")) or source_id,
            "publisher": require_name("publisher", named.get("publisher")) or host,
            "region": require_region("source_region", named.get("source_region")),
            "kind": require_name("source_kind", named.get("source_kind")) or IMPORTED,
        }
        if source_id not in self._registered:
            async with self._pool.connection() as connection:
                await connection.execute(_SQL["put_source"], row)
            self._registered.add(source_id)
        return source_id

    async def _restore_states(self) -> None:
        """Last sights and withdrawals, once every page of the file is stored."""
        states = iter(self._states.items())
        while portion := list(islice(states, BATCH)):
            looks = [
                (url, seen)
                for url, origin in portion
                if (seen := moment_of("last_seen_at", origin.get("last_seen_at"), self._now))
            ]
            await asyncio.gather(*(self._archive.seen(url, seen) for url, seen in looks))
            for url, origin in portion:
                if gone := moment_of("withdrawn_at", origin.get("withdrawn_at"), self._now):
                    await self._archive.withdraw(url, gone, origin.get("withdrawn_for") or "")
        self._states.clear()


_Item = _Placed | _PassedOver | Refusal
_ReadyGroup = tuple[Sequence[_Placed], Ready]


def _tell_nobody(_place: str, _what: str) -> None:
    """For callers who do not ask how it goes."""


def _placed_in(release: Release, record: Mapping[str, Any], origin: Mapping[str, Any]) -> Release:
    """A record with its places, which are read off its texts, as a page's are, where it tells none."""
    if "region" in record:
        return release
    own = require_region("source_region", origin.get("source_region"))
    return replace(release, region=regions_of(release.title, release.paragraphs, default=own))


def _further_page(page: ReceivedPage, origin: Mapping[str, Any]) -> FurtherPage:
    charset = origin.get("http_charset")
    return FurtherPage(page.url, page.fetched_at, page.body, page.headers, page.status, charset)


def _stated(origin: Mapping[str, Any] | None, now: dt.datetime) -> dict[str, Any]:
    """What our own export says of a record, once it is known to be sound; empty where it says nothing.

    Raises:
        Refused: a value is of another kind than the export writes.
    """
    told = dict(origin or {})
    for name in ("http_charset", "withdrawn_for"):
        require_name(name, told.get(name))
    for name in ("last_seen_at", "withdrawn_at"):
        moment_of(name, told.get(name), now)
    if told.get("further_page_of") is not None:
        if not isinstance(told["further_page_of"], str):
            raise Refused("further_page_of must be of type text")
        require_address("further_page_of", told["further_page_of"])
    if told.get("joined") is not None and not isinstance(told["joined"], dict):
        raise Refused("joined must be of type object")
    return told


def _day(text: Any, now: dt.datetime) -> dt.date | None:
    """The day of a row, as our own export tells it; raises Refused."""
    if text is None:
        return None
    try:
        day = dt.date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise Refused(f"listed_on: {str(text)[:40]!r} is no day of ISO 8601") from error
    if not FIRST_YEAR <= day.year <= now.year + 1:
        raise Refused(f"listed_on: {text} is not between {FIRST_YEAR} and next year")
    return day


def _charset(page: ReceivedPage) -> str | None:
    """The charset parameter of Content-Type; None where it names none that could be."""
    message = Message()
    for name, value in page.headers:
        if name.lower() == "content-type" and len(value) <= NAME_CHARACTERS:
            message["content-type"] = value.replace("\r", " ").replace("\n", " ")
            return message.get_content_charset()
    return None
