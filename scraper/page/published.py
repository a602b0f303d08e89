"""When a release was published: what the page shows, checked against what its head states.

The shown time wins over PubDate where the two differ by days: on 3 of 36 government pages PubDate
was the day of a migration, up to 13 years after the shown date (miit.gov.cn, 2023). Where both
name the same day the more exact one is taken.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.page.dates import (
    MOMENT,
    Moment,
    at_midnight,
    moments,
    read_brief,
    read_day,
    read_moment,
    read_split,
    url_moment,
)
from scraper.page.layout import EDGE, Block
from scraper.page.official import document_of
from scraper.page.page import Page
from scraper.page.text import key, plain

_AHEAD = dt.timedelta(days=1)
_METAS = (
    "pubdate", "publishdate", "article:published_time", "publish_time", "og:release_date",
    "publishtime", "datepublished", "apub:time", "og:published_time", "date", "dc.date.issued",
    "weibo: article:create_at", "_pubtime", "createdate", "pubtime", "releasetime", "firstpublishedtime",
)  # fmt: skip
_UPDATED = re.compile(r"更新|修改|编辑")
_OFFICIAL = re.compile(r"成文|生成日期|发文|索引|文号|失效|生效|废止")
_WEAK = "line:text"
"""A day alone in a line of the text itself is as often that of signing; a date far above the
text belongs to something else."""

_DIGITS = re.compile(r"\d[\d:]")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_FIGURES = re.compile(r"^[\d/:.-]{2,10}$")
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])([0-3]\d)(?!\d)")
_STAMP = re.compile(r"^\d{4}-\d\d-\d\dT[\d:.]{5,15}(?:Z|[+-]\d\d:?\d\d)$")
_TODAY = re.compile("今天是|今日是|现在是|当前时间|北京时间|农历")
_ADDRESS = re.compile(r"https?://[\w./-]{4,40}", re.ASCII)
_WINDOW, _NEAR = 30, 16
_LINE = 200


@dataclass(frozen=True, slots=True)
class Published:
    """A publication time and the layer it is from."""

    moment: Moment
    origin: str


def find_published(page: Page) -> Published | None:
    """The publication time; None if the page shows none and its address holds none."""
    stated = page.by_rules(page.rules.published_at)
    if stated and (moment := read_moment(stated.value, year_of=_context(page))):
        return Published(moment, stated.origin)
    found = list(_shown(page))
    shown = _finest(_first(page, (one for one in found if one.origin != _WEAK)), found)
    head = _first(page, _from_head(page)) if page.layers.head else None
    if shown and head:
        return _agreed(shown, head)
    return shown or head or _first(page, iter(found)) or _first(page, _from_elsewhere(page))


def _first(page: Page, found: Iterator[Published]) -> Published | None:
    """The first that does not lie in the future."""
    return next((one for one in found if one.moment.at <= page.now + _AHEAD), None)


def _finest(shown: Published | None, found: list[Published]) -> Published | None:
    """A label's bare day gives way to another line that states the same day's clock."""
    if shown is None or shown.moment.precision != "day":
        return shown
    finer = (one for one in found if one.moment.precision != "day" and one.origin != _WEAK)
    return next((one for one in finer if one.moment.day == shown.moment.day), shown)


def _agreed(shown: Published, head: Published) -> Published:
    if shown.moment.day != head.moment.day:
        return shown
    exact = ("day", "minute", "second")
    finer = exact.index(head.moment.precision) > exact.index(shown.moment.precision)
    if not finer or (shown.moment.precision == "minute" and not _same_minute(shown, head)):
        return shown
    return Published(head.moment, f"{shown.origin}+{head.origin}")


def _same_minute(one: Published, other: Published) -> bool:
    return one.moment.at.replace(second=0) == other.moment.at.replace(second=0)


def _context(page: Page) -> dt.date:
    """The year of a date shown without one; every line with a date asks for it."""
    if page.dated_about is None:
        page.dated_about = _dated_about(page)
    return page.dated_about


def _dated_about(page: Page) -> dt.date:
    """The day that the address, the head or ``time`` states, else today."""
    if in_url := url_moment(page.url, page.rules.url_date):
        return in_url.day
    stated = next(_from_head(page), None) if page.layers.head else None
    moment = stated.moment if stated else _machine_readable(page)
    return moment.day if moment else page.now.date()


def _machine_readable(page: Page) -> Moment | None:
    """What the first ``<time datetime="…">`` states (HTML §4.5.14)."""
    if "<time" not in page.decoded.text:
        return None
    node = page.tree.css_first("time[datetime]")
    return read_moment(node.attributes.get("datetime") or "") if node is not None else None


def _shown(page: Page) -> Iterator[Published]:
    for answer in page.by_family("published_at", EDGE):
        if moment := read_moment(answer.value.replace(EDGE, " "), year_of=_context(page)):
            yield Published(moment, answer.origin)
    yield from _labelled(page)
    yield from _unlabelled(page)


def _labelled(page: Page) -> Iterator[Published]:
    """Values of 发布时间 and the like; 更新时间 only after the others."""
    found = [
        (bool(_UPDATED.search(note.label)), moment)
        for _, note in page.notes
        if note.kind == "time" and (moment := _of_label(note.value.replace(EDGE, " "), page))
    ]
    yield from (Published(moment, "label:time") for _, moment in sorted(found, key=lambda f: f[0]))


def _of_label(value: str, page: Page) -> Moment | None:
    """A label's value is a date also where it is ``20240506`` or in numerals."""
    if moment := read_moment(value, year_of=_context(page)):
        return moment
    if moment := read_brief(value[:20]):
        return moment
    day = read_day(_COMPACT.sub(r"\1-\2-\3", value[:40]))
    return at_midnight(day)


def _unlabelled(page: Page) -> Iterator[Published]:
    """A date in a short line above the text, or just below it; nearest to the text first."""
    span = page.span
    if span is None:
        return
    blocks = page.layout.blocks
    before = range(min(page.text_begin + 3, len(blocks)) - 1, max(-1, span.first - _WINDOW), -1)
    for index in [*before, *range(span.last, min(len(blocks), span.last + 4))]:
        block = blocks[index]
        if block.hidden or block.picture is not None or _own_links(block) * 2 > len(block.text):
            continue
        if len(block.text) > _LINE or not _DIGITS.search(block.text):
            continue
        if _OFFICIAL.search(block.text) or _TODAY.search(block.text) or _is_row(blocks, index):
            continue
        if index and _OFFICIAL.search(blocks[index - 1].text[:20]):
            continue
        line = _pieced(blocks, index) or block.raw
        if len(line) <= _LINE and (moment := _dated(plain(line).replace(EDGE, " "), page)):
            inside = index >= span.first and moment.precision == "day"
            weak = inside and "来源" not in block.text and not _under_headline(page, index)
            weak = weak or index < page.text_begin - _NEAR
            yield Published(moment, _WEAK if weak else "line")


def _under_headline(page: Page, index: int) -> bool:
    """Whether a line stands above the text, right below what ``title`` says."""
    above = key(page.layout.blocks[index - 1].text) if index else ""
    return index < page.text_begin and len(above) >= 6 and above in page.title_key


def _own_links(block: Block) -> int:
    """How much of a line is link text, the address of the site (``http://ent.a.cn``) aside."""
    if block.linked and (address := _ADDRESS.match(block.text)):
        return block.linked - len(address[0])
    return block.linked


def _is_row(blocks: list[Block], index: int) -> bool:
    """Whether a line is one of a list's rows, a link and a date and nothing else, or holds such."""
    if blocks[index].linked > 3 and "\n" in blocks[index].raw.strip():
        return len(MOMENT.findall(blocks[index].plain)) > 1
    beside = blocks[max(0, index - 1) : index] + blocks[index + 1 : index + 2]
    return _like_row(blocks[index]) and any(map(_like_row, beside))


def _like_row(block: Block) -> bool:
    found = MOMENT.search(block.plain) if block.linked > 3 else None
    rest = len(block.text) - block.linked
    return found is not None and rest - (found.end() - found.start()) < 4


def _pieced(blocks: list[Block], index: int) -> str | None:
    """A time spread over some elements: ``2019`` ``09/07`` ``19:02`` (new.qq.com, xinhuanet.com)."""
    brief = len(blocks[index].text) <= 5 and not _YEAR.match(blocks[index].text)
    if brief and index + 1 < len(blocks):
        pair = f"{blocks[index].text} {blocks[index + 1].text}"
        if len(pair) < 16 and read_split(plain(pair)):
            return pair
    if not _YEAR.match(blocks[index].text):
        return None
    pieces = [block.text for block in blocks[index : index + 3]]
    return " ".join(pieces) if all(_FIGURES.match(piece) for piece in pieces[:2]) else None


def _dated(line: str, page: Page) -> Moment | None:
    """The date of a line that is little more than a date (and labels, source, counters)."""
    if _STAMP.match(line.strip()):
        return read_moment(line.strip())
    for start, end, moment in moments(line):
        rest = len(line.strip()) - (end - start)
        if (
            rest <= 60
            and "。" not in line
            and not line[end : end + 2].startswith(("至", "起", "以来"))
        ):
            return moment
    if len(line) < 24 and (day := read_split(line)):
        return day
    if ":" in line and len(line) < 60 and (brief := read_brief(line)):
        return brief if brief.precision != "day" else None
    if len(line.replace(" ", "")) < 28 and ":" in line:
        return _lately(read_moment(line, year_of=_context(page)), page)
    return at_midnight(read_day(line)) if len(line) < 40 and "月 " in line else None


def _lately(moment: Moment | None, page: Page) -> Moment | None:
    """A day without a year that lies ahead was last year's."""
    if moment is None or moment.at <= page.now + _AHEAD or moment.day.year != page.now.year:
        return moment
    if (moment.day.month, moment.day.day) == (2, 29):
        return None
    return Moment(moment.at.replace(year=moment.day.year - 1), moment.precision)


def _from_head(page: Page) -> Iterator[Published]:
    for name in _METAS:
        stated = page.head.metas.get(name)
        if stated and (moment := read_moment(stated)):
            yield Published(moment, f"meta:{name}")
    for name in ("datePublished", "pubDate", "dateCreated"):
        stated = page.head.stated(name)
        if stated and (moment := read_moment(stated)):
            yield Published(moment, "jsonld")


def _from_elsewhere(page: Page) -> Iterator[Published]:
    stated = page.scripts.get("published_at")
    if stated and (moment := read_moment(stated)):
        yield Published(moment, "script")
    document = document_of(page)
    if document and (moment := at_midnight(document.issued_on or document.written_on)):
        yield Published(moment, "document")
    if moment := url_moment(page.url, page.rules.url_date):
        yield Published(moment, "url")
