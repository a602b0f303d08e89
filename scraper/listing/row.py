"""One row of a list: which of its links is the article, its headline, its day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.listing.dates import date_of_row, is_date_like, strip_date
from scraper.listing.model import Link
from scraper.listing.skeleton import SEPARATOR, Anchor, Knot, Skeleton, squeeze

MAX_ROW_ANCHORS = 16
"""An element with more links than this is no row but a block of rows."""
_HEADLINE = 6
"""Fewer characters than this are a category, a county's name, a 附件; headlines are longer."""
_NESTS = frozenset({"ul", "ol", "dl", "table"})
_POPUP = re.compile(r"pop|jiedu|relat|xgjd|tooltip|share")
_HEADINGS = "h1, h2, h3, h4, h5, h6, .title, .tit, .bt, .name, [class*=title], [class*=tit]"
_CUT = re.compile(r"(?:…|\.{2,}|．{2,})\s*$")
_BULLET = re.compile(r"^[\s·•●■◆▪▶►★☆※○◇□▲>\-—|]+|[\s|·]+$")
_FORUM_HINT = re.compile(
    r"^(?:文章)?标题\s*[:：]\s*(.+?)(?:\s+(?:作者|发布|发表|更新|点击|时间|日期)\S*[:：].*)?$"
)
_ARTICLE = re.compile(
    r"(?:t?20\d{6}_|/20\d\d[-/]?\d\d?[-/]|/20\d{6}/|/art[_/]|post_|content[_/]\d|detail|/article|\d{5,}|[0-9a-f]{16,}|/c\d+/c\.html)",
    re.IGNORECASE,
)
_FILE = re.compile(r"/[^/]+\.(?:s?html?|jsp|aspx?|php|do|pdf)$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default|list)?(?:\.\w+)?$", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Row:
    """A possible row.

    Attributes:
        knot: its element.
        anchor: the link to the article.
        link: what it says.
        weight: how much it looks like the row of a list of articles.
        dated: whether the element itself shows a day (not one lent by its neighbour).
    """

    knot: Knot
    anchor: Anchor
    link: Link
    weight: float
    dated: bool = False


def read_row(knot: Knot, skeleton: Skeleton) -> Row | None:
    """Read an element as a row; None when it cannot be one."""
    if knot.last - knot.first >= MAX_ROW_ANCHORS:
        return None
    anchors = [each for each in skeleton.anchors_of(knot) if not each.is_paging]
    proper = _own(anchors, knot)
    chosen = _article(proper) or _picture(proper)
    if chosen is None:
        return None
    parts = parts_of(knot.node, _foreign(anchors, proper, knot))
    title = title_of(chosen) if chosen.label else _caption(parts)
    alone = len(parts) < 2 and chosen.text in parts
    day = None if alone and title == chosen.text else date_of_row(parts, title, chosen.url)
    weight = _weight(chosen, title, day, skeleton.url) / _rivals(proper, chosen)
    return Row(knot, chosen, Link(chosen.url, title, day), weight, day is not None)


def _rivals(anchors: Sequence[Anchor], chosen: Anchor) -> int:
    """How many links of the row could be its article; more than one speaks for a block of rows."""
    if len(anchors) == 1:
        return 1
    article = is_article_like(chosen.url)
    able = (
        each.url
        for each in anchors
        if len(each.label) >= _HEADLINE
        and not each.is_more
        and article <= is_article_like(each.url)
    )
    return len({*able, chosen.url})


def parts_of(node: LexborNode, skipped: Sequence[LexborNode] = ()) -> list[str]:
    """The pieces of text within an element, in order; those of nested lists left out."""
    text = node.text(deep=True, separator=SEPARATOR, strip=True)
    for each in skipped:
        text = text.replace(each.text(deep=True, separator=SEPARATOR, strip=True), SEPARATOR, 1)
    return [squeezed for part in text.split(SEPARATOR) if (squeezed := squeeze(part))]


def title_of(anchor: Anchor) -> str | None:
    """The headline: the tool tip where the text is cut, else the text without its date."""
    hint = _FORUM_HINT.sub(r"\1", anchor.hint)
    text = _shown(anchor)
    if hint and (
        not text or _CUT.search(text) or hint.startswith(text) or len(hint) > len(text) + 4
    ):
        text = hint
    return _BULLET.sub("", strip_date(text)) or None


def is_article_like(url: str) -> bool:
    """Whether an address looks like an article's: a date, a number or a long name in it."""
    return _ARTICLE.search(url, url.find("/", 8)) is not None


def host_and_path(url: str) -> tuple[str, str]:
    """Host (with port) and path of an absolute address, cut out without taking it to pieces."""
    host, slash, rest = url.partition("://")[2].partition("/")
    return host, slash + rest.partition("?")[0]


def _shown(anchor: Anchor) -> str:
    first = anchor.node.child
    if first is None or (first.next is None and first.is_text_node):
        return anchor.text
    parts = parts_of(anchor.node)
    if len(parts) < 2:
        return anchor.text
    heading = anchor.node.css_first(_HEADINGS)
    if (
        heading is not None
        and (text := squeeze(heading.text(deep=True)))
        and not is_date_like(text)
    ):
        return text
    words = [part for part in parts if not is_date_like(part)]
    if anchor.node.css_first("p, div, li, dd") is not None:
        return next((part for part in words if len(part) >= 5), anchor.text)
    return "".join(words)


def _article(anchors: Sequence[Anchor]) -> Anchor | None:
    """The link with the headline: the first of decent length, else the longest."""
    named = [each for each in anchors if each.label and not each.is_more]
    if len(named) < 2:
        return named[0] if named else None
    for each in named:
        if len(each.text) >= 8 and is_article_like(each.url):
            return each
    return max(
        named, key=lambda each: (len(each.text) >= 8, is_article_like(each.url), len(each.label))
    )


def _picture(anchors: Sequence[Anchor]) -> Anchor | None:
    """The link of a picture that says nothing itself; its headline stands beside it."""
    return anchors[0] if len(anchors) == 1 and not anchors[0].label else None


def _caption(parts: Sequence[str]) -> str | None:
    return next((part for part in parts if len(part) >= _HEADLINE and not is_date_like(part)), None)


def _own(anchors: Sequence[Anchor], row: Knot) -> list[Anchor]:
    """The links that do not lie in a list within the row (相关解读, 附件)."""
    if len(anchors) < 2:
        return list(anchors)
    return [each for each in anchors if _nest(each, row) is None] or list(anchors)


def _foreign(anchors: Sequence[Anchor], own: Sequence[Anchor], row: Knot) -> list[LexborNode]:
    if len(own) == len(anchors):
        return []
    nests = (nest for each in anchors if (nest := _nest(each, row)) is not None)
    return list({nest.node.mem_id: nest.node for nest in nests}.values())


def _nest(anchor: Anchor, row: Knot) -> Knot | None:
    """The list or the pop-up between a row and a link in it."""
    found, above = None, anchor.knot
    while above is not None and above is not row:
        if above.tag in _NESTS or (above.style and _POPUP.search(above.style)):
            found = above
        above = above.parent
    return found


def _weight(anchor: Anchor, title: str | None, day: dt.date | None, home: str) -> float:
    """Points for what rows of articles have in common; menus and friendly links get few."""
    length = len(title or "")
    points = 0.05 if length < 4 else 0.3 if length < 7 else 1.0 + min(length, 30) / 30
    article = is_article_like(anchor.url)
    if day is not None:
        return points + 1.5 + 0.7 * article
    host, path = host_and_path(anchor.url)
    if path in {"", "/"}:
        return points * 0.1
    if not article and (_INDEX.search(path) or not _FILE.search(path)):
        points *= 0.3
    if host != host_and_path(home)[0]:
        points *= 0.6
    return points + 0.7 * article
