"""What stands above an article inside its container: headline, labels, dates, scraps; and what of it is text."""

from __future__ import annotations

import re
from itertools import pairwise

from scraper.page.body.evidence import EVENT, SENTENCE, is_posted, weight
from scraper.page.body.furniture import furniture_rule
from scraper.page.body.rule import Zone, Zoning, rule
from scraper.page.dated import is_content
from scraper.page.layout.labels import is_label_line, labels_of
from scraper.page.layout.lines import EDGE, Block, Element, past
from scraper.page.rules.page import Page
from scraper.text.plain import key
from scraper.text.times import MOMENT, SHORT
from scraper.text.vocabulary import one_of, words

RULES = (
    rule("headline", Zone.HEADLINE, "The headline again, in the text's container."),
    rule(
        "scraps",
        Zone.MASTHEAD,
        "What stands above the headline or the labels: menus, tools, lines of the site.",
    ),
    rule(
        "labels",
        Zone.BYLINE,
        "Lines of labels or dates above the first paragraph; an event's are text.",
    ),
    rule("document-block", Zone.BYLINE, "索引号：, 发文机关： and the like above the text."),
    rule("posted-above", Zone.BYLINE, "By John Smith, Posted on March 3, 2008 above the text."),
    rule("counted", Zone.BYLINE, "A date with the number of readers, or before a bar."),
    rule(
        "lead-in", Zone.TEXT, "Number, order and promulgation before a repeated headline are text."
    ),
    rule("more-labels", Zone.BYLINE, "作者： or a lone figure right below the labels."),
    rule("labelled-summary", Zone.FURNITURE, "摘要： above the text."),
    rule("summary", Zone.FURNITURE, "A box marked as summary that says the text again, or cut."),
    rule(
        "headline-below",
        Zone.MASTHEAD,
        "A menu or notice above the headline is passed over in search of it.",
    ),
)
_NAMED = 40
_SUMMARY = re.compile(r"^[\[【(（]?(?:内容)?摘要[\]】)）]?\s{0,2}[:：]")
_DATED = re.compile(MOMENT.pattern + r"\s{0,3}[|·•]")
_IN_NUMERALS = re.compile("[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月")
_FIGURE = re.compile(r"^[\d,.]{1,8}$")
_FILED = re.compile(
    r"^[\[【]?(?:索\s{0,2}引\s{0,2}号|(?:发文|发布|制发|制定)(?:机关|机构|单位|字号)|主题分类|信息分类|组配分类|成文日期|生成日期|信息索引号?|公开(?:方式|范围)|"
    r"有\s{0,2}效\s{0,2}性|是否有效|时\s{0,2}效\s{0,2}性|效力状态|文\s{0,6}号|文件编号|统一编号|主\s{0,2}题\s{0,2}词)[\]】]?\s{0,2}:"
)
_COUNTED = re.compile(r"^\W{0,6}(?:已?被?)(?:阅读|浏览|点击|访问)\W{0,4}\d{0,9}\s{0,2}次?\W{0,6}$")
"""What is left of ``（2016-09-22　阅读176次）`` without the date."""
_HEADER, _LINES = 80, 20
"""How far down a first paragraph, or without one a headline or line of labels, is looked for."""


def summaries(page: Page, zoning: Zoning) -> set[int]:
    """The blocks of a box above the text that is marked as its summary and says it again, or cut.

    A summary in its own words is the text's first paragraph (qq.com, 2019).
    """
    found: set[int] = set()
    if page.span is None or not zoning.on("summary"):
        return found
    for element in page.layout.marks("role:summary")[:_SUMMARIES]:
        inside = page.layout.inside(element) if isinstance(element, Element) else []
        within = page.span.first <= element.first and past(element) < page.span.last
        brief = 0 < len(inside) <= _SUMMED and weight(inside) * 2 < weight(page.body)
        if within and brief and element.first <= page.text_begin and _repeats(page, inside):
            found.update(map(id, inside))
            zoning.put(inside, "summary")
    return found


def _repeats(page: Page, box: list[Block]) -> bool:
    text = box[0].text.strip()
    begun = text[:_BEGUN]
    again = sum(begun in block.text for block in page.body) > 1
    return text.endswith(("…", "...")) or (len(begun) == _BEGUN and again)


_BEGUN = 16
_SUMMARIES, _SUMMED = 3, 3
"""How many marked boxes are looked at, and how many lines such a box has."""


def without_head_lines(page: Page, blocks: list[Block], title: str, zoning: Zoning) -> list[Block]:
    """Without headline, label lines and scraps above the first paragraph."""
    top = _headline_at(blocks, title) if zoning.on("headline-below") else 0
    notes = _notes_among(page, blocks, title, zoning)
    headed = zoning.on("headline")
    prose = (
        i
        for i in range(top, min(len(blocks), _HEADER))
        if blocks[i].prose and id(blocks[i]) not in notes and key(blocks[i].text) != title
    )
    above = [block for block in blocks[: next(prose, max(top, _LINES))] if block.picture is None]
    begin = 0
    for index in reversed(range(len(above))):
        if (headed and key(above[index].text) == title) or id(above[index]) in notes:
            begin = blocks.index(above[index]) + 1
            break
    led = _lead_in(page, blocks[:begin], notes, title, zoning) if zoning.on("lead-in") else []
    if not led and not zoning.on("scraps"):
        led = [b for b in blocks[:begin] if id(b) not in notes and key(b.text) != title]
    _tell(blocks[:begin], led, notes, title, zoning)
    rest = led + blocks[begin:] if begin else blocks
    while begin and not led and len(rest) > 1 and _goes_with_labels(rest[0]):
        if not zoning.on("more-labels"):
            break
        zoning.put(rest[:1], "more-labels")
        rest = rest[1:]
    summed = len(rest) > 1 and _SUMMARY.match(rest[0].text) and rest[1].prose
    if summed and zoning.on("labelled-summary"):
        zoning.put(rest[:1], "labelled-summary")
        return rest[1:]
    return rest


def _tell(
    above: list[Block], led: list[Block], notes: dict[int, str], title: str, zoning: Zoning
) -> None:
    kept = set(map(id, led))
    for block in above:
        if id(block) in notes:
            zoning.put([block], notes[id(block)])
        elif key(block.text) == title:
            zoning.put([block], "headline")
        elif id(block) not in kept:
            zoning.put([block], "scraps")


def _notes_among(page: Page, blocks: list[Block], title: str, zoning: Zoning) -> dict[int, str]:
    """By identity, the first lines that are labels or dates with their rule; an event's are content."""
    notes = [(b, name) for b in blocks[:_HEADER] if (name := _note_rule(b, zoning))]
    if zoning.on("labels"):
        pairs = pairwise(blocks[:_HEADER])
        notes += [(b, "labels") for head, b in pairs if _is_day(b) and key(head.text) == title]
    return {id(b): name for b, name in notes if name == "document-block" or not is_content(page, b)}


def _is_day(block: Block) -> bool:
    """Whether a line is a day, and perhaps a clock, a medium and a counter: below a headline its label.

    A day without its year (06-13 09:12) needs its clock.
    """
    line = " ".join(block.plain.replace(EDGE, " ").split())
    found = (MOMENT.search(line) or SHORT.search(line)) if len(line) <= _DAY else None
    if found is None:
        return False
    rest = _BESIDE_DAY.sub("", f"{line[: found.start()]} {line[found.end() :]}").strip(" |·")
    return not rest or _MEDIUM.fullmatch(rest) is not None


_DAY = 40
_BESIDE_DAY = re.compile(
    r"星期[一二三四五六日天]|周[一二三四五六日]|(?:阅读|浏览|点击)(?:量|数|次数)?\W{0,3}[\d.]{1,9}万?次?"
)
_MEDIUM = re.compile(rf"[\u4e00-\u9fff]{{0,10}}(?:{one_of(words('media', 'endings'))})")


_NUMBERED = re.compile(
    r"[\u4e00-\u9fff]{1,12}\s?[〔\[(（【]\s?(?:19|20)\d\d\s?[〕\])）】]\s?第?\s?\d{1,5}\s?号|"
    r"^(?:[\u4e00-\u9fff]{2,30}(?:令|公告|通告|决定))?\s?[(（]?第?\s?[\d〇零一二三四五六七八九十百]{1,8}\s?号[)）]?$|"
    r"[(（](?:19|20)\d\d年\s?第?\s?\d{1,5}\s?号[)）]|令\s?第?\s?[\d〇零一二三四五六七八九十百]{1,8}\s?号"
)
"""A document's number, or an order's: 青政发〔2024〕7号, 令第179号."""
_HEADS_PAPER = re.compile(
    rf"^[\u4e00-\u9fff]{{2,30}}(?:令|公告|通告|文件)$|^[〔\[(【]\s?(?:19|20)\d\d\s?[〕\])】]\s?第?\s?\d{{1,5}}\s?号$|"
    r"^[(（].{0,60}(?:通过|批准|公布|发布|修订|修正|公开|印发|施行)[^()（）]{0,60}[)）]$|"
    rf"^(?:[\u4e00-\u9fff]{{2,30}}(?:{one_of(words('offices', 'endings'))})[\s\n]{{1,4}}){{1,5}}[\u4e00-\u9fff]{{2,30}}(?:{one_of(words('offices', 'endings'))})$"
)
"""The paper's heading without a number: 青川县人民政府令, two offices, （此件公开发布）, （…常委会第五次会议通过）."""
_SERIAL = re.compile(r"^编\s{0,2}号\s{0,2}:\s{0,2}\S{4,40}$")
_PROMULGATED = re.compile(r"》.{0,80}(?:通过|批准|同意|审议|修订).{0,60}(?:公布|发布|印发|施行)")


def _lead_in(
    page: Page, above: list[Block], notes: dict[int, str], title: str, zoning: Zoning
) -> list[Block]:
    """What stands in the text before its repeated headline and belongs to an official document.

    Number, order and promulgation are the document's first lines; with them its headline stays.
    """
    first = next((i for i, b in enumerate(above) if b.picture is None and _leads_in(page, b)), None)
    if first is None or not any(key(block.text) == title for block in above[first + 1 :]):
        return []
    if _FILED.match(above[first].plain):
        return []
    return [
        block
        for block in above[first:]
        if id(block) not in notes and not furniture_rule(block, zoning.off)
    ]


def _leads_in(page: Page, block: Block) -> bool:
    """Whether a line is a number or a promulgation; one with a label is of the document's block.

    What has no number must stand as the text's paragraphs do.
    """
    text = block.text
    headed = len(text) <= 120 and (_HEADS_PAPER.match(text) or _SERIAL.match(block.plain.strip()))
    if headed and not block.linked and _stands_as_text(page, block):
        return True
    if block.cells or labels_of(block) or ":" in block.plain[:12]:
        return False
    if len(text) <= 60 and _NUMBERED.search(text):
        return True
    return len(text) <= 400 and _PROMULGATED.search(text) is not None


def _stands_as_text(page: Page, block: Block) -> bool:
    container, owner = page.span.element if page.span else None, block.owner
    bare = owner.parent is container is not None and not owner.marks
    return bare or page.is_among_paragraphs(block.number)


def _goes_with_labels(block: Block) -> bool:
    """Whether a line below the labels is another: 作者：, or how often the page was read."""
    if _FIGURE.match(block.text):
        return True
    named = len(block.text) < _NAMED and re.match(
        r"(?:文章|本文)?作\s{0,4}者\s{0,2}:", block.plain.strip()
    )
    return bool(named) and not SENTENCE.search(block.text)


def _headline_at(blocks: list[Block], title: str) -> int:
    """Where the headline stands if little stands above it: a menu, a notice to readers."""
    lines = enumerate(blocks[:_HEADER])
    at = next((i for i, block in lines if len(block.text) < 150 and key(block.text) == title), 0)
    return at if at and 3 * weight(blocks[:at]) < weight(blocks[at:]) else 0


def _note_rule(block: Block, zoning: Zoning) -> str | None:
    """The rule by which a block is a line of labels, or a date alone."""
    line = block.plain
    if len(line) > _NOTE or "。" in line:
        return None
    dated = MOMENT.search(line) is not None or _IN_NUMERALS.search(line) is not None
    if EVENT.match(line) and not dated:
        return None
    kinds = {note.kind for note in labels_of(block)}
    told = len(kinds) > 1 or is_label_line(line) or dated
    if kinds & {"source", "time"} and told and len(line) < _LABELS and zoning.on("labels"):
        return None if line.startswith(("采写", "文/")) else "labels"
    if _FILED.match(line) and zoning.on("document-block"):
        return "document-block"
    if kinds and dated and is_label_line(line) and zoning.on("labels"):
        return "labels"
    posted = is_posted(block.text) and zoning.on("posted-above")
    counted = not posted and zoning.on("counted") and _is_counted(block, labelled=bool(kinds))
    return "posted-above" if posted else "counted" if counted else None


_NOTE, _LABELS = 160, 120


def _is_counted(block: Block, *, labelled: bool) -> bool:
    """Whether a line is a date and little more: readers, a bar, a clock."""
    text, line = block.text, block.plain
    dated = MOMENT.search(block.line)
    if not dated:
        return False
    rest = len(text) - (dated.end() - dated.start())
    counted = _COUNTED.match(line[: dated.start()] + line[dated.end() :]) is not None
    led = dated.start() == 0 and (labelled or _DATED.match(line) is not None) and rest < 40
    return counted or led or (":" in dated[0] and rest < 24)
