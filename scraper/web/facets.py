"""What a search can be narrowed by, with counts, as trees of links. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scraper.archive.querying.finding import Facet
from scraper.web.query import Query

MOST, MOST_OF_ALL = 8, 200
"""Values of a facet that are shown at once, and that are shown at all; those between stand behind a fold."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that the search can be narrowed to.

    Attributes:
        name: for people.
        releases: how many of the search have it.
        address: the search, narrowed to it; without it where it is chosen already.
        below: divisions below a region, the most first.
    """

    name: str
    releases: int
    address: str
    chosen: bool
    below: tuple[Choice, ...] = ()

    @property
    def open(self) -> bool:
        """Whether what is below is shown: it, or something in it, is chosen."""
        return self.chosen or any(each.open for each in self.below)


@dataclass(frozen=True, slots=True)
class Group:
    """A facet and its values, the most first; months the newest first."""

    facet: str
    choices: tuple[Choice, ...]

    @property
    def first(self) -> tuple[Choice, ...]:
        """What is shown at once."""
        return self.choices[:MOST]

    @property
    def rest(self) -> tuple[Choice, ...]:
        """What stands behind a fold."""
        return self.choices[MOST:MOST_OF_ALL]


def _of_month(code: str) -> dict[str, Any]:
    return {"since": code, "until": code}


def _of_field(name: str) -> Callable[[str], dict[str, Any]]:
    return lambda code: {name: code}


_NARROWED: Mapping[str, tuple[str, Callable[[str], dict[str, Any]]]] = {
    "region": ("region", _of_field("region")),
    "source": ("source", _of_field("source")),
    "named source": ("named", _of_field("named")),
    "column": ("column", _of_field("column")),
    "kind": ("kind", _of_field("kind")),
    "month": ("since_text", _of_month),
}
"""Facet of ``archive.search_facets``: the field of a search that says what is chosen, and what narrows to a value."""

_LABELS = {
    "region": "region",
    "source": "source",
    "named": "named_source",
    "column": "column_name",
    "kind": "facet_kind",
    "since": "since",
    "until": "until",
}
"""Fields that a search can be narrowed by, in the order they are told, and the labels of each."""


def groups(facets: Iterable[Facet], query: Query, names: Mapping[str, str]) -> list[Group]:
    """The facets of a search in the order of ``_NARROWED``; those without a value are left out.

    Args:
        facets: counts, as the archive gives them.
        query: the search that they are of.
        names: labels of the kinds of publisher, by ``kind_`` and the kind.
    """
    by_facet: dict[str, list[Facet]] = {name: [] for name in _NARROWED}
    for each in facets:
        by_facet[each.facet].append(each)
    found = []
    for name, values in by_facet.items():
        if name == "month":
            values.sort(key=lambda each: each.code, reverse=True)
        choices = _tree(values, query) if name == "region" else _flat(values, query, names)
        if choices:
            found.append(Group(name, choices))
    return found


def chosen(
    query: Query, names: Mapping[str, str], of_codes: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """What a search is narrowed by: the label of a field, its value for people, and the search without it.

    Args:
        query: the search.
        names: labels.
        of_codes: names of the region and the source that are chosen.
    """
    found = []
    for field, label in _LABELS.items():
        value = getattr(query, field)
        if value is None:
            continue
        name = names.get(f"kind_{value}") if field == "kind" else of_codes.get(field)
        found.append((names[label], name or str(value), query.address("/", **{field: None})))
    return found


def _flat(values: Sequence[Facet], query: Query, names: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(
        _choice(each, query, names.get(f"kind_{each.code}") if each.facet == "kind" else None)
        for each in values
    )


def _tree(values: Sequence[Facet], query: Query) -> tuple[Choice, ...]:
    """Divisions below their own; one whose division above has no count stands at the top."""
    known = {each.code for each in values}
    below: dict[str | None, list[Facet]] = {}
    for each in values:
        below.setdefault(each.parent if each.parent in known else None, []).append(each)

    def grown(parent: str | None, depth: int) -> tuple[Choice, ...]:
        if depth > 3:  # province, city, county: more is no division of GB/T 2260
            return ()
        return tuple(
            _choice(each, query, None, grown(each.code, depth + 1))
            for each in below.get(parent, [])
        )

    return grown(None, 1)


def _choice(facet: Facet, query: Query, name: str | None, below: tuple[Choice, ...] = ()) -> Choice:
    field, narrow = _NARROWED[facet.facet]
    chosen = getattr(query, field) == facet.code
    narrowed = narrow(facet.code)
    changes = {name: None if chosen else value for name, value in narrowed.items()}
    return Choice(
        name or facet.name or facet.code,
        facet.releases,
        query.address("/", **changes),
        chosen,
        below,
    )
