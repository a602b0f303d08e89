"""One row of a list: which of its links is the article, its headline, its day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from scraper.listing.dates import (
    date_of_row,
    is_date_like,
    month_day_of_row,
)
from scraper.listing.labels import shows_other_day
from scraper.listing.model import Link
from scraper.listing.skeleton import Anchor, Knot, Skeleton
from scraper.listing.titles import parts_of, shown_of, title_of, without_date

MAX_ROW_ANCHORS = 16
"""An element with more links than this is no row but a block of rows."""
_LONG = 8
"""Characters of a link that is a headline among others."""
_HEADLINE = 6
"""Fewer characters than this are a category, a county's name, a 附件; headlines are longer."""
_NESTS = frozenset({"ul", "ol", "dl", "table"})
_POPUP = re.compile(r"pop|jiedu|relat|xgjd|tooltip|share")
_REFERENCE = re.compile(
    r"(?:[\u4e00-\u9fff]{1,12}\s?[〔\[【(（]\d{4}[〕\]】)）]\s?第?\s?\d{1,5}\s?号|[0-9A-Za-z/_.-]{0,40}\d{4}[0-9A-Za-z/_.-]{0,40})\Z"
)
_EXPLAINS = re.compile(
    r"政策解读|一图读懂|图解|^[\[【(（]?(?:解读|图文解读|视频解读|部门解读|专家解读)"
)
"""Links beside an article that explain it."""
_ARTICLE = re.compile(
    r"(?:t?20\d{6}_|/20\d\d[-/]?\d\d?[-/]|/20\d{6}/|/art[_/]|post_|/info/\d+/\d|content[_/]\d|detail|/article|\d{5,}|[0-9a-f]{16,}|/c\d+/c\.html)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9a-f]{16,}|\d+")
_ASIDE = re.compile(
    r"goto=lastpost|mod=space|[?&](?:uid|username)=|/space-(?:uid|username)|/keywords?/|/(?:author|user|tags?)/[^/.]+/?$",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?:刚刚|半小时前|\d{1,3}\s*(?:秒|分钟|小时|天|周|个?月|年)前|(?:昨|前|今)天)(?:\s*\d{1,2}[:：]\d{2}){0,1}$"
)
_ASIDE_WEIGHT = 0.2
_TIME_BEGINS = frozenset("0123456789昨前今刚半[(（")
_LONGEST_TIME = 24
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
        dated: whether the element itself shows a day, be it of something else than the
            publication (but not one lent by its neighbour).
        month_day: the month and the day, where it states them without the year.
    """

    knot: Knot
    anchor: Anchor
    link: Link
    weight: float
    dated: bool = False
    month_day: tuple[int, int] | None = None

    @property
    def states_day(self) -> bool:
        """Whether it states a day, with its year or without."""
        return self.link.date is not None or self.month_day is not None


def read_row(knot: Knot, skeleton: Skeleton) -> Row | None:
    """Read an element as a row; None when it cannot be one."""
    if knot.last - knot.first >= MAX_ROW_ANCHORS:
        return None
    anchors = [each for each in skeleton.anchors_of(knot) if not each.is_paging]
    proper = _main(_own(anchors, knot))
    chosen = _article(proper) or _picture(proper)
    return _row_of(chosen, anchors, proper, knot, skeleton) if chosen else None


def read_row_as(knot: Knot, skeleton: Skeleton, shape: str) -> Row | None:
    """Read an element as a row whose article has an address of a shape; None without such a link."""
    proper = _own([each for each in skeleton.anchors_of(knot) if not each.is_paging], knot)
    able = [each for each in proper if each.label and shape_of(each.url) == shape]
    if not able:
        return None
    chosen = max(able, key=lambda each: len(each.text))
    return _row_of(chosen, proper, [chosen], knot, skeleton)


def _row_of(
    chosen: Anchor, anchors: list[Anchor], proper: list[Anchor], knot: Knot, skeleton: Skeleton
) -> Row:
    parts = parts_of(knot.node, [*_foreign(anchors, proper, knot), *_in_pieces(chosen)])
    parts = _before_rivals(parts, proper, chosen)
    title = _title(chosen, parts)
    alone = not parts or (len(parts) < 2 and chosen.text in parts)
    day = None if alone and title == chosen.text else date_of_row(parts, title, chosen.url)
    short = None if alone or day else month_day_of_row(parts, title)
    dated = day is not None or short is not None or (not alone and shows_other_day(parts))
    # "3小时前" is no day, but it speaks for a row as one does
    told = dated or any(map(_is_time, parts))
    weight = weight_of(title or "", chosen.url, skeleton.url, dated=told)
    weight *= _ASIDE_WEIGHT if is_aside(chosen) else 1
    weight /= _rivals(proper, chosen)
    return Row(knot, chosen, Link(chosen.url, title, day), weight, dated, short)


def _before_rivals(parts: list[str], anchors: Sequence[Anchor], chosen: Anchor) -> list[str]:
    """The pieces up to the next headline of a row, where a day stands among them: it is the row's."""
    if len(anchors) < 2 or chosen.text not in parts:
        return parts
    start = parts.index(chosen.text) + 1
    others = {each.text for each in anchors if each.url != chosen.url and len(each.text) >= _LONG}
    end = next((n for n, part in enumerate(parts) if n >= start and part in others), None)
    if end is None or not any(map(is_date_like, parts[start:end])):
        return parts
    return parts[:end]


def _title(chosen: Anchor, parts: Sequence[str]) -> str | None:
    """A row's headline, with the date at an end of it where the row states its day beside it."""
    if not chosen.label:
        return _caption(parts)
    whole = title_of(chosen, keep_date=True)
    title = without_date(whole)
    if title == whole:
        return title
    beside = [part for part in parts if part not in {chosen.text, whole, title}]
    stated = date_of_row(beside, whole, "") or month_day_of_row(beside, whole)
    return whole if stated else title


def _in_pieces(anchor: Anchor) -> list[LexborNode]:
    """The link itself, where its headline is in several elements none of which is a date."""
    first = anchor.node.child
    if first is None or first.next is None or shown_of(anchor) != anchor.text:
        return []
    return [anchor.node]


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
        and not _is_about(each, chosen)
        and article <= is_article_like(each.url)
    )
    return len({*able, chosen.url})


def _is_about(anchor: Anchor, chosen: Anchor) -> bool:
    """Whether a link of a row is to what explains its article."""
    if anchor is chosen:
        return False
    named = len(chosen.text) >= _LONG and chosen.text in anchor.label
    return named or _EXPLAINS.search(anchor.label) is not None


def is_article_like(url: str) -> bool:
    """Whether an address looks like an article's: a date, a number or a long name in it."""
    return _ARTICLE.search(url, url.find("/", 8)) is not None


def host_and_path(url: str) -> tuple[str, str]:
    """Host (with port) and path of an absolute address, cut out without taking it to pieces."""
    host, slash, rest = url.partition("://")[2].partition("/")
    return host, slash + rest.partition("?")[0]


def _article(anchors: Sequence[Anchor]) -> Anchor | None:
    """The link with the headline: the first of decent length, else the longest."""
    named = [each for each in anchors if each.label and not each.is_more]
    named = [each for each in named if not is_reference(each.label)] or named
    if len(named) < 2:
        return named[0] if named else None
    for each in named:
        if len(each.text) >= _LONG and is_article_like(each.url):
            return each
    return max(
        named,
        key=lambda each: (
            len(each.text) >= _LONG,
            is_article_like(each.url),
            is_page(host_and_path(each.url)[1]),
            bool(each.text),
            min(len(each.label), _LONG),  # of several headlines the first: a 解读 follows
        ),
    )


def is_reference(text: str) -> bool:
    """Whether a text is the number of a document (文号, 索引号) and no headline."""
    return _REFERENCE.match(text) is not None


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


def _main(anchors: Sequence[Anchor]) -> list[Anchor]:
    """The links without those that tell who wrote, when it was answered, under which word it is."""
    if len(anchors) < 2:
        return list(anchors)
    return [each for each in anchors if not is_aside(each)] or list(anchors)


def is_aside(anchor: Anchor) -> bool:
    """Whether a link of a row leads to a person, a time (the last answer) or a keyword."""
    timed = _is_time(anchor.text) and len(anchor.hint) < _LONG
    return timed or _ASIDE.search(anchor.url) is not None


def _is_time(text: str) -> bool:
    if text[:1] not in _TIME_BEGINS or len(text) > _LONGEST_TIME:
        return False
    return _AGO.match(text) is not None or is_date_like(text)


def shape_of(url: str) -> str:
    """An address with every number made the same: what the articles of one column have in common."""
    return _NUMBER.sub("0", url)


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


def weight_of(title: str, url: str, home: str, *, dated: bool) -> float:
    """Points for what rows of articles have in common; menus and friendly links get few."""
    length = len(title)
    points = 0.05 if length < 4 else 0.3 if length < 7 else 1.0 + min(length, 30) / 30
    article = is_article_like(url)
    if dated:
        return points + 1.5 + 0.7 * article
    host, path = host_and_path(url)
    if path in {"", "/"}:
        return points * 0.1
    if not article and not is_page(path):
        points *= 0.3
    if host != host_and_path(home)[0]:
        points *= 0.6
    return points + 0.7 * article


def is_page(path: str) -> bool:
    """Whether a path names a page instead of a folder or its index."""
    return _FILE.search(path) is not None and _INDEX.search(path) is None
