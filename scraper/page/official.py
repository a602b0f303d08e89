"""The block of an official document (公文): 索引号, 发文字号, 成文日期 and the others."""

from __future__ import annotations

import re

from scraper.page.dates import read_day
from scraper.page.layout import EDGE
from scraper.page.page import Page
from scraper.record.release import Document

_LINES = {
    "index_number": "索引号 信息索引号 索引编号 信息索引",
    "number": "发文字号 文号 文件编号 文件字号 发文文号 公文文号 文件号",
    "issuer": "发文机关 发布机构 发文单位 制发机关 发布机关 公开机构 发文部门 制定机关 公开责任部门 责任部门",
    "written_on": "成文日期 生成日期 发文日期 成文时间 印发日期 发文时间 签署日期",
    "issued_on": "发布日期 公开日期 发布时间 公布日期 信息公开日期",
    "topic": "主题分类 信息分类 分类 主题词 所属主题 内容分类 体裁分类",
    "validity": "有效性 效力状态 有效状态 是否有效 文件状态 时效性 效力",
}
_FIELD = {word: name for name, words in _LINES.items() for word in words.split()}
_GAP = rf"[\s{EDGE}]{{0,6}}"
_LABEL = re.compile(
    r"(?<![\u4e00-\u9fff])("
    + "|".join(_GAP.join(word) for word in sorted(_FIELD, key=len, reverse=True))
    + rf")[\s{EDGE}\])】]{{0,4}}(?::|(?=\t))"
)
_ANY = re.compile(r"[\u4e00-\u9fff][\u4e00-\u9fff\s]{1,8}(?::|$)")
_HINT = re.compile(r"索\s{0,6}引|文\s{0,6}号|字\s{0,6}号")
_BEFORE = 60
_LINE = 600
_VALUE = 80


def document_of(page: Page) -> Document | None:
    """The block above the text or at its head.

    None unless it names an index number or a document number, and one thing more.
    """
    found = _collected(page)
    if len(found) < 2 or not {"index_number", "number"} & set(found):
        return None
    texts = {
        name: found.get(name) for name in ("issuer", "number", "index_number", "topic", "validity")
    }
    days = {name: read_day(found.get(name, "")) for name in ("written_on", "issued_on")}
    return Document(**texts, **days)  # type: ignore[arg-type]


def _collected(page: Page) -> dict[str, str]:
    span = page.span
    if span is None:
        return {}
    blocks = page.layout.blocks
    near = blocks[max(0, span.first - _BEFORE) : min(len(blocks), span.first + 15)]
    lines = [block.plain for block in near if block.picture is None and len(block.text) < _LINE]
    if not any(map(_HINT.search, lines)):
        return {}
    found: dict[str, str] = {}
    for index, line in enumerate(lines):
        following = lines[index + 1] if index + 1 < len(lines) else ""
        for name, value in _labelled(line, following):
            if value:
                found.setdefault(name, value)
    return found


def _labelled(line: str, following: str) -> list[tuple[str, str]]:
    matches = list(_LABEL.finditer(line))
    pairs = []
    for index, match in enumerate(matches):
        end = matches[index + 1].start() if index + 1 < len(matches) else len(line)
        value = line[match.end() : end]
        if (
            not value.strip(f" \t{EDGE}")
            and index + 1 == len(matches)
            and not _ANY.match(following.strip(EDGE))
        ):
            value = following
        word = re.sub(rf"[\s{EDGE}]", "", match[1])
        pairs.append((_FIELD[word], _value(value)))
    return pairs


def _value(text: str) -> str:
    text = text.strip(f" \t{EDGE}:")
    text = re.split(r"\t|\n", text, maxsplit=1)[0]
    text = _ANY.split(text + " ", maxsplit=1)[0] if ":" in text else text
    return " ".join(text.replace(EDGE, "").split())[:_VALUE]
