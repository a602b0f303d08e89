"""A page as lines: the one walk over the DOM that everything else reads from.

The document is laid out the way a reader meets it: each block element gives lines, inline
elements run on, a ``br`` breaks inside a line's block. Elements remember which blocks, and which
part of them, they cover; so any later question ("the text of #asource", "the sum of text in this
container") is arithmetic on positions instead of another walk.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

from selectolax.lexbor import LexborNode

from scraper.page.layout.elements import PLAIN, Description
from scraper.text.plain import plain

EDGE = "\x1f"
"""Stands in a block's raw text where an inline element begins or ends: label and value often
touch there without a blank (``<span>来源</span><span>新华社</span>``)."""

BREAK = "\x1e"
"""Stands among a block's parts for a ``br``; in its raw text it is a newline."""

Attributes = dict[str, str | None]


class Element:
    """An element that may be asked for: its place in the tree and the blocks it covers.

    Attributes:
        says: what its id and classes say.
        first, start: where it begins: number of the block, and of the part in it.
        last, end: where it ends, in the same way; the part is not included.
        hidden: whether it, or an element around it, is never shown.
        chrome: whether it, or an element around it, is the page's furniture.
    """

    __slots__ = (
        "attributes", "chrome", "end", "first", "hidden", "last", "node", "parent", "says", "start", "tag",
    )  # fmt: skip

    def __init__(
        self,
        tag: str,
        attributes: Attributes,
        parent: Element | None,
        first: int,
        start: int,
        says: Description,
    ) -> None:
        self.tag = tag
        self.attributes = attributes
        self.parent = parent
        self.first = first
        self.start = start
        self.last = self.end = 0
        self.says = says
        self.node: LexborNode | None = None
        self.hidden = self.chrome = False

    @property
    def marks(self) -> str:
        """Id and classes, lower case, blanks between."""
        return self.says.marks


class Link:
    """A link: where it leads, its attributes, and the parts of blocks that it covers."""

    __slots__ = ("attributes", "end", "first", "href", "last", "owner", "says", "start")

    def __init__(self, attributes: Attributes, owner: Element, first: int, start: int) -> None:
        self.attributes = attributes
        self.href = attributes.get("href") or ""
        self.owner = owner
        self.first = first
        self.start = start
        self.last = self.end = 0
        self.says: Description = PLAIN

    @property
    def hidden(self) -> bool:
        """Whether it is never shown."""
        return self.owner.hidden

    @property
    def marks(self) -> str:
        """Id and classes, lower case, blanks between."""
        return self.says.marks

    @property
    def chrome(self) -> bool:
        """Whether it stands in the page's furniture."""
        return self.owner.chrome


class Block:
    """A run of text between two breaks, or one picture.

    Attributes:
        parts: the texts it was put together from, with `EDGE` and `BREAK` signs.
        raw: the text with `EDGE` signs; line breaks of ``br`` and ``pre`` are newlines.
        text: the same as read, without edges and outer blanks.
        owner: the innermost block element it stands in.
        linked: how many characters of it are link text.
        picture: the attributes of the ``img`` if the block is a picture.
        cells: whether it is a table's row, its cells joined by tabs.
        tag: of the innermost block element, also of one that has no record of its own.
        number: its place among the page's blocks.
        hidden: whether it is never shown.
        chrome: whether it stands in the page's furniture.
        prose: whether it is running text.
        labels: what `scraper.page.layout.labels.labels_of` found in it, once it was asked.
    """

    __slots__ = (
        "_plain",
        "cells",
        "chrome",
        "hidden",
        "labels",
        "linked",
        "number",
        "owner",
        "parts",
        "picture",
        "prose",
        "raw",
        "tag",
        "text",
    )

    def __init__(
        self, parts: list[str], owner: Element, linked: int, picture: Attributes | None = None
    ) -> None:
        self.parts = parts
        self.owner = owner
        self.linked = linked
        self.picture = picture
        self.cells = False
        self.tag = owner.tag
        self._plain: str | None = None
        self.labels: list[Any] | None = None  # of `Labelled`, whose module builds on this one
        self.number = -1  # this and the next are told when all lines are there
        self.hidden = self.chrome = self.prose = False
        if picture is not None:
            self.raw = self.text = ""
            return
        self.raw = raw = joined(parts)
        self.text = raw.replace(EDGE, "").strip() if EDGE in raw else raw.strip()

    def part(self, raw: str, *, prose: bool) -> Block:
        """A paragraph of this block as a block of its own: the same place, the same owner, no links."""
        part = Block([raw.replace("\n", BREAK)], self.owner, 0)
        part.tag, part.number, part.prose = self.tag, self.number, prose
        part.hidden, part.chrome = self.hidden, self.chrome
        return part

    @property
    def plain(self) -> str:
        """The raw text with plain signs (see `scraper.text.plain.plain`), edges kept."""
        if self._plain is None:
            self._plain = plain(self.raw)
        return self._plain

    @property
    def line(self) -> str:
        """The text with plain signs, as it is told without its edges: made of `plain`, which costs less."""
        if self.cells or self.text.startswith(_UNSEEN) or self.text.endswith(_UNSEEN):
            return plain(self.text)  # signs that `plain` leaves out hold blanks at the ends
        return self.plain.replace(EDGE, "").strip()


_UNSEEN = ("\u200b", "\ufeff")


class Layout:
    """All blocks and elements of a page, in document order.

    ``marked`` holds the elements that bear a mark of a CMS family, by that mark; ``comments`` are the comments (and ``meta`` in the body) between which systems put the text,
    with the block they stand before; ``frames`` are the addresses of frames and embedded things with
    the block they stand before and the element around them; ``players`` counts video and audio elements.
    """

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.elements: list[Element] = []
        self.links: list[Link] = []
        self.marked: dict[str, list[Element | Link]] = {}
        self.comments: list[tuple[int, str]] = []
        self.frames: list[tuple[int, Element, str]] = []
        self.players = 0

    def text_of(self, element: Element | Link, joint: str = "\n", edge: str = "") -> str:
        """What an element shows, its blocks joined; `EDGE` becomes ``edge``."""
        texts = (raw.replace(EDGE, edge).strip() for raw in self._raws(element))
        return joint.join(text for text in texts if text)

    def _raws(self, element: Element | Link) -> list[str]:
        first, last, blocks = element.first, element.last, self.blocks
        if first >= len(blocks):
            return []
        if first == last:
            return [joined(blocks[first].parts[element.start : element.end])]
        raws = [joined(blocks[first].parts[element.start :])]
        raws += [block.raw for block in blocks[first + 1 : last]]
        if element.end and last < len(blocks):
            raws.append(joined(blocks[last].parts[: element.end]))
        return raws

    def links_from(self, first: int, past: int) -> Sequence[Link]:
        """The links that begin in the lines from ``first`` up to, not including, ``past``."""
        links = self.links
        begin = bisect_left(links, first, key=_FIRST)
        return links[begin : bisect_left(links, past, begin, key=_FIRST)]

    def marks(self, mark: str) -> list[Element | Link]:
        """The elements that bear a family's mark (``#id``, ``.class``, ``tag``), in order."""
        return self.marked.get(mark, [])

    def inside(self, element: Element) -> list[Block]:
        """The blocks that an element covers, a partly covered last one included."""
        return self.blocks[element.first : past(element)]


_FIRST = attrgetter("first")


def past(element: Element | Link) -> int:
    """The number of the first block that an element covers no part of."""
    return element.last + (element.end > 0)


_BLANKS = re.compile("  +")


def joined(parts: list[str]) -> str:
    """Parts as raw text: runs of source blanks are one, a ``br`` is a newline."""
    raw = "".join(parts)
    if "\n" in raw or "\t" in raw or "\f" in raw or "\r" in raw:
        raw = raw.replace("\n", " ").replace("\t", " ").replace("\f", " ").replace("\r", " ")
    if "  " in raw:
        raw = _BLANKS.sub(" ", raw)
    return raw.replace(BREAK, "\n") if BREAK in raw else raw


def visible(raw: str) -> str:
    """A raw text as read: edges removed, blanks at the ends stripped."""
    return raw.replace(EDGE, "").strip() if EDGE in raw else raw.strip()
