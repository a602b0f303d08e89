"""Looking at a column page nobody has defined yet: what a definition of it would say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from scraper.listing import Link, Listing
from scraper.sources.definition import Source
from scraper.sources.forms import hosts_of, patterns_of
from scraper.sources.naming import kind_of, named_by

_COMMON = frozenset({"www", "com", "cn", "net", "org", "index", "list", "html"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A definition that would watch a column.

    Attributes:
        source: as validated. toml: as it would be written, at most a dozen lines.
        listing: what the page shows. accepted: the links that the source would take.
    """

    source: Source
    toml: str
    listing: Listing
    accepted: tuple[Link, ...]


def propose(
    url: str, page: str, listing: Listing, known: Iterable[Source] = (), **given: str | None
) -> Proposal:
    """Describe a column from its page.

    Args:
        url: the address the user named; it becomes the list's.
        page: the page's text, for what it says of itself; empty for an API.
        listing: the page as read.
        known: sources of the catalogue, for what they tell of the same site.
        given: id, name, publisher, kind, region that the user knows better.

    Raises:
        pydantic.ValidationError: what was given breaks a rule of the definition.
    """
    named = named_by(url, page, known)
    publisher = given.get("publisher") or named.publisher or urlsplit(url).hostname or ""
    column = given.get("name") or named.column or publisher
    whole = column.startswith(publisher) or bool(given.get("name"))
    values: dict[str, object] = {
        "id": given.get("id") or propose_id(url),
        "name": column if whole else f"{publisher}·{column}",
        "publisher": publisher,
        "kind": given.get("kind") or kind_of(url, publisher, column),
    }
    if region := given.get("region") or named.region:
        values["region"] = region
    values["lists"] = url
    if hosts := hosts_of(url, listing.links):
        values["hosts"] = hosts
    if patterns := patterns_of(url, listing.links, hosts):
        values["allow"] = patterns[0] if len(patterns) == 1 else patterns
    source = Source.model_validate(values)
    accepted = tuple(link for link in listing.links if source.accepts(link.url))
    return Proposal(source, write_toml(values), listing, accepted)


def write_toml(values: dict[str, object]) -> str:
    """A flat table as TOML; patterns as literal strings, where backslashes stand for themselves."""
    lines = (f"{name} = {_literal(value)}" for name, value in values.items())
    return "\n".join(lines) + "\n"


def propose_id(url: str) -> str:
    """``http://www.tj.gov.cn/sy/jrgz/`` is ``tj.gov.jrgz``; ``zrzy.hebei.gov.cn`` ``hebei.zrzy.…``."""
    parts = urlsplit(url)
    labels = [label for label in (parts.hostname or "").split(".") if label not in _COMMON]
    government = ["gov"] if "gov" in labels else []
    named = [label for label in reversed(labels) if label != "gov"]
    steps = [step.partition(".")[0] for step in parts.path.split("/")]
    words = [re.sub(r"[^a-z0-9]+", "-", step.lower()).strip("-") for step in steps]
    last = [word for word in words if word and word not in _COMMON][-1:]
    return ".".join([*named, *(government if len(named) == 1 else []), *(last or ["home"])])[:80]


def _literal(value: object) -> str:
    text = str(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(_literal(each) for each in value)}]"
    return f"'{text}'" if "\\" in text and "'" not in text else json.dumps(text, ensure_ascii=False)
