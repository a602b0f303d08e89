"""The headline of a row: the words of its link, or the tool tip that says them whole.

A list shows a headline cut (``…``), with its date in the same link, with a mark before it (置顶) or
behind it (NEW). The whole headline is then in a ``title`` of the link, of something in it, or of
something around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from selectolax.lexbor import LexborNode

from scraper.listing.dates import date_alone, date_of_row, is_date_like, is_month_day, strip_date
from scraper.listing.skeleton import SEPARATOR, Anchor, squeeze

_HEADINGS = "h1, h2, h3, h4, h5, h6, .title, .tit, .bt, .name, [class*=title], [class*=tit]"
_BLOCKS = "p, div, li, dd"
_SHORTEST = 5
"""Characters of a block within a link that may be its headline."""
CUT = re.compile(r"(?:…|\.{2,}|．{2,})\s*$")
_BULLET = re.compile(r"^[\s·•●■◆▪▶►★☆※○◇□▲>\-—|]+|[\s|·]+$")
_MARKS = r"(?:置\s?顶|顶|推荐|荐|热|最新|精华|new!?|hot!?|top)"
_MARK = re.compile(_MARKS, re.IGNORECASE)
"""What an element of its own says of a row before or behind its headline."""
_MAY_BE_MARKED = re.compile(rf"^{_MARKS}|{_MARKS}\Z", re.IGNORECASE)
_MARKED = re.compile(
    r"^\s*[\[【(（〔]\s?(?:置\s?顶|顶|推荐|荐|new|hot|top)\s?[\]】)）〕]\s*(?=\S)", re.IGNORECASE
)
_HINT_NAME = re.compile(r"^(?:文章|新闻|信息)?(?:标题|名称)\s?[:：]\s?(?=\S)")
_HINT_TAIL = re.compile(
    r"\s(?:作者|来源|发布|发表|更新|点击|浏览|阅读|时间|日期)[^\s:：]{0,6}\s?[:：].*$"
)
"""What a tool tip tells of an article behind its headline."""
_BESIDE = re.compile(
    r"[【\[(（〔][^【】\[\]()（）]{1,12}[】\])）〕]\Z|(?:信息)?(?:来源|作者|时间|日期|发布|发文|发稿|更新|浏览|阅读|点击|编辑|索引|文号|成文|主题|分类|栏目)\S{0,4}\s?[:：]"
)
"""A block of a link that tells something of the article: its column, its source, its readers."""
_TOLD = re.compile(r"[,，。;；:：!！?？]|\d{4}[-/.年]\d{1,2}[-/.月]\d")
_SECOND_LINE = 30
_OPEN_ENDS = ("的", "和", "与", "及", "暨", "、", "关于")
"""What a line ends in that cannot be the end of a headline."""
_ALIKE = 4
"""Characters that a headline and the tool tip that says it whole have in common at an end."""
_AROUND = 3


def parts_of(node: LexborNode, skipped: Sequence[LexborNode] = ()) -> list[str]:
    """The pieces of text within an element, in order; those of nested lists left out."""
    text = node.text(deep=True, separator=SEPARATOR, strip=True)
    for each in skipped:
        text = text.replace(each.text(deep=True, separator=SEPARATOR, strip=True), SEPARATOR, 1)
    return [squeezed for part in text.split(SEPARATOR) if (squeezed := squeeze(part))]


def title_of(anchor: Anchor, *, keep_date: bool = False) -> str | None:
    """The headline: the tool tip where the text is cut or a part of it, else the text.

    A date that stands at an end of the text is left out.

    Args:
        anchor: the row's link.
        keep_date: the row states its day elsewhere, so that a date at an end is the headline's own.
    """
    hint = _HINT_TAIL.sub("", _HINT_NAME.sub("", anchor.hint))
    text = _unmarked(shown_of(anchor), anchor.node)
    if hint and date_alone(text):
        text = ""
    if _says_whole(hint, text):
        text = hint
    elif CUT.search(text):
        text = _whole_beside(anchor.node, CUT.sub("", text)) or text
    title = _BULLET.sub("", _MARKED.sub("", text)) or None
    return title if keep_date else without_date(title)


def without_date(title: str | None) -> str | None:
    """A headline without the date that stands at an end of it."""
    return (_BULLET.sub("", strip_date(title)) or None) if title else None


def _says_whole(hint: str, text: str) -> bool:
    """Whether a tool tip is the headline of which a text shows a part."""
    if not hint or not text:
        return bool(hint)
    if CUT.search(text):
        return True
    if "。" in hint and "。" not in text:  # it goes on to tell what the article says
        return False
    if text in hint:
        return True
    alike = text[:_ALIKE] in hint or text[-_ALIKE:] in hint
    return len(hint) > len(text) + 4 and (alike or len(text) < _SHORTEST)


def _whole_beside(node: LexborNode, start: str) -> str | None:
    """The ``title`` in or around a link that begins as its cut text does."""
    for each in chain(islice(node.css("[title], [alt]"), _AROUND), _around(node)):
        attributes = each.attributes
        said = squeeze(attributes.get("title") or attributes.get("alt") or "")
        if len(said) > len(start) >= _ALIKE and said.startswith(start):
            return _HINT_TAIL.sub("", said)
    return None


def _around(node: LexborNode) -> Iterator[LexborNode]:
    above = node.parent
    for _ in range(_AROUND):
        if above is None:
            return
        yield above
        above = above.parent


def _unmarked(text: str, node: LexborNode) -> str:
    """A text without the marks in elements of their own at its ends."""
    if _MAY_BE_MARKED.search(text) is None:
        return text
    parts = parts_of(node)
    if len(parts) > 1 and _MARK.fullmatch(parts[0]):
        text = text.removeprefix(parts[0]).lstrip()
    if len(parts) > 1 and _MARK.fullmatch(parts[-1]):
        text = text.removesuffix(parts[-1]).rstrip()
    return text


def shown_of(anchor: Anchor) -> str:
    """The words of a link: its heading, else its first block of text, else the whole of it."""
    first = anchor.node.child
    if first is None or (first.next is None and first.is_text_node):
        return anchor.text
    heading = anchor.node.css_first(_HEADINGS)
    if (
        heading is not None
        and (text := squeeze(heading.text(deep=True)))
        and not is_date_like(text)
    ):
        return text
    for block in anchor.node.css(_BLOCKS):  # whose own search finds itself
        text = squeeze(block.text(deep=True))
        inner = len(block.css(_BLOCKS)) == 1
        if inner and len(text) >= _SHORTEST and not (is_date_like(text) or _BESIDE.match(text)):
            return _without_dates(text, parts_of(block))
    broken = next((child for child in anchor.node.iter() if child.tag == "br"), None)
    if broken is not None and len(text := _before(anchor.node, broken)) >= _SHORTEST:
        rest = anchor.text.removeprefix(text).strip()
        return f"{text}{rest}" if _goes_on(text, rest) else text
    return _without_dates(anchor.text, parts_of(anchor.node))


def _goes_on(text: str, rest: str) -> bool:
    """Whether what stands behind a break is the headline's second line, no summary and no source."""
    if is_date_like(rest) or _TOLD.search(rest) or len(rest) > _SECOND_LINE:
        return False
    return len(rest) > _SHORTEST or (bool(rest) and text.endswith(_OPEN_ENDS))


def _before(node: LexborNode, end: LexborNode) -> str:
    """The text of an element up to one of its children."""
    texts = []
    for child in node.iter(include_text=True):
        if child == end:
            break
        texts.append(child.text(deep=True) or "")
    return squeeze("".join(texts))


def _without_dates(text: str, parts: Sequence[str]) -> str:
    """A text without the dates in elements of their own at its ends.

    Digits alone are no date: sites set the numbers of a headline in elements of their own
    (``<em>2026</em>年…``). Only a run of parts that is a whole date is one.
    """
    for length in range(1, min(4, len(parts))):
        if _is_date(parts[-length:]):
            return _cut_off(text, reversed(parts[-length:]), at_end=True)
        if _is_date(parts[:length]):
            return _cut_off(text, parts[:length], at_end=False)
    return text


def _is_date(parts: Sequence[str]) -> bool:
    if len(parts) == 1:
        return date_alone(parts[0]) is not None or is_month_day(parts[0])
    return all(map(is_date_like, parts)) and date_of_row(parts, None, "") is not None


def _cut_off(text: str, parts: Iterable[str], *, at_end: bool) -> str:
    for part in parts:
        text = (text.removesuffix(part) if at_end else text.removeprefix(part)).strip()
    return text
