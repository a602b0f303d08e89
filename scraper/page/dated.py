"""What a date in a line is the date of: told from the words that touch it.

A publication time stands behind its label (发布时间：) or, bare, beside source and author. Any other
word before the colon (停电时间, 开标日期, 实施日期) names another time; so do the two ends of a
range, 截至 and 起, and a sentence that goes on behind the date. Times of events are content.
"""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import TYPE_CHECKING

from scraper.page.layout.labels import LABEL_WORDS, TOOL_WORDS, labels_of
from scraper.page.layout.lines import EDGE, Block
from scraper.text.plain import key
from scraper.text.times import MOMENT, moments

if TYPE_CHECKING:
    from scraper.page.rules.page import Page


class Sense(StrEnum):
    """What a date in a line stands for."""

    PUBLISHED = "published"
    """Behind 发布时间, 发表于 and the like."""
    GENERIC = "generic"
    """Behind 时间 or 日期: a publication's in a header, an event's in a text."""
    UPDATED = "updated"
    """Behind 更新时间: when the page was changed."""
    BARE = "bare"
    """Behind nothing that says what it is of."""
    OTHER = "other"
    """An event's, a document's, one end of a range, a part of a sentence."""


GENERIC_LABELS = frozenset(("时间", "日期", "Date"))
UPDATE_LABELS = frozenset(
    "更新時間 最後更新 修改時間 更新时间 更新日期 最后更新 更新于 最近更新 最后更新时间 最近更新时间 修改时间 修改日期 编辑时间 更新 修订 修订时间 修订日期 修改 Updated Modified".split()  # noqa: SIM905
)
PUBLISH_LABELS = frozenset(LABEL_WORDS["time"]) - GENERIC_LABELS - UPDATE_LABELS | frozenset(
    ("首发时间", "发布", "首发", "发表", "刊发", "上传")
)
_LEADS = re.compile(r"^(?:网站|信息|文章|稿件|新闻|本文|首次|初次|页面|内容|网页|正文)")
_NAMED = re.compile(
    rf"([\u4e00-\u9fff][\u4e00-\u9fff\s{EDGE}/]{{0,14}})(?:[\])】]?[\s{EDGE}]{{0,3}}:|】)[\s{EDGE}\[(]{{0,6}}$"
)
_SPREAD = re.compile(
    rf"{EDGE}|(?<=(?<![\u4e00-\u9fff])[\u4e00-\u9fff])\s{{1,8}}(?=[\u4e00-\u9fff](?![\u4e00-\u9fff]))"
)
_TIMED = re.compile(
    rf"([\u4e00-\u9fff][\u4e00-\u9fff\s{EDGE}/]{{0,14}}(?:日\s{{0,4}}期|时\s{{0,4}}间|期限|期至))[\s{EDGE}|]{{1,6}}$"
)
"""A label in a cell or an element of its own, without a colon."""
_TOUCHED = re.compile(r"([\u4e00-\u9fffA-Za-z]{1,16})$")
_FROM = re.compile(
    rf"(?:自|从|由|至|到|截至|截止|迄|约|定于|将于|拟于|起始|(?<![表布登])于|为|在)[\s{EDGE}]{{0,2}}$|[\d日时分点][\s{EDGE}]{{0,3}}[~～\u2010-\u2015-]{{1,2}}[\s{EDGE}]{{0,3}}$"
)
RANGE_ON = re.compile(
    rf"[\s{EDGE}]{{0,3}}(?:[(（]?(?:北京时间|周.|星期.|上午|下午)[)）]?[\s{EDGE}]{{0,2}})?(?:(?:[~～\u2010-\u2015-]{{1,2}}|至|到)[\s{EDGE}]{{0,3}}"
    r"(?:\d|次日|当[日天]|[明今]日|[上下]午|凌晨|晚|中午|长期|永久)|起|止|(?:之|以)?前(?![\u4e00-\u9fff])|(?:之|以)?后(?![\u4e00-\u9fff])|截止(?![日时])|以来|开始|左右|期间)"
)
_BEHIND = re.compile(r"^([\u4e00-\u9fff]{2,})")
_GOES_ON = re.compile(r"\s{0,2}[，,、][\s]{0,2}[\u4e00-\u9fff]{2,}(?![\u4e00-\u9fff\s]{0,6}[:：])")
"""``2024年5月10日9:00，会议在…``: a sentence goes on behind the date."""
_PUBLISHED_BEHIND = re.compile(
    r"^(?:发布|发表|刊登|刊发|上传)(?:于[\u4e00-\u9fff]{2,3})?(?![\u4e00-\u9fff])"
)
_MEDIUM = re.compile(
    r"(?:报|社|网|台|客户端|新闻|中心|在线|频道|杂志|周刊|融媒|发布|日报|晚报|网站|局|委|办|厅|部|政府|办公室|委员会|公众号)$"
)
_BRACKET = re.compile(rf"[(（][\s{EDGE}]{{0,2}}([^()（）]{{0,60}})$")


def sense_of(line: str, start: int, end: int) -> Sense:
    """What the date at ``line[start:end]`` is of; the line went through `plain`."""
    before, after = line[max(0, start - 80) : start], line[end : end + 80]
    if _LATIN_END.search(before) and (told := _in_latin(before, after)):
        return told
    if RANGE_ON.match(after) or _FROM.search(before):
        return Sense.OTHER
    if named := _NAMED.search(before) or _TIMED.search(before):
        return _labelled(named[1], after)
    if touched := _TOUCHED.search(before):
        return _touched(touched[1], after)
    if _sentence_behind(after) or _GOES_ON.match(after) or _is_place(before, after):
        return Sense.OTHER
    return Sense.BARE


_LATIN_END = re.compile(r"[A-Za-z©][\s:.,(|–—-]{0,4}$")
_CHANGED = re.compile(
    r"(?i)\b(?:up-?dated?|modified|edited|revised|changed|corrected)(?:\s(?:on|at))?[\s:,(|–—-]{0,4}$"
)
_NO_POST = re.compile(
    r"(?i)\bcomments?\b|copyright|©|(?:\b(?:since|until|till|through|from|to|by|before|after|due|deadline|expires?|starts?|ends?|during|born|founded)\b)[\s:,-]{0,4}$"
)
_POST = re.compile(
    r"(?i)\b(?:posted|published|submitted|written|created|date|released|filed|added)\b[^.!?]{0,60}$"
)
_RUNS_ON = re.compile(r",?\s(?!(?:by|in|at|with|under|and|no|comments?)\b)[a-z]+\s[a-z]+\s[a-z]+")
"""Behind a date a sentence goes on: ``On March 3, 2008, the board decided``."""


def _in_latin(before: str, after: str) -> Sense | None:
    """What English words before a date say of it; None where they say nothing."""
    if _CHANGED.search(before):
        return Sense.UPDATED
    if _NO_POST.search(before) or _RUNS_ON.match(after):
        return Sense.OTHER
    return Sense.PUBLISHED if _POST.search(before) else None


def label_sense(word: str) -> Sense:
    """What a label, blanks and colon left out, says of the date behind it."""
    word = _LEADS.sub("", word) or word
    if word in UPDATE_LABELS:
        return Sense.UPDATED
    if word in PUBLISH_LABELS:
        return Sense.PUBLISHED
    return Sense.GENERIC if word in GENERIC_LABELS else Sense.OTHER


def _labelled(words: str, after: str) -> Sense:
    """By the word before the colon; what stands before a blank may be another label's value."""
    pieces = _SPREAD.sub("", words).split()
    for first in reversed(range(len(pieces))):
        word = "".join(pieces[first:])
        sense = label_sense(word)
        if sense is not Sense.OTHER:
            return sense
    behind = label_sense("".join(words.rpartition(EDGE)[2].split())) if EDGE in words else None
    if behind in {Sense.PUBLISHED, Sense.UPDATED}:
        return behind  # what touches the label is another one's value: 答复单位：城管局发布时间：
    word = pieces[-1] if pieces else ""
    dateless = any(word.endswith(known) for known in _DATELESS)
    return Sense.BARE if dateless and not _sentence_behind(after) else Sense.OTHER


_DATELESS = tuple(
    word for kind in ("source", "author", "editor") for word in LABEL_WORDS[kind] if len(word) > 1
)
"""Labels that no date stands behind: where one seems to, the label is empty."""


def _touched(word: str, after: str) -> Sense:
    """A date that touches a word without a colon: 发布于2024…, 青川日报2024…, or a sentence."""
    for size in (6, 4, 3, 2):
        sense = label_sense(word[-size:]) if len(word) >= size else Sense.OTHER
        if sense is not Sense.OTHER and (size > 2 or len(word) == size):
            return sense
    if _sentence_behind(after):
        return Sense.OTHER
    known = _MEDIUM.search(word) or word.endswith(_DATELESS) or word.isascii()
    return Sense.BARE if known or len(word) <= 3 else Sense.OTHER


def _sentence_behind(after: str) -> bool:
    """Whether words touch the date from behind that are neither a label nor a medium's name."""
    found = _BEHIND.match(after)
    if found is None or _PUBLISHED_BEHIND.match(after):
        return False
    word = found[1]
    rest = after[found.end() :].lstrip()
    return not (rest.startswith(":") or _MEDIUM.search(word) or word.startswith(_BESIDE))


_BESIDE = (
    *TOOL_WORDS, "已有", "浏览", "阅读", "点击", "星期", "评论", "来源", "作者",
    "编辑", "责编", "记者", "访问", "人气", "稿源", "大中小",
)  # fmt: skip
"""How what stands beside a publication's date begins: buttons, counters, labels."""


def _is_place(before: str, after: str) -> bool:
    """Whether date and place stand in one pair of brackets: （2024年5月10日　北京）."""
    opened = _BRACKET.search(before)
    if opened is None or not (")" in after or "）" in after):
        return False
    inner = opened[1] + " " + re.split(r"[)）]", after, maxsplit=1)[0]
    word = re.sub(rf"[\s{EDGE},、，·:]", "", inner)
    if not re.fullmatch(r"[\u4e00-\u9fff]{2,30}", word):
        return False
    return not (_MEDIUM.search(word) or word.startswith(_BESIDE) or re.match("星期|周.$", word))


def is_event_line(page: Page, index: int, part: Block | None = None) -> bool:
    """Whether 时间： or 日期： in a line is an event's: alone in a paragraph of the text.

    Right below the headline, in one container with it, it is the release's, unless head or
    address state another day. Beside 地点 and 主持人 it is an event's wherever it stands.
    ``part`` is one paragraph of a line that is a whole text.
    """
    kinds = {note.kind for note in labels_of(part or page.layout.blocks[index])}
    if kinds & {"source", "author", "editor"}:
        return False
    if _stands_with_event(page, index):
        return True
    if "other" in kinds or not page.is_among_paragraphs(index):
        return False
    above = key(page.layout.blocks[index - 1].text) if index else ""
    headed = len(above) >= 4 and above in page.title_key
    inside = page.span is not None and index - 1 >= page.span.first
    return not (headed and inside and page.stated_day is None)


_EVENT_LABEL = re.compile(
    rf"(?:^|(?<=[\s{EDGE}\[【(]))(?:[\u4e00-\u9fff]{{0,4}}地[\s{EDGE}]{{0,6}}点|主持人?|主讲人?|(?:\S{{0,4}}[^\W\d])?嘉宾|出席\S{{0,4}}|(?:参会|参加|与会)\S{{1,3}})"
    rf"[\])】]?[\s{EDGE}]{{0,3}}(?::|】|(?<=[{EDGE}\t]))"
)
"""What stands beside the time of an event: where it is, who leads it, who comes."""
_BESIDE_EVENT = 3
_LONE = 6


def _stands_with_event(page: Page, index: int) -> bool:
    """Whether a line, or one of its neighbours in the same box, says where an event is or who leads it."""
    blocks = page.layout.blocks
    owner = blocks[index].owner
    for other in blocks[max(0, index - _BESIDE_EVENT) : index + _BESIDE_EVENT + 1]:
        akin = other.owner is owner or other.owner.parent is owner.parent
        if not akin or other.picture is not None:
            continue
        lone = ":" if len(other.text) <= _LONE else ""  # a label in an element of its own
        if _EVENT_LABEL.search(other.plain[:_LABELS] + lone):
            return True
    return False


_LABELS = 120
"""How far into a line its labels are looked for."""


def is_told_beside(page: Page, index: int, day: dt.date, part: Block | None = None) -> bool:
    """Whether a bare date in a paragraph is content, since another is stated for the release.

    By head or address, or in the lines right above the text's container.
    """
    span = page.span
    if span is None or not is_event_line(page, index, part):
        return False
    if page.stated_day:
        return page.stated_day != day
    above = page.layout.blocks[max(0, span.first - _ABOVE) : span.first]
    return any(MOMENT.search(block.plain) for block in above if not block.linked)


_ABOVE = 6


def is_content(page: Page, block: Block) -> bool:
    """Whether the dates of a line, or of a paragraph of one, are the text's own: of an event, in a sentence, of a range.

    By the first of them, unless another is said to be that of publication.
    """
    line, index = block.plain, block.number
    senses = [sense_of(line, found.start(), found.end()) for found in MOMENT.finditer(line)]
    if not senses or Sense.PUBLISHED in senses:
        return False
    sense = senses[0]
    if sense is Sense.BARE and (moment := next(moments(line), None)):
        return is_told_beside(page, index, moment[2].day, block)
    return sense is Sense.OTHER or (sense is Sense.GENERIC and is_event_line(page, index, block))
