"""When a release was published: what the page shows, checked against what its head states.

The shown time wins over PubDate where the two differ by days: on 3 of 36 government pages PubDate
was the day of a migration, up to 13 years after the shown date (miit.gov.cn, 2023). Where both
name the same day the more exact one is taken. A time inside the text is content: header, meta
and address outrank it, and its clock is never borrowed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from functools import partial

from scraper.page.body.evidence import is_posted
from scraper.page.dated import RANGE_ON, Sense, is_event_line, is_told_beside, label_sense, sense_of
from scraper.page.examples import rules_of, vetoes_of
from scraper.page.fields.dated_lines import is_row, issued_at, own_links, pieced
from scraper.page.fields.official import issued_day
from scraper.page.layout.head import moments_stated
from scraper.page.layout.lines import EDGE, Block
from scraper.page.rules.page import Page
from scraper.page.rules.rule import Candidate, Decision, Rule, candidates, up_to
from scraper.text.dated_addresses import read_address, url_moment
from scraper.text.moments import Moment, Order, Yearless
from scraper.text.plain import key, plain
from scraper.text.times import (
    MOMENT,
    PUBLICATION,
    at_midnight,
    moments,
    order_of,
    read_brief,
    read_day,
    read_moment,
    read_split,
    read_yearless,
    unordered,
    yearless,
)
from scraper.text.years import Completed, completed

_AHEAD = dt.timedelta(days=1)
_OFFICIAL = re.compile(r"成文|生成日期|发文|索引|文号|失效|生效|废止|实施|施行|执行")
_DIGITS = re.compile(r"\d[\d:月]")
_NUMERALS = re.compile("年[〇○零一二三四五六七八九十]{1,3}月")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
_TOUCHING_CLOCK = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)\s{1,3}(?=\d{1,2}:\d\d)"
)
"""``20230914 20:26``: figures that touch are a day where a time of day is behind them."""
_STAMP = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]{5,15}(?:Z|[+-]\d\d:?\d\d)$")
_DAY_OF = re.compile("[\u4e00-\u9fff]{1,8}(?:日期|时间|期限|期)")
_TODAY = re.compile("今天是|今日是|现在是|当前时间|北京时间|农历")
_CLOCK_LIKE = re.compile(r"\d\s?[:时点]\s?\d")
_FILLED = re.compile(r"[\d\t]")
_LABEL = 12
"""A longer line holds more than a label."""
_WINDOW, _NEAR, _CUT_OFF = 30, 16, 6
_LINE = 200


def find_published(page: Page) -> Decision:
    """How the publication time was found; no winner where page and address state none."""
    decision = Decision()
    for group in _GROUPS:
        found = up_to(candidates(page, group, VETOES, decision), page, partial(_decides, group))
        if decision.winner is None:
            decision.winner = _winner(found, group)
        elif group is _HEAD and found:
            decision.winner = _agreed(decision.winner, found[0])
        elif group is _ELSEWHERE and found:
            decision.winner = _refined(decision.winner, found)
        decision.losers += [one for one in found if one is not decision.winner]
        if decision.winner and not page.asked and group is not _SHOWN and _is_done(decision.winner):
            break
    return decision


def _decides(group: tuple[Rule, ...], found: list[Candidate]) -> bool:
    """Whether no later candidate of a group can win, or make the first one's time more exact."""
    first, last = found[0].value, found[-1].value
    if group is _SHOWN:
        return bool(last.precision != "day" and last.day == first.day)
    return group is not _ELSEWHERE


_REFINES = "label:updated"
"""When a page was changed is no publication; of the day that head or address state it is the clock."""


def _is_done(winner: Candidate) -> bool:
    """Whether nothing could make the winner more exact: only the head's bare day lacks a clock."""
    return not (winner.origin.startswith("meta") and winner.value.precision == "day")


def _refined(winner: Candidate, found: list[Candidate]) -> Candidate:
    """The head's bare day, or the address's, with the clock that the page shows of that day."""
    updated = next((one for one in found if one.origin.startswith(_REFINES)), None)
    bare = winner.value.precision == "day" and winner.origin.startswith(("meta", "url"))
    if updated is None or not bare or updated.value.day != winner.value.day:
        return winner
    return Candidate(updated.value, f"{winner.origin}+{updated.origin}", updated.line)


def _winner(found: list[Candidate], group: tuple[Rule, ...]) -> Candidate | None:
    if not found:
        return None
    if group is _SHOWN:
        return _finest(found)
    stated = (one for one in found if not one.origin.startswith(_REFINES))
    first = next(stated, None)
    return _refined(first, found) if first else None


def _finest(found: list[Candidate]) -> Candidate:
    """A label's bare day gives way to another line that states the same day's clock."""
    first: Candidate = found[0]
    if first.value.precision != "day":
        return first
    finer = (one for one in found if one.value.precision != "day")
    return next((one for one in finer if one.value.day == first.value.day), first)


def _agreed(shown: Candidate, head: Candidate) -> Candidate:
    mine, theirs = shown.value, head.value
    if mine.day != theirs.day or shown.origin.startswith("rules"):
        return shown
    exact = ("day", "minute", "second")
    finer = exact.index(theirs.precision) > exact.index(mine.precision)
    if not finer or (mine.precision == "minute" and mine.at != theirs.at.replace(second=0)):
        return shown
    return Candidate(theirs, f"{shown.origin}+{head.origin}", shown.line)


def _moment_in(page: Page, text: str) -> tuple[Moment, str] | None:
    """The first moment of a text, and ``+`` with what told its year where the text does not."""
    if moment := read_moment(text, order=_order(page) if _IN_TWO.search(text) else None):
        return moment, ""
    line = plain(text)
    day = next((day for _, _, day in yearless(line)), None) or read_yearless(line)
    found = _with_year(page, day) if day else None
    return (found.moment, _EVIDENCE[found.evidence]) if found else None


def _with_year(page: Page, day: Yearless) -> Completed | None:
    """A day with the year that row, page or address tell, or else its receipt."""
    stated = (page.stated_day,) if page.stated_day else ()
    address = read_address(page.url, page.rules.url_date)
    found = completed(day, listed_on=page.listed_on, page_days=stated, address=address)
    if found or page.received_at is None:
        return found
    return completed(
        day,
        listed_on=page.listed_on,
        page_days=(*stated, *_days_told(page)),
        address=address,
        received_at=page.received_at,
    )


def _days_told(page: Page) -> tuple[dt.date, ...]:
    """The full days in the text, each once."""
    days: tuple[dt.date, ...] = page.once("days", _days_in)
    return days


def _days_in(page: Page) -> tuple[dt.date, ...]:
    lines = (block.plain for block in page.body)
    return tuple({moment.day for line in lines for _, _, moment in moments(line)})


_EVIDENCE = {"list": "+listed_on", "page": "", "address": "", "received": "+received_at"}
_IN_TWO = re.compile(r"\d[/.-]\d{1,2}[/.-]\d{4}")


def _order(page: Page) -> Order | None:
    """Which figure of ``06/02/2022`` is the day, as the page's other days of that form show."""
    order: Order | None = page.once("order", _order_in)
    return order


def _order_in(page: Page) -> Order | None:
    lines = (block.plain for block in page.layout.blocks if _IN_TWO.search(block.raw))
    return order_of(day for line in lines for _, _, day in unordered(line))


def _by_selector(page: Page) -> Iterator[Candidate]:
    """The source's own selector."""
    stated = page.by_rules(page.rules.published_at)
    if stated and (told := _moment_in(page, stated.value)):
        yield Candidate(told[0], stated.origin + told[1])


def _by_family(page: Page) -> Iterator[Candidate]:
    """An element that a CMS family marks as the time."""
    for answer in page.by_family("published_at", EDGE):
        if told := _moment_in(page, answer.value.replace(EDGE, " ")):
            yield Candidate(told[0], answer.origin + told[1])


def _labelled(page: Page) -> Iterator[Candidate]:
    """Values of 发布时间 and the like; of 时间 and 日期 only outside the text."""
    for index, sense, value in _times(page):
        if sense in {Sense.OTHER, Sense.UPDATED} or _is_range(value):
            continue
        if sense is Sense.GENERIC and is_event_line(page, index):
            continue
        if told := _of_label(value, page):
            yield Candidate(told[0], f"label:time{told[1]}", index)


def _updated(page: Page) -> Iterator[Candidate]:
    """更新时间 above the text: the clock of the day that head or address state, and no day of its own.

    Sites that show no other time mean publication by it (www.bjshy.gov.cn, 2024: PubDate is its day).
    """
    for index, sense, value in _times(page):
        above = index < page.text_begin
        if above and sense is Sense.UPDATED and (told := _of_label(value, page)):
            yield Candidate(told[0], f"{_REFINES}{told[1]}", index)


def _times(page: Page) -> Iterator[tuple[int, Sense, str]]:
    """The labels of times near the text: line, what the label says of the date, and the date."""
    notes = [(index, note) for index, note in page.notes if note.kind == "time"]
    lines = {index: at for at, index in reversed(list(enumerate(i for i, _ in notes)))}
    notes.sort(key=lambda one: (lines[one[0]], _EXPRESS.match(one[1].label) is None))
    for index, note in notes:
        sense = label_sense(_AROUND.sub("", note.label))
        yield index, sense, note.value.replace(EDGE, " ")


_EXPRESS = re.compile(rf"[\s{EDGE}\[【(]{{0,6}}(?:发布|發佈|發布|发表|刊发|刊登|Published|Posted)")
"""The label that, of several in a line (创建时间, 上传时间), says when a release was published."""


_AROUND = re.compile(rf"[\s{EDGE}:\])】]")
"""What is in a label's text beside its word."""


def _is_range(value: str) -> bool:
    found = MOMENT.search(value)
    return found is not None and RANGE_ON.match(value[found.end() :]) is not None


def _of_label(value: str, page: Page) -> tuple[Moment, str] | None:
    """A label's value is a date also where it is ``20240506`` or in numerals."""
    if told := _moment_in(page, value):
        return told
    moment = read_brief(value[:20]) or at_midnight(read_day(_COMPACT.sub(r"\1-\2-\3", value[:40])))
    believed = moment is not None and moment.day.year >= PUBLICATION.first  # 1970-01-01 is no day
    return (moment, "") if moment and believed else None


def _above(page: Page) -> Iterator[Candidate]:
    """A date in a short line above the text; nearest to the text first."""
    for index in _upwards(page):
        if _may_date(page, index) and not _is_weak(page, index):
            yield from _in_line(page, index, "line")


def _below(page: Page) -> Iterator[Candidate]:
    """A date in the lines right below the text's container."""
    span = page.span
    if span is None:
        return
    blocks = page.layout.blocks
    cut_off = range(page.text_end, span.last) if page.text_end else ()
    told = [index for index in cut_off[:_CUT_OFF] if is_posted(blocks[index].text)]
    for index in (*told, *range(span.last, min(len(blocks), span.last + 4))):
        yield from _in_line(page, index, "below")


def _in_text(page: Page) -> Iterator[Candidate]:
    """A day alone in a line of the text is as often that of signing; one far above is another's."""
    for index in _upwards(page):
        if _may_date(page, index) and _is_weak(page, index):
            yield from _in_line(page, index, "line:text")


def _upwards(page: Page) -> Iterable[int]:
    """The lines from the text's beginning upwards."""
    if page.span is None:
        return ()
    last = min(page.text_begin + 3, len(page.layout.blocks))
    return range(last - 1, max(-1, page.span.first - _WINDOW), -1)


def _may_date(page: Page, index: int) -> bool:
    """Whether a line is short enough for a date to be more than a word of it, and has figures."""
    text = page.layout.blocks[index].text
    if len(text) > _LINE:
        return False
    return bool(_DIGITS.search(text) or ("年" in text and _NUMERALS.search(text)))


def _is_weak(page: Page, index: int) -> bool:
    """Whether a date of a line is rather the text's, or something's far above, than the release's."""
    block, span = page.layout.blocks[index], page.span
    inside = span is not None and index >= span.first
    if index < page.text_begin - _NEAR:
        return True
    if not inside or "来源" in block.text:
        return False
    if not _CLOCK_LIKE.search(block.plain):
        return not _under_headline(page, index)
    return is_event_line(page, index) and index >= page.text_begin


def _in_line(page: Page, index: int, name: str) -> Iterator[Candidate]:
    block, blocks = page.layout.blocks[index], page.layout.blocks
    if block.hidden or block.picture is not None or own_links(block) * 2 > len(block.text):
        return
    if not _may_date(page, index):
        return
    if _OFFICIAL.search(block.text) or _TODAY.search(block.text) or is_row(blocks, index):
        return
    if index and _is_of_another(blocks[index - 1]):
        return
    line = pieced(blocks, index) or block.raw
    if len(line) <= _LINE and (told := _dated(plain(line), page, index)):
        yield Candidate(told[0], name + told[1], index)


def _is_of_another(above: Block) -> bool:
    """Whether the element before is a label alone (到期日期, 成文日期：) that says of what else a date is."""
    text = above.plain.rstrip(f" {EDGE}")
    alone = len(text) <= _LABEL and not _FILLED.search(text)
    if _OFFICIAL.search(text[:20]) and (alone or text.endswith((":", "\t"))):
        return True
    label = "".join(above.plain.replace(EDGE, "").split()).strip(":[]【】")
    return _DAY_OF.fullmatch(label) is not None and label_sense(label) is Sense.OTHER


def _under_headline(page: Page, index: int) -> bool:
    """Whether a line stands above the text, right below what ``title`` says."""
    above = key(page.layout.blocks[index - 1].text) if index else ""
    return index < page.text_begin and len(above) >= 6 and above in page.title_key


_TAKEN = frozenset((Sense.PUBLISHED, Sense.GENERIC, Sense.BARE))


def _dated(line: str, page: Page, index: int) -> tuple[Moment, str] | None:
    """The date of a line that is little more than a date (and labels, source, counters)."""
    text = line.replace(EDGE, " ")
    if _TOUCHING_CLOCK.search(text):
        text = _TOUCHING_CLOCK.sub(r"\1-\2-\3 ", text)
        line = _TOUCHING_CLOCK.sub(r"\1-\2-\3 ", line)
    if _STAMP.match(text.strip()):
        return _moment_in(page, text.strip())
    for start, end, moment in moments(text):
        rest = len(text.strip()) - (end - start)
        if rest <= 60 and "。" not in text and _is_taken(page, index, line, start, end):
            return moment, ""
    for start, end, day in unordered(text) if _IN_TWO.search(text) else ():
        rest = len(text.strip()) - (end - start)
        if rest <= 60 and _is_taken(page, index, line, start, end):
            known = day.ordered(_order(page))
            return (known, "") if known else None
    if len(text) < 24 and (split := read_split(text)):
        return split, ""
    if ":" in text and len(text) < 60 and (brief := read_brief(text)):
        return (brief, "") if brief.precision != "day" else None
    return _briefly(line, page, index)


def _briefly(line: str, page: Page, index: int) -> tuple[Moment, str] | None:
    """A day without its year, or in slashes, in a line that has hardly room for more."""
    text = line.replace(EDGE, " ")
    if MOMENT.search(text) or len(text.replace(" ", "")) >= 28:
        return None
    for start, end, _ in yearless(text):
        if not _is_taken(page, index, line, start, end):
            return None
        alone = "来源" in text or len(text.strip()) <= end - start + 4
        return _moment_in(page, text) if alone or ":" in text[start:end] else None
    if ":" in text and text.strip().isdigit():
        return _moment_in(page, text)
    if len(text) < 12 and read_yearless(text):
        return _moment_in(page, text)
    day = at_midnight(read_day(text)) if "月 " in text else None
    return (day, "") if day else None


def _is_taken(page: Page, index: int, line: str, start: int, end: int) -> bool:
    """Whether a line's date can be that of publication; ``line`` has edges, all as wide as a blank."""
    sense = sense_of(line, start, end)
    if sense is Sense.GENERIC:
        return not is_event_line(page, index)
    if sense is Sense.BARE and (moment := next(moments(line), None)):
        return not is_told_beside(page, index, moment[2].day)
    return sense in _TAKEN


def _in_metas(page: Page) -> Iterator[Candidate]:
    """PubDate and its likes in the head."""
    if page.layers.head:
        found = [(name, at) for name, at in moments_stated(page.head) if name != "jsonld"]
        if found and found[0][1].precision == "day":  # another may state the same day's clock
            day = found[0][1].day
            found.sort(key=lambda one: one[1].day != day or one[1].precision == "day")
        for origin, moment in found:
            yield Candidate(moment, origin)


def _linked(page: Page) -> Iterator[Candidate]:
    """DatePublished of the page's JSON-LD."""
    if page.layers.head:
        for origin, moment in moments_stated(page.head):
            if origin == "jsonld":
                yield Candidate(moment, origin)


def _in_elements(page: Page) -> Iterator[Candidate]:
    """The first ``time datetime`` (HTML §4.5.14) of the article that is not of a change."""
    if not page.head.timed:
        return
    for node in page.tree.css(_TIMES)[:_FEW]:
        marks = node.attributes.get("class") or ""
        if "updated" in marks or "modified" in marks:
            continue
        if moment := read_moment(node.attributes.get("datetime") or ""):
            yield Candidate(moment, "time")
        return


_TIMES = "article time[datetime], main time[datetime]"
_FEW = 4


def _in_scripts(page: Page) -> Iterator[Candidate]:
    """What the script that holds the article states beside it."""
    stated = page.scripts.get("published_at")
    if stated and (moment := read_moment(stated)):
        yield Candidate(moment, "script")


def _of_document(page: Page) -> Iterator[Candidate]:
    """发布日期 or 发文日期 of the document's block."""
    issued = issued_day(page)
    if issued and (moment := at_midnight(issued[0])):
        yield Candidate(moment, "document", issued[1])


def _in_address(page: Page) -> Iterator[Candidate]:
    """The day in the page's address."""
    if moment := url_moment(page.url, page.rules.url_date):
        yield Candidate(moment, "url")


_STATED = rules_of("published_at", ("rules", _by_selector))
_SHOWN = rules_of(
    "published_at",
    ("family", _by_family),
    ("label:time", _labelled),
    ("line", _above),
    ("issued", issued_at),
    ("below", _below),
)
_HEAD = rules_of("published_at", ("meta", _in_metas), ("jsonld", _linked), ("time", _in_elements))
_ELSEWHERE = rules_of(
    "published_at",
    ("script", _in_scripts),
    ("document", _of_document),
    ("url", _in_address),
    (_REFINES, _updated),
    ("line:text", _in_text),
)
_GROUPS = (_STATED, _SHOWN, _HEAD, _ELSEWHERE)
RULES = tuple(rule for group in _GROUPS for rule in group)


def _is_ahead(page: Page, one: Candidate) -> bool:
    """Nothing was published more than a day after the page was received."""
    return page.received_at is not None and one.value.at > page.received_at + _AHEAD


VETOES = vetoes_of("published_at", ("ahead", _is_ahead))
