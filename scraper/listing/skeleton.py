"""The part of a page's tree that carries links: every link, and the elements above it.

Two thirds of a page's elements have nothing to do with its links, so the search for the main list
walks this skeleton instead of the tree. Each element above a link is visited once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.errors import ListingTooLarge
from scraper.listing.document import Document
from scraper.listing.limits import MAX_DEPTH, MAX_LABEL

SEPARATOR = "\x1f"
_SHORT = 16
_CAPTION = 6
_NOT_LINKS = ("javascript:", "mailto:", "tel:", "#")
_QUOTED = re.compile(r"""[(=,]\s{0,3}["']([^"'\s<>()]{3,300})["']""")
_PAGE = re.compile(r"\.(?:s?html?|jsp|aspx?|php|do)(?:\?[\w=&%.-]{0,200})?\Z", re.IGNORECASE)
_ASIDE = ("data-href", "data-url", "data-link")
_INLINE = re.compile(r"</?(?:b|i|p|em|br|font|span|strong)\b[^<>]{0,200}>", re.IGNORECASE)
CLICKED = (
    "a, [data-href], li[onclick], div[onclick], tr[onclick], dl[onclick], p[onclick], span[onclick]"
)
_LONGEST_SCRIPT = 1000
"""Characters of a link's script that are looked at."""
_PAGING = re.compile(
    r"^[\[<(（《«‹\s]*(?:\d{1,4}|第?\s*\d+\s*页|首\s*页|尾\s*页|末\s*页|最后一?页|[上下前后]\s*一?\s*[页頁]|"
    r"第一页|prev(?:ious)?|next|first|last|跳转|go|…|\.{2,}|>+|<+|»|«|›|‹)(?:\s*page)?[\]>)）》»›\s]*$",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"^[\[<(（+>\s]*(?:更多[\u4e00-\u9fff]{0,4}|(?:点击)?查看更多[\u4e00-\u9fff]{0,10}|加载更多|more|详细|详情|查看详情|查看|阅读全文|阅读原文|全文|点击查看|下载|附件|进入|返回)[\]>)）+…．.»›\s]*$",
    re.IGNORECASE,
)


@dataclass(slots=True, eq=False)
class Anchor:
    """One ``<a href>`` with the text that it shows."""

    node: LexborNode
    href: str
    url: str
    text: str
    hint: str
    knot: Knot | None = None

    @property
    def label(self) -> str:
        """The text shown, or the tool tip where nothing is shown (pictures)."""
        return self.text or self.hint

    @property
    def is_paging(self) -> bool:
        """Whether it leads to another page of the list (1, 2, 下一页, 尾页)."""
        return len(self.text) <= _SHORT and _PAGING.match(self.text) is not None

    @property
    def is_more(self) -> bool:
        """Whether it is 更多, 详细, 下载 and the like instead of a headline."""
        label = self.label
        return len(label) <= _SHORT and _MORE.match(label) is not None


@dataclass(slots=True, eq=False)
class Knot:
    """An element above at least one link; ``first`` and ``last`` number its links, inclusive.

    ``factor`` is a note of the search for the main list; negative until it is made.
    """

    node: LexborNode
    parent: Knot | None
    depth: int
    tag: str
    children: list[Knot] = field(default_factory=list)
    first: int = -1
    last: int = -1
    factor: float = -1.0
    noted_style: str | None = None

    @property
    def style(self) -> str:
        """Its classes and its id, lower case; looked up once, and for most elements never."""
        if self.noted_style is None:
            self.noted_style = style_of(self.node)
        return self.noted_style

    def ancestors(self) -> Iterator[Knot]:
        """The elements above it, from near to far."""
        knot = self.parent
        while knot is not None:
            yield knot
            knot = knot.parent


@dataclass(slots=True)
class Skeleton:
    """All links of a page in order, and the elements above them, parents first."""

    url: str
    anchors: list[Anchor]
    knots: list[Knot]

    def anchors_of(self, knot: Knot) -> list[Anchor]:
        """The links within an element."""
        return self.anchors[knot.first : knot.last + 1]


def squeeze(text: str) -> str:
    """Text with every run of blanks made one."""
    return " ".join(text.split())


def skeleton_of(document: Document, links: str = "a") -> Skeleton:
    """Find the links of a page and the elements above them.

    Args:
        document: the page.
        links: CSS of what is a link; ``CLICKED`` where the page's scripts make other elements one.

    Raises:
        ListingTooLarge: more links or levels than the limits allow.
    """
    grown: dict[int, Knot] = {}
    anchors: list[Anchor] = []
    knots: list[Knot] = []
    for anchor in read_anchors(document, document.tree, links):
        knot = anchor.knot = _grow(anchor.node, grown, knots, document.url)
        if knot.first < 0:
            knot.first = len(anchors)
        knot.last = len(anchors)
        anchors.append(anchor)
    _number(knots)
    return Skeleton(document.url, anchors, knots)


def read_anchors(document: Document, tree: LexborHTMLParser, links: str = "a") -> Iterator[Anchor]:
    """The links of a tree that lead to a page, in order."""
    here, tail = document.url, document.url.rstrip("/")
    for node in tree.css(links):
        attributes = node.attributes
        href = (attributes.get("href") or "").strip()
        if not href or href.lower().startswith(_NOT_LINKS):
            href = _kept_aside(attributes) or _scripted(f"{attributes.get('onclick') or ''} {href}")
            if not href:
                continue
        url = document.absolute(href)
        if url is None or url in (here, tail):
            continue
        text = squeeze(node.text(deep=True)[:MAX_LABEL])
        if ("{" in text or ";" in text or "=" in text) and (silent := node.css("script, style")):
            for each in silent:
                each.decompose()
            text = squeeze(node.text(deep=True)[:MAX_LABEL])
        hint = attributes.get("title") or ("" if text else _alternative(node))
        yield Anchor(node, href, url, text, said_in(hint))


def said_in(hint: str) -> str:
    """The words of a tool tip; markup and entities that were written into it twice left out."""
    hint = hint[:MAX_LABEL]
    if "<" in hint or "&" in hint:
        hint = unescape(_INLINE.sub(" " if "<br" in hint.lower() else "", hint))
    return squeeze(hint)


def _kept_aside(attributes: Mapping[str, str | None]) -> str:
    """The address that a link without one keeps for its script in an attribute of its own."""
    for name in _ASIDE:
        if (value := attributes.get(name)) and ("/" in value or _PAGE.search(value)):
            return value
    return ""


def _scripted(script: str) -> str:
    """The page that a link's script opens, where the script names it whole and in quotes."""
    quoted = _QUOTED.findall(script[:_LONGEST_SCRIPT]) if "." in script else []
    return next((each for each in quoted if _PAGE.search(each)), "")


def _alternative(node: LexborNode) -> str:
    """What stands for a picture, where it is more than a word."""
    picture = node.css_first("img[alt]")
    text = picture.attributes.get("alt") or "" if picture is not None else ""
    return text if len(text) >= _CAPTION else ""


def style_of(node: LexborNode) -> str:
    """The classes and the id of an element, lower case; empty when it has none."""
    attributes = node.attributes
    if not attributes:
        return ""
    return f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip().lower()


def _grow(node: LexborNode, grown: dict[int, Knot], knots: list[Knot], url: str) -> Knot:
    missing: list[tuple[LexborNode, int, str]] = []
    above: LexborNode | None = node
    parent: Knot | None = None
    while above is not None:
        number, tag = above.mem_id, above.tag or ""
        if tag == "-document" or (parent := grown.get(number)) is not None:
            break
        missing.append((above, number, tag))
        above = above.parent
        if len(missing) > MAX_DEPTH:
            raise _too_deep(url)
    depth = parent.depth + 1 if parent is not None else 0
    if depth + len(missing) > MAX_DEPTH + 1:
        raise _too_deep(url)
    for each, number, tag in reversed(missing):
        knot = Knot(each, parent, depth, tag)
        if parent is not None:
            parent.children.append(knot)
        grown[number] = parent = knot
        knots.append(knot)
        depth += 1
    return parent if parent is not None else grown[node.mem_id]


def _too_deep(url: str) -> ListingTooLarge:
    return ListingTooLarge(f"{url}: elements are nested more than {MAX_DEPTH} deep above a link")


def _number(knots: list[Knot]) -> None:
    for knot in reversed(knots):  # children come after their parents
        if knot.children:  # in the order of the document, as their links are
            first = knot.children[0].first
            knot.first = first if knot.first < 0 else min(knot.first, first)
            knot.last = max(knot.last, knot.children[-1].last)
