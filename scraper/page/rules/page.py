"""One page being read: its layers side by side, before they are asked for fields."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from scraper.page.addresses import Base, absolute, is_home
from scraper.page.layout.charset import Decoded
from scraper.page.layout.container import Span
from scraper.page.layout.head import Head, moments_stated
from scraper.page.layout.labels import (
    TOOL_WORDS,
    Labelled,
    labelled,
    labels_of,
    lines_of,
    lone_label,
    short_lines,
)
from scraper.page.layout.lines import EDGE, Block, Layout, past
from scraper.page.layout.marks import marks_for
from scraper.page.rules.candidate import Candidate
from scraper.page.rules.selectors import FieldRules
from scraper.text.dated_addresses import url_moment
from scraper.text.plain import key, plain
from scraper.text.times import read_moment
from scraper.text.vocabulary import one_of

BEFORE, AFTER = 40, 14
"""How many lines above the container, and below the text, may be labels or dates of the release."""
_MARGIN = 4
_BEGUN = 6
"""How much of a headline a line must show to be it."""
_MIDDLE = 5_000
"""How many lines of a text, from its beginning, are looked at for an editor among them."""
_LABEL_LINE = 300
_SENTENCES = 80
_ALT = 20
_TEXT_TAGS = ("p", "div", "li", "section", "span")
_OF_LINES = (
    *("base", "text_begin", "stated_day", "paragraph_owners", "title_key", "shown_lines"),
    "line_notes",
)
"""What is told from address, head and lines alone: every later phase finds it the same."""
_OF_TEXT = ("notes",)
"""What is told from these and the text that was cut out; the same until another is."""
_PASSING = re.compile(
    rf"\W{{0,3}}(?:[上下]一[篇条页]|{one_of(TOOL_WORDS)}|相关|返回|扫一扫|附件|阅读|浏览|点击|版权|声明|网站|评论|推荐|热门|更多|纠错)"
)
"""What passes below an empty label: a way on, a button, the heading of a box."""
_NOTICES = ("声明", "免责", "版权", "特别声明", "郑重声明", "本网声明", "凡本网", "温馨提示")


@dataclass(frozen=True, slots=True)
class Layers:
    """Which layers may answer; all of them, except when one is measured alone."""

    head: bool = True
    families: bool = True
    without: frozenset[str] = frozenset()
    """Rules and vetoes that are switched off, as ``field/name``."""


@dataclass(frozen=True, slots=True)
class Article:
    """What the body's phase cut out of the container.

    Attributes:
        title: the headline by which it was cut, empty where none was found.
        blocks: the lines and pictures that are the release's.
        texts: its paragraphs.
    """

    title: str
    blocks: tuple[Block, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Page:
    """Everything known about a page: DOM, head, layout, container; fields are read from it.

    Nothing of it is changed: a phase that found something makes the `following` page of it.
    """

    url: str
    decoded: Decoded
    tree: LexborHTMLParser
    head: Head
    layout: Layout
    rules: FieldRules
    received_at: dt.datetime | None = None
    listed_on: dt.date | None = None
    layers: Layers = field(default_factory=Layers)
    span: Span | None = None
    scripts: dict[str, str] = field(default_factory=dict)
    outer: Page | None = None
    asked: bool = False
    """Whether somebody asks why: losers and vetoes are kept."""
    cut: Article | None = None
    """The article, once the body's phase is done."""
    day: dt.date | None = None
    """The day of publication, once it is decided."""
    memory: dict[str, Any] = field(default_factory=dict)
    """What `once` made."""

    def following(self, **found: Any) -> Page:
        """The page for the next phase: with what the last one found, by the names of the fields."""
        known, page = vars(self), object.__new__(Page)
        kept = _KEPT if {"span", "cut"} & found.keys() else (*_KEPT, *_OF_TEXT)
        vars(page).update({name: known[name] for name in kept if name in known} | found, memory={})
        return page

    def once(self, name: str, make: Callable[[Page], Any]) -> Any:
        """What a function makes of this page; made once, however many fields ask for it."""
        if name not in self.memory:
            self.memory[name] = make(self)
        return self.memory[name]

    @cached_property
    def base(self) -> Base:
        """What relative links are resolved against: ``base`` (HTML §4.2.3), else the address."""
        here = Base(self.url, self.decoded.encoding)
        stated = absolute(here, self.head.base) if self.head.base else None
        return here._replace(url=stated) if stated else here

    @property
    def body(self) -> list[Block]:
        """The blocks of the container."""
        return self.layout.blocks[self.span.first : self.span.last] if self.span else []

    def by_rules(self, selectors: Iterable[str]) -> Candidate | None:
        """What the source's own selectors find."""
        for selector in selectors:
            node = self.tree.css_first(selector)
            if node is None:
                continue
            stated = node.attributes.get("content") if node.tag == "meta" else node.text()
            if text := " ".join((stated or "").split()):
                return Candidate(text, f"rules:{selector}")
        return None

    def by_family(self, name: str, edge: str = "") -> Iterable[Candidate]:
        """What the marks of CMS families hold for a field; ``edge`` stays between elements."""
        if not self.layers.families or not self.layout.marked:
            return
        for mark, family in marks_for(name):
            for element in self.layout.marks(mark)[:3]:
                if text := self.layout.text_of(element, " ", edge):
                    yield Candidate(text, f"family:{family}")

    @property
    def article(self) -> Sequence[Block]:
        """The container's blocks; once the text was cut out of them, only those of the article."""
        return self.body if self.cut is None else self.cut.blocks

    @property
    def title(self) -> str:
        """The headline, once it was found."""
        return self.cut.title if self.cut else ""

    @cached_property
    def text_begin(self) -> int:
        """The block with which running text begins; without any, the first below lines of labels."""
        if self.span is None:
            return 0
        first, blocks = self.span.first, self.layout.blocks
        for index in range(first, self.span.last):
            block = blocks[index]
            shown = not block.hidden and not block.chrome
            if shown and block.prose and block.linked * 2 < len(block.text):
                return index
        return self._behind_labels(first)

    def _behind_labels(self, first: int) -> int:
        """Where a text without a sentence (a list of names) begins: below the lines of labels."""
        blocks, last = self.layout.blocks, min(self.span.last if self.span else first, first + 12)
        noted = (
            index + 1
            for index in range(first, last)
            if {note.kind for note in labels_of(blocks[index])} & {"source", "time"}
        )
        return min(max(noted, default=first), max(first, last - 1))

    @property
    def text_end(self) -> int:
        """The number of the block behind the article's last one."""
        if self.span is None or not self.article:
            return 0
        return self.article[-1].number + 1

    def leads_home(self, index: int) -> bool:
        """Whether a line leads to the site's front page: its name, no headline."""
        here = (link for link in self.layout.links if link.first <= index < past(link))
        return any(is_home(link.href) for link in here)

    @property
    def lines_cut_off(self) -> list[str]:
        """The short last lines of the block with which the article ends, where ``br`` parts it."""
        last = self.layout.blocks[self.text_end - 1] if self.text_end else None
        return short_lines(last) if last is not None and "\n" in last.raw else []

    @cached_property
    def stated_day(self) -> dt.date | None:
        """A full day that address, head or the first ``<time datetime>`` (HTML §4.5.14) states."""
        if in_url := url_moment(self.url, self.rules.url_date):
            return in_url.day
        stated = next(moments_stated(self.head), None) if self.layers.head else None
        if stated:
            return stated[1].day
        node = self.tree.css_first("time[datetime]") if self.head.timed else None
        moment = read_moment(node.attributes.get("datetime") or "") if node is not None else None
        return moment.day if moment else None

    @cached_property
    def paragraph_owners(self) -> frozenset[tuple[int, str]]:
        """The elements that running text stands in, and their likes: parent and tag of each."""
        if self.span is None:
            return frozenset()
        found = set()
        for block in self.layout.blocks[self.span.first : self.span.last]:
            if block.prose and not block.hidden:
                found.add((id(block.owner), ""))
                found.update((id(block.owner), tag) for tag in _TEXT_TAGS)
                if block.owner.tag in _TEXT_TAGS:
                    found.add((id(block.owner.parent), block.owner.tag))
        return frozenset(found)

    def is_among_paragraphs(self, index: int) -> bool:
        """Whether a line of the container stands as one of its paragraphs does."""
        if self.span is None or not self.span.first <= index < self.span.last:
            return False
        owner = self.layout.blocks[index].owner
        if (id(owner), "") in self.paragraph_owners:
            return True
        return not owner.marks and (id(owner.parent), owner.tag) in self.paragraph_owners

    @cached_property
    def title_key(self) -> str:
        """The ``title`` element's text, made comparable."""
        return key(self.head.title)

    @cached_property
    def shown_lines(self) -> set[str]:
        """The short lines above and at the text's beginning, made comparable."""
        last = self.text_begin + _MARGIN if self.span else BEFORE
        near = self.layout.blocks[max(0, last - BEFORE) : last]
        return {key(block.text) for block in near if 4 <= len(block.text) <= 150}

    @property
    def headed(self) -> range:
        """The lines between the headline and the text: the release's own, whatever stands above."""
        if self.span is None or not self.title:
            return range(0)
        said, last = key(self.title), self.text_begin
        above = range(last - 1, max(-1, self.span.first - BEFORE), -1)
        blocks = self.layout.blocks
        for index in above:
            mine = key(blocks[index].text)
            begun = len(mine) >= _BEGUN and (said.startswith(mine) or mine.startswith(said))
            if not blocks[index].hidden and (mine == said or begun):
                return range(index, last)
        return range(0)

    @cached_property
    def notes(self) -> list[tuple[int, Labelled]]:
        """The labelled values near the text, with the block each stands in.

        First what stands below the headline; then above it, where a box of other articles may be,
        and in the text's first lines; then in its last lines and below.
        """
        span = self.span
        if span is None:
            return []
        blocks, headed = self.layout.blocks, self.headed
        top, end = min(span.last, self.text_begin + _MARGIN), self.text_end
        order = [
            *headed,
            *(i for i in range(max(0, span.first - BEFORE), top) if i not in headed),
            *range(max(top, end - _MARGIN), min(len(blocks), end + AFTER)),
        ]
        notes = [(i, note) for i in order for note in self._notes_of(i)]
        middle = range(top, max(top, end - _MARGIN))[:_MIDDLE]
        short = (i for i in middle if len(blocks[i].text) < _SENTENCES)
        return notes + [(i, n) for i in short for n in self._notes_of(i) if n.kind == "editor"]

    @cached_property
    def line_notes(self) -> dict[int, list[Labelled]]:
        """By its number what labels say in a line, once it was asked."""
        return {}

    def _notes_of(self, index: int) -> list[Labelled]:
        told = self.line_notes.get(index)
        if told is None:
            told = self.line_notes[index] = self._notes_in(index)
        return told

    def _notes_in(self, index: int) -> list[Labelled]:
        block = self.layout.blocks[index]
        if block.picture is not None or block.hidden or block.text.startswith(_NOTICES):
            return []
        if len(block.text) > _LABEL_LINE or (len(block.text) > _SENTENCES and "。" in block.text):
            # running text: "作者：" in it names the author of something else
            return (
                [note for line in short_lines(block) for note in labelled(line)]
                if "\n" in block.raw
                else []
            )
        if (lone := lone_label(block.text)) and (
            lone.kind in {"source", "time"} or block.tag == "dt"
        ):
            return [self._continued(index, lone)]
        if (
            ":" not in block.raw
            and "：" not in block.raw
            and EDGE not in block.raw
            and "】" not in block.raw
            and not block.cells
            and "∶" not in block.raw
        ):
            return []
        if "\n" in block.plain:
            notes = [note for line in lines_of(block) for note in labelled(line)]
        else:
            notes = list(labels_of(block))
        if notes and not notes[-1].value.strip() and not block.raw.endswith("\t"):
            pictured = index + 1 < len(self.layout.blocks) and self._pictured(index, notes[-1])
            if pictured:
                notes[-1] = pictured
            elif len(block.text) < 12:
                notes[-1] = self._continued(index, notes[-1])
        return notes

    def _pictured(self, index: int, note: Labelled) -> Labelled | None:
        """A label before a picture in its line: a medium's sign with its name as ``alt``, or an icon."""
        picture, *after = self.layout.blocks[index + 1 : index + 3]
        if picture.picture is None:
            return None
        if alt := plain(picture.picture.get("alt") or "").strip():
            return Labelled(note.kind, alt, note.label) if len(alt) <= _ALT else None
        return self._continued(index + 1, note) if after else None

    def _continued(self, index: int, note: Labelled) -> Labelled:
        """A label that stands alone in its element is continued in the element beside it."""
        blocks = self.layout.blocks
        if index + 1 >= len(blocks):
            return note
        one, other = blocks[index].owner, blocks[index + 1].owner
        beside = one.parent is other.parent or one is other or other.parent is one
        following = blocks[index + 1]
        if not beside or len(following.text) > 40 or _PASSING.match(following.text):
            return note
        if note.kind in {"editor", "author"} and following.linked * 2 > len(following.text):
            return note
        line = lines_of(blocks[index + 1])[0]
        other_label = any(labelled(line)) or lone_label(line.strip())
        return note if other_label else Labelled(note.kind, line, note.label)


_KEPT = (*(one.name for one in fields(Page)), *_OF_LINES)
"""What the following page has of the one before it."""
