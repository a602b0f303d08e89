"""Which block of a home page is headed as the news of the place (要闻).

A home page holds many lists: news, notices, departments, counties, policies. The one it leads with
is told by its heading, which stands before the list or before an element around it. Where one
heading names several lists (tabs), the place of the word among the labels is the place of the list
among the panes.
"""

from __future__ import annotations

import re
from itertools import islice, pairwise

from selectolax.lexbor import LexborNode

from scraper.listing.skeleton import Knot, squeeze, style_of

_NEWS = re.compile(r"要\s*闻|头条|今日关注|今日\S{1,4}$|新闻动态|政务动态|新闻中心")
_SURE = re.compile(r"要\s*闻|今日关注")
_OF_OTHERS = re.compile(r"国务院|国家|中央|上级|国内|国际|时政|全国|中国政府网|省政府要闻|转载")
_BOX = re.compile(r"热点|热门|热文|推荐|排行|榜|相关|猜你|感兴趣|延伸阅读|友情链接|快速通道|常用")
_PERHAPS = re.compile(r"最新|图片新闻|精彩|焦点")
"""Headings of what a page shows beside its list: what is read most, what is new elsewhere."""
_BOX_LEVELS = 3
_MORE = re.compile(r"更多|more|[>＞》+…]+", re.IGNORECASE)
_MENU = re.compile(r"nav|menu|crumb|position|location|header|search|banner")
_TITLED = re.compile(r"tit|(?:^|[\s_-])(?:hd|head)")
_SILENT = frozenset({"script", "style", "link"})
_HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "dt", "th"})
_LONGEST = 60
_BOX_HEADING = 12
_LEVELS = 4


def news_factor(knot: Knot) -> float:
    """How far a block's heading speaks for it: 3 for 要闻 of its own, 1 for no such heading."""
    path = [knot, *islice(knot.ancestors(), _LEVELS)]
    for level, inner in enumerate(path):
        heading = _heading_before(inner.node)
        if heading is not None:
            return _factor(_labels(heading), path, level)
    return 1.0


def box_factor(knot: Knot, page: str) -> float:
    """How far the heading right above a list says that it is not what the page is for; 1: not at all.

    Args:
        knot: the list.
        page: the page's title; what it names is what the page is for.
    """
    for around in islice((knot, *knot.ancestors()), _BOX_LEVELS):
        before = around.node.prev
        while before is not None and (not before.is_element_node or before.tag in _SILENT):
            before = before.prev
        if before is not None:
            text = squeeze(_MORE.sub("", before.text(deep=True)[: 4 * _LONGEST]))
            heads = 2 <= len(text) <= _BOX_HEADING and not _MENU.search(style_of(before))
            if not heads or text in page or _holds_list(before):
                return 1.0
            if _BOX.search(text):
                return 0.1
            perhaps = _PERHAPS.search(text) or _leads_elsewhere(before)
            return 0.3 if perhaps else 1.0
    return 1.0


def _leads_elsewhere(heading: LexborNode) -> bool:
    """Whether a heading has a 更多 beside it, as boxes of other columns have."""
    return any(
        _MORE.search(link.text(deep=True)) and link.attributes.get("href")
        for link in heading.css("a")
    )


def _holds_list(node: LexborNode) -> bool:
    """Whether an element is or holds a list, so that what it is headed by is its own."""
    return node.tag in {"ul", "ol", "table"} or node.css_first("ul, ol, dl, table") is not None


def _heading_before(node: LexborNode) -> LexborNode | None:
    """The nearest heading before an element, three back at most; menus are none."""
    before, seen = node.prev, 0
    while before is not None and seen < 3:
        if before.is_element_node and before.tag not in _SILENT:
            seen += 1
            if _is_heading(before):
                return before
        before = before.prev
    return None


def _is_heading(node: LexborNode) -> bool:
    """Whether an element is the heading of what follows, by its words, its name or its 更多."""
    text, style = squeeze(node.text(deep=True)[: 4 * _LONGEST]), style_of(node)
    if not 2 <= len(text) <= _LONGEST or _MENU.search(style) or node.tag == "nav":
        return False
    if node.tag in _HEADING_TAGS or _TITLED.search(style):
        return True
    return _NEWS.search(text) is not None or _MORE.search(text) is not None


def _labels(heading: LexborNode) -> list[str]:
    """The labels in a heading: one, or those of tabs."""
    for selector in ("li", "a", "span, h2, h3, h4, b, strong"):
        texts = (squeeze(_MORE.sub("", node.text(deep=True))) for node in heading.css(selector))
        if len(labels := [text for text in texts if text]) > 1:
            return labels
    return [squeeze(_MORE.sub("", heading.text(deep=True)))]


def _factor(labels: list[str], path: list[Knot], level: int) -> float:
    place = _pane(path, level) if len(labels) > 1 else 0
    own = labels[place] if place < len(labels) else ""
    if not _NEWS.search(own):
        return 0.7 if _NEWS.search("".join(labels)) else 1.0  # a pane beside the news, or elsewhere
    if _OF_OTHERS.search(own):
        return 1.0
    return 3.0 if _SURE.search(own) else 2.0


def _pane(path: list[Knot], level: int) -> int:
    """The place of a block among the panes that one heading is for."""
    for inner, outer in pairwise(path[: level + 1]):
        panes = [child for child in outer.children if child.tag == inner.tag]
        if len(panes) > 1:
            return panes.index(inner)
    return 0
