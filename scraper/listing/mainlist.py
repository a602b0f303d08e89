"""Finding the main list of a page without being told where it is.

A list of articles is a set of sibling elements each of which holds one headline that is a link,
mostly with a day. Every element above two links is tried as the list, its children as the rows;
rows are weighed, and the list with the best rows, then the most, wins. Menus, footers and boxes
at the side are recognised by their names and count for less. The list may be cut into several
elements (five rows each, with separators), and a headline may stand above it.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

from scraper.listing.dates import date_of_row, month_day_of_row
from scraper.listing.document import Document
from scraper.listing.furniture import Evidence, are_articles, folder_of
from scraper.listing.headings import box_factor, news_factor
from scraper.listing.model import Link
from scraper.listing.row import (
    Row,
    host_and_path,
    is_article_like,
    is_page,
    read_row,
    read_row_as,
    shape_of,
    weight_of,
)
from scraper.listing.skeleton import Anchor, Knot, Skeleton, squeeze
from scraper.listing.stated import with_whole_days
from scraper.listing.titles import parts_of

_FAINT = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|submenu|foot\w*|footer|bottom|friend\w*|crumb\w*|breadcrumb\w*|position|location|"
    r"header|topbar|copyright|flink\w*|yqlj|pagination|pages?|pager|search\w*|tree\w*)(?=$|[\s_-])"
)
_SIDE = re.compile(
    r"(?:^|[\s_-])(?:side\w*|aside|rank\w*|hot\w*|recommend\w*|relat\w*|rightbar|phb|tuijian|remen|banner|slide\w*|swiper\w*|focus|lunbo|carousel|pop\w*|ad|ads|gg)(?=$|[\s_-])"
)
_TABS = re.compile(r"(?:^|[\s_-])(?:bd|tab\w*|item|swiper\w*|slide\w*)(?=$|[\s_-])")
_FAINT_TAGS = frozenset({"nav", "footer", "header", "aside", "select"})
_COLUMN = re.compile(r"^(.*?)/(?:[^/]*\d{4}[^/]*/)?(?:\d[\d/-]*/)?[^/]*$")
_LONGEST_PATH = 300
"""Characters of a path that say in which column it is; ``_COLUMN`` looks back over them."""
_HOME = re.compile(r"^/(?:(?:index|default|main|home)(?:\.\w+)?)?$", re.IGNORECASE)
_HEADLINE = 7
"""A list none of whose links is so long is a menu, unless the page has nothing else."""
_DATED_ADDRESS = re.compile(r"/t20\d{6}_\d|/20\d\d/\d\d?/\d|/20\d{2}[01]\d/")
_ORDINAL = re.compile(r"^\d{1,4}\Z")
_NUMBERED = 3
"""Rows that show by their numbers that they are numbered."""
_COLUMN_NAME = 8
_CERTAIN = 12
"""Characters of a link that is a headline, whatever the other rows' addresses look like."""
_LEAD = 1.6
"""Weight of a headline that may lead a list: of some length, and no folder."""
_POOR = 0.35
"""Rows that weigh less on the average are menus, records of licences, links to friends."""
_MOSTLY = 0.6
_EMPTY = re.compile(
    r"(?:暂无|(?:暂时)?没有(?:找到|查到)?|未找到|无)(?:任何|相关|符合条件的?|您要的)?(?:数据|信息|内容|记录|文章|新闻|结果)(?![\u4e00-\u9fff])|(?:本|该)栏目(?:下)?(?:暂|还|尚)?(?:没有|无)"
)
_MISSING = re.compile(
    r"^\s*404|404\s{0,3}(?:错误|页面|not found|$)|(?:页面|网页|栏目|内容)(?:已|可能)?(?:不存在|找不到|被删除|已删除)|(?:找不到|未找到).{0,8}(?:页面|网页)|page not found",
    re.IGNORECASE,
)
"""What the title of an answer says that came in place of a page."""
_HOPELESS = 0.13
"""Three bad names above an element: menus within headers within navigation."""
_ROWS_OF_THEIR_OWN = frozenset({"li", "tr", "dl", "article"})


@dataclass(slots=True, eq=False)
class Candidate:
    """An element that may be the main list."""

    knot: Knot
    rows: list[Row]
    score: float = 0.0


def find_links(skeleton: Skeleton, document: Document) -> tuple[Link, ...]:
    """The rows of the main list; empty when the page has none."""
    if not skeleton.anchors:
        return ()
    candidates = _candidates(skeleton, least=_HEADLINE) or _candidates(skeleton, least=1)
    if not candidates:
        return ()
    url = document.url
    home = _HOME.match(urlsplit(url).path or "/") is not None and not urlsplit(url).query
    for candidate in candidates:
        candidate.score = _score(candidate, folder_of(url), home=home)
    best = _best(candidates, document, home=home)
    if best is None or sum(row.weight for row in best.rows) < _POOR * len(best.rows):
        return ()
    if not are_articles(map(_evidence, best.rows), url):
        return ()
    rows = _kept(_agreeing(best.rows, skeleton))
    rows = [*_leads(best, rows, skeleton), *rows]
    rows.extend(_continued(best, rows, candidates, folder_of(url), home=home))
    rows.sort(key=lambda row: row.knot.first)
    with_whole_days(rows, document)
    _take_off_firsts(rows)
    return unique(row.link for row in rows)


def _take_off_firsts(rows: Sequence[Row]) -> None:
    """Take off the headlines what stands before them in each link: its number, its column's name."""
    if len(rows) < _NUMBERED or len(parts_of(rows[0].anchor.node)) < 2:
        return
    firsts = [next(iter(parts_of(row.anchor.node)), "") for row in rows]
    if not (_count_up(firsts) or _name_columns(rows, firsts)):
        return
    for row, first in zip(rows, firsts, strict=True):
        title = (row.link.title or "").removeprefix(first).lstrip(" .、．|")
        row.link = replace(row.link, title=title or row.link.title)


def _count_up(firsts: Sequence[str]) -> bool:
    """Whether texts are numbers, each one more than the one before."""
    if not all(_ORDINAL.match(first) for first in firsts):
        return False
    return all(int(below) - int(above) == 1 for above, below in pairwise(firsts))


def _name_columns(rows: Sequence[Row], firsts: Sequence[str]) -> bool:
    """Whether texts are names of few columns, in elements of their own beside the headlines'."""
    if max(map(len, firsts)) > _COLUMN_NAME or len({*firsts}) * _NUMBERED > len(rows):
        return False
    return all(
        _begins_with(row.anchor.node, first) for row, first in zip(rows, firsts, strict=True)
    )


def _begins_with(node: LexborNode, first: str) -> bool:
    """Whether an element consists of elements alone, the first of which holds a text."""
    shown = [
        child
        for child in node.iter(include_text=True)
        if child.is_element_node or child.text().strip()
    ]
    alone = len(shown) > 1 and all(child.is_element_node for child in shown)
    return alone and squeeze(shown[0].text(deep=True)) == first


def _best(candidates: Sequence[Candidate], document: Document, *, home: bool) -> Candidate | None:
    """The list with the highest score; what is headed as a box beside the list only where it must.

    None where the page says that its own list is empty, and has but such boxes.
    """
    title = document.title
    if _MISSING.search(title):
        return None
    folder = folder_of(document.url)
    boxes: list[Candidate] = []
    while True:
        best = max(candidates, key=lambda each: each.score)
        if home or best in boxes or _within(folder, best.rows):
            break
        if (factor := box_factor(best.knot, title)) == 1:
            break
        boxes.append(best)
        best.score *= factor
    return None if best in boxes and _EMPTY.search(document.text) else best


def worth(links: Sequence[Link], home: str) -> float:
    """How much some links look like a list of articles; for choosing between two readings."""
    if not links or not are_articles(map(evidence_of, links), home):
        return 0.0
    weights = [
        weight_of(link.title or "", link.url, home, dated=link.date is not None) for link in links
    ]
    return _of_rows(weights)


def evidence_of(link: Link) -> Evidence:
    """What speaks for a link, by its words and its address."""
    page = is_page(host_and_path(link.url)[1])
    return Evidence(
        link.title or "", link.url, link.date is not None, is_article_like(link.url), page
    )


def _evidence(row: Row) -> Evidence:
    found = evidence_of(row.link)
    return replace(found, dated=True) if row.dated or row.states_day else found


def _of_rows(weights: Sequence[float]) -> float:
    mean = sum(weights) / len(weights)
    return mean * mean * math.pow(len(weights), 0.7)


def unique(links: Iterable[Link]) -> tuple[Link, ...]:
    """Each article once, at its first place, with what any of its links says (picture and text)."""
    seen: dict[str, Link] = {}
    for link in links:
        known = seen.get(link.url)
        if known is not None:
            link = Link(link.url, known.title or link.title, known.date or link.date)  # noqa: PLW2901
        seen[link.url] = link
    return tuple(seen.values())


def column_of(url: str) -> str:
    """Host and folder of an article without the parts that tell its date."""
    host, path = host_and_path(url)
    found = _COLUMN.match(path[:_LONGEST_PATH])
    return host + (found.group(1) if found else "")


def _candidates(skeleton: Skeleton, least: int) -> list[Candidate]:
    """The elements that may be lists: one of their links may be a headline."""
    long = list(accumulate((_may_head(each, least) for each in skeleton.anchors), initial=0))
    knots = (knot for knot in skeleton.knots if long[knot.last + 1] > long[knot.first])
    return [found for knot in knots if (found := _candidate(knot, skeleton))]


def _may_head(anchor: Anchor, least: int) -> bool:
    """Whether a link is of some length, a picture, or has a day in its address (人事任免)."""
    length = len(anchor.label)
    return not length or length >= least or _DATED_ADDRESS.search(anchor.url) is not None


def _candidate(knot: Knot, skeleton: Skeleton) -> Candidate | None:
    if len(knot.children) < 2 and not any(
        child.tag in _ROWS_OF_THEIR_OWN for child in knot.children
    ):
        return None
    if _surroundings(knot) < _HOPELESS:
        return None
    rows = [row for child in knot.children if (row := read_row(child, skeleton))]
    if not rows:
        return None
    if sum(row.dated for row in rows) * 2 < len(rows):
        _lend_dates(knot, rows)
    return Candidate(knot, rows)


def _lend_dates(knot: Knot, rows: list[Row]) -> None:
    """Flat lists: the day stands beside the row, in an element (or a text) without a link."""
    if len({row.knot.tag for row in rows}) > 2 or knot.tag == "body":
        return
    lent = {
        forward: [_lent(row, forward=forward) for row in rows]
        for forward in (True, False)
        if any(_beside(row, forward=forward) for row in rows[:3])
    }
    # a day before each row stands behind each but the last, too: the side that serves more rows
    best = max(lent.values(), key=lambda days: sum(map(any, days)), default=[])
    for row, (day, month_day) in zip(rows, best, strict=False):
        if not row.states_day and (day or month_day):
            row.link = Link(row.link.url, row.link.title, day)
            row.month_day = month_day
            row.weight += 1.5


def _lent(row: Row, *, forward: bool) -> tuple[dt.date | None, tuple[int, int] | None]:
    """The day beside a row, whole or without its year."""
    text = _beside(row, forward=forward)
    if row.states_day or not text:
        return None, None
    day = date_of_row([text], row.link.title, row.link.url)
    return day, None if day else month_day_of_row([text], row.link.title)


def _beside(row: Row, *, forward: bool) -> str:
    """Text between a row and its neighbour."""
    node = row.knot.node
    for _ in range(4):
        beside = node.next if forward else node.prev
        if beside is None or (
            beside.is_element_node and (beside.tag == "a" or beside.css_first("a"))
        ):
            return ""
        if text := squeeze(beside.text(deep=True)):
            return text
        node = beside
    return ""


def _score(candidate: Candidate, folder: str, *, home: bool) -> float:
    rows = candidate.rows
    score = _of_rows([row.weight for row in rows]) * _surroundings(candidate.knot)
    if _within(folder, rows):
        score *= 2.0
    return score * news_factor(candidate.knot) if home else score


def _surroundings(knot: Knot) -> float:
    """How far the names of the elements around it speak against a main list; 1 is not at all."""
    if knot.factor < 0:
        above = _surroundings(knot.parent) if knot.parent else 1.0
        style = knot.style
        if knot.tag in _FAINT_TAGS or (style and _FAINT.search(style)):
            above *= 0.35
        elif style and _SIDE.search(style):
            above *= 0.6
        knot.factor = above
    return knot.factor


def _kept(rows: list[Row]) -> list[Row]:
    """The rows of a list without what merely stands between them (more, tabs, pagers)."""
    tag = Counter(row.knot.tag for row in rows).most_common(1)[0][0]
    dated = sum(row.states_day for row in rows) >= _MOSTLY * len(rows)
    usual = sorted(row.weight for row in rows)[len(rows) // 2]
    return [
        row
        for row in rows
        if (row.knot.tag == tag and (row.states_day or row.weight >= 0.25 * usual))
        or (row.knot.tag != tag and row.weight >= 0.6 * usual and (row.states_day or not dated))
    ]


def _agreeing(rows: list[Row], skeleton: Skeleton) -> list[Row]:
    """The rows with articles of one kind, where most rows show which kind that is.

    A forum's row has a link to its last answer, to the people who wrote, to its pages; where the
    headline is short, only the other rows tell which of them is the article.
    """
    shapes = Counter(shape_of(row.link.url) for row in rows)
    shape, share = shapes.most_common(1)[0]
    if share == len(rows) or share * 2 <= len(rows):
        return rows
    return [
        row
        if shape_of(row.link.url) == shape or len(row.anchor.label) >= _CERTAIN
        else read_row_as(row.knot, skeleton, shape) or row
        for row in rows
    ]


def _leads(best: Candidate, rows: Sequence[Row], skeleton: Skeleton) -> list[Row]:
    """Headlines that stand above the list, in the same block and of the same column."""
    if best.knot.parent is None or not rows:
        return []
    columns = Counter(column_of(row.link.url) for row in rows)
    column, share = columns.most_common(1)[0]
    if share * 2 < len(rows):
        return []
    leads = []
    for sibling in best.knot.parent.children:
        if sibling is best.knot:
            break
        if sibling.tag == best.knot.tag and sibling.style == best.knot.style:
            continue  # a part of the list itself
        row = read_row(sibling, skeleton)
        if (
            row
            and row.weight >= _LEAD
            and column_of(row.link.url) == column
            and row.knot.tag not in {"ul", "ol"}
        ):
            leads.append(row)
    return leads


def _continued(
    best: Candidate,
    rows: Sequence[Row],
    candidates: Sequence[Candidate],
    folder: str,
    *,
    home: bool,
) -> list[Row]:
    """Rows of the elements that continue the list, where it is cut into several."""
    columns = {column_of(row.link.url) for row in rows}
    free = not home and not _in_tabs(best.knot)
    more: list[Row] = []
    for other in candidates:
        if other is best or not _alike(best, other):
            continue
        kept, near = _kept(other.rows), _nearness(best.knot, other.knot)
        same = bool({column_of(row.link.url) for row in kept} & columns)
        akin = free and _within(folder, rows) == _within(folder, kept)
        if (near == 1 and (same or akin)) or (near == 2 and same and not home):
            more.extend(kept)
    return more


def _within(folder: str, rows: Sequence[Row]) -> bool:
    """Whether most rows lie in the folder of the page itself."""
    inside = sum(folder in row.link.url for row in rows) if folder else 0
    return inside >= _MOSTLY * len(rows)


def _in_tabs(knot: Knot) -> bool:
    return any(_TABS.search(above.style) for above in (knot, *list(knot.ancestors())[:2]))


def _alike(one: Candidate, other: Candidate) -> bool:
    """Same element, same classes, rows of the same kind and quality."""
    if one.knot.tag != other.knot.tag or one.knot.style.split() != other.knot.style.split():
        return False
    dated = [
        sum(row.states_day for row in each.rows) * 2 >= len(each.rows) for each in (one, other)
    ]
    return one.rows[0].knot.tag == other.rows[0].knot.tag and dated[0] == dated[1]


def _nearness(one: Knot, other: Knot) -> int:
    """1 for siblings, 2 for the children of siblings that look alike, 9 for anything else."""
    if one.parent is other.parent:
        return 1
    first, second = one.parent, other.parent
    if (
        first
        and second
        and first.parent is second.parent
        and first.style == second.style
        and first.tag == second.tag
    ):
        return 2
    return 9
