"""The block of an official document (公文): 索引号, 发文字号, 成文日期 and the others.

An empty label is empty: what stands in the next cell, the next item or below the block is not its
value. 无, / and dashes are none, another label is none, and a value never holds a label.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from itertools import islice

from scraper.page.layout.labels import LABEL_WORDS, says_nothing
from scraper.page.layout.lines import EDGE, Block
from scraper.page.rules.page import Page
from scraper.record.release import Document
from scraper.text.times import read_day

_LINES = {
    "index_number": "索引号 信息索引号 索引编号 信息索引",
    "number": "发文字号 文号 文件编号 文件字号 发文文号 公文文号 文件号",
    "issuer": "发文机关 发布机构 发文机构 发文单位 制发机关 制发单位 制发机构 发布机关 公开机构 发文部门 制定机关 公开责任部门 责任部门",
    "written_on": "成文日期 生成日期 成文时间 签署日期",
    "dispatched_on": "发文日期 印发日期 发文时间 印发时间",
    "issued_on": "发布日期 公开日期 发布时间 公布日期 信息公开日期",
    "topic": "主题分类 信息分类 分类 主题词 所属主题 内容分类 体裁分类",
    "validity": "公文时效 文件时效 时效状态 有效性 效力状态 有效状态 是否有效 文件状态 时效性 效力",
}
_FIELD = {word: name for name, words in _LINES.items() for word in words.split()}
_OTHER = (
    "统一编号 公开方式 公开形式 公开类别 公开范围 公开时限 公开属性 服务对象 关键词 关键字 公文种类 公文类型 文件类型 文种 体裁 "
    "实施日期 施行日期 执行日期 生效日期 失效日期 废止日期 施行时间 实施时间 生效时间 失效时间 标题 名称 信息名称 文件名称 公文名称 主题 组配分类 "
    "发布单位 公开单位 发布部门 信息来源 来源 登记号 规范性文件登记号 统一登记号 联合发文单位 载体类型 内容概述 概述 摘要 审核 状态 附件 备注 "
    "解读 政策解读 相关解读 废止记录 浏览次数 点击数 字体 打印 公开程序 公开依据 公开期限 关联文件 信息类别 行业分类 发布日期"
)
_WORDS = frozenset(_FIELD) | frozenset(_OTHER.split()) | frozenset(LABEL_WORDS["other"])
"""Every word that labels something in such a block; none of them is a value."""

_GAP = rf"[\s{EDGE}]{{0,6}}"
_LABEL = re.compile(
    r"(?<![\u4e00-\u9fff])("
    + "|".join(_GAP.join(word) for word in sorted(_FIELD, key=len, reverse=True))
    + rf")[ \u3000{EDGE}\])】]{{0,4}}(?::|(?=\t)|(?<=】))"
)
_ANY = re.compile(rf"(?:^|(?<=[\s{EDGE}]))[\u4e00-\u9fff]{{2,9}}(?::|$)")
_COLON = re.compile(
    rf"([\u4e00-\u9fff](?:[ \u3000{EDGE}]{{0,4}}[\u4e00-\u9fff]){{1,8}})[ {EDGE}\])】]{{0,4}}:"
)
_HINT = re.compile(r"索\s{0,6}引|文\s{0,6}号|字\s{0,6}号|文件编号|文件号")
_UNNUMBERED = re.compile(r"[〕\])）]\s{0,4}第?\s{0,4}号")
"""``青水发〔2024〕 号``: the number was never filled in."""
_BEFORE, _PARAGRAPHS = 60, 3
_LINE = 600
_VALUE = 80
_PAIRS = frozenset(
    (
        ("dt", "dd"),
        ("td", "td"),
        ("th", "td"),
        ("div", "div"),
        ("span", "span"),
        ("label", "div"),
        ("div", "p"),
        ("div", "span"),
    )
)
"""Tags of a label's element and of its value's, where the two are elements of their own."""


@dataclass(slots=True)
class _Block:
    """What is read of the block, line by line."""

    values: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    pairing: int | None = None
    """The element in which a value was found beside its label."""

    def take(self, word: str, value: str, line: int) -> None:
        """A label and its value; the first value that says something is kept."""
        self.labels.add(word)
        name, value = _FIELD.get(word), _value(value)
        if name == "number" and _UNNUMBERED.search(value):
            return
        if name and value and name not in self.values:
            self.values[name], self.lines[name] = value, line


def document_of(page: Page) -> Document | None:
    """The block above the text or at its head.

    None unless it names an index number or a document number, and labels one thing more.
    """
    found = _collected(page)
    values = found.values
    if len(found.labels) < 2 or not {"index_number", "number"} & set(values):
        return None
    texts = {
        name: values.get(name) for name in ("issuer", "number", "index_number", "topic", "validity")
    }
    written = _day(values, "written_on") or _day(values, "dispatched_on")
    return Document(**texts, written_on=written, issued_on=_day(values, "issued_on"))


def issued_day(page: Page) -> tuple[dt.date, int] | None:
    """The day on which a document was issued, as its block states, and the line; not its writing."""
    if document_of(page) is None:
        return None
    found = _collected(page)
    for name in ("issued_on", "dispatched_on"):
        if day := _day(found.values, name):
            return day, found.lines[name]
    return None


def _day(values: dict[str, str], name: str) -> dt.date | None:
    return read_day(values.get(name, ""))


def _collected(page: Page) -> _Block:
    block: _Block = page.once("document", _read)
    return block


def _read(page: Page) -> _Block:
    span, found = page.span, _Block()
    blocks = page.layout.blocks
    first = max(0, span.first - _BEFORE) if span else 0
    last = min(len(blocks), span.first + 15) if span else min(len(blocks), _BEFORE)
    if span:  # behind some paragraphs, or below the text, is a box of another document
        prose = (at for at in range(span.first, last) if blocks[at].prose)
        last = next(islice(prose, _PARAGRAPHS - 1, None), last)
    if not any(_hints(block) and _is_line(block) for block in blocks[first:last]):
        return found
    heads: list[str] = []
    for index in (i for i in range(first, last) if _is_line(blocks[i])):
        line = blocks[index].plain
        if "\t" in line:
            heads = _take_row(found, heads, line, index)
        else:
            for part in line.split("\n"):
                _take_labels(found, part, index, blocks)
    return found


def _hints(block: Block) -> bool:
    """Whether a line speaks of a number; all that `_HINT` finds ends with one of the two signs."""
    return ("号" in block.raw or "引" in block.raw) and _HINT.search(block.plain) is not None


def _is_line(block: Block) -> bool:
    return block.picture is None and not block.hidden and len(block.text) < _LINE


def _take_row(found: _Block, heads: list[str], line: str, index: int) -> list[str]:
    """A table's row; one of nothing but labels heads the columns of the row below it."""
    cells = line.split("\t")
    if is_heading_row(line):
        return cells
    if len(heads) == len(cells):
        for label, value in zip(heads, cells, strict=True):
            found.take(_bare(label), value, index)
    else:
        _take_cells(found, line, index)
    return []


def is_heading_row(line: str) -> bool:
    """Whether a row's cells, three or more, are all labels of a document's block: none has a value."""
    cells = line.strip("\t ").split("\t")
    return len(cells) >= _HEADS and all(_bare(cell) in _WORDS for cell in cells)


_HEADS = 3


def _take_cells(found: _Block, line: str, index: int) -> None:
    """A table's row: a label's value is in its own cell behind the colon, or in the next cell."""
    cells = line.split("\t")
    at = 0
    while at < len(cells):
        word = _bare(cells[at])
        if word in _WORDS:
            value = cells[at + 1] if at + 1 < len(cells) else ""
            found.take(word, value, index)
            at += 1 if _is_label(value) else 2
            continue
        _take_labels(found, cells[at], index, [])
        at += 1


def _take_labels(found: _Block, line: str, index: int, blocks: list[Block]) -> None:
    """A line of labels with colons; where the last has no value it may stand beside."""
    matches = list(_LABEL.finditer(line))
    word, edge, value = line.strip(f" {EDGE}").partition(EDGE)
    if not matches and edge and _bare(word) in _FIELD and _SENTENCE_END not in value:
        found.take(_bare(word), value, index)  # two elements side by side, without a colon
        return
    if not matches and (_bare(line) in _FIELD):
        found.take(_bare(line), _beside(found, blocks, index), index)
    named = _COLON.finditer(line) if ":" in line else ()
    known = [label for one in named if (label := _known_in(one))]
    starts = sorted({m.start() for m in matches} | {start for start, _ in known})
    found.labels.update(word for _, word in known)
    for match in matches:
        end = next((start for start in starts if start >= match.end()), len(line))
        value = line[match.end() : end]
        if end == len(line) and not value.strip(f" \t:{EDGE}"):
            value = _beside(found, blocks, index)
        found.take(_bare(match[1]), value, index)


def _known_in(found: re.Match[str]) -> tuple[int, str] | None:
    """A known label that is the end of what stands before a colon, and where it begins.

    Before it, behind a blank, may stand the end of another label's value.
    """
    start, end = found.span(1)
    cuts = [start, *(start + at.end() for at in _GAPS.finditer(found[1]))]
    for cut in cuts:
        word = _bare(found.string[cut:end])
        if word in _WORDS:
            return cut, word
    return None


def _beside(found: _Block, blocks: list[Block], index: int) -> str:
    """The value in the element beside a label's; never one of another item, nor a headline."""
    if index + 1 >= len(blocks):
        return ""
    label, value = blocks[index], blocks[index + 1]
    one, other = label.owner, value.owner
    parent = one if one is other else one.parent
    near = (one is other or one.parent is other.parent) and (label.tag, value.tag) in _PAIRS
    if not near or parent is None or not _is_line(value) or _is_label(value.plain):
        return ""
    if other.says.title or label.text.endswith("\t") or len(value.text) > _VALUE:
        return ""
    paired = (label.tag, value.tag) == ("dt", "dd") or parent.last - parent.first <= _ROW
    following = blocks[index + 2] if index + 2 < len(blocks) else None
    if paired or id(parent) == found.pairing or (following and _is_label(following.plain)):
        found.pairing = id(parent)
        return value.plain
    return ""


_ROW = 2
_SENTENCE_END = "。"


def _bare(text: str) -> str:
    """A label without blanks, brackets and colon."""
    return _BLANKS.sub("", text)


_CELL_END, _GAPS = re.compile(r"[\t\n]"), re.compile(rf"[\s{EDGE}]+")
_BLANKS = re.compile(rf"[\s{EDGE}:\[\]()【】|·]")


def _is_label(text: str) -> bool:
    word = _bare(text)
    return word in _WORDS or bool(
        (found := _COLON.match(text.strip(f" {EDGE}[【"))) and _bare(found[1]) in _WORDS
    )


def _value(text: str) -> str:
    text = text.strip(f" \t{EDGE}:").rstrip(f" \t{EDGE}[【〖(;；,，、|")
    text = _CELL_END.split(text, maxsplit=1)[0]
    text = _ANY.split(text + " ", maxsplit=1)[0] if ":" in text else text
    text = " ".join(text.replace(EDGE, "").split())
    label = _bare(text) in _WORDS or _LIKE_LABEL.fullmatch(text)
    return "" if label or says_nothing(text) else text[:_VALUE]


_LIKE_LABEL = re.compile(
    r"(?:发文|发布|制发|制定|公布|公开|成文|生成|印发|签署|形成|主办|责任)(?:机关|机构|单位|部门|日期|时间|字号|文号|主体)"
)
"""A label that no list has: it is no value either."""
