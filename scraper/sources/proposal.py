"""Looking at a column page nobody has defined yet: what a definition of it would say."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from scraper.listing import Link, Listing
from scraper.regions import regions_of
from scraper.sources.definition import Kind, Source

_FORMS = (
    r"/\d{6}/t\d{8}_\d+\.s?html?",
    r"/t\d{8}_\d+\.s?html?",
    r"/\d{6}/[0-9a-f]{32}\.s?html",
    r"/art/\d{4}/\d{1,2}/\d{1,2}/art_\d+_\d+\.html",
    r"/art/\d{4}/art_[0-9a-f]{32}\.html",
    r"/content/post_\d+\.html",
    r"/n[12]/\d{4}/\d{4}/c\d+-\d+\.html",
    r"/\d{8}/[0-9a-f]{32}/c\.html",
    r"/\d{4}-?\d{2}-?\d{2}/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.html",
    r"/content_\d+\.s?html?",
    r"/\d{4}/\d{2}-?/?\d{2}/\d+\.s?html?",
    r"/\d{5,}\.s?html?",
)
"""Article addresses of the platforms in use, the strictest first."""
_COMMON = frozenset({"www", "com", "cn", "net", "org", "index", "list", "html"})
_SHARE = 0.8


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


def propose(url: str, page: str, listing: Listing, **given: str | None) -> Proposal:
    """Describe a column from its page.

    Args:
        url: the address the user named; it becomes the list's.
        page: the page's text, for what it says of itself; empty for an API.
        listing: the page as read.
        given: id, name, publisher, kind, region that the user knows better.

    Raises:
        pydantic.ValidationError: what was given breaks a rule of the definition.
    """
    known = _said(page)
    publisher = given.get("publisher") or known.get("sitename") or urlsplit(url).hostname or ""
    column = given.get("name") or known.get("columnname") or known.get("title") or publisher
    values: dict[str, object] = {
        "id": given.get("id") or propose_id(url),
        "name": column
        if column.startswith(publisher) or given.get("name")
        else f"{publisher}·{column}",
        "publisher": publisher,
        "kind": given.get("kind") or _kind(url, f"{publisher}{column}"),
    }
    if region := given.get("region") or _region(publisher):
        values["region"] = region
    values["lists"] = url
    values |= _addresses(url, listing.links)
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


def _said(page: str) -> dict[str, str]:
    """What the page says of itself: the names of 《政府网站发展指引》, else its title."""
    if "<" not in page:
        return {}
    tree = LexborHTMLParser(page)
    said = {
        (node.attributes.get("name") or "").lower(): (node.attributes.get("content") or "").strip()
        for node in tree.css("meta[name]")
    }
    title = tree.css_first("title")
    text = " ".join(title.text().split()) if title else ""
    said["title"] = re.split(r"\s*[-_|—–]+\s*", text)[0]
    return {name: value for name, value in said.items() if value}


def _kind(url: str, words: str) -> Kind:
    host = urlsplit(url).hostname or ""
    if "新闻发布" in words or "发布会" in words:
        return Kind.PRESS_OFFICE
    if host.endswith(".cri.cn"):
        return Kind.CRI_REGION
    if ".gov.cn" not in host:
        return Kind.PROVINCIAL_NEWS
    portal = re.search(r"人民政府(?!.{0,20}[局厅办委])|政府网|管委会|中国[^局厅委]{2,4}$", words)
    return Kind.GOV_PORTAL if portal else Kind.GOV_DEPARTMENT


def _region(publisher: str) -> str | None:
    found = regions_of(publisher, ())
    return found[-1] if found else None


def _addresses(url: str, links: Sequence[Link]) -> dict[str, object]:
    """Further hosts and the form of the articles' addresses, where most links agree."""
    home = _host(url)
    hosts = Counter(_host(link.url) for link in links)
    other = [
        host for host, count in hosts.most_common(3) if host != home and count * 5 >= len(links)
    ]
    ours = {home, *other}
    own = [each.url for each in links if _host(each.url) in ours]
    values: dict[str, object] = {"hosts": other} if other else {}
    for form in _FORMS:
        fitting = sum(re.search(form, address) is not None for address in own)
        if own and fitting >= _SHARE * len(own):
            return {**values, "allow": form}
    return values


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
