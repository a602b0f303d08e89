"""Where the next page of a list is, by the links and the scripts of the page."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.listing.dates import date_of_text, date_of_url
from scraper.listing.document import Document
from scraper.listing.scripted_pager import (
    counted_pages,
    create_page_call,
    hidden_pager,
    place_of,
)
from scraper.listing.skeleton import Anchor, read_anchors, squeeze, style_of

_NEXT = re.compile(
    r"^[\[<(（\s]*(?:下\s{0,9}一?\s{0,9}[页頁]|后\s{0,9}一?\s{0,9}[页頁]|(?:点击)?加载更多|next(?:\s{0,9}page)?)\s*[\])）>＞»›→]*$",
    re.IGNORECASE,
)
_ARROW = re.compile(r"^(?:>|›|»|→|＞|&gt;)$")
_NEXT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:next(?:[_-]?page)?|pagenext|page-next|layui-laypage-next)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"""(?:location(?:\.href)?\s{0,20}=|window\.open\(|(?:goto|go|to|jump)\w{0,40}\()\s{0,20}["']([^"']+)["']""",
    re.IGNORECASE,
)
_PATH = re.compile(r"^(?:https?://|/|\./|\.\./|\?)?[\w./?=&%-]+$")
_MAY_HIDE = re.compile(r"下\s{0,9}一?\s{0,9}页|(?:tagname|data-href|data-url)\s{0,9}=")
_ELSEWHERE = ("tagname", "data-href", "data-url", "data-link", "url")
_NUMBER = re.compile(r"^[\[(\s]*(\d{1,5})[\])\s]*$")
_DIGITS = re.compile(r"(?<!\d)\d{1,6}(?!\d)")
_SIGN = 2
"""Characters of a link that may be an arrow, of whatever sign."""
_LONGEST_QUERY = 300
_MARKS = frozenset({"on", "now", "hover", "focus", "this", "here"})
"""Classes of the present page's number, besides those with a longer word in them."""
_PAGE_NAME = re.compile(r"^第?\s*\d{1,4}\s*页?$")
_PAGE_QUERY = (
    "page",
    "pageno",
    "pagenum",
    "pageindex",
    "pagenumber",
    "currentpage",
    "curpage",
    "pn",
    "p",
    "pageid",
)
"""Parameters of a query that count pages, as :func:`query_key` writes them."""


@dataclass(frozen=True, slots=True)
class Pager:
    """What a page says of its next page.

    Attributes:
        url: where it is; None when there is none.
        by_call: ``createPageHTML`` said so, the mark of TRS.
        stated: a script counts the pages, so that None means the last page.
    """

    url: str | None
    by_call: bool = False
    stated: bool = False


def read_pager(document: Document, anchors: Sequence[Anchor]) -> Pager:
    """Find the next page.

    The links of the page are asked before the scripts that count pages, for they are what a
    reader would follow; only ``createPageHTML`` is surer than they are.
    """
    called, by_call = create_page_call(document)
    if called:
        return Pager(by_call, by_call=True, stated=True)
    if found := _by_link(document, anchors):
        return Pager(found)
    if fragment := hidden_pager(document.text):
        hidden = LexborHTMLParser(fragment)
        return Pager(_by_link(document, list(read_anchors(document, hidden))), stated=True)
    counted, by_count = counted_pages(document)
    if counted:
        return Pager(by_count, stated=True)
    return Pager(_by_attribute(document) or _by_choice(document))


def query_key(name: str) -> str:
    """A name of a query's parameter, or of a field, as names are compared: ``page_no`` is ``pageNo``."""
    return name.lower().replace("_", "").replace("-", "")


def query_number(url: str, names: Collection[str] = _PAGE_QUERY) -> int | None:
    """The number that a parameter of the query has; None where it has none of these names."""
    for name, value in parse_qsl(urlsplit(url).query):
        if query_key(name) in names and value.isdecimal():
            return int(value)
    return None


def following_query(url: str, step: int = 1, names: Collection[str] = _PAGE_QUERY) -> str | None:
    """The address with its page number (in the query) raised; None where it has none.

    Args:
        url: the address.
        step: by how much.
        names: of the parameter, as :func:`query_key` writes them.
    """
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for place, (name, value) in enumerate(pairs):
        if query_key(name) in names and value.isdecimal():
            pairs[place] = (name, str(int(value) + step))
            return urlunsplit(parts._replace(query=urlencode(pairs, safe="/:{},'\"")))
    return None


def _by_link(document: Document, anchors: Sequence[Anchor]) -> str | None:
    """A link that says 下一页, or the page number that follows the present one."""
    for anchor in reversed(anchors):
        signed = len(anchor.text) <= _SIGN and _NEXT.match(_pictured(anchor))
        if signed or _NEXT.match(anchor.label):
            return anchor.url if _leads_on(anchor.url, document.url) else None
    return _by_relation(document) or _by_number(document, anchors) or _by_arrow(document, anchors)


def _pictured(anchor: Anchor) -> str:
    """What a link that shows but a sign or a picture says: its tool tip, or the picture's."""
    if anchor.hint:
        return anchor.hint
    picture = anchor.node.css_first("img[alt], img[title]")
    attributes = picture.attributes if picture is not None else {}
    return attributes.get("alt") or attributes.get("title") or ""


def _leads_on(url: str, here: str) -> bool:
    """Whether a next link leads anywhere else than to the page it stands on."""
    return url.rstrip("/") != here.rstrip("/")


def _by_relation(document: Document) -> str | None:
    if 'rel="next"' not in document.text and "rel='next'" not in document.text:
        return None
    node = document.tree.css_first("link[rel=next], a[rel=next]")
    return document.absolute(node.attributes.get("href") or "") if node else None


def _by_arrow(document: Document, anchors: Sequence[Anchor]) -> str | None:
    numbered = any(_NUMBER.match(each.text) for each in anchors)
    for anchor in reversed(anchors):
        style = style_of(anchor.node)
        if not anchor.text and anchor.node.parent is not None:
            style += f" {style_of(anchor.node.parent)}"
        arrow = numbered and _ARROW.match(anchor.text)
        if (arrow or (_NEXT_CLASS.search(style) and not anchor.text)) and _leads_on(
            anchor.url, document.url
        ):
            return anchor.url if _same_list(anchor.url, document.url) else None
    return None


def _by_number(document: Document, anchors: Sequence[Anchor]) -> str | None:
    """The link whose text is the present page's number and one more."""
    numbers = {int(found.group(1)): each for each in anchors if (found := _NUMBER.match(each.text))}
    if not numbers:
        return None
    current = _current_number(numbers, document.url)
    following = numbers.get(current + 1)
    if following is None or not _same_list(following.url, document.url):
        return None
    return following.url if _counts_pages(following.url, current + 1) else None


def _counts_pages(url: str, number: int) -> bool:
    """Whether an address can be that of a page of this number: it holds it, or its first row's.

    A label alone says nothing: sitemaps, days of a calendar and counts of answers are numbered.
    """
    parts = urlsplit(url)
    dated = date_of_url(url) or date_of_text(parts.query[:_LONGEST_QUERY])
    if dated is not None or parts.path.endswith(".xml"):
        return False
    held = [int(each) for each in _DIGITS.findall(f"{parts.path} {parts.query}")]
    return any(each in (number, number - 1) or each % (number - 1) == 0 for each in held if each)


def _current_number(numbers: dict[int, Anchor], url: str) -> int:
    """The present page: the number that is no link, else the marked one, else by the address."""
    some = next(iter(numbers.values()))
    box = some.node.parent
    if box is not None and box.tag == "li" and box.parent is not None:
        box = box.parent
    for child in box.iter() if box is not None else ():
        inner = child.css_first("a[href]") if child.tag != "a" else child
        found = _NUMBER.match(squeeze(child.text(deep=True)))
        if found and (inner is None or _marked(child)):
            return int(found.group(1))
    for number, anchor in numbers.items():
        if anchor.url == url:
            return number
    missing = set(range(min(numbers), max(numbers))) - set(numbers)  # a page links not to itself
    only = missing.pop() if len(missing) == 1 else None
    return only or place_of(url).number or query_number(url) or 1


def _marked(node: LexborNode) -> bool:
    style = (node.attributes.get("class") or "").lower()
    return any(word in style for word in ("cur", "active", "select", "thisclass")) or not (
        _MARKS.isdisjoint(style.split())
    )


def _same_list(url: str, here: str) -> bool:
    one, other = urlsplit(url), urlsplit(here)
    return one.hostname == other.hostname


def _by_attribute(document: Document) -> str | None:
    """An element that says 下一页 and keeps the address in an attribute for its script."""
    if not _MAY_HIDE.search(document.text):
        return None
    for node in document.tree.css(
        "a, li, span, button, input, div.next, div[data-url], div[data-href]"
    ):
        if not (_NEXT.match(_says(node)) or _NEXT_CLASS.search(node.attributes.get("class") or "")):
            continue
        for address in _addresses(node):
            found = document.absolute(address)
            if found and _leads_on(found, document.url):
                return found
    return None


def _by_choice(document: Document) -> str | None:
    """A drop-down of page numbers whose values are addresses: the one after the chosen one."""
    if "<option" not in document.text:
        return None
    for box in document.tree.css("select"):
        options = [each for each in box.css("option") if _PAGE_NAME.match(squeeze(each.text()))]
        chosen = [n for n, each in enumerate(options) if "selected" in each.attributes]
        place = (chosen[0] if chosen else 0) + 1
        if place < len(options) and _PATH.match(
            value := options[place].attributes.get("value") or ""
        ):
            return document.absolute(value) if re.search(r"[./?]", value) else None
    return None


def _says(node: LexborNode) -> str:
    if node.tag == "input":
        return node.attributes.get("value") or ""
    text = node.text(deep=True)
    return squeeze(text) if len(text) < 40 else ""


def _addresses(node: LexborNode) -> list[str]:
    attributes = node.attributes
    found = [value for name in _ELSEWHERE if (value := attributes.get(name)) and _PATH.match(value)]
    script = f"{attributes.get('onclick') or ''} {attributes.get('href') or ''}"
    if (call := _ADDRESS.search(script)) and _PATH.match(call.group(1)):
        found.append(call.group(1))
    return found
