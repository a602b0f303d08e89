"""Sitemaps, news sitemaps and their index (sitemaps.org 0.9; Google's news extension 0.9).

Parsed as a stream, compressed or not; entities are refused where they are declared.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from scraper.errors import ListingError, ListingTooLarge
from scraper.listing.dates import date_of_text
from scraper.listing.document import Document
from scraper.listing.limits import MAX_DEPTH, MAX_INFLATED, MAX_LINKS, require_count
from scraper.listing.mainlist import unique
from scraper.listing.model import Link, Listing
from scraper.listing.skeleton import squeeze

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 16
_MAX_PARTS = 1000


@dataclass(frozen=True, slots=True)
class SitemapEngine:
    """Addresses of a sitemap; of an index, the sitemaps it names, the youngest first."""

    name: str = "sitemap"

    def recognises(self, document: Document) -> bool:
        """By gzip's mark or the root element."""
        return (
            document.body[:2] == _GZIP
            or "<urlset" in document.head
            or "<sitemapindex" in document.head
        )

    def read(self, document: Document) -> Listing:
        """Addresses, or the parts of an index; see ``Engine.read``."""
        reader = _Reader(document.url)
        reader.parse(document)
        if not reader.is_index:
            return Listing(unique(map(_link, reader.entries)), None, self.name)
        youngest = sorted(reader.entries, key=lambda each: each.get("lastmod", ""), reverse=True)
        parts = tuple(dict.fromkeys(each["loc"] for each in youngest[:_MAX_PARTS]))
        first = parts[0] if parts else None
        return Listing((), first, self.name, parts=parts[1:])


def _link(entry: dict[str, str]) -> Link:
    stated = entry.get("publication_date") or entry.get("lastmod") or ""
    return Link(entry["loc"], squeeze(entry.get("title", "")) or None, _day(stated))


def _day(stated: str) -> dt.date | None:
    return date_of_text(stated)


@dataclass(slots=True)
class _Reader:
    """Collects the entries of one document while expat reads it."""

    url: str
    entries: list[dict[str, str]] = field(default_factory=list)
    is_index: bool = False
    entry: dict[str, str] | None = None
    text: list[str] = field(default_factory=list)
    depth: int = 0

    def parse(self, document: Document) -> None:
        """Read the document.

        Raises:
            ListingError: it is no XML, or declares entities. ListingTooLarge: beyond a limit.
        """
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text.append
        parser.EntityDeclHandler = self._refuse
        try:
            for chunk in _chunks(document):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            if not self.entries:
                raise ListingError(f"{self.url}: the sitemap is no XML: {error}") from error
        except zlib.error as error:
            raise ListingError(f"{self.url}: the sitemap is no gzip: {error}") from error

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ListingTooLarge(f"{self.url}: elements are nested more than {MAX_DEPTH} deep")
        local = name.rpartition(":")[2]
        self.is_index = self.is_index or local == "sitemapindex"
        if name in {"url", "sitemap"} or (local in {"url", "sitemap"} and self.depth == 2):
            self.entry = {}
        self.text.clear()

    def _end(self, name: str) -> None:
        self.depth -= 1
        local = name.rpartition(":")[2]
        if self.entry is None:
            return
        if local in {"url", "sitemap"} and self.depth == 1:
            self._keep(self.entry)
            self.entry = None
        elif self.text:
            self.entry.setdefault(local, "".join(self.text).strip())
        self.text.clear()

    def _keep(self, entry: dict[str, str]) -> None:
        if entry.get("loc", "").startswith(("http://", "https://")):
            self.entries.append(entry)
            require_count(len(self.entries), MAX_LINKS, self.url)

    def _refuse(self, *_declaration: object) -> None:
        raise ListingError(f"{self.url}: the XML declares entities, which are not expanded")


def _chunks(document: Document) -> Iterator[bytes]:
    body = document.body
    if body[:2] != _GZIP:
        yield from (body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK))
        return
    inflater, total, rest = zlib.decompressobj(zlib.MAX_WBITS | 16), 0, body
    while rest:
        chunk = inflater.decompress(rest, _CHUNK)
        total += len(chunk)
        if total > MAX_INFLATED:
            raise ListingTooLarge(
                f"{document.url}: the sitemap unpacks to more than {MAX_INFLATED} bytes"
            )
        yield chunk
        rest = inflater.unconsumed_tail
