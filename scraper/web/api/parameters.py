"""What a request may say. Each model is both what is checked and what the OpenAPI document tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from scraper.archive.querying.changes import Asked, ChangeKind
from scraper.archive.querying.finding import Search
from scraper.errors import UsageError
from scraper.record.citation import Style
from scraper.regions.naming import has_places
from scraper.sources.definition import Kind
from scraper.text.asked_days import read_range

MOST = 100
"""Items of a page at most."""
LONGEST_QUERY = 200
DAYS = ("since", "until")


def _with_places(code: str | None) -> str | None:
    """A code under which there are places: of no other can be said that nothing was found there."""
    if code is not None and not has_places(code):
        raise PydanticCustomError(
            "region", "{code} is no code of GB/T 2260, and none begins so", {"code": code}
        )
    return code


Line = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A line without control characters."""
Count = Annotated[int, Field(ge=1, le=MOST, description="Items of a page.")]
Cursor = Annotated[
    Line | None,
    Field(
        min_length=1,
        max_length=80,
        description="next_cursor of the page before; none: from the first.",
    ),
]
Day = Annotated[Line | None, Field(max_length=40, examples=["2026-11-24", "2026-11", "7d", "昨天"])]
Since = Annotated[Day, Field(description="From this day, month or time back on, in Asia/Shanghai.")]
Until = Annotated[Day, Field(description="Up to the end of this day, month or year.")]
Region = Annotated[
    str | None,
    Field(
        pattern=r"^[0-9]{2}([0-9]{2}){0,2}$",
        description="Code of GB/T 2260, or its first two or four digits; all below it counts.",
    ),
    AfterValidator(_with_places),
]
Source = Annotated[Line | None, Field(max_length=100, description="Id of a source.")]
Words = Annotated[
    Line,
    Field(
        max_length=LONGEST_QUERY,
        description="Blank is AND; OR or | either; -word without it; “…” a phrase.",
    ),
]


OneChange = Annotated[ChangeKind | None, Field(description="Only changes of this kind.")]
InStyle = Annotated[Style, Field(description="GB/T 7714-2015, BibTeX, RIS or CSL-JSON.")]


class Parameters(BaseModel):
    """None; an unknown parameter is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Narrowed(Parameters):
    """What a search and the newest changes are narrowed by alike."""

    q: Words = ""
    since: Since = None
    until: Until = None
    region: Region = None
    source: Source = None

    def days(self, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
        """The first day and the last; None where not given.

        Args:
            today: in Asia/Shanghai, from which 7d counts.

        Raises:
            UsageError: a day cannot be read, or since is after until.
        """
        return read_range(self.since, self.until, today, DAYS)


class Filters(Narrowed):
    """Which releases, as in a search."""

    kind: Annotated[Kind | None, Field(description="Only publishers of this kind.")] = None
    exact: Annotated[bool, Field(description="Only as typed: 供熱 does not find 供热.")] = False

    def search(self, today: dt.date, sort: str = "newest", count: int | None = None) -> Search:
        """The same for the archive.

        Args:
            today: in Asia/Shanghai, from which 7d counts.
            sort: newest or rank.
            count: hits of a page.

        Raises:
            UsageError: a day cannot be read, or since is after until.
        """
        since, until = self.days(today)
        given = (self.q, since, until, self.region, self.source, sort, count)
        return Search(*given, kind=self.kind, exact=self.exact)


class Releases(Filters):
    """A page of releases."""

    count: Count = 20
    cursor: Cursor = None


class Hits(Releases):
    """A page of hits."""

    sort: Annotated[
        Literal["newest", "rank"], Field(description="newest, or rank: headlines first.")
    ] = "newest"


class Following(Parameters):
    """Every change, in the order in which they happened."""

    count: Count = 20
    cursor: Cursor = None


class Latest(Narrowed):
    """The newest changes."""

    change: OneChange = None
    count: Count = 20
    cursor: Cursor = None

    def asked(self, today: dt.date) -> Asked:
        """The same for the archive; one more than a page holds, to know whether there is a next.

        Args:
            today: in Asia/Shanghai, from which 7d counts.

        Raises:
            UsageError: a day cannot be read, or since is after until.
        """
        since, until = self.days(today)
        kinds = None if self.change is None else (self.change,)
        filters = (self.q or None, since, until, self.region, self.source)
        return Asked(kinds, *filters, self.cursor, self.count + 1)


class Citation(Parameters):
    """The form of a citation."""

    style: InStyle = Style.gbt7714


_Kind = TypeVar("_Kind", bound=Parameters)


def read(kind: type[_Kind], given: Iterable[tuple[str, str]]) -> _Kind:
    """The parameters of an address.

    Raises:
        UsageError: one is unknown, stands twice or cannot be used; the message says which and why.
    """
    values: dict[str, str] = {}
    for name, value in given:
        if name in values:
            raise UsageError(f"{name[:80]} stands twice")
        values[name] = value
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise UsageError("; ".join(_said(each, kind) for each in error.errors())) from error


def _said(error: Mapping[str, Any], kind: type[Parameters]) -> str:
    name = str(error["loc"][0])[:80]
    if error["type"] == "extra_forbidden":
        return f"there is no parameter {name}; there are: {', '.join(kind.model_fields) or 'none'}"
    return f"{name}: {error['msg']}"
