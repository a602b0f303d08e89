"""Sitemaps, news sitemaps and their index (sitemaps.org 0.9; Google's news extension 0.9).

In XML, compressed or not, or in plain text with an address on each line.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from scraper.listing.document import Document
from scraper.listing.engines.feed import FEED_ROOTS, listing_of
from scraper.listing.entries import GZIP, Entry, read_entries, root_of, unpacked
from scraper.listing.limits import MAX_LINKS, require_count
from scraper.listing.mainlist import unique
from scraper.listing.model import Link, Listing
from scraper.listing.skeleton import squeeze
from scraper.text.times import read_moment

_MAX_PARTS = 1000
_WEB = ("http://", "https://")
_TIME = 200
_OPENING = 4000
_BLANK = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class SitemapEngine:
    """Addresses of a sitemap; of an index, the sitemaps it names, the youngest first."""

    name: str = "sitemap"

    def recognises(self, document: Document) -> bool:
        """By gzip's mark, the root element, or lines that are addresses."""
        return (
            document.body[:2] == GZIP
            or root_of(document.head) in {"urlset", "sitemapindex"}
            or _is_text(document.text)
        )

    def read(self, document: Document) -> Listing:
        """Addresses, or the parts of an index; see ``Engine.read``."""
        text = unpacked(document)
        if _is_text(text):
            return self._read_text(document, text)
        read = read_entries(document)
        if read.root in FEED_ROOTS:  # compressed: its root was not to be seen before
            return listing_of(document, read, self.name)
        rows = [(url, each) for each in read.entries if (url := _address(document, each))]
        lost = read.lost + len(read.entries) - len(rows)
        if read.root != "sitemapindex":
            return Listing(
                unique(_link(url, each) for url, each in rows), None, self.name, lost=lost
            )
        rows.sort(key=lambda row: row[1].first("lastmod"), reverse=True)
        parts = tuple(dict.fromkeys(url for url, _ in rows[:_MAX_PARTS]))
        return Listing((), next(iter(parts), None), self.name, parts=parts[1:], lost=lost)

    def _read_text(self, document: Document, text: str) -> Listing:
        lines = [line.strip() for line in text.lstrip("\ufeff").splitlines() if line.strip()]
        require_count(len(lines), MAX_LINKS, document.url)
        read = [document.absolute(line) for line in lines if line.lower().startswith(_WEB)]
        links = unique(Link(url) for url in read if url)
        return Listing(links, None, self.name, lost=len(lines) - sum(map(bool, read)))


def _is_text(text: str) -> bool:
    """Whether the first two lines, or the only one, are addresses and nothing else."""
    lines = text[:_OPENING].lstrip("\ufeff \t\r\n").split("\n")[:2]
    first, second = lines[0], (lines[1:] or [""])[0].strip()
    return all(
        line.lower().startswith(_WEB) and not _BLANK.search(line.strip())
        for line in (first, second or first)
    )


def _address(document: Document, entry: Entry) -> str | None:
    loc = entry.first("loc")
    return document.absolute(loc) if loc.lower().startswith(_WEB) else None


def _link(url: str, entry: Entry) -> Link:
    title = squeeze(entry.first("news:title", "title"))
    return Link(url, title or None, _day(entry))


def _day(entry: Entry) -> dt.date | None:
    moment = read_moment(
        entry.first("news:publication_date", "publication_date", "lastmod")[:_TIME]
    )
    return moment.day if moment else None
