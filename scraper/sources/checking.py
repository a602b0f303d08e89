"""Trying a source live: is it there, does it list, can its articles be read?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from scraper.errors import EmptyListing, FetchError, ListingError, PageError
from scraper.fetch import Answer, Request
from scraper.fetch.exchange import Purpose
from scraper.listing import Listing
from scraper.listing.rules import NO_RULES, ListRules
from scraper.listing.walk import ReadListing, day_of
from scraper.record.release import Release
from scraper.sources.definition import Source

Fetch = Callable[[Request], Awaitable[Answer]]
Parse = Callable[[Source, Answer, dt.date | None], Awaitable[Release]]
STALE_DAYS = 30
"""A list whose newest row is older than this is told; columns of press offices rest for weeks."""
_FIELDS = ("title", "source", "published_at", "paragraphs")
_BLOCKED = frozenset({"wall", "blocked_robots", "rate_limited", "connect", "timeout", "tls", "dns"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of one source found.

    Attributes:
        source_id: of the source.
        reachable: its first list page was brought. engine: which read it, None if none could.
        links: rows of the list. accepted: those that belong to the source.
        dated: accepted rows that state a day. newest: the youngest of them.
        article: address of the article that was tried.
        fields: what could be read of it, of headline, source, time and text.
        problem: what is wrong, in one line; None when all is well.
        blocked: the site did not give its list (it refuses us, or no name or connection leads to it): other
            sources of the region may serve instead.
        stale: it works, but its newest row is older than `STALE_DAYS`.
    """

    source_id: str
    reachable: bool = False
    engine: str | None = None
    links: int = 0
    accepted: int = 0
    dated: int = 0
    newest: dt.date | None = None
    article: str | None = None
    fields: tuple[str, ...] = ()
    problem: str | None = None
    blocked: bool = False
    stale: bool = False

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return self.problem is None

    @property
    def works(self) -> bool:
        """Whether it can be watched: all is well, or all but that nothing is new."""
        return self.ok or self.stale


async def check_source(
    source: Source, fetch: Fetch, read: ReadListing, parse: Parse, today: dt.date
) -> Finding:
    """Try the first list page of a source, and one article that it shows.

    Never raises for what is wrong with the source: that is what it is there to tell.
    """
    finding = Finding(source.id)
    request = _request(source, source.lists[0], Purpose.LISTING)
    try:
        answer = (await fetch(request)).require()
    except FetchError as error:
        return replace(finding, problem=str(error), blocked=error.outcome in _BLOCKED)
    finding = replace(finding, reachable=True)
    try:
        listing = await read(
            answer.body, answer.url, answer.http_charset, source.engine, rules=source.list
        )
        listing = await pointed_at(listing, request, fetch, read, source.list)
    except (ListingError, FetchError, PageError) as error:
        return replace(finding, problem=str(error))
    finding = _listed(finding, source, listing)
    return await _with_article(finding, source, listing, fetch, parse, today)


def _listed(finding: Finding, source: Source, listing: Listing) -> Finding:
    accepted = [link for link in listing.links if source.accepts(link.url)]
    days = [day for link in accepted if (day := day_of(link))]
    return replace(
        finding,
        engine=listing.engine,
        links=len(listing.links),
        accepted=len(accepted),
        dated=len(days),
        newest=max(days, default=None),
    )


async def pointed_at(
    listing: Listing,
    request: Request,
    fetch: Fetch,
    read: ReadListing,
    rules: ListRules = NO_RULES,
) -> Listing:
    """The rows of a page that a script fills: they are where it points to.

    Args:
        listing: the page as read; returned as it is when it has rows or points nowhere.
        request: what brought the page; what it points to is asked for in the same way.
        fetch: brings it.
        read: reads it.
        rules: those of the source.

    Raises:
        EmptyListing: there are no rows either.
        FetchError: it could not be brought.
    """
    if listing.links or listing.next_url is None:
        return listing
    form = listing.next_form.fields if listing.next_form else None
    answer = (await fetch(replace(request, url=listing.next_url, form=form))).require()
    found = await read(answer.body, answer.url, answer.http_charset, rules=rules, form=form)
    if not found.links:
        raise EmptyListing(f"{answer.url} was reached by way of a script and shows 0 links")
    return found


async def _with_article(
    finding: Finding, source: Source, listing: Listing, fetch: Fetch, parse: Parse, today: dt.date
) -> Finding:
    if not finding.accepted:
        problem = f"0 of {finding.links} links belong to the source; see `allow`, `deny`, `hosts`"
        return replace(finding, problem=problem)
    link = next(link for link in listing.links if source.accepts(link.url))
    finding = replace(finding, article=link.url)
    try:
        answer = (await fetch(_request(source, link.url, Purpose.ARTICLE))).require()
        release = await parse(source, answer, link.date)
    except (FetchError, PageError) as error:
        return replace(finding, problem=f"the article could not be read: {error}")
    fields = tuple(name for name in _FIELDS if getattr(release, name))
    finding = replace(finding, fields=fields)
    if missing := [name for name in _FIELDS if name not in fields]:
        return replace(finding, problem=f"the article {link.url} gives no {', '.join(missing)}")
    if finding.newest and (today - finding.newest).days > STALE_DAYS:
        ago = (today - finding.newest).days
        problem = f"the newest row is of {finding.newest}, {ago} days ago"
        return replace(finding, problem=problem, stale=True)
    return finding


def _request(source: Source, url: str, purpose: Purpose) -> Request:
    return Request(url=url, purpose=purpose, source_id=source.id, rules=source.host_rules)
