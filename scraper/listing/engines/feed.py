"""RSS and Atom."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from scraper.listing.document import Document
from scraper.listing.entries import Entries, Entry, read_entries, root_of
from scraper.listing.mainlist import unique
from scraper.listing.model import Link, Listing
from scraper.listing.records import plain
from scraper.text.times import read_moment

FEED_ROOTS = frozenset({"rss", "rdf", "channel", "feed"})
_PUBLISHED = ("pubDate", "pubdate", "published", "dc:date", "dc:issued", "dc:created", "issued", "created")  # fmt: skip
_UPDATED = ("updated", "modified", "dc:modified", "atom:updated")
_TIME = 200


@dataclass(frozen=True, slots=True)
class FeedEngine:
    """Entries of a feed; the next page by the Atom relation ``next`` (RFC 5005)."""

    name: str = "feed"

    def recognises(self, document: Document) -> bool:
        """By the root element."""
        return root_of(document.head) in FEED_ROOTS

    def read(self, document: Document) -> Listing:
        """Entries and next page; see ``Engine.read``."""
        return listing_of(document, read_entries(document), self.name)


def listing_of(document: Document, read: Entries, engine: str) -> Listing:
    """A feed's entries as rows, and its next page."""
    links = unique(link for entry in read.entries if (link := _link(document, entry)))
    following = next((link["href"] for link in read.links if link.get("rel") == "next"), "")
    return Listing(links, document.absolute(following), engine, lost=read.lost)


def _link(document: Document, entry: Entry) -> Link | None:
    """The row that an entry is; None for one that names no web address."""
    pages = (each["href"] for each in entry.links if each.get("rel", "alternate") == "alternate")
    stated = (*pages, entry.first("link", "guid", "id", "atom:id"))
    url = next((url for each in stated if (url := document.absolute(each))), None)
    if url is None:
        return None
    return Link(url, plain(entry.first("title", "dc:title", "atom:title")), _day(entry))


def _day(entry: Entry) -> dt.date | None:
    """The day in Shanghai on which it was published; where that is not stated, on which updated."""
    moment = read_moment(entry.first(*_PUBLISHED, *_UPDATED)[:_TIME])
    return moment.day if moment else None
