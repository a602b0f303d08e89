"""Where the article's text is: the element whose lines, weighed, come to most.

Every line has a weight: sentences count for their length, link lines and short scraps count
against. The best container is the element with the greatest sum; the page's outer elements hold
the text too, but also the navigation, which costs them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from scraper.page.layout.elements import HEADINGS, PLAIN
from scraper.page.layout.labels import TOOLS
from scraper.page.layout.lines import Block, Element, Layout, Link, past
from scraper.page.layout.marks import COMMENT_MARKS, FAMILIES
from scraper.text.vocabulary import one_of, words

_PUNCTUATION = "，。、：；“！？"
_SIGN = re.compile(f"[{_PUNCTUATION}]")
_BRIEF, _WORD = 24, 6
"""A shorter line without punctuation is no text; in a still shorter one punctuation says nothing."""
_CANDIDATES = frozenset(
    (
        "body",
        "div",
        "article",
        "section",
        "td",
        "main",
        "center",
        "ucapcontent",
        "dd",
        "li",
        "blockquote",
        "form",
        "p",
        "span",
        "font",
    )
)
_NARROWER = _CANDIDATES - {"p"}
_BODIES = {mark: family.name for family in reversed(FAMILIES) for mark in family.body}
_COMMENTS = words("headings", "comments")
_HEADINGS = words("headings", "others") + _COMMENTS
_OTHERS = re.compile(
    rf"^[\s■◆●▶|]{{0,3}}(?:(?P<comments>{one_of(_COMMENTS)})|(?:{one_of(_HEADINGS)}))[\s:(（\d)）]{{0,8}}$"
)
"""The heading of a box that is about other articles, or of readers' comments."""
_OTHERS_END = frozenset(word[-1] for word in _HEADINGS) | frozenset(
    ":(（)）0123456789０１２３４５６７８９"
)
"""The signs with which such a heading ends."""

_REPEATED = 20
"""A shorter text that comes again is no copy."""
_NEAR = 0.8
_NAMED = 1.1
"""How much more an element counts that is named like a text."""
_ITEM = 4
"""A teaser's item holds no more lines: headline, date, summary, a door."""

_LABELS = 120
_LABELLED = re.compile("来源[：:]|时间[：:]|日期[：:]|发布于|作者[：:]")
"""A line of labels is no running text, however many signs it has."""
_DATED = re.compile(r"[:：]|\d{4}\D{1,3}\d{1,2}")
_LABEL_LINES = 4
_FEW = 12
_TRUSTED = 0.35
_FOOTER = re.compile(
    r"版权所有|ICP备|icp备|公网安备|网站标识码|主办单位|承办单位|技术支持|Copyright|copyright|COPYRIGHT|增值电信|许可证|"
    r"举报电话|联系我们|网站地图|建议使用|浏览器|违法和不良信息|邮政编码|"
    r"免责声明|版权声明|特别声明|郑重声明|平台声明|不代表本(?:网|站|平台)|与本(?:网|站|网站)无关|仅代表作者|涉及版权|联系删除|转载请注明"
)
"""Every alternative begins with a sign of its own, not a group: the engine then skips to those signs."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of blocks: from ``first`` up to, not including, ``last``; and who chose it."""

    first: int
    last: int
    origin: str
    element: Element | Link | None = None


def find_container(
    layout: Layout, *, families: bool = True, off: frozenset[str] = frozenset()
) -> Span | None:
    """The run of blocks that holds the article's text; None if nothing weighs anything.

    Args:
        layout: the page's lines.
        families: whether the marks of publishing systems may answer.
        off: the rules that are switched off, as ``paragraphs/name``.
    """
    sums = _sums(layout, boxes="paragraphs/boxes" not in off)
    generic = "paragraphs/generic" not in off
    narrow = "paragraphs/narrowed" not in off
    heaviest = _heaviest(layout, sums, narrow=narrow) if generic else None
    brief = heaviest is not None and heaviest.last - heaviest.first <= _FEW
    if heaviest and brief and "paragraphs/no-labels" not in off and _is_labels(layout, heaviest):
        heaviest = None
    marked = _marked(layout, sums) if families and "paragraphs/family" not in off else None
    if marked is None or heaviest is None:
        return marked or heaviest or (_named(layout) if "paragraphs/named" not in off else None)
    weight, best = _weight(marked, sums), _weight(heaviest, sums)
    return marked if weight >= _TRUSTED * best or best < 60 else heaviest


def weigh(block: Block) -> float:
    """A line's weight as evidence of running text."""
    if block.hidden or block.picture is not None:
        return 0.0
    text, linked = block.text, block.linked
    size = len(text)
    if linked * 2 > size:
        return -3.0 - size * 0.3
    plain = size - linked
    if plain < _BRIEF and (plain <= _WORD or not _SIGN.search(text)):
        return -1.0 if plain > 4 else -2.0
    if size < 300 and _FOOTER.search(text):
        return -8.0
    signs = sum(map(text.count, _PUNCTUATION))
    weight = min(plain, 400) + 6.0 * min(signs, 40)
    return weight * (0.1 if block.chrome else 1.0)


def is_footer(block: Block) -> bool:
    """Whether a line holds the words of a page's foot: owner, licence, notices."""
    return len(block.text) < 300 and _FOOTER.search(block.text) is not None


def _sums(layout: Layout, *, boxes: bool = True) -> list[float]:
    """Running sums of the weights; a text that came before in the page counts nothing."""
    seen: set[str] = set()
    weights = []
    above: Block | None = None
    for index, block in enumerate(layout.blocks):
        text, repeated = block.text, False
        if len(text) > _REPEATED:
            repeated = text in seen
            if not block.hidden:
                seen.add(text)
        weight = 0.0 if repeated else weigh(block)
        linked_above = weight > 0 and above is not None and _is_linked(above)
        if linked_above and (_is_item(block, above) or _recurs(layout.blocks, index)):
            weight *= 0.1  # another article's summary
        weights.append(weight)
        if block.picture is None:
            above = block
    if boxes:
        _reduce_boxes(layout.blocks, weights)
    return list(accumulate(weights, initial=0.0))


def _reduce_boxes(blocks: list[Block], weights: list[float]) -> None:
    """Take weight from boxes headed as comments, or as other articles if not half the page is in them."""
    asked: set[tuple[int, bool]] = set()  # a page may head one box a thousand times
    brief = [b for b in blocks if len(b.text) <= 14 and b.text[-1:] in _OTHERS_END]
    headings = [(b.owner, found) for b in brief if (found := _OTHERS.match(b.text))]
    whole = _gain(weights) if headings else 0.0
    for owner, found in headings:
        box = owner if owner.last - owner.first > 1 else owner.parent
        if box is None or box.parent is None:
            continue
        comments = bool(found["comments"])
        if (id(box), comments) in asked:
            continue
        asked.add((id(box), comments))
        inside = slice(box.first, past(box))
        gain = _gain(weights[inside])
        if comments or gain < whole / 2:
            weights[inside] = [weight * 0.1 if weight > 0 else weight for weight in weights[inside]]
            whole -= 0.9 * gain


def _gain(weights: list[float]) -> float:
    return sum(weight for weight in weights if weight > 0)


def _is_linked(block: Block) -> bool:
    if block.linked < 5 or block.linked < 0.8 * len(block.text):
        return False
    return len(block.text) > _BUTTONS or TOOLS.match(block.text) is None


_BUTTONS = 16
"""A longer line may be the headline of another article, however it begins."""


def _recurs(blocks: list[Block], index: int) -> bool:
    """Whether link and text below it come again: a list of headlines with summaries."""
    for first in (index - 4, index - 3, index - 2, index + 1, index + 2, index + 3):
        if 0 <= first < len(blocks) - 1 and _is_linked(blocks[first]):
            text = blocks[first + 1]
            if not text.linked and text.prose:
                return True
    return False


def _is_item(block: Block, above: Block | None) -> bool:
    """Whether a text stands in one small element with the link above it."""
    if above is None:
        return False
    item, link = block.owner, above.owner
    for _ in range(2):
        if link is item or link.parent is item:
            return item.tag != "body" and item.last - item.first <= _ITEM
        if item.parent is None:
            break
        item = item.parent
    return False


def _weight(span: Span, sums: list[float]) -> float:
    return sums[span.last] - sums[span.first]


def _span(element: Element | Link, origin: str) -> Span:
    return Span(element.first, element.last + (element.end > 0), origin, element)


def _heaviest(layout: Layout, sums: list[float], *, narrow: bool = True) -> Span | None:
    best, top = None, 0.0
    for element in layout.elements:
        weight = sums[element.last + (element.end > 0)] - sums[element.first]
        if weight <= 0 or weight * _NAMED < top:
            continue
        if element.tag not in _CANDIDATES or element.hidden:
            continue
        if element.says is not PLAIN and element.says.content:
            weight *= _NAMED
        if weight >= top:
            best, top = element, weight
    if best is None:
        return None
    return _span(_narrowed(layout, best, sums) if narrow else best, "generic")


def _is_labels(layout: Layout, span: Span) -> bool:
    """Whether all that a container shows is labels: no text, whatever it weighs."""
    shown = [b for b in layout.blocks[span.first : span.last] if not b.hidden and not b.linked]
    return bool(shown) and all(
        len(b.text) < _LABELS and "。" not in b.text and _LABELLED.search(b.text) for b in shown
    )


def _named(layout: Layout) -> Span | None:
    """Where nothing weighs anything (``详见附件``): the first element named as a text that has a line.

    It stands below a heading, is no furniture, and is not made of links.
    """
    headed = False
    for element in layout.elements:
        headed = headed or element.tag in HEADINGS
        if not headed or element.hidden or element.chrome or not element.says.content:
            continue
        blocks = layout.blocks[element.first : past(element)]
        told = [b for b in blocks if b.picture is None and b.linked * 2 < len(b.text)]
        if told and element.tag not in HEADINGS and len(blocks) <= _FEW:
            return _span(element, "generic")
    return None


def below_headline(layout: Layout) -> Span | None:
    """Where the text of a page without any would begin: below its heading and the labels under it.

    Its fields are read from there (a page whose text is a file); None without a heading.
    """
    headings = [
        index
        for index, block in enumerate(layout.blocks)
        if block.owner.tag in ("h1", "h2") and not (block.hidden or block.chrome)
    ]
    if not headings:
        return None
    at = headings[-1] + 1
    for block in layout.blocks[at : at + _LABEL_LINES]:
        if block.picture is not None or block.chrome or not _DATED.search(block.text):
            break
        at += 1
    return Span(at, at, "none")


def _narrowed(layout: Layout, best: Element, sums: list[float]) -> Element:
    """The innermost element below the best that holds nearly all of its weight.

    Only elements named like a text count; what they leave out is headline, labels, notes.
    """
    total = sums[best.last + (best.end > 0)] - sums[best.first]
    chosen = best
    for element in layout.elements:
        if element.first > chosen.last:
            break
        if element.tag not in _NARROWER or not _below(element, chosen):
            continue
        weight = sums[element.last + (element.end > 0)] - sums[element.first]
        if weight >= total * _NEAR and element.says.content:
            chosen = element
    return chosen


def _below(element: Element, above: Element) -> bool:
    return element is not above and above.first <= element.first and element.last <= above.last


def _marked(layout: Layout, sums: list[float]) -> Span | None:
    """The heaviest of the elements (and comment pairs) that CMS families mark as the text."""
    found = list(_between_comments(layout))
    for mark, elements in layout.marked.items():
        if mark in _BODIES:
            found += [_span(element, _BODIES[mark]) for element in elements]
    found = [span for span in found if span.last > span.first]
    return max(found, key=lambda span: (_weight(span, sums), span.first - span.last), default=None)


def _between_comments(layout: Layout) -> list[Span]:
    spans = []
    for begin, end, family in COMMENT_MARKS:
        first = None
        for position, text in layout.comments:
            word = text.strip().lower()
            if first is None and word == begin:
                first = position
            elif first is not None and word == end:
                spans.append(Span(first, position, family))
                first = None
    return spans
