"""A list page or an API's answer, decoded once and parsed at most once."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from scraper.errors import ListingError
from scraper.listing.limits import MAX_HREFS, require_count, require_shallow, require_size
from scraper.listing.model import FormFields
from scraper.listing.rules import NO_RULES, ListRules
from scraper.page.layout.charset import decode
from scraper.urls import resolve

_JSONP = re.compile(r"^\s*[\w.$]+\s*\(\s*(?=[\[{])")
_PLAIN = re.compile(
    r"^(?:/|\./)?[\w-][\w-]*(?:/[\w-][\w.-]*)*(?:\.\w+|/)(?:\?[\w=&%.+-]*)?\Z", re.ASCII
)
_WHOLE = re.compile(
    r"^https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?!xn--)[a-z]{2,}(?:/[\w-][\w.-]*)*/(?:[\w-][\w.-]*)?(?:\?[\w=&%.+-]*)?\Z",
    re.ASCII,
)


@dataclass(frozen=True)
class Document:
    """What an engine reads.

    Attributes:
        url: where the document came from, after redirects.
        text: the decoded document.
        body: the bytes as delivered.
        encoding: Python's name of the encoding it was decoded with; queries are written in it.
        rules: what the source says about its lists.
        form: the fields that were posted to get it, None for what was got.
    """

    url: str
    text: str
    body: bytes = field(repr=False, default=b"")
    rules: ListRules = NO_RULES
    encoding: str = "utf-8"
    form: FormFields | None = None

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The document as HTML."""
        require_count(self.text.count("href"), MAX_HREFS, self.url)
        require_shallow(self.text, self.url)
        return LexborHTMLParser(self.text)

    @cached_property
    def head(self) -> str:
        """The first characters, lower case, without leading blanks: enough to tell the format."""
        return self.text[:2000].lstrip("\ufeff \t\r\n").lower()

    @cached_property
    def json(self) -> Any:
        """The document as JSON, a JSONP call unwrapped.

        Raises:
            ListingError: it is no JSON, or too deeply nested.
        """
        text = self.text.lstrip("\ufeff \t\r\n")
        if call := _JSONP.match(text):
            text = text[call.end() :].rstrip().rstrip(";").rstrip().removesuffix(")")
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ListingError(
                f"{self.url}: the answer is not the JSON it should be ({error})"
            ) from error

    @cached_property
    def looks_like_json(self) -> bool:
        """Whether it begins as JSON or as a JSONP call does."""
        return self.head.startswith(("{", "[")) or _JSONP.match(self.head) is not None

    @cached_property
    def base(self) -> str:
        """What relative addresses are relative to (``<base href>``, else the page)."""
        if "<base" not in self.head and "<base" not in self.text[:8000].lower():
            return self.url
        node = self.tree.css_first("base[href]")
        stated = (node.attributes.get("href") or "") if node else ""
        return resolve(self.url, stated, self.encoding) or self.url

    @cached_property
    def title(self) -> str:
        """The page's title; empty where it has none."""
        node = self.tree.css_first("title")
        return " ".join(node.text(deep=True).split()) if node is not None else ""

    @cached_property
    def host(self) -> str:
        """The host the document came from."""
        return urlsplit(self.url).hostname or ""

    @cached_property
    def _origin_and_folder(self) -> tuple[str, str]:
        parts = urlsplit(self.base)
        origin = f"{parts.scheme}://{parts.netloc}"
        return origin, origin + (parts.path.rpartition("/")[0] or "") + "/"

    def absolute(self, href: str) -> str | None:
        """The absolute http(s) address of a reference, without fragment; None if it is none."""
        if self.base and _PLAIN.match(
            href
        ):  # most links of most pages: no need to take them to pieces
            origin, folder = self._origin_and_folder
            return origin + href if href[0] == "/" else folder + href.removeprefix("./")
        return href if _WHOLE.match(href) else absolute(self.base, href, self.encoding)


def absolute(base: str, href: str, encoding: str = "utf-8") -> str | None:
    """A reference resolved as a browser would, without fragment; None for scripts and the like."""
    if href.lstrip().startswith("#"):
        return None
    address = resolve(base, href, encoding)
    return address.partition("#")[0] if address else None


def open_document(
    body: bytes,
    url: str,
    http_charset: str | None = None,
    rules: ListRules = NO_RULES,
    form: FormFields | None = None,
) -> Document:
    """Decode a delivered document.

    Raises:
        ListingTooLarge: it exceeds the limit on bytes.
        ListingError: its address is none.
    """
    url = url or ""  # of a stored answer whose address nobody kept
    try:
        urlsplit(url)
    except ValueError as error:
        raise ListingError(f"{url}: no address of a list: {error}") from error
    require_size(body, url)
    decoded = decode(body, http_charset, rules.charset)
    return Document(url, decoded.text, body, rules, decoded.encoding, form)
