"""Lines such as ``来源：新华社  发布时间：2024-11-16 15:17  【字体：大 中 小】`` taken apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scraper.page.dates import MOMENT
from scraper.page.layout import EDGE, Block

Kind = Literal["source", "time", "editor", "author", "other"]

_GAP = rf"[\s{EDGE}]{{0,8}}"


def _spaced(words: str) -> str:
    """An alternation of words of which short ones may be spread (``来　源``)."""
    return "|".join(
        _GAP.join(word) if len(word) <= 4 and "/" not in word else word
        for word in sorted(words.split(), key=len, reverse=True)
    )


_WORDS: dict[Kind, str] = {
    "source": "来源 来自 信息来源 稿件来源 文章来源 新闻来源 内容来源 消息来源 本文来源 来源于 稿源 出处 转载自 "
    "来源单位 供稿单位 来稿单位 发稿单位 撰稿单位 来源部门 文稿来源 来源网站 原文来源 稿件出处 本文来源于 文章来源于 本文来自 文章来自 本文转自 文章转自 转自 转贴自 转载 摘自 原载 媒体 媒体来源 本文来自微信公众号 来自微信公众号 文章来自微信公众号 本文首发于微信公众号 来源公众号 来源微信公众号 "
    "信息提供 稿件提供 信息报送 报送单位 供稿部门 信息提供单位 提供单位 稿件来源单位 文章出处 来稿部门 发稿部门 供稿科室",
    "time": "时间 日期 发布时间 发布日期 发表时间 发表日期 更新时间 更新日期 时间发布 发表于 发布于 上传时间 "
    "录入时间 信息时间 创建时间 公开日期 公开时间 刊发时间 刊发日期 刊登日期 发稿时间 添加时间 编辑时间 提交时间 "
    "新闻时间 撰写时间 日期时间 文章时间 添加日期 发文时间 发布于 最后更新 信息日期 上网时间 登记时间 发布",
    "editor": "编辑 责任编辑 责编 网络编辑 本文编辑 值班编辑 信息编辑 文字编辑 执行编辑 新媒体编辑 "
    "本期编辑 网页编辑 文章编辑 责任编缉 实习编辑 编辑员 文编 稿件编辑 主编辑 值编",
    "author": "作者 摄影/文字 文字/摄影 文/摄 文字/图片 文章作者 记者 撰稿 撰稿人 撰文 采写 通讯员 文/图 图/文 图文 文 供稿人 文字 供稿 本文作者 "
    "本报记者 实习记者 采编 编写 作者姓名 文字记者 来稿作者 投稿人 特约记者 文字作者 信息作者 文图",
    "other": "审核 审核人 审核者 校对人 编审人 签发人 校对 校审 初审 复审 终审 一审 二审 三审 签发 监制 审签 审稿 审定 编审 核稿 责任校对 值班主任 浏览次数 "
    "浏览量 浏览数 浏览 点击 点击数 点击率 点击量 阅读次数 阅读量 阅读数 阅读 访问量 访问次数 人气 "
    "字体 字号 打印 分享到 分享 收藏 关闭 保存 扫一扫 评论 评论数 下载 纠错 背景色 视力保护色 "
    "朗读 标签 关键词 关键字 编号 索引号 文号 发文字号 主题分类 分类 栏目 所属栏目 摄影 摄像 图片 供图 出品 "
    "策划 制作 统筹 发布机构 发布单位 发布人 发布者 上传者 录入 录入人 录入者 信息员 点赞 成文日期 生成日期 "
    "有效性 发文机关 信息索引 公开方式 主题词 名称 责任部门 字体大小 字体颜色 背景颜色 联系电话 电话 发布部门 "
    "当前位置 您现在的位置 原标题 标题 副标题 图 摘要 责任 主编 主办 承办 总值班 值班领导 视觉 设计 海报 "
    "信息类别 公开范围 文件编号 公开类别 生效日期 失效日期 废止日期 效力状态 体裁分类 组配分类 服务对象 所属主题",
}
_BEFORE = re.compile(r"(?:(?<![\u4e00-\u9fffA-Za-z0-9“‘「『\"])|(?<=\d日)|(?<=:\d\d)|(?<=-\d\d))")
_AFTER = rf")[\s{EDGE}\])】]{{0,6}}(?::|(?<=】)|(?P<bare>(?<={EDGE})|(?<={EDGE}\s)|(?<=\t)))[\s{EDGE}:>\]】]{{0,40}}"


def _by_first_sign() -> dict[str, re.Pattern[str]]:
    """For each sign that a label can begin with, the pattern of the labels that do."""
    signs = {word[0] for words in _WORDS.values() for word in words.split()}
    patterns = {}
    for sign in signs:
        groups = [
            f"(?P<{kind}>{_spaced(found)})"
            for kind, words in _WORDS.items()
            if (found := " ".join(word for word in words.split() if word[0] == sign))
        ]
        patterns[sign] = re.compile(_BEFORE.pattern + "(?:" + "|".join(groups) + _AFTER)
    return patterns


_LABELS = _by_first_sign()
_FIRST = re.compile("[" + "".join(sorted(_LABELS)) + "]")
_TOUCHING = re.compile(
    r"(?<=[\u4e00-\u9fff])(作者|责任编辑|责编|(?<=[\u4e00-\u9fff]{4})编辑|发布时间|发布日期)\s{0,2}:"
)
_STOP = re.compile(
    rf"(?:^|(?<=[\s{EDGE}(\[【|/]))[【\[]?(?:字体|字号|打印|分享|收藏|关闭|扫一扫|扫描二维码|浏览|点击|阅读|"
    r"我要|语音|听新闻|手机看|繁体|大字|放大|缩小|纠错|下载|朗读|转发|保护视力|访问量|\+关注|关注|"
    r"默认|超大|用手机|保存|人气|小字|评论\d|有[\s\x1f]{0,2}\d|\d{1,9}[\s\x1f]{0,2}(?:人参与|条评论)|\||A\s{0,2}[+-]|[大中小](?:[\s\x1f]{0,3}[大中小]){1,2}(?![\u4e00-\u9fff])|"
    r"(?:Font\s?Size|Views?|Hits|Print|Share|Close)\b)"
)
_OUTER = " ,;。、[]【】〖〗<>_·|"
_EMPTY = re.compile(r"^(?:null|undefined|none|nan|无|暂无|未知|/|-+|\?+|&nbsp;)$", re.IGNORECASE)


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
    found = list(_matches(line))
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
    found = _TOUCHING.search(note.value)
    if not found:
        return [note]
    kind: Kind = "author" if found[1] == "作者" else "editor" if "编" in found[1] else "time"
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
    groups = match.groupdict()
    return next(kind for kind in _WORDS if groups.get(kind))


def labels_of(block: Block) -> list[Labelled]:
    """The labels of a block, read once."""
    if block.labels is None:
        block.labels = labelled(block.plain)
    return block.labels


def lines_of(block: Block) -> list[str]:
    """A block's lines, made plain, edges kept."""
    return block.plain.split("\n")


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


_ALONE = {word: kind for kind, words in _WORDS.items() for word in words.split() if len(word) > 1}


def lone_label(text: str) -> Labelled | None:
    """A text that is a label and nothing more, without a colon: ``<dt>信息来源</dt>``."""
    kind = _ALONE.get(text) if len(text) < 8 else None
    return Labelled(kind, "", text) if kind else None


def short_value(value: str) -> str:
    """What a label says, without what follows: a date, font switchers, counters, a far column."""
    value = value.lstrip(f" {EDGE}\t:>]】")
    for cut in (_STOP.search(value), MOMENT.search(value)):
        if cut:
            value = value[: cut.start()]
    value = re.split(r"[|\t]|\s{3,}", value, maxsplit=1)[0]
    value = value.replace(EDGE, " ").strip(_OUTER)
    if value.startswith("("):
        value = value[1:].partition(")")[0].strip() or value
    value = _to_bracket(value)
    if value.count("(") > value.count(")"):
        value = value.rpartition("(")[0].strip() or value.strip("(")
    return "" if _EMPTY.match(value) else value
