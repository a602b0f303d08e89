"""What a page's head states: the government META standard, JSON-LD and OpenGraph.

《政府网站发展指引》(国办发〔2017〕47号, annex) names the metas; real sites write them in any case,
leave them empty, or fill them once for the whole site. So nothing here is trusted alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.text.plain import sound
from scraper.text.times import Moment, read_moment

_ARTICLES = ("article", "newsarticle", "reportagenewsarticle", "blogposting", "report")
_NESTING = 6
_TIMES = (
    "pubdate", "publishdate", "article:published_time", "publish_time", "og:release_date",
    "publishtime", "datepublished", "apub:time", "og:published_time", "date", "dc.date.issued",
    "weibo: article:create_at", "_pubtime", "createdate", "pubtime", "releasetime", "firstpublishedtime",
    "bytedance:published_time",
)  # fmt: skip
_LINKED_TIMES = ("datePublished", "pubDate", "dateCreated")


@dataclass(frozen=True, slots=True)
class Head:
    """Metas by lower-case name (the first that is not empty), JSON-LD of the article, ``title``.

    ``base`` is the address that the ``base`` element states (HTML §4.2.3), as it is written;
    ``timed`` tells whether anything in the page is a ``time`` with its ``datetime`` (§4.5.14).
    """

    metas: dict[str, str] = field(default_factory=dict)
    linked_data: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    base: str = ""
    timed: bool = False

    def first(self, *names: str) -> str:
        """The first of some metas that says something."""
        for name in names:
            if value := self.metas.get(name):
                return value
        return ""

    def stated(self, key: str) -> str:
        """A text of the JSON-LD article; of a nested thing its name."""
        return _named(self.linked_data.get(key))


def moments_stated(head: Head) -> Iterator[tuple[str, Moment]]:
    """The publication times that a head states, each with where: ``meta:pubdate``, ``jsonld``."""
    for name in _TIMES:
        stated = head.metas.get(name)
        if stated and (moment := read_moment(stated)):
            yield f"meta:{name}", moment
    for name in _LINKED_TIMES:
        stated = head.stated(name)
        if stated and (moment := read_moment(stated)):
            yield "jsonld", moment


def read_head(tree: LexborHTMLParser) -> Head:
    """Collect metas, JSON-LD, the ``title`` element and the page's ``base`` in one pass."""
    metas: dict[str, str] = {}
    linked_data: dict[str, Any] = {}
    title = base = None
    timed = False
    for node in tree.css(_STATING):
        tag = node.tag
        if tag == "meta":
            attributes = node.attributes
            name = (
                attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
            )
            content = (attributes.get("content") or "").strip()
            if name and content:
                metas.setdefault(name.strip().lower(), content)
        elif tag == "script":
            linked_data = linked_data or _linked_data(node)
        elif tag == "title":
            title = title or node
        elif tag == "time":
            timed = True
        else:
            base = base or node
    href = (base.attributes.get("href") or "").strip() if base else ""
    return Head(metas, linked_data, title.text(strip=True) if title else "", href, timed)


_STATING = 'meta, title, time[datetime], script[type="application/ld+json"], head base[href]'


def _linked_data(node: LexborNode) -> dict[str, Any]:
    try:
        stated = json.loads(node.text(), strict=False)
    except (ValueError, RecursionError):
        return {}
    return _article(stated, _NESTING) or {}


def _article(stated: Any, depth: int) -> dict[str, Any] | None:
    if depth == 0:
        return None
    if isinstance(stated, list):
        found = (_article(item, depth - 1) for item in stated[:50])
        return next((item for item in found if item), None)
    if not isinstance(stated, dict):
        return None
    kind = str(stated.get("@type", "")).lower().strip("[]'")
    if kind in _ARTICLES or {"headline", "datePublished"} <= set(stated) or "pubDate" in stated:
        return stated
    return _article(stated.get("@graph"), depth - 1)


def _named(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(filter(None, (_named(item) for item in value[:8])))
    if isinstance(value, dict):
        value = value.get("name")
    return sound(value).strip() if isinstance(value, str) else ""
