"""Where a release is from: what stands near the text as its source, else what the head states."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from scraper.page.examples.credits import SOURCE
from scraper.page.fields.official import is_heading_row
from scraper.page.layout.labels import is_label_line, labelled, labels_of, lone_label, short_value
from scraper.page.layout.lines import EDGE
from scraper.page.rules.page import Page
from scraper.page.rules.rule import Candidate, Decision, Example, Rule, Veto, first_of
from scraper.text.credits import bare_names
from scraper.text.people import ACCOUNTS
from scraper.text.plain import key, plain
from scraper.text.times import MOMENT, SHORT
from scraper.text.vocabulary import one_of, words

_NAME_BEHIND = re.compile(
    rf"^(\S{{2,20}}(?:报|报社|网|台|客户端|新闻|{one_of(words('offices', 'endings'))}))(?:\s{{1,3}}|/)([\u4e00-\u9fff\s、]{{2,16}})$"
)
_TRAIL = re.compile(
    r"\s{1,4}(?:责任编辑|责编|编辑|作者|记者|通讯员|审核|校对|(?:发布|更新|发表)?(?:时间|日期)|已读\s?\d{0,9}|原创|T|"
    r"\d{1,2}:\d\d(?::\d\d)?|第?\s?\d{1,2}\s?版|(?:https?://|www\.)\S{3,80})$"
)
"""What is left behind a source of what stood beside it: an empty label, a clock, a page, an address."""
_HAND = re.compile(
    r"\s?\((?:[^()]{0,8}(?:记者|通讯员|作者|文/图)\s[^()]{1,30}|([\u4e00-\u9fff\s、]{2,16}))\)$"
)
"""Who wrote, in brackets behind the source."""
_CHANNEL = re.compile(
    rf"(?<=[\u4e00-\u9fff]){EDGE}{{1,3}}(?=(?:客户端|APP|微信公众号|公众号|官网|网站|微博)(?![\u4e00-\u9fff]))"
)
"""Where a medium's link ends before its name does: ``<a>新华社</a>客户端``."""
_PIECES = re.compile(rf"[{EDGE}\t|]|\s{{1,9}}")
_MAKERS = re.compile(
    r"\s{1,9}(?:(?:作者|记者|编辑|通讯员|文/图|图/文|文图)\s|[文图摄]\s?/\s?[\u4e00-\u9fff]).*$"
)
"""Who made a release, behind its source and a blank."""
_LABEL_ON = re.compile(r"(?<=\S)\s{1,8}[\u4e00-\u9fff]{2,6}\s?:")
"""Another label behind a source, also one that no list has: ``水政科　内容概述：会议召开``."""
_LETTER = re.compile(r"[\u4e00-\u9fffA-Za-z]")
_PARTS = re.compile(rf"[{EDGE}\s•·|]+")
_ANY_META_SOURCE = (
    "contentsource",
    "source",
    "article:source",
    "mediaid",
    "copyfrom",
    "og:article:source",
)
_MEDIUM = re.compile(
    rf"(?:{one_of(words('media', 'endings'))}|[\u4e00-\u9fff]{{2}}财[联经]社|"
    r"(?:新浪|腾讯|搜狐|网易|凤凰)[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{2}财经)$"
)
_OFFICE = re.compile(rf"(?:{one_of(words('offices', 'endings'))})$")
"""Whose news it is, beside the date: ``[省发改委] 2016-04-01``, ``2020-11-05 | 区应急管理局``."""
_LABEL = re.compile(r"^[(\[【]?([\u4e00-\u9fff]{2,8})[)\]】]?(?::|(?<=[)\]】]))\s{0,9}(.*)$")
_NAMES_SOURCE = re.compile(
    "^(?!(?:配?图片?|照片|数据|资料|视频|音频|素材|资金|经费|政策|线索|案件|项目|问题|题目|货物|信件)来源)"
    "[\u4e00-\u9fff]{0,6}(?:来源|出处|稿源|媒体)$|"
    "(?:发布|公布|发文|制发|供稿|来稿|投稿|发稿|撰稿|稿件|信息|新闻|报送|上报|提供|报道|转载|来源|首发|原)(?:机关|单位|部门|科室|网站)$|"
    "^(?:官方)?(?:微信)?公众号$|^官方微[信博]$"
)
"""A label whose value is a source, also one that is not in the list of labels: it says who published.
图片来源 and 数据来源, 联系单位 and 采购单位 do not."""
_ISSUER = words("labels", "issuer")
_BUTTON = re.compile(r"^(?:听|看|读|播|点击|收听|下载|打开|更多|返回|进入|订阅|关注|分享|手机)")
_CITY = re.compile(r"\s?\((?:[\u4e00-\u9fff]{2}|ID\s?:\s?[\w-]{2,40})\)$", re.ASCII)
"""Where a medium wrote from, or its account: ``新华网(北京)``, ``青川号(ID:qingchuan)``."""
_COLUMN = re.compile(r"(?:新闻|发布|在线|传媒|财经)$")
_PICTURED = re.compile(r"供图|图虫|摄图网|视觉中国|图库|网络图片|截图")
_CAVEAT = re.compile("[,;]\\s{0,3}(?:如|侵|版权|仅|转载|若|请|不代表|图片)")
_PUBLISHER = re.compile(r"^[^\s|>:]{2,14}(?:报|社|台|网|客户端|中心|融媒|报道|APP)$")
_NAMED_SOURCE = re.compile(
    r"^[■●▲◆□*\s(\[【]{0,4}(?:(?:来源|稿源|素材来源|内容来源|文章来源)\s{0,3}[|/丨︱]\s{0,3}|"
    r"(?:本文|文章|稿件)?(?:转自|转载自|摘自|原载)\s{0,3}[|/丨︱]?\s{0,3})([^。,:]{2,30}?)[)\]】]?$"
)
_TAKEN_FROM = re.compile(
    r"^(?:(?:本文|文章|稿件|内容)(?:来源于?|来自|转自|转载自|摘自)|来自|转自|转载自|摘自|来源[|/丨︱])\s{0,2}"
)
_ORIGINAL = re.compile(r"^原创\s{1,4}(?=\S)")
_CREDITED = re.compile(
    r"[\s(]{1,3}(?:本报|本网|全媒体|特约)?(?:作者|记者|编辑|通讯员|实习生|文/图|图/文|文图)[\s:]{0,2}([^()]{2,40}?)\)?$"
)
"""Who made a release, behind its source: ``新华社（记者张三）``."""
_WAY = re.compile(r"[\[【(](?:整理|综合|编译|原创|转载|翻译|汇总|独家)[\]】)]?$")
"""How a medium came to a text: ``游民星空[整理]``."""
_ACCOUNTS = frozenset(words("media", "accounts"))
_NO_MEDIUM = frozenset(words("not_names", "words"))
"""举报 ends like a newspaper's name."""
_MAX_SOURCE = 40
_WINDOW = 30


def find_source(page: Page) -> Decision:
    """How the source was found; no winner where the page states none."""
    return first_of(page, RULES, VETOES)


def _by_selector(page: Page) -> Iterator[Candidate]:
    if stated := page.by_rules(page.rules.source):
        yield Candidate(_source_in(stated.value) or stated.value, stated.origin)


def _in_scripts(page: Page) -> Iterator[Candidate]:
    if stated := page.scripts.get("source"):
        yield Candidate(stated, "script")


def _role(page: Page) -> Iterator[Candidate]:
    yield from marked(page, "role:source")


def _of_family(page: Page) -> Iterator[Candidate]:
    """What the marks of a CMS hold."""
    for answer in page.by_family("source"):
        if value := _source_in(answer.value):
            yield Candidate(value, answer.origin)


def _labelled(page: Page) -> Iterator[Candidate]:
    """``来源：青川日报``."""
    for index, note in page.notes:
        value = _source(note.value) if note.kind == "source" else ""
        if value and not _is_credit(page, index, value):
            yield Candidate(value, "label:source", index)


def _is_credit(page: Page, index: int, value: str) -> bool:
    """Whether a label ends the caption of the picture above it: ``生产车间，来源：企业供图``."""
    if _PICTURED.search(value):
        return True
    blocks = page.layout.blocks
    above = blocks[index - 1] if index > page.text_begin else None
    return (
        above is not None and above.picture is not None and not is_label_line(blocks[index].plain)
    )


def _beside_date(page: Page) -> Iterator[Candidate]:
    """A medium's name in the line above the text that holds the date: ``新华社 2024-11-16``."""
    span = page.span
    if span is None:
        return
    blocks = page.layout.blocks
    for index in range(max(0, span.first - 12), min(len(blocks), page.text_begin + 3)):
        block = blocks[index]
        line = block.plain if len(block.text) < 80 and not block.hidden else ""
        found = MOMENT.search(line) or SHORT.search(line)
        row = block.cells and index and is_heading_row(blocks[index - 1].plain)
        if not found or row or "。" in line or block.linked * 2 > len(block.text) + 20:
            continue
        dated = f"{line[: found.start()]}{EDGE}{_DATE}{EDGE}{line[found.end() :]}"
        parts = _unlabelled(_PIECES.split(dated))
        for part in sorted(parts, key=lambda part: bool(_COLUMN.search(part))):
            name = _TAKEN_FROM.sub("", _WAY.sub("", _without_label(part.strip("[]() "))))
            office = _OFFICE.search(name) and (part != name or _stands_alone(page, index, name))
            if 2 <= len(name) <= 20 and (office or _is_medium(name, page)):
                yield Candidate(name, "line", index)
        yield from _beside(page, index)
        yield from _office_beside(page, index)


def _unlabelled(parts: list[str]) -> list[str]:
    """The parts of a line without those before which a label stands that names no source: 联系单位."""
    said = [part for part in parts if part.strip("[]() ")]
    pairs = zip(["", *said], said, strict=False)
    return [part for label, part in pairs if not _labels_other(label)]


def _labels_other(part: str) -> bool:
    """Whether a part is nothing but a label, and of no source."""
    word = part.strip("[]()【】 ")
    found = _ALONE.fullmatch(word)
    return found is not None and _NAMES_SOURCE.search(found[1]) is None


_DATE = "0"
"""What stands for the date in its line: the value of the label before it."""
_ALONE = re.compile(
    r"([\u4e00-\u9fff]{2,8})(?::|(?<=单位)|(?<=部门)|(?<=机关)|(?<=机构)|(?<=审核)|(?<=主办)|(?<=承办)|(?<=抄送))"
)


def _is_medium(name: str, page: Page) -> bool:
    """Whether a word is a medium's name: it sounds like one, or the page's title ends with it."""
    if _BUTTON.match(name) or ":" in name or name in _NO_MEDIUM:
        return False
    titled = len(name) > 3 and not name.isascii()  # of ``From: Town Government`` a word is no name
    return bool(_MEDIUM.search(name)) or (titled and page.title_key.endswith(key(name)))


def _beside(page: Page, index: int) -> Iterator[Candidate]:
    """A medium alone in the line before or behind, or the first word of such a line of a few words."""
    blocks = page.layout.blocks
    icon = index + 1 < len(blocks) and blocks[index + 1].picture is not None
    behind = min(index + 2 if icon else index + 1, len(blocks) - 1)
    for other in (*blocks[max(0, index - 1) : index], *blocks[behind : behind + 1]):
        parts = _PARTS.split(other.raw.strip(f" {EDGE}"), maxsplit=4)
        brief = len(parts) < 4 and len(other.text) < _MAX_SOURCE
        first = icon or (brief and key(other.text) not in page.title_key)
        name = plain(parts[0] if first else other.text)
        if (
            _PUBLISHER.match(name)
            and not _BUTTON.match(name)
            and not (other.linked or other.hidden or other.chrome)
        ):
            yield Candidate(name, "line")


def _office_beside(page: Page, index: int) -> Iterator[Candidate]:
    """An office alone in the item behind the date's; before the date stands the headline."""
    blocks = page.layout.blocks
    if index + 1 >= len(blocks):
        return
    date, other = blocks[index].owner, blocks[index + 1]
    furniture = other.linked or other.hidden or other.chrome or len(other.text) > 20
    if furniture or not (other.owner is date or other.owner.parent is date.parent):
        return
    name = plain(other.text).strip()
    if _labels_other(_PARTS.split(other.plain.strip(f" {EDGE}"), maxsplit=1)[0]):
        return
    if _OFFICE.search(name) and _stands_alone(page, index + 1, name):
        yield Candidate(name, "line", index + 1)


def _stands_alone(page: Page, index: int, name: str) -> bool:
    """Whether an office's name above the text is no label's value and not the site's own."""
    block, above = page.layout.blocks[index], page.layout.blocks[index - 1 : index]
    return (
        len(name) >= 4
        and ":" not in name
        and not (block.cells and len(name.split()) > 1)
        and index < page.text_begin
        and not any(name in note.value for note in labels_of(block))
        and not any(
            one.plain.rstrip(f" {EDGE}").endswith(":") or lone_label(one.text) for one in above
        )
        and not page.title_key.endswith(key(name))
        and key(name) != key(page.head.first("sitename", "og:site_name"))
    )


def _suppliers(page: Page) -> Iterator[Candidate]:
    """``供稿：机关党委``: an office that stands alone; beside a person it is where the person works."""
    for index, note in page.notes:
        if note.kind == "author" and note.label.startswith(("供稿", "撰稿", "来稿", "采编")):
            office = _source(note.value)
            if _OFFICE.search(office) and len(office) > 2 and " " not in short_value(note.value):
                yield Candidate(office, "label:supplier", index)


def _issuers(page: Page) -> Iterator[Candidate]:
    """``发布机关： 青川县民政局``: who put the page on the web, where no source is stated."""
    for index, note in page.notes:
        if note.label.strip(" :[]【】").startswith(_ISSUER) and (value := _source(note.value)):
            yield Candidate(value, "label:issuer", index)


def _accounts(page: Page) -> Iterator[Candidate]:
    """``扬眼`` ``企鹅号``: the account of a platform, above the text or right below it."""
    if page.span is None:
        return
    blocks = page.layout.blocks
    for index in range(max(1, page.span.first - _WINDOW), min(len(blocks), page.text_begin + 2)):
        name = blocks[index - 1].plain.strip(f" {EDGE}")
        shown = not (blocks[index].hidden or blocks[index - 1].hidden)
        if shown and blocks[index].text in _ACCOUNTS and 2 <= len(name) <= 20 and ":" not in name:
            yield Candidate(name, "account", index - 1)


def _in_last_lines(page: Page) -> Iterator[Candidate]:
    """``来源 | 青川日报``: a label without a colon, alone in its line, at the end."""
    end, last = page.text_end, page.span.last if page.span else 0
    below = page.layout.blocks[end : min(last, end + 4)]
    lines = (*(block.plain for block in (*page.article[-4:], *below)), *page.lines_cut_off)
    for line in lines:
        if found := _NAMED_SOURCE.match(line.replace(EDGE, "").strip()):
            yield Candidate(found[1].strip(), "byline:source")


def _in_metas(page: Page) -> Iterator[Candidate]:
    for name in _ANY_META_SOURCE if page.layers.head else ():
        if value := _source_in(page.head.first(name)):
            yield Candidate(re.sub(r"\s+原创稿?$", "", value), f"meta:{name}")


def _publisher(page: Page) -> Iterator[Candidate]:
    stated = page.head.stated("publisher") if page.layers.head else ""
    if value := _source_in(stated):
        yield Candidate(value, "jsonld")


def _source_in(text: str) -> str:
    """A source as a field states it, with or without the label in front."""
    line = plain(text).strip()
    notes = labelled(line)
    for note in notes:
        if note.kind == "source":
            return _source(note.value)
    return "" if notes else _source(line)


def _without_label(text: str) -> str:
    """A value without the label before it; empty where the label is another field's."""
    found = _LABEL.match(text)
    if found is None:
        return text
    return found[2] if _NAMES_SOURCE.search(found[1]) else ""


def _source(value: str) -> str:
    text = _LABEL_ON.split(_without_label(short_value(_CHANNEL.sub("", value))), maxsplit=1)[0]
    text = _WAY.sub("", _TAKEN_FROM.sub("", text)).strip()
    text = _ORIGINAL.sub("", _TRAIL.sub("", _TRAIL.sub("", text)))
    if (credit := _CREDITED.search(text)) and bare_names(credit[1]):
        text = text[: credit.start()].strip()
    text = _MAKERS.sub("", text)
    if (hand := _HAND.search(text)) and (hand[1] is None or bare_names(hand[1])):
        text = text[: hand.start()]
    if (behind := _NAME_BEHIND.match(text)) and bare_names(behind[2]):
        text = behind[1]
    address = text.startswith(("http", "www."))
    if len(text) > _MAX_SOURCE or text in ACCOUNTS or address or not _LETTER.search(text):
        return ""
    text = _CITY.sub("", _CAVEAT.split(text, maxsplit=1)[0])
    cut = "。" in text or text.count("“") != text.count("”")
    return "" if cut else text


def marked(page: Page, role: str) -> Iterator[Candidate]:
    """Short texts in elements above the text whose class says what they are."""
    span = page.span
    if span is None:
        return
    for element in page.layout.marks(role):
        if (
            element.hidden
            or element.last < span.first - _WINDOW
            or element.first > page.text_begin + 1
        ):
            continue
        text = page.layout.text_of(element, " ")
        if 2 <= len(text) <= _MAX_SOURCE and (value := _source_in(text)):
            yield Candidate(value, f"marks:{element.marks}")


def _rule(name: str, says: str, find: Callable[[Page], Iterator[Candidate]]) -> Rule:
    reads, refuses = SOURCE.get(name, ((), ()))
    return Rule(name, "source", says, find, reads, refuses)


RULES = (
    _rule("rules", "The source's own selector.", _by_selector),
    _rule("family", "An element that a CMS family marks as the source.", _of_family),
    _rule("label:source", "What stands behind 来源 and the like near the text.", _labelled),
    _rule("marks", "A short element above the text whose class says source.", _role),
    _rule("line", "A medium or an office beside the date.", _beside_date),
    _rule(
        "byline:source",
        "来源 | 青川日报, 转自青川日报 alone in one of the last lines.",
        _in_last_lines,
    ),
    _rule("account", "The name above the word for a platform's account.", _accounts),
    _rule("script", "What the script that holds the article states beside it.", _in_scripts),
    _rule("meta", "ContentSource and its likes in the head.", _in_metas),
    _rule("jsonld", "The publisher of the page's JSON-LD.", _publisher),
    _rule("label:supplier", "The office behind 供稿, where else a person is named.", _suppliers),
    _rule("label:issuer", "Who put the page on the web: 发布机关, 发布单位.", _issuers),
)
"""In the order of their trust."""


def _is_cut(page: Page, one: Candidate) -> bool:
    """``来源：中国青川…``: the head states it whole."""
    cut = isinstance(one.value, str) and one.value.endswith(("…", "...", ".."))
    return cut and any(stated.value != one.value for stated in _in_metas(page))


_CUT = Example(
    "<h1>内涝点整治提速</h1><p>2024-05-06　来源：中国青川…</p><p>会议强调，要坚持问题导向，对照台账逐项销号，确保汛期来临前排水能力提升。</p>",
    "中国青川网",
    head="<meta name='ContentSource' content='中国青川网'>",
)
VETOES = (
    Veto(
        "cut",
        "source",
        "A shown name that ends with … where the head states one.",
        _is_cut,
        (_CUT,),
    ),
)
