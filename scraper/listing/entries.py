"""The one reader of feeds and sitemaps: XML as sites write it, not only as it should be.

RSS (0.9 to 2.0), Atom (RFC 4287), sitemaps (sitemaps.org 0.9, Google's news extension) have one
form: a root, and entries with fields. What breaks XML in one entry costs that entry: the document
is mended where only one reading is possible (a bare ``&``, a control character, HTML's entities,
blanks before the declaration), read whole if it can be, and else entry by entry.
"""

from __future__ import annotations

import html
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from scraper.errors import ListingError, ListingTooLarge
from scraper.listing.document import Document
from scraper.listing.limits import MAX_DEPTH, MAX_INFLATED, MAX_LINKS, require_count
from scraper.page.layout.charset import decode

GZIP = b"\x1f\x8b"
ENTRY_OF = {
    "urlset": "url",
    "sitemapindex": "sitemap",
    "rss": "item",
    "rdf": "item",
    "channel": "item",
    "feed": "entry",
}
"""What an entry is called, by the name of the root."""

_PIECE = 1 << 16
_ROOT = re.compile(
    r"<(?:[\w.-]{1,40}:)?(urlset|sitemapindex|rss|rdf|channel|feed)(?=[\s>/])[^<>]{0,20000}>",
    re.IGNORECASE,
)
_BEFORE_ROOT = 20_000
_TAIL = 1000
_DECLARATION = re.compile(r"\A<\?xml[^<>]{0,500}\?>", re.IGNORECASE)
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(#?[0-9A-Za-z]{1,31};)?")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_NAMESPACES = {
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dc",
    "http://www.w3.org/2005/atom": "atom",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.google.com/schemas/sitemap-image/1.1": "image",
    "http://www.google.com/schemas/sitemap-video/1.1": "video",
}
"""Namespaces of whose elements fields are made; their prefixes may be any."""


@dataclass(slots=True)
class Entry:
    """One entry: the texts of its fields, and its links with their attributes.

    Fields of the entry's own namespace have their plain name (``loc``), others that of their
    namespace before it (``news:title``); of several with one name the first is kept.
    """

    fields: dict[str, str] = field(default_factory=dict)
    links: list[dict[str, str]] = field(default_factory=list)

    def first(self, *names: str) -> str:
        """The first of these fields that says something; else an empty text."""
        return next((text for name in names if (text := self.fields.get(name, ""))), "")


@dataclass(slots=True)
class Entries:
    """What a feed or a sitemap holds.

    Attributes:
        root: the name of its root element, lower case, without prefix.
        entries: those that could be read, in order.
        links: the links of the feed itself.
        lost: how many entries were broken or cut off.
    """

    root: str
    entries: list[Entry] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    lost: int = 0


def root_of(text: str) -> str | None:
    """The name of the root of a feed or a sitemap, without prefix; None for any other document."""
    if not text.startswith("<") or text.startswith(("<!doctype html", "<html")):
        return None
    found = _ROOT.search(text)
    return found[1].lower() if found else None


def read_entries(document: Document) -> Entries:
    """Read a feed or a sitemap, compressed or not.

    Raises:
        ListingError: it is neither, or declares entities.
        ListingTooLarge: beyond a limit on bytes, entries or depth.
    """
    text = unpacked(document)
    if "<!ENTITY" in text or "<!entity" in text:
        raise ListingError(f"{document.url}: the XML declares entities, which are not expanded")
    text = _DECLARATION.sub("", text.lstrip("\ufeff \t\r\n"), count=1)
    opening = _ROOT.search(text, 0, _BEFORE_ROOT)
    if opening is None:
        raise ListingError(f"{document.url}: neither a feed nor a sitemap: no root of one in it")
    mended = _mended(_UNWRITABLE.sub("", text[opening.start() :]))
    reader = _Reader(document.url, Entries(opening[1].lower()))
    try:
        reader.parse(mended)
    except expat.ExpatError:
        reader = _Reader(document.url, Entries(opening[1].lower()))
        _read_apart(reader, mended)
    return reader.read


def unpacked(document: Document) -> str:
    """The document's text, after unpacking where it is compressed by gzip, in one member or more.

    Raises:
        ListingError: what is there is no gzip. ListingTooLarge: it unpacks to too much.
    """
    if document.body[:2] != GZIP:
        return document.text
    try:
        body = b"".join(_inflated(document.body, document.url))
    except zlib.error as error:
        raise ListingError(f"{document.url}: the sitemap is no gzip: {error}") from error
    return decode(body, None, document.rules.charset).text


def _inflated(body: bytes, url: str) -> Iterator[bytes]:
    total = 0
    while body[:2] == GZIP:  # RFC 1952 section 2.2: members follow one another
        inflater, rest = zlib.decompressobj(zlib.MAX_WBITS | 16), body
        while rest:
            piece = inflater.decompress(rest, _PIECE)
            total += len(piece)
            if total > MAX_INFLATED:
                message = f"{url}: the sitemap unpacks to more than {MAX_INFLATED} bytes"
                raise ListingTooLarge(message)
            yield piece
            rest = inflater.unconsumed_tail
        body = inflater.unused_data.lstrip(b"\0")


def _mended(text: str) -> str:
    """The text with what is no XML outside CDATA made so: bare ampersands, HTML's entities."""
    pieces: list[str] = []
    place = 0
    while (start := text.find(_CDATA, place)) >= 0:
        pieces.append(_AMPERSAND.sub(_as_xml, text[place:start]))
        end = text.find(_CDATA_END, start)
        place = end + len(_CDATA_END) if end >= 0 else len(text)
        pieces.append(text[start:place])
    pieces.append(_AMPERSAND.sub(_as_xml, text[place:]))
    return "".join(pieces)


def _as_xml(found: re.Match[str]) -> str:
    """What an ampersand that begins no entity of XML's own stands for."""
    named = html.unescape(found[0]) if found[1] else found[0]
    if named == found[0]:
        return "&amp;" + (found[1] or "")
    return html.escape(_UNWRITABLE.sub("", named))


def _read_apart(reader: _Reader, text: str) -> None:
    """Read each entry as a document of its own; one that is broken is counted and left out."""
    read = reader.read
    opening = _ROOT.match(text)
    before = opening[0].removesuffix(">").removesuffix("/") + ">" if opening else f"<{read.root}>"
    name = before[1:-1].split(maxsplit=1)[0]
    for number, piece in enumerate(_pieces(text, ENTRY_OF[read.root])):
        require_count(number, MAX_LINKS, reader.url)
        known = len(read.entries)
        if piece is not None:
            try:
                reader.parse(f"{before}{piece}</{name}>")
            except expat.ExpatError:
                del read.entries[known:]
        read.lost += len(read.entries) == known
    if f"</{name}" not in text[-_TAIL:]:
        read.lost = max(read.lost, 1)  # cut off between two entries: nobody knows of how many more


def _pieces(text: str, name: str) -> Iterator[str | None]:
    """The text of each entry; None for one that is opened and not closed before the next."""
    tag = re.compile(rf"<(/?)(?:[\w.-]{{1,40}}:)?{name}(?=[\s>/])[^<>]{{0,20000}}>")
    begun: int | None = None
    for found in tag.finditer(text):
        if found[1]:
            if begun is not None:
                yield text[begun : found.end()]
            begun = None
        elif not found[0].endswith("/>"):
            if begun is not None:
                yield None
            begun = found.start()
    if begun is not None:
        yield None


@dataclass(slots=True)
class _Reader:
    """Collects entries while expat reads; namespaces by whatever prefix stands for them."""

    url: str
    read: Entries
    prefixes: dict[str, str] = field(default_factory=dict)
    own: tuple[str, str] = ("", "")
    path: list[str] = field(default_factory=list)
    entry: Entry | None = None
    outside: int = 0
    text: list[str] = field(default_factory=list)

    def parse(self, text: str) -> None:
        """Read a document, or an entry between the tags of its root.

        Raises:
            expat.ExpatError: it is not well-formed.
            ListingTooLarge: it is nested too deep, or has too many entries.
        """
        self.path, self.entry, self.text = [], None, []
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.text.append
        for start in range(0, len(text), _PIECE):
            parser.Parse(text[start : start + _PIECE], False)
        parser.Parse("", True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            if name == "xmlns" or name.startswith("xmlns:"):
                self.prefixes[name[6:]] = value.strip().lower()
        if not self.path:
            prefix = tag.rpartition(":")[0]
            self.own = (prefix, self.prefixes.get(prefix, ""))
        if "title" not in self.path:
            self.text.clear()
        name = self._name(tag)
        self.path.append(name)
        if len(self.path) > MAX_DEPTH:
            message = f"{self.url}: elements are nested more than {MAX_DEPTH} deep"
            raise ListingTooLarge(message)
        if self.entry is None and name == ENTRY_OF[self.read.root]:
            self.entry, self.outside = Entry(), len(self.path)
        elif name in {"link", "atom:link"} and "href" in attributes:
            self._keep_link(attributes)

    def _keep_link(self, attributes: dict[str, str]) -> None:
        if self.entry is None:
            self.read.links.append(attributes)
        elif len(self.path) == self.outside + 1:
            self.entry.links.append(attributes)

    def _end(self, _tag: str) -> None:
        name, entry = self.path.pop(), self.entry
        if "title" in self.path:
            return  # XHTML in a title, which goes on
        if entry is not None and len(self.path) < self.outside:
            self.read.entries.append(entry)
            require_count(len(self.read.entries), MAX_LINKS, self.url)
            self.entry = None
        elif entry is not None and (len(self.path) == self.outside or ":" in name):
            entry.fields.setdefault(name, "".join(self.text).strip())
        self.text.clear()

    def _name(self, tag: str) -> str:
        """The element's name, with its namespace's where that is another than the root's; else none."""
        prefix, mark, local = tag.rpartition(":")
        stated = self.prefixes.get(prefix, "")
        if (prefix, stated) == self.own or (stated and stated == self.own[1]):
            return local
        known = _NAMESPACES.get(stated) or (prefix if mark and not stated else "")
        if known:
            return f"{known}:{local}"
        return "" if mark else local
