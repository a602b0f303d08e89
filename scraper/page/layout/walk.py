"""The walk that lays a DOM out (see `layout`). Iterative: depth is bounded by memory only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from scraper.page.layout.elements import (
    BLOCKS,
    PLAIN,
    PLAYERS,
    SKIPPED,
    SMALL,
    STRUCTURE,
    described,
    is_hidden,
    pixels,
)
from scraper.page.layout.features import tell_features
from scraper.page.layout.lines import BREAK, EDGE, Attributes, Block, Element, Layout, Link, visible
from scraper.page.layout.marks import KNOWN_MARKS, TEXT_COMMENTS
from scraper.text.plain import is_prose

_INLINE, _LINK, _PLAIN, _BLOCK, _PECULIAR, _OTHER, _SKIP = range(7)
_KINDS = {
    "-comment": _OTHER, "br": _OTHER, "img": _OTHER, "hr": _OTHER, "meta": _OTHER, "a": _LINK,
    **dict.fromkeys(SKIPPED, _SKIP), **dict.fromkeys((*PLAYERS, "iframe"), _OTHER), **dict.fromkeys(BLOCKS, _BLOCK),
    **dict.fromkeys(("p", "li", "ul", "ol", "dl", "dd", "dt", "tbody"), _PLAIN),
    **dict.fromkeys(("pre", "tr", "td", "th", *STRUCTURE, *(BLOCKS & KNOWN_MARKS)), _PECULIAR),
}  # fmt: skip
"""What is done with a node. ``_PLAIN`` are block elements that need no record of their own where
they bear no attribute, ``_PECULIAR`` those whose tag says more than that a line begins; an element
that is not named here is ``_INLINE``."""

_WORDS = "a abbr b big cite code em font i ins label mark s small span strike strong sub sup time u"
_FIXED = 1_000
"""lexbor numbers the elements of HTML from 1 on; any other gets a number of the page's own."""


def _numbered() -> dict[int, tuple[int, str]]:
    """Kind and name by lexbor's number of the element, which is read faster than its name."""
    tree = LexborHTMLParser("<body>text<!-- comment -->")
    names = (*_WORDS.split(), *(name for name in _KINDS if name[0] != "-"))
    nodes = [tree.create_node(name) for name in names]
    nodes += tree.body.traverse(include_text=True) if tree.body else []
    return {
        node.tag_id: (_KINDS.get(node.tag, _INLINE), node.tag)
        for node in nodes
        if node.tag and node.tag_id < _FIXED
    }


_NUMBERED = _numbered()
_TEXT = next(number for number, (_, tag) in _NUMBERED.items() if tag == "-text")
"""Of a text, which every second node is; looked at before all others."""

_ROW_CHARACTERS = 600
_ROW_BLOCKS = 12


def lay_out(root: LexborNode, *, keep_nodes: bool = False) -> Layout:
    """Lay out everything below a node (a page's ``body``, or a fragment's root).

    With ``keep_nodes`` elements remember their DOM nodes, for a source's selectors.
    """
    layout = _Walk(keep_nodes=keep_nodes).run(root)
    tell_features(layout)
    return layout


class _Walk:
    """The state of one walk: the block being filled and where in the tree it stands.

    It visits some thousand nodes a page, so it does little per node: an inline element without
    id and class leaves only an edge, blanks are collapsed once a block, and how an element is left
    is settled where it is entered.
    """

    def __init__(self, *, keep_nodes: bool) -> None:
        self.keep_nodes = keep_nodes
        self.layout = Layout()
        self.blocks, self.elements = self.layout.blocks, self.layout.elements
        top = Element("body", {}, None, 0, 0, PLAIN)
        self.elements.append(top)
        self.element = top  # the innermost element
        self.owners = [top]  # the block elements above, innermost last
        self.parts: list[str] = []
        self.linked = 0
        self.linking = 0  # depth in ``a`` elements
        self.preformatted = 0
        self.plain = ""  # the tag of the plain block element that is being filled
        self.blanks: dict[Element, list[int]] = {}  # where a row's empty cells stand

    def run(self, root: LexborNode) -> Layout:  # noqa: C901, PLR0912, PLR0915 - one branch a kind of node, and hot
        stack: list[tuple[LexborNode, _Leave, Any]] = []
        numbered, parts = _NUMBERED, self.parts
        node = root.first_child
        while True:
            if node is None:
                if not stack:
                    break
                node, leave, thing = stack.pop()
                leave(self, thing)
                node = node.next
                continue
            if (number := node.tag_id) == _TEXT:
                if node.is_empty_text_node and not self.preformatted:
                    if parts:
                        parts.append(" ")
                elif (text := node.text_content or "") and (parts or not text.isspace()):
                    if self.linking:
                        self.linked += len(text.strip())
                    parts.append(text.replace("\n", BREAK) if self.preformatted else text)
                node = node.next
                continue
            kind, tag = numbered.get(number) or _named(node)
            if kind <= _LINK:
                attributes = node.attributes
                hidden = ("style" in attributes or "hidden" in attributes) and is_hidden(attributes)
                if hidden and not described(attributes.get("id"), attributes.get("class")).known:
                    node = node.next  # neither shown nor a field of a CMS family
                    continue
                if parts:
                    parts.append(EDGE)
                if kind == _LINK:
                    stack.append((node, _Walk.leave_link, self._link(attributes)))
                elif _is_recorded(tag, attributes, hidden):
                    stack.append(self._enter_inline(tag, node, attributes, hidden))
                else:
                    stack.append((node, _Walk.leave_edge, None))
                node = node.first_child
                continue
            if kind <= _PECULIAR:
                if parts:
                    self._flush()
                attributes = node.attributes
                if attributes or kind != _PLAIN:
                    element = self._element(tag, node, attributes)
                    self.plain = ""
                    self.owners.append(element)
                    leave = _Walk.leave_block if kind != _PECULIAR else self._peculiar(element)
                    stack.append((node, leave, element))
                else:
                    self.plain = tag
                    stack.append((node, _Walk.leave_plain, None))
                node = node.first_child
                continue
            if kind == _OTHER:
                self._void(tag, node)
            node = node.next
        self._flush()
        self.elements[0].last = len(self.blocks)
        return self.layout

    def _void(self, tag: str, node: LexborNode) -> None:
        if tag == "br":
            if self.parts:
                self.parts.append(BREAK)
        elif tag == "-comment":
            self._comment(node.comment_content or "")
        elif tag == "img":
            self._picture(node.attributes)
        elif tag == "hr":
            self._flush()
        elif tag == "meta":
            self._comment(node.attributes.get("name") or "")
        else:
            self._embedded(tag, node.attributes)

    def _embedded(self, tag: str, attributes: Attributes) -> None:
        """A frame, or a thing shown by a player; a document in it is no film."""
        address = (attributes.get("src") or attributes.get("data") or "").strip()
        if address and len(address) < _ADDRESS:
            self.layout.frames.append((len(self.blocks), self.element, address))
        shown = (attributes.get("type") or "").lower()
        if tag in PLAYERS and not ("pdf" in shown or ".pdf" in address.lower()):
            self.layout.players += 1

    def _comment(self, text: str) -> None:
        word = text.strip().lower() if len(text) < 80 else ""
        if word in TEXT_COMMENTS:
            self._flush()
            self.layout.comments.append((len(self.blocks), word))

    def _picture(self, attributes: Attributes) -> None:
        if is_hidden(attributes) and not self.element.hidden:
            return
        if self.parts and not self.linking and _is_icon(attributes):
            self.parts.append(EDGE)
            return
        self._flush()
        self.blocks.append(Block([], self.owners[-1], 0, attributes))

    def _peculiar(self, element: Element) -> _Leave:
        """What an element's tag says beside that a line begins; and how the element is left."""
        tag = element.tag
        if tag in KNOWN_MARKS:
            self._mark((tag,), element)
        elif tag == "pre":
            self.preformatted += 1
        elif tag in STRUCTURE and not (tag == "header" and _in_article(element)):
            element.chrome = True
        return _LEAVES.get(tag, _Walk.leave_block)

    def _enter_inline(
        self, tag: str, node: LexborNode, attributes: Attributes, hidden: bool
    ) -> _Entered:
        element = self._element(tag, node, attributes)
        if tag in KNOWN_MARKS:
            self._mark((tag,), element)
        if hidden and not self.owners[-1].hidden:
            self._flush()
            element.first, element.start = len(self.blocks), 0
            self.owners.append(element)
            return node, _Walk.leave_block, element
        return node, _Walk.leave_inline, element

    def _element(self, tag: str, node: LexborNode, attributes: Attributes) -> Element:
        above, says = self.element, PLAIN
        hidden, chrome = above.hidden, above.chrome
        if attributes:
            ident, classes = attributes.get("id"), attributes.get("class")
            if ident or classes:
                says = described(ident, classes)
                chrome = chrome or says.chrome
            if not hidden and ("style" in attributes or "hidden" in attributes):
                hidden = is_hidden(attributes)
        element = Element(tag, attributes, above, len(self.blocks), len(self.parts), says)
        element.hidden, element.chrome = hidden, chrome
        if says.known:
            self._mark(says.known, element)
        if self.keep_nodes:
            element.node = node
        self.elements.append(element)
        self.element = element
        return element

    def _mark(self, marks: tuple[str, ...], thing: Element | Link) -> None:
        for mark in marks:
            self.layout.marked.setdefault(mark, []).append(thing)

    def _link(self, attributes: Attributes) -> Link:
        self.linking += 1
        link = Link(attributes, self.element, len(self.blocks), len(self.parts))
        self.layout.links.append(link)
        if "class" in attributes or "id" in attributes:
            link.says = described(attributes.get("id"), attributes.get("class"))
            self._mark(link.says.known, link)
        return link

    def leave_link(self, link: Link) -> None:
        self.linking -= 1
        if self.parts:
            self.parts.append(EDGE)
        link.last, link.end = len(self.blocks), len(self.parts)

    def leave_edge(self, _: None) -> None:
        if self.parts:
            self.parts.append(EDGE)

    def leave_plain(self, _: None) -> None:
        if self.parts:
            self._flush()
            self.plain = ""

    def leave_inline(self, element: Element) -> None:
        if self.parts:
            self.parts.append(EDGE)
        element.last, element.end = len(self.blocks), len(self.parts)
        self.element = element.parent or element

    def leave_block(self, element: Element) -> None:
        if self.parts:
            self._flush()
        self.owners.pop()
        element.last = len(self.blocks)
        self.element = element.parent or element

    def leave_row(self, row: Element) -> None:
        if self.parts:
            self._flush()
        self._join_row(row)
        self.leave_block(row)

    def leave_cell(self, cell: Element) -> None:
        self.leave_block(cell)
        if cell.first == len(self.blocks) and cell.parent:
            self.blanks.setdefault(cell.parent, []).append(cell.first)

    def leave_pre(self, element: Element) -> None:
        self.leave_block(element)
        self.preformatted -= 1

    def _flush(self) -> None:
        parts = self.parts
        if not parts:
            return
        block = Block(parts.copy(), self.owners[-1], self.linked)
        if block.text:
            if self.plain:
                block.tag = self.plain
            self.blocks.append(block)
        else:
            self._forget()
        parts.clear()
        self.linked = 0

    def _forget(self) -> None:
        """Let what stood in a blank run begin, or end, at the next block's beginning."""
        number = len(self.blocks)
        for found in (self.layout.elements, self.layout.links):
            for thing in _from_the_last(found):
                if thing.first < number and thing.last < number:
                    break
                thing.start = 0 if thing.first == number else thing.start
                thing.end = 0 if thing.last == number else thing.end

    def _join_row(self, row: Element) -> None:
        """Make one tab-joined block of a table row's cells, unless the row only lays out."""
        blocks, blanks = self.blocks[row.first :], self.blanks.pop(row, [])
        if len(blocks) == 1 and blanks and blanks[-1] > row.first:
            blocks[0].raw += "\t"  # a label whose cell is empty
        if not 2 <= len(blocks) <= _ROW_BLOCKS or any(b.picture is not None for b in blocks):
            return
        if any(b.cells for b in blocks) or sum(len(b.text) for b in blocks) > _ROW_CHARACTERS:
            return
        cells = [_cell_of(block.owner, row) for block in blocks]
        if cells[0] is cells[-1] or any(_runs_on(block) for block in blocks):
            return
        if _lays_out(blocks, cells):
            return
        parts: list[str] = []
        offsets = []
        for index, block in enumerate(blocks):
            if index:
                empty = blanks.count(row.first + index)
                parts.append(" " if cells[index] is cells[index - 1] else _TAB * (1 + empty))
            offsets.append(len(parts))
            parts += block.parts
        if row.first + len(blocks) in blanks:
            parts.append(_TAB)
        joint = Block(parts, row, sum(block.linked for block in blocks))
        joint.raw = joint.raw.replace(_TAB, "\t")
        joint.text = _TABS.sub("\t", visible(joint.raw))
        joint.cells = True
        self.blocks[row.first :] = [joint]
        self._move_into(row, [*offsets, len(parts) + 1])

    def _move_into(self, row: Element, offsets: list[int]) -> None:
        """Let the elements, links and comments inside a joined row point into its one block."""
        comments = self.layout.comments
        comments[:] = [(min(number, row.first + 1), word) for number, word in comments]
        for element in reversed(self.layout.elements):
            if element is row:
                break
            _move(element, row.first, offsets)
        for link in reversed(self.layout.links):
            if link.first < row.first:
                break
            if link.last >= row.first:  # else it is still open, around the row
                _move(link, row.first, offsets)


def _in_article(element: Element) -> bool:
    """Whether a ``header`` is an article's own, not the page's (HTML §4.3.8)."""
    above = element.parent
    while above is not None and above.tag not in ("article", "main"):
        above = above.parent
    return above is not None


def _from_the_last(found: Sequence[Element | Link]) -> Iterator[Element | Link]:
    return reversed(found)


def _move(thing: Element | Link, number: int, offsets: list[int]) -> None:
    thing.start += offsets[thing.first - number]
    end = offsets[thing.last - number] + thing.end
    thing.end = end - 1 if thing.end == 0 and end else end
    thing.first = thing.last = number


def _named(node: LexborNode) -> tuple[int, str]:
    """Kind and name of an element that has no fixed number."""
    tag = node.tag or ""
    return _KINDS.get(tag, _INLINE), tag


_LEAVES = {
    "tr": _Walk.leave_row, "td": _Walk.leave_cell, "th": _Walk.leave_cell, "pre": _Walk.leave_pre,
}  # fmt: skip
_Leave = Callable[[_Walk, Any], None]
_Entered = tuple[LexborNode, _Leave, Element]
"""A node that was entered, what is to be done when it is left, and with which element."""

_ADDRESS = 2_000
_TABS = re.compile(r"\t{2,}")
_TAB = "\x1d"
"""Stands for the tab between cells until blanks have been collapsed."""


def _is_icon(attributes: Attributes) -> bool:
    """Whether a picture is a sign between words: small, and without words of its own."""
    if (attributes.get("alt") or "").strip():
        return False
    sides = (pixels(attributes.get(side)) for side in ("width", "height"))
    return any(size is not None and size < SMALL for size in sides)


def _is_recorded(tag: str, attributes: Attributes, hidden: bool) -> bool:
    """Whether an inline element may be asked for, or is hidden."""
    if not attributes:
        return tag.startswith("ucap") or tag == "publishtime"
    return hidden or "class" in attributes or "id" in attributes or "time" in tag


def _runs_on(block: Block) -> bool:
    """Whether a block is running text: the row then lays a page out and tabulates nothing."""
    return len(block.text) > 150 or (len(block.text) > 60 and block.parts.count(BREAK) > 1)


def _lays_out(blocks: list[Block], cells: list[Element]) -> bool:
    """Whether a row's cell holds a table of its own, or two paragraphs: no figures to tabulate."""
    if any(_holds_table(block.owner, cell) for block, cell in zip(blocks, cells, strict=True)):
        return True
    told = [cell for block, cell in zip(blocks, cells, strict=True) if is_prose(block.text)]
    return any(one is other for one, other in pairwise(told))


def _holds_table(element: Element, cell: Element) -> bool:
    while element is not cell and element.parent is not None:
        if element.tag == "table":
            return True
        element = element.parent
    return False


def _cell_of(element: Element, row: Element) -> Element:
    """The child of a row that an element stands in."""
    while element.parent is not None and element.parent is not row:
        element = element.parent
    return element
