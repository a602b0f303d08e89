"""Which of a row's days is the day of publication: what labels and the heads of columns say.

Lists of policies and of collected opinions show several days: 成文日期 beside 发布日期, the two ends
of a 征集时间, 有效期至. A day behind such a label is not when the row was published, wherever it
stands; where it is the only one, the row states no day of publication.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.listing.skeleton import Knot, squeeze
from scraper.page.dated import Sense, label_sense
from scraper.text.plain import plain

_DAY = r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?(?:\s{0,3}\d{1,2}[:时]\d\d分?(?::\d\d)?)?"
_WORD = r"[\u4e00-\u9fff]{0,10}(?:日\s?期|时\s?间|期限|期至|时限|截止日?|截至|[示告集名]期|(?:成文|印发|实施|施行|生效|失效|废止)(?=:)|有效期)"
_LABELLED = re.compile(
    rf"({_WORD})\s{{0,3}}[\])】]?:?\s{{0,3}}[\[(【]?({_DAY})(?:\s{{0,3}}(?:至|到|~|—|–|-){{1,2}}\s{{0,3}}(?:{_DAY})?)?"
)
_LABEL = re.compile(rf"^[\[(【]?({_WORD})[\])】]?:?$")
_OF_OTHER_DAYS = re.compile(
    r"成文|生成|印发|签发|签署|制定|实施|施行|执行|生效|有效|失效|废止|截止|截至|期限|时限|期至|公示期|公告期|征集|征求|反馈|报名|报送|"
    r"招标|投标|开标|开庭|开放|活动|会议|发布会|举办|举行|召开|直播|考试|面试|起止|开始|结束|办理|受理|办结|批准|核准|停电|停水"
)
_BEGINS = re.compile(r"^[\[(【]?\s?(?:19|20)?\d")
_MARKS = re.compile("[期间截限]|成文|印发|[实施]施|施行|[生失]效|废止")
_CELLS = 12
"""Columns of a list, and characters of a column's name, at the most."""
_BACK, _HEADS = 2, 40
"""Elements back of a list, and of a page, that are looked at for the names of columns."""


def publication_parts(parts: Sequence[str]) -> list[str]:
    """A row's pieces of text with each label before its day, and without the days of other things."""
    if not any(map(_MARKS.search, parts)):
        return list(parts)
    return [kept for part in _joined(parts) if (kept := _LABELLED.sub(_unless_other, part).strip())]


def shows_other_day(parts: Sequence[str]) -> bool:
    """Whether a row's pieces of text hold a day behind the label of something else."""
    if not any(map(_MARKS.search, parts)):
        return False
    labelled = (_LABELLED.search(part) for part in _joined(parts))
    return any(found and _is_of_other_day(found[1]) for found in labelled)


def is_day_label(text: str) -> bool:
    """Whether a text is the name of a day (发布日期, 成文时间) and nothing else."""
    return len(text) <= _CELLS and _LABEL.match(plain(text)) is not None


def columns_over(row: Knot) -> list[str] | None:
    """The names of the columns that a row's cells stand under; None where no head names a day."""
    return next((names for node in _heads(row) if (names := _names_in(node))), None)


def columns_in(tree: LexborHTMLParser, count: int) -> list[str] | None:
    """The names of so many columns, wherever on a page they stand: its rows came by a script."""
    heads = (_names_in(node) for node in islice(tree.css("tr, ul, dl"), _HEADS))
    return next((names for names in heads if names and len(names) == count), None)


def _names_in(node: LexborNode) -> list[str] | None:
    """The names of columns that an element consists of, a day's among them; None for any other."""
    if node.css_first("a[href]") is not None:
        return None
    names = cells_of(node)
    named = 1 < len(names) <= _CELLS and max(map(len, names)) <= _CELLS
    return names if named and any(map(is_day_label, names)) else None


def under_columns(cells: Sequence[str], names: Sequence[str]) -> list[str]:
    """A row's cells, whole days with the name that they stand under, other things' days left out."""
    return [
        _under(cell, name) if is_day_label(name) else cell
        for cell, name in zip(cells, names, strict=True)
    ]


def _under(cell: str, name: str) -> str:
    if _is_of_other_day(name):
        return ""
    return f"{name}:{cell}" if re.match(_DAY, plain(cell)) else cell


def cells_of(node: LexborNode) -> list[str]:
    """The texts of an element's children, of the only child's where there is but one."""
    children = [child for child in node.iter() if child.tag not in {"script", "style"}]
    if len(children) == 1:
        return cells_of(children[0])
    return [squeeze(child.text(deep=True)) for child in children]


def _heads(row: Knot) -> list[LexborNode]:
    """The elements that may name a row's columns: the first row of its table, what stands above it."""
    if row.tag == "tr":
        table = next((above for above in row.ancestors() if above.tag == "table"), None)
        return list(islice(table.node.css("tr"), 1)) if table else []
    found: list[LexborNode] = []
    for around in islice((row, *row.ancestors()), _BACK):
        before = around.node.prev
        while before is not None and len(found) < 2 * _BACK:
            if before.is_element_node:
                found.append(before)
            before = before.prev
    return found


def _joined(parts: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for part in map(plain, parts):
        if joined and _BEGINS.match(part) and _LABEL.match(joined[-1]):
            joined[-1] = f"{joined[-1].removesuffix(':')}:{part}"
        else:
            joined.append(part)
    return joined


def _unless_other(found: re.Match[str]) -> str:
    return " " if _is_of_other_day(found[1]) else found[0]


def _is_of_other_day(label: str) -> bool:
    name = "".join(label.split())
    return label_sense(name) is not Sense.PUBLISHED and _OF_OTHER_DAYS.search(name) is not None
