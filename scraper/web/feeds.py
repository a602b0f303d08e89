"""Atom (RFC 4287) and JSON Feed 1.1 of a search. Paragraphs of escaped text: no page's markup is carried."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid5
from xml.etree import ElementTree as ET

from scraper.archive.querying.changes import Change
from scraper.web.rows import Entry, FeedIdentity, WatchEntry

ENTRIES = 50
_ATOM = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed is of, and where.

    Attributes:
        title: what was searched for, for people.
        base: where the reader is, without a slash at the end.
        search: the page of the same search.
        itself: the feed's own address.
        identity: by what its entries are known.
    """

    title: str
    base: str
    search: str
    itself: str
    identity: FeedIdentity

    def entry_id(self, release_id: int) -> str:
        """By what a release is known to feed readers, for ever.

        Under the reader's address where it was published so, by versions that knew nothing else; a later
        one by the archive and its number, whatever the reader is called and wherever the archive goes.
        """
        if release_id <= self.identity.named_by_host:
            return f"{self.base}/release/{release_id}"
        return uuid5(self.identity.archive_id, f"release/{release_id}").urn


def atom(feed: Feed, entries: Sequence[Entry]) -> bytes:
    """The feed as Atom; entries newest first."""
    root = _feed(feed.title, feed.base, feed.search, feed.itself, updated(entries))
    for entry in entries:
        _add_entry(root, feed, entry)
    return _written(root)


def json_feed(feed: Feed, entries: Sequence[Entry]) -> dict[str, Any]:
    """The feed as JSON Feed; entries newest first."""
    items = [_item(feed, entry) for entry in entries]
    return _json(feed.title, feed.base, feed.search, feed.itself, items)


def atom_of_changes(base: str, page: str, itself: str, changes: Sequence[Change]) -> bytes:
    """Changes as Atom, an entry each; arguments as for ``atom``.

    An entry is known by its cursor, which is the archive's: it stays the same under another host name.
    """
    feed = _feed("通稿 · 变动", base, page, itself, updated(changes))
    for change in changes:
        _add_change(feed, base, change)
    return _written(feed)


def _feed(title: str, base: str, page: str, itself: str, at: dt.datetime) -> ET.Element:
    """A feed without entries yet."""
    feed = ET.Element(f"{{{_ATOM}}}feed")
    _add(feed, "title", title)
    _add(feed, "id", base + itself)
    _add(feed, "updated", at.isoformat())
    _add(_add(feed, "author"), "name", "tonggao")
    _add(feed, "link", rel="self", href=base + itself, type="application/atom+xml")
    _add(feed, "link", rel="alternate", href=base + page, type="text/html")
    return feed


def _json(
    title: str, base: str, page: str, itself: str, items: list[dict[str, Any]]
) -> dict[str, Any]:
    """A JSON Feed."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": base + page,
        "feed_url": base + itself,
        "language": "zh-CN",
        "items": items,
    }


def _written(feed: ET.Element) -> bytes:
    ET.register_namespace("", _ATOM)
    text: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return text


def _add_entry(root: ET.Element, feed: Feed, entry: Entry) -> None:
    node = _add(root, "entry")
    own = f"{feed.base}/release/{entry.release_id}"
    _add(node, "id", feed.entry_id(entry.release_id))
    _add(node, "title", entry.title)
    _add(node, "updated", entry.changed_at.isoformat())
    _add(node, "published", entry.dated_at.isoformat())
    _add(node, "link", rel="alternate", href=own, type="text/html")
    if _SCHEME.match(entry.url):
        _add(node, "link", rel="via", href=entry.url)
    _add(_add(node, "author"), "name", entry.author or entry.publisher)
    for code in entry.region:
        _add(node, "category", term=code)
    _add(node, "content", _paragraphs(entry.body), type="html")


def _add_change(feed: ET.Element, base: str, change: Change) -> None:
    node = _add(feed, "entry")
    _add(node, "id", f"urn:tonggao:change:{change.cursor}")
    _add(node, "title", f"[{change.kind}] {change.title or change.url or change.release_id}")
    _add(node, "updated", change.at.isoformat())
    _add(
        node,
        "link",
        rel="alternate",
        href=f"{base}/release/{change.release_id}",
        type="text/html",
    )
    if _SCHEME.match(change.url or ""):
        _add(node, "link", rel="via", href=change.url or "")
    _add(node, "category", term=change.kind)
    lines = [f"- {line}" for line in change.removed or ()] + [
        f"+ {line}" for line in change.added or () if change.kind == "revision"
    ]
    _add(node, "content", "\n".join([change.publisher or "", *lines]).strip(), type="text")


def _item(feed: Feed, entry: Entry) -> dict[str, Any]:
    pictures = [image["url"] for image in entry.images if _SCHEME.match(image.get("url") or "")]
    item: dict[str, Any] = {
        "id": feed.entry_id(entry.release_id),
        "url": f"{feed.base}/release/{entry.release_id}",
        "external_url": entry.url,
        "title": entry.title,
        "content_text": entry.body.replace("\u2028", "\n"),
        "content_html": _paragraphs(entry.body),
        "date_published": entry.dated_at.isoformat(),
        "date_modified": entry.changed_at.isoformat(),
        "authors": [{"name": entry.author or entry.publisher}],
        "tags": entry.region,
    }
    return item | ({"image": pictures[0]} if pictures else {})


def _paragraphs(body: str) -> str:
    """A stored body as HTML that holds nothing but paragraphs and line breaks."""
    lines = (html.escape(line).replace("\u2028", "<br>") for line in body.split("\n") if line)
    return "".join(f"<p>{line}</p>" for line in lines)


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    node = ET.SubElement(parent, f"{{{_ATOM}}}{name}")
    for key, value in attributes.items():
        node.set(key, xml_text(value))
    if text is not None:
        node.text = xml_text(text)
    return node


def xml_text(text: str) -> str:
    """A text without the characters that XML 1.0 has no room for."""
    return _NOT_XML.sub("", text)


def updated(entries: Sequence[Entry | Change | WatchEntry]) -> dt.datetime:
    """The latest change; a feed without entries has not changed since the epoch."""
    moments = (e.changed_at if isinstance(e, Entry) else e.at for e in entries)
    return max(moments, default=dt.datetime.fromtimestamp(0, dt.UTC))


def atom_of_watch(title: str, base: str, itself: str, entries: Sequence[WatchEntry]) -> bytes:
    """A watch's matches as Atom; arguments as for ``atom``. Neither feed nor entries are known by the host."""
    feed = _feed(title, base, "/", itself, updated(entries))
    named = feed.find(f"{{{_ATOM}}}id")
    if named is not None:
        named.text = f"urn:tonggao:watch:{_name(itself)}"
    for entry in entries:
        node = _add(feed, "entry")
        own = f"{base}/release/{entry.release_id}"
        _add(node, "id", f"urn:tonggao:match:{entry.match_id}")
        _add(node, "title", entry.headline)
        _add(node, "updated", entry.at.isoformat())
        _add(node, "link", rel="alternate", href=own, type="text/html")
        if _SCHEME.match(entry.url or ""):
            _add(node, "link", rel="via", href=entry.url or "")
        _add(_add(node, "author"), "name", entry.publisher or "tonggao")
        _add(node, "category", term=entry.event)
        _add(node, "content", _paragraphs(entry.told), type="html")
    return _written(feed)


def json_of_watch(
    title: str, base: str, itself: str, entries: Sequence[WatchEntry]
) -> dict[str, Any]:
    """A watch's matches as JSON Feed; arguments as for ``atom``."""
    items = [
        {
            "id": f"urn:tonggao:match:{entry.match_id}",
            "url": f"{base}/release/{entry.release_id}",
            **({"external_url": entry.url} if _SCHEME.match(entry.url or "") else {}),
            "title": entry.headline,
            "content_text": entry.told,
            "content_html": _paragraphs(entry.told),
            "date_published": entry.at.isoformat(),
            "authors": [{"name": entry.publisher or "tonggao"}],
            "tags": [entry.event],
        }
        for entry in entries
    ]
    return _json(title, base, "/", itself, items)


def _name(path: str) -> str:
    """The part of a watch's feed that Atom and JSON share."""
    return path.rpartition("/")[2].partition(".")[0]
