"""RSS and Atom, by feedparser."""

from __future__ import annotations

import calendar
import datetime as dt
import io
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser

from scraper.clock import SHANGHAI
from scraper.errors import ListingError
from scraper.listing.dates import date_of_text
from scraper.listing.document import Document
from scraper.listing.limits import MAX_LINKS, require_count
from scraper.listing.mainlist import unique
from scraper.listing.model import Link, Listing
from scraper.listing.records import plain

_ROOT = re.compile(r"<(?:rss|feed|rdf:rdf|channel)[\s>]")
_HEADERS = {"content-type": "application/xml; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class FeedEngine:
    """Entries of a feed; the next page by the Atom relation ``next`` (RFC 5005)."""

    name: str = "feed"

    def recognises(self, document: Document) -> bool:
        """By the root element."""
        head = document.head
        return (
            head.startswith("<")
            and not head.startswith(("<!doctype html", "<html"))
            and bool(_ROOT.search(head))
        )

    def read(self, document: Document) -> Listing:
        """Entries and next page; see ``Engine.read``."""
        refuse_entities(document)
        require_count(
            document.text.count("<item") + document.text.count("<entry"), MAX_LINKS, document.url
        )
        feed = _parse(document)
        links = unique(link for entry in feed.entries if (link := _link(document, entry)))
        return Listing(links, _next(document, feed.feed), self.name)


def _parse(document: Document) -> Any:
    text = io.BytesIO(_undeclared(document.text).encode("utf-8", "replace"))
    try:
        return feedparser.parse(
            text, response_headers=_HEADERS, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:
        raise ListingError(f"{document.url}: the feed cannot be read: {error!r}") from error


def refuse_entities(document: Document) -> None:
    """Refuse XML that declares entities: they are not expanded here, and feeds need none.

    Raises:
        ListingError: it declares some.
    """
    if document.declares_entities:
        raise ListingError(f"{document.url}: the XML declares entities, which are not expanded")


def _undeclared(text: str) -> str:
    """The text without its XML declaration: it was decoded already, whatever that said."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text.lstrip("\ufeff"), count=1)


def _link(document: Document, entry: Any) -> Link | None:
    address = entry.get("link") or entry.get("id") or ""
    url = document.absolute(address)
    return Link(url, plain(entry.get("title")), _day(entry)) if url else None


def _day(entry: Any) -> dt.date | None:
    """The day in Shanghai; a time without a zone is one of Shanghai.

    feedparser's own reading comes last: it takes such times for UTC, and a day written in Chinese
    for one in November.
    """
    name = "published" if "published" in entry else "updated"
    stated = str(entry.get(name) or "").strip()
    if moment := _moment(stated):
        return moment.astimezone(SHANGHAI).date() if moment.tzinfo else moment.date()
    if day := date_of_text(stated):
        return day
    parsed = entry.get(f"{name}_parsed")
    return dt.datetime.fromtimestamp(calendar.timegm(parsed), SHANGHAI).date() if parsed else None


def _moment(stated: str) -> dt.datetime | None:
    """A time in the notation of ISO 8601 or RFC 5322."""
    for read in (dt.datetime.fromisoformat, parsedate_to_datetime):
        try:
            return read(stated)
        except (ValueError, TypeError, IndexError):
            continue  # written in another notation
    return None


def _next(document: Document, feed: Any) -> str | None:
    for link in feed.get("links", ()):
        if link.get("rel") == "next" and link.get("href"):
            return document.absolute(link["href"])
    return None
