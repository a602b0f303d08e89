"""Lines such as ``来源：新华社  发布时间：2024-11-16 15:17  【字体：大 中 小】`` taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from scraper.page.layout.lines import EDGE, Block
from scraper.text.times import MOMENT
from scraper.text.vocabulary import one_of, words

Kind = Literal["source", "time", "editor", "author", "other"]

_GAP = rf"[\s{EDGE}]{{0,8}}"


def _spaced(some: Iterable[str]) -> str:
    """An alternation of words of which short ones may be spread (``来　源``)."""
    return "|".join(
        _GAP.join(word) if len(word) <= 4 and "/" not in word else word
        for word in sorted(some, key=len, reverse=True)
    )


LABEL_WORDS: dict[Kind, tuple[str, ...]] = {kind: words("labels", kind) for kind in get_args(Kind)}
"""The words before a colon, by what they label."""

_AFTER = rf")[\s{EDGE}\])】]{{0,6}}(?:[:丨︱]|(?<=】)|(?P<bare>(?<={EDGE})|(?<={EDGE}\s)|(?<=\t)))[\s{EDGE}:>\]】]{{0,40}}"
_TOGETHER = 16
"""Signs that share a pattern. One for each of the hundred took half of the time that the parser's import
took, since `re` makes a table of every set of signs; one for all would try every label at every sign."""


def _by_first_sign() -> dict[str, re.Pattern[str]]:
    """For each sign that a label can begin with, a pattern of the labels that do."""
    signs = sorted({word[0] for some in LABEL_WORDS.values() for word in some})
    patterns = {}
    for together in (signs[at : at + _TOGETHER] for at in range(0, len(signs), _TOGETHER)):
        groups = [
            f"(?P<{kind}>{_spaced(found)})"
            for kind, some in LABEL_WORDS.items()
            if (found := [word for word in some if word[0] in together])
        ]
        pattern = re.compile("(?:" + "|".join(groups) + _AFTER)
        patterns.update(dict.fromkeys(together, pattern))
    return patterns


_LABELS = _by_first_sign()
_FIRST = re.compile(
    f"[{''.join(sorted(_LABELS))}]"
    r"(?:(?<![\u4e00-\u9fffA-Za-z0-9“‘「『\"].)|(?<=\d日.)|(?<=:\d\d.)|(?<=-\d\d.))"
)
"""Where a label can begin: behind no letter, or behind a date."""
_LAST_SIGNS = "".join(sorted({word[-1] for some in LABEL_WORDS.values() for word in some}))
_ENDED = re.compile(rf"[{re.escape(_LAST_SIGNS)}][\s\])]{{0,6}}[:丨︱】{EDGE}\t]")
"""How every label ends: a line in which nothing ends so has none."""
_TOUCHING = re.compile(
    r"(?<=[\u4e00-\u9fff])(作者|责任编辑|责编|(?<=[\u4e00-\u9fff]{4})编辑|发布时间|发布日期|(?:信息|稿件|文章|新闻)?来源|审核)\s{0,2}:"
)
_TOUCHES: dict[str, Kind] = {"作者": "author", "审核": "other"}
TOOL_WORDS = words("tools", "begin")
"""How the buttons of a text begin: they change how it is shown, or hand it on."""
TOOLS = re.compile(rf"[\[【(（<\s]{{0,3}}(?:{one_of(TOOL_WORDS)})")
"""The beginning of a line of such buttons."""
_STOP = re.compile(
    rf"(?:^|(?<=[\s{EDGE}(\[【|/]))[【\[]?(?:{one_of(TOOL_WORDS)}|扫一扫|扫描二维码|浏览|点击|阅读|"
    r"我要|今天是|手机看|繁体|纠错|下载|转发|保护视力|访问量|\+关注|关注|"
    r"默认|超大|用手机|保存|人气|小字|评论\d|有[\s\x1f]{0,2}\d|\d{1,9}[\s\x1f]{0,2}(?:人参与|条评论)|\||A\s{0,2}[+-]|[大中小](?:[\s\x1f]{0,3}[大中小]){1,2}(?![\u4e00-\u9fff])|"
    r"(?:Font\s?Size|Views?|Hits|Print|Share|Close)\b)"
)
_OUTER = " ,;。、[]【】〖〗<>_·|"
_NOTHING = re.compile(
    r"^(?:请选择|暂?无(?:数据|内容|信息|记录|文号|字号|编号|分类)?|没有|未?填写?|空白?|未知|不详|待定|null|undefined|none|nan|n/a|[/\\_\s.*?？-]+|[\u2010-\u2015—一]{1,4}|&nbsp;)$",
    re.IGNORECASE,
)
_UNFILLED = re.compile(r"\{\{|\$\{|\{%|<%")
"""The place of a value in a template that no script has filled: ``{{source}}``, ``${author}``."""
_AROUND = " []【】〖〗〔〕<>《》()（）“”\"'。.;；"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label's kind and the text that follows it in its line, edges kept."""

    kind: Kind
    value: str
    label: str


def labelled(line: str) -> list[Labelled]:
    """The labels of one line (which went through `plain`) with what they label."""
    if ":" not in line and EDGE not in line and "\t" not in line and "】" not in line:
        return []
    found = list(_matches(line)) if _ENDED.search(line) else None
    if not found:
        return []
    ends = [match.start() for match in found[1:]] + [len(line)]
    notes = (
        Labelled(_kind(match), line[match.end() : end], match[0])
        for match, end in zip(found, ends, strict=True)
    )
    return [part for note in notes for part in _unglued(note)]


def _unglued(note: Labelled) -> list[Labelled]:
    """A value that other labels touch (``来源：人民日报作者：张三发布时间：…``) is several."""
    found = _TOUCHING.search(note.value) if ":" in note.value else None
    if not found:
        return [note]
    word = found[1]
    kind: Kind = _TOUCHES.get(word) or (
        "editor" if "编" in word else "source" if "来源" in word else "time"
    )
    rest = Labelled(kind, note.value[found.end() :], found[0])
    return [Labelled(note.kind, note.value[: found.start()], note.label), *_unglued(rest)]


def _matches(line: str) -> Iterator[re.Match[str]]:
    """The labels in order. One pattern for all would be tried at every sign of the line."""
    past = 0
    for first in _FIRST.finditer(line):
        if first.start() >= past and (match := _LABELS[first[0]].match(line, first.start())):
            past = match.end()
            yield match


def _kind(match: re.Match[str]) -> Kind:
    return next(kind for kind in LABEL_WORDS if match.re.groupindex.get(kind) and match[kind])


def labels_of(block: Block) -> list[Labelled]:
    """The labels of a block, read once."""
    if block.labels is None:
        block.labels = labelled(block.plain)
    return block.labels


def lines_of(block: Block) -> list[str]:
    """A block's lines, made plain, edges kept."""
    return block.plain.split("\n")


_SENTENCES = 80
_FIRST_LINES, _LAST_LINES = 2, 3


def short_lines(block: Block) -> list[str]:
    """The lines of a text that ``br`` parts which may be labels: of its first and its last the short ones."""
    told = [line for line in lines_of(block) if line.strip(f" {EDGE}")]
    ends = told[:_FIRST_LINES] + told[max(_FIRST_LINES, len(told) - _LAST_LINES) :]
    return [line for line in ends if len(line) < _SENTENCES and "。" not in line]


def is_label_line(text: str) -> bool:
    """Whether a text (gone through `plain`) begins with a label."""
    text = text.lstrip(f" {EDGE}[(【<\t")
    pattern = _LABELS.get(text[:1])
    return pattern is not None and pattern.match(text) is not None


def _to_bracket(value: str) -> str:
    """A value up to the bracket that closes what began before its label: ``(来源：…) Views: 12``."""
    depth = 0
    for at, sign in enumerate(value):
        depth += (sign == "(") - (sign == ")")
        if depth < 0:
            return value[:at].strip()
    return value


_ALONE = {word: kind for kind, some in LABEL_WORDS.items() for word in some if len(word) > 1}


def lone_label(text: str) -> Labelled | None:
    """A text that is a label and nothing more, without a colon: ``<dt>信息来源</dt>``."""
    kind = _ALONE.get(text) if len(text) < 8 else None
    return Labelled(kind, "", text) if kind else None


def says_nothing(value: str) -> bool:
    """Whether a label's value is a word for none, in brackets or not: 无, 【无】, （暂无）, --, /."""
    if _UNFILLED.search(value):
        return True
    value = value.strip(_AROUND)
    return not value or _NOTHING.match(value) is not None


_COLUMN_END = re.compile(r"[|\t]|\s{3,}")


def short_value(value: str) -> str:
    """What a label says, without what follows: a date, font switchers, counters, a far column."""
    value = value.lstrip(f" {EDGE}\t:>]】")
    for cut in (_STOP.search(value), MOMENT.search(value)):
        if cut:
            value = value[: cut.start()]
    value = _COLUMN_END.split(value, maxsplit=1)[0]
    value = value.replace(EDGE, " ").strip(_OUTER)
    if value.startswith("("):
        value = value[1:].partition(")")[0].strip() or value
    value = _to_bracket(value)
    if value.count("(") > value.count(")"):
        value = value.rpartition("(")[0].strip() or value.strip("(")
    return "" if says_nothing(value) else value
