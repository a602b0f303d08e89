"""Walking a source's lists from page to page: what is new, or everything back to a day.

A visit stops at the first page whose links are all known, after as many more pages as the source's
``overlap`` says: an earlier visit may have ended between two pages. It does not look for more where
only a rule of the platform says that there is a next page. A walk into the past stops
when pages hold nothing younger than the day asked for. Rows out of order and rows pinned on top
(置顶) decide neither, for pages are judged as a whole. Paging that turns in a circle, repeats
itself or never ends is ended.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Protocol

from scraper.errors import EmptyListing, FetchError
from scraper.listing.dates import date_of_url
from scraper.listing.model import Form, FormFields, Link, Listing
from scraper.listing.reading import read_listing
from scraper.listing.rules import NO_RULES, ListRules
from scraper.outcome import Outcome

ReadPage = Callable[[str, FormFields | None], Awaitable[tuple[bytes, str, str | None]]]
"""Brings a page: address and form to bytes, final address, charset of Content-Type."""
Known = Callable[[Iterable[str]], Awaitable[set[str]]]
"""Which of these normal addresses are archived already."""
_NOTHING_THERE = frozenset(
    {
        Outcome.GONE,
        Outcome.CLIENT_ERROR,
        Outcome.EMPTY,
        Outcome.BAD_REDIRECT,
        Outcome.OFF_LIST,
    }
)
"""How sites answer for a page that does not exist: plainly, or by sending us elsewhere."""


class ReadListing(Protocol):
    """Reads a page that was brought; the arguments are those of ``read_listing``."""

    async def __call__(  # noqa: D102
        self,
        document: bytes,
        url: str,
        http_charset: str | None = None,
        engine: str = "auto",
        *,
        rules: ListRules = NO_RULES,
        form: FormFields | None = None,
    ) -> Listing: ...


class Walkable(Protocol):
    """What the walk needs of a source."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def lists(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def engine(self) -> str: ...  # noqa: D102
    @property
    def list(self) -> ListRules: ...  # noqa: D102
    @property
    def max_pages(self) -> int: ...  # noqa: D102
    @property
    def backfill_pages(self) -> int: ...  # noqa: D102
    @property
    def overlap(self) -> int: ...  # noqa: D102

    def accepts(self, url: str) -> bool: ...  # noqa: D102
    def normal_url(self, url: str) -> str: ...  # noqa: D102


class Stop(StrEnum):
    """Why a list was left."""

    END = "end"
    """There is no next page."""
    KNOWN = "known"
    """Everything is archived from here on."""
    OLDER = "older"
    """Everything is older than the day asked for."""
    LIMIT = "limit"
    """As many pages were read as the source allows."""
    LOOP = "loop"
    """The next page was read before."""
    REPEATED = "repeated"
    """The page held nothing that earlier pages had not."""
    EMPTY = "empty"
    """A page after the first had no rows."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where to go on: which of the source's lists, which page of it, which parts after it."""

    list_number: int
    url: str
    page: int
    form: FormFields | None = None
    parts: tuple[str, ...] = ()

    def dump(self) -> str:
        """As JSON text, for the ledger."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def load(cls, text: str) -> Cursor:
        """From ``dump``."""
        values = json.loads(text)
        form = values.get("form")
        values["form"] = (
            None if form is None else tuple((str(name), str(value)) for name, value in form)
        )
        values["parts"] = tuple(values.get("parts", ()))
        return cls(**values)


@dataclass(frozen=True, slots=True)
class WalkedPage:
    """A list page that was read.

    Attributes:
        listing: as read, with all its links.
        url: its address after redirects. number: from 1, within its list.
        accepted: how many links belong to the source.
        fresh: those that are not archived, as they are listed, in the page's order; of several
            rows with one normal address the first.
        cursor: where to go on after this page; None when the walk is over.
        stop: why the list was left after this page, None if it was not.
    """

    listing: Listing
    url: str
    number: int
    accepted: int
    fresh: tuple[Link, ...]
    cursor: Cursor | None
    stop: Stop | None


@dataclass(slots=True)
class _Progress:
    """What a walk along one list remembers."""

    visited: set[tuple[str, FormFields | None]]
    links: set[str]
    idle: int = 0


async def read_here(
    document: bytes,
    url: str,
    http_charset: str | None = None,
    engine: str = "auto",
    *,
    rules: ListRules = NO_RULES,
    form: FormFields | None = None,
) -> Listing:
    """Read a list in this very process, which a hostile one then holds: for tests."""
    return read_listing(document, url, http_charset, engine, rules=rules, form=form)


async def walk(
    source: Walkable,
    read_page: ReadPage,
    known: Known,
    *,
    read: ReadListing = read_here,
    since: dt.date | None = None,
    cursor: Cursor | None = None,
) -> AsyncIterator[WalkedPage]:
    """Read a source's lists page by page.

    Args:
        source: what to read.
        read_page: brings a page; its errors end the walk.
        known: which addresses are archived.
        read: reads a page that was brought; its errors end the walk.
        since: walk on to this day (of publication) instead of to what is known; links that
            state an earlier day are not fresh.
        cursor: go on where an earlier walk of the same kind was.

    Raises:
        EmptyListing: the first page of a list has no link that belongs to the source.
        ListingError: a page cannot be read as a list, or exceeds a limit.
        FetchError: as ``read_page`` raised it.
    """
    pages = _Pages(source, read_page, read)
    start = cursor or Cursor(0, source.lists[0], 1)
    for number in range(start.list_number, len(source.lists)):
        here = start if number == start.list_number else Cursor(number, source.lists[number], 1)
        async for page in _walk_list(source, pages, known, here, since):
            yield page


@dataclass(frozen=True, slots=True)
class _Pages:
    """Where the pages of a source's lists come from."""

    source: Walkable
    bring: ReadPage
    read: ReadListing

    async def at(self, place: Cursor) -> tuple[Listing, str]:
        """The list at a place, and its address after redirects."""
        body, url, charset = await self.bring(place.url, place.form)
        engine, rules = self.source.engine, self.source.list
        listing = await self.read(body, url, charset, engine, rules=rules, form=place.form)
        return listing, url


async def _walk_list(
    source: Walkable, pages: _Pages, known: Known, here: Cursor, since: dt.date | None
) -> AsyncIterator[WalkedPage]:
    progress, by_rule = _Progress(set(), set()), False
    place: Cursor | None = here
    while place is not None:
        try:
            page = await _read(source, pages, known, place, since)
        except (EmptyListing, FetchError) as error:
            if place.page == 1 or not _is_end(error, by_rule=by_rule):
                raise
            return
        stop = _stop(source, page, progress, place, since)
        by_rule = page.listing.next_by_rule
        place = None if stop else page.cursor
        after = place or _next_list(source, here.list_number)
        yield replace(page, stop=stop, cursor=after)


def _is_end(error: EmptyListing | FetchError, *, by_rule: bool) -> bool:
    """Whether a further page that failed is past the end of the list instead of out of order.

    Args:
        error: why it failed.
        by_rule: its address was computed and not read from a link.
    """
    if isinstance(error, EmptyListing):
        return True
    return error.outcome is Outcome.GONE or (by_rule and error.outcome in _NOTHING_THERE)


async def _read(
    source: Walkable, pages: _Pages, known: Known, place: Cursor, since: dt.date | None
) -> WalkedPage:
    listing, url = await pages.at(place)
    accepted = _accepted(source, listing)
    if place.page == 1 and not accepted and (listing.links or listing.next_url is None):
        raise EmptyListing(
            f"source {source.id}: {url} was read as {listing.engine} and shows {len(listing.links)} links,"
            f" but 0 of them belong to the source; look at `allow`, `deny` and `hosts` in its definition"
        )
    archived = await known(list(accepted))
    fresh = tuple(
        link for url, link in accepted.items() if url not in archived and not _is_older(link, since)
    )
    return WalkedPage(
        listing, url, place.page, len(accepted), fresh, _following(place, listing), None
    )


def _following(place: Cursor, listing: Listing) -> Cursor | None:
    """The next page; at the end of one part of an index, the next part."""
    parts = (*listing.parts, *place.parts)
    if listing.next_url:
        form = listing.next_form.fields if listing.next_form else _same_form(place, listing)
        return Cursor(place.list_number, listing.next_url, place.page + 1, form, parts)
    return Cursor(place.list_number, parts[0], place.page + 1, None, parts[1:]) if parts else None


def _same_form(place: Cursor, listing: Listing) -> FormFields | None:
    """The form of the page before, where the same script is asked again (jpage's proxy)."""
    script = (listing.next_url or "").partition("?")[0]
    return place.form if place.url.partition("?")[0] == script else None


def _accepted(source: Walkable, listing: Listing) -> dict[str, Link]:
    """The source's links by their normal addresses."""
    kept: dict[str, Link] = {}
    for link in listing.links:
        if source.accepts(link.url):
            kept.setdefault(source.normal_url(link.url), link)
    return kept


def day_of(link: Link) -> dt.date | None:
    """The day a row states, else the day in its address."""
    return link.date or date_of_url(link.url)


def _is_older(link: Link, since: dt.date | None) -> bool:
    day = day_of(link)
    return since is not None and day is not None and day < since


def _stop(
    source: Walkable, page: WalkedPage, progress: _Progress, place: Cursor, since: dt.date | None
) -> Stop | None:
    urls = {source.normal_url(link.url) for link in page.listing.links if source.accepts(link.url)}
    progress.visited.add((place.url, place.form))
    repeated = bool(urls) and urls <= progress.links
    progress.links |= urls
    progress.idle = progress.idle + 1 if _is_idle(page, since) else 0
    if page.cursor is None:
        return Stop.END
    if repeated:
        return Stop.REPEATED
    if (page.cursor.url, page.cursor.form) in progress.visited:
        return Stop.LOOP
    if progress.idle > source.overlap or (progress.idle and page.listing.next_by_rule):
        return Stop.KNOWN if since is None else Stop.OLDER
    limit = source.max_pages if since is None else source.backfill_pages
    return Stop.LIMIT if place.page >= limit else None


def _is_idle(page: WalkedPage, since: dt.date | None) -> bool:
    """Whether a page brought nothing: all known, or (walking back) all older than the day."""
    if not page.accepted:
        return page.number > 1 and bool(page.listing.links)
    if since is None:
        return not page.fresh
    days = [day for link in page.listing.links if (day := day_of(link))]
    return bool(days) and max(days) < since


def _next_list(source: Walkable, number: int) -> Cursor | None:
    following = number + 1
    return Cursor(following, source.lists[following], 1) if following < len(source.lists) else None


__all__ = [
    "Cursor",
    "Form",
    "FormFields",
    "Known",
    "ReadListing",
    "ReadPage",
    "Stop",
    "Walkable",
    "WalkedPage",
    "day_of",
    "walk",
]
