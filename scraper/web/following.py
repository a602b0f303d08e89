"""What happened: the pages of changes and of what was carried far, and a feed of changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from scraper.archive.querying.changes import EDITORIAL, Asked, ChangeKind
from scraper.clock import now
from scraper.errors import UsageError
from scraper.web import feeds
from scraper.web.outputs import feed_answer
from scraper.web.pages import reading
from scraper.web.query import PAGE_SIZE, Query, read_query, words_of
from scraper.web.rendering import render

CARRIED = 30
_DAYS = (7, 30, 365)


@dataclass(frozen=True, slots=True)
class ChangesQuery:
    """Which changes an address asks for: a search's filters, a kind, and before which cursor."""

    query: Query = field(default_factory=Query)
    kind: ChangeKind | None = None
    before: str | None = None

    def asked(self, count: int) -> Asked:
        """The same for the archive."""
        return Asked(
            (self.kind,) if self.kind else EDITORIAL,
            self.query.words or None,
            self.query.since,
            self.query.until,
            self.query.region,
            self.query.source,
            self.before,
            count,
        )

    def address(self, path: str = "/changes", **changes: str | None) -> str:
        """Where these changes, otherwise narrowed, are found."""
        begin = self.query.address(path)
        more = {"kind": self.kind, "before": None, **changes}
        given = urlencode({name: str(value) for name, value in more.items() if value})
        return begin + (("&" if "?" in begin else "?") + given if given else "")


def read_changes_query(given: Mapping[str, str], today: dt.date) -> ChangesQuery:
    """What an address asks for; arguments and errors as for ``read_query``."""
    kind = given.get("kind") or None
    if kind is not None and kind not in set(ChangeKind):
        raise UsageError(f"kind is one of {', '.join(ChangeKind)}")
    others = {name: value for name, value in given.items() if name != "kind"}
    query = replace(read_query(others, today), page=1, sort="newest")
    return ChangesQuery(query, ChangeKind(kind) if kind else None, given.get("before") or None)


async def changes(request: Request) -> Response:
    """The newest changes, with what a text lost and gained."""
    archive = reading(request)
    problem = None
    try:
        asked = read_changes_query(request.query_params, now().date())
        found = await archive.changes(asked.asked(PAGE_SIZE + 1))
    except UsageError as error:
        asked = ChangesQuery(Query(words=words_of(request.query_params)))
        found, problem = [], str(error)
    values = {
        "asked": asked,
        "query": asked.query,
        "problem": problem,
        "kinds": EDITORIAL,
        "changes": found[:PAGE_SIZE],
        "more": len(found) > PAGE_SIZE,
        "provinces": await archive.provinces(),
        "sources": await archive.sources(),
        "place": await archive.region(asked.query.region) if asked.query.region else None,
    }
    return render(request, "changes.html", values, status=400 if problem else 200)


async def changes_feed(request: Request) -> Response:
    """The newest changes as Atom; its entries are known by cursors, whatever the host is called."""
    asked = read_changes_query(request.query_params, now().date())
    found = await reading(request).changes(replace(asked, before=None).asked(feeds.ENTRIES))
    base = str(request.base_url).rstrip("/")
    body = feeds.atom_of_changes(base, asked.address(), asked.address(request.url.path), found)
    return feed_answer(request, body, "application/atom+xml", feeds.updated(found))


async def carried(request: Request) -> Response:
    """The releases that most publications carried, and who carries whose."""
    archive = reading(request)
    given = request.query_params.get("days", "30")
    if given not in {str(days) for days in _DAYS}:
        raise HTTPException(400)
    values = {
        "days": int(given),
        "choices": _DAYS,
        "releases": await archive.most_carried(int(given), CARRIED),
        "pairs": await archive.who_copies_whom(int(given), CARRIED),
    }
    return render(request, "carried.html", values)
