"""What a reader asks for, as it stands in an address."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from scraper.archive.querying.reading import Selection
from scraper.clock import midnight
from scraper.errors import UsageError
from scraper.regions.naming import has_places
from scraper.sources.definition import Kind
from scraper.text.asked_days import read_range, read_span

PAGE_SIZE = 20
LONGEST = 200
LAST_PAGE = 500
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAMES = {"words": "q"}


@dataclass(frozen=True, slots=True)
class Query:
    """A search. Days are of Asia/Shanghai, both ends included; a region covers all below it.

    Attributes:
        kind: of the publisher.
        named: the source that the page names (来源), exactly as it stands there; ``column`` likewise.
        since_text: how ``since`` was asked for (7d, 昨天), so that a feed of the last week stays one:
            addresses carry it instead of the day. ``until_text`` likewise.
    """

    words: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    region: str | None = None
    source: str | None = None
    kind: str | None = None
    named: str | None = None
    column: str | None = None
    sort: str = "newest"
    page: int = 1
    since_text: str | None = None
    until_text: str | None = None

    @property
    def empty(self) -> bool:
        """Whether it asks for everything."""
        return not (self.words or self.narrowed)

    @property
    def narrowed(self) -> bool:
        """Whether any filter beside the words is set."""
        return any(
            (self.since, self.until, self.region, self.source, self.kind, self.named, self.column)
        )

    @property
    def skipped(self) -> int:
        """How many releases stand on the pages before."""
        return (self.page - 1) * PAGE_SIZE

    def values(self, count: int = PAGE_SIZE) -> dict[str, Any]:
        """The parameters of the SQL statements."""
        return {**asdict(self), "count": count, "skip": self.skipped}

    def selection(self) -> Selection:
        """The same for an export."""
        return Selection(
            source=self.source,
            since=midnight(self.since),
            until=midnight(self.until + dt.timedelta(days=1)) if self.until else None,
            words=self.words or None,
            region=self.region,
            kind=self.kind,
            named_source=self.named,
            column_name=self.column,
            releases=True,
        )

    def within(self, first: dt.date, last: dt.date) -> Query | None:
        """The same of these days alone; None where it asks for none of them."""
        since, until = max(self.since or first, first), min(self.until or last, last)
        return replace(self, since=since, until=until) if since <= until else None

    def address(self, path: str = "/", **changes: Any) -> str:
        """Where this search, with some changes, is found."""
        changed = asdict(replace(self, **{"page": 1, **changes}))
        for name in ("since", "until"):
            typed = changed.pop(f"{name}_text")
            changed[name] = changed[name] if name in changes else typed or changed[name]
        plain = asdict(Query())
        given = {_NAMES.get(k, k): str(v) for k, v in changed.items() if v != plain[k]}
        return f"{path}?{urlencode(given)}" if given else path


def read_query(given: Mapping[str, str], today: dt.date) -> Query:
    """The search that an address asks for; days are read as on the command line.

    Args:
        given: the parameters of the address.
        today: the day of Asia/Shanghai, from which 7d and 昨天 count.

    Raises:
        UsageError: a value cannot be used, or since is after until; the message says which.
    """
    typed = (_line(given, "since"), _line(given, "until"))
    since, until = read_range(*typed, today, ("since", "until"))
    return Query(
        words=_line(given, "q") or "",
        since=since,
        until=until,
        region=region_of(given),
        source=_line(given, "source"),
        kind=_choice(given, "kind", (None, *Kind)),
        named=_line(given, "named"),
        column=_line(given, "column"),
        sort=_choice(given, "sort", ("newest", "rank")) or "newest",
        page=_number(given, "page"),
        since_text=typed[0],
        until_text=typed[1],
    )


def words_of(given: Mapping[str, str]) -> str:
    """The words of an address whose other values cannot be used, so that nobody types them again."""
    return _plain(given, "q")[:LONGEST]


def read_year(given: Mapping[str, str], today: dt.date) -> int:
    """The year that an address asks for, else this one.

    Raises:
        UsageError: it is none.
    """
    text = _line(given, "year")
    if text is None:
        return today.year
    first, _ = read_span(text, today, "year")
    return first.year


def region_of(given: Mapping[str, str]) -> str | None:
    """The region that an address asks for.

    Raises:
        UsageError: it is no code.
    """
    text = _line(given, "region")
    if text is not None and not (
        re.fullmatch(r"[0-9]{2}([0-9]{2}){0,2}", text) and has_places(text)
    ):
        raise UsageError(f"region is no code of GB/T 2260: {text} (120000 is one)")
    return text


def _line(given: Mapping[str, str], name: str) -> str | None:
    text = _plain(given, name)
    if len(text) > LONGEST:
        raise UsageError(f"{name} is longer than {LONGEST} characters")
    return text or None


def _plain(given: Mapping[str, str], name: str) -> str:
    return _CONTROL.sub(" ", given.get(name, "")).strip()


def _choice(given: Mapping[str, str], name: str, allowed: tuple[str | None, ...]) -> str | None:
    """One of some values; the first where none is given."""
    text = _line(given, name) or allowed[0]
    if text not in allowed:
        raise UsageError(f"{name} is one of {', '.join(each for each in allowed if each)}")
    return text


def _number(given: Mapping[str, str], name: str) -> int:
    text = _line(given, name) or "1"
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= LAST_PAGE:
        raise UsageError(f"{name} is a number from 1 to {LAST_PAGE}")
    return int(text)
