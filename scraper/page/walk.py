"""The walk that lays a DOM out (see `layout`). Iterative: depth is bounded by memory only."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborNode

from scraper.page.families.marks import TEXT_COMMENTS
from scraper.page.layout import EDGE, Attributes, Block, Element, Layout, visible
from scraper.page.vocabulary import BLOCKS, PLAYERS, SKIPPED, chrome, is_hidden

_BLANKS = re.compile(r"[ \t\r\n\f]+")
_ROW_CHARACTERS = 600
_ROW_BLOCKS = 12


def lay_out(root: LexborNode) -> Layout:
    """Lay out everything below a node (a page's ``body``, or a fragment's root)."""
    return _Walk().run(root)


class _Walk:
    """The state of one walk: the block being filled and where in the tree it stands."""

    def __init__(self) -> None:
        self.layout = Layout()
        self.blocks = self.layout.blocks
        top = Element("body", {}, "", None, 0, 0, hidden=False, chrome=False)
        self.layout.elements.append(top)
        self.element = top  # the innermost element
        self.owners = [top]  # the block elements above, innermost last
        self.parts: list[str] = []
        self.length = 0
        self.inked = False  # whether the open block holds more than blanks
        self.linked = 0
        self.links = 0  # depth in ``a`` elements
        self.preformatted = 0

    def run(self, root: LexborNode) -> Layout:
        stack: list[tuple[LexborNode, Element]] = []
        node = root.first_child
        while True:
            if node is None:
                if not stack:
                    break
                node, element = stack.pop()
                self._leave(element)
                node = node.next
                continue
            tag = node.tag or ""
            if tag == "-text":
                self._text(node.text_content or "")
            elif tag == "-comment":
                self._comment(node)
            elif tag in SKIPPED:
                self.layout.players += tag in PLAYERS
            elif tag in ("br", "img", "hr", "meta"):
                self._void(tag, node)
            else:
                stack.append((node, self._enter(tag, node)))
                node = node.first_child
                continue
            node = node.next
        self._flush()
        top = self.layout.elements[0]
        top.last = len(self.blocks)
        return self.layout

    def _text(self, text: str) -> None:
        if text.isspace() and "\xa0" not in text and "\u3000" not in text:
            if not self.parts:
                return
            text = " "
        elif not self.preformatted:
            if "\n" in text or "\t" in text or "  " in text:
                text = _BLANKS.sub(" ", text)
            self.inked = True
        else:
            self.inked = True
        self.parts.append(text)
        self.length += len(text)
        if self.links:
            self.linked += len(text.strip())

    def _comment(self, node: LexborNode) -> None:
        text = node.comment_content
        if text and len(text) < 80 and text.strip().lower() in TEXT_COMMENTS:
            self._flush()
            self.layout.comments.append((len(self.blocks), text))

    def _void(self, tag: str, node: LexborNode) -> None:
        if tag == "br":
            if self.parts:
                self.parts.append("\n")
                self.length += 1
        elif tag == "img":
            self._picture(node.attributes)
        elif tag == "hr":
            self._flush()
        elif (name := (node.attributes.get("name") or "").lower()) in (
            "contentstart",
            "contentend",
        ):
            self._flush()
            self.layout.comments.append((len(self.blocks), name))

    def _picture(self, attributes: Attributes) -> None:
        self._flush()
        owner = self.element
        hidden = owner.hidden or is_hidden(attributes)
        if hidden and not owner.hidden:
            return
        self.blocks.append(Block("", "", self.owners[-1], 0, attributes))

    def _enter(self, tag: str, node: LexborNode) -> Element:
        attributes = node.attributes
        if block := tag in BLOCKS:
            self._flush()
        elif self.parts:
            self.parts.append(EDGE)
            self.length += 1
        parent = self.element
        marks = ""
        if attributes:
            marks = f"{attributes.get('id') or ''} {attributes.get('class') or ''}".strip().lower()
        element = Element(
            tag, attributes, marks, parent, len(self.blocks), self.length,
            hidden=parent.hidden or (bool(attributes) and is_hidden(attributes)),
            chrome=parent.chrome or chrome(tag, marks), node=node,
        )  # fmt: skip
        self.layout.elements.append(element)
        self.element = element
        if block or element.hidden != parent.hidden:
            if not block:
                self._flush()
                element.first, element.start = len(self.blocks), 0
            self.owners.append(element)
        if tag == "a":
            self.links += 1
        elif tag == "pre":
            self.preformatted += 1
        return element

    def _leave(self, element: Element) -> None:
        tag = element.tag
        if element is self.owners[-1]:
            self._flush()
            self.owners.pop()
        elif self.parts:
            self.parts.append(EDGE)
            self.length += 1
        if tag == "a":
            self.links -= 1
        elif tag == "pre":
            self.preformatted -= 1
        elif tag == "tr":
            self._join_row(element)
        element.last, element.end = len(self.blocks), self.length
        if element.parent is not None:
            self.element = element.parent

    def _flush(self) -> None:
        if not self.parts:
            return
        if self.inked:
            raw = "".join(self.parts)
            text = visible(raw)
            if text:
                self.blocks.append(Block(raw, text, self.owners[-1], self.linked))
        self.parts = []
        self.length = self.linked = 0
        self.inked = False

    def _join_row(self, row: Element) -> None:
        """Make one tab-joined block of a table row's cells, unless the row only lays out."""
        blocks = self.blocks[row.first :]
        if not 2 <= len(blocks) <= _ROW_BLOCKS or any(b.picture is not None for b in blocks):
            return
        cells: dict[int, list[Block]] = {}
        for block in blocks:
            cells.setdefault(id(_cell_of(block.owner, row)), []).append(block)
        if len(cells) < 2 or sum(len(b.text) for b in blocks) > _ROW_CHARACTERS:
            return
        if any(block.cells for block in blocks):
            return
        raw = "\t".join(EDGE.join(b.raw for b in cell) for cell in cells.values())
        text = "\t".join(" ".join(b.text for b in cell) for cell in cells.values())
        linked = sum(block.linked for block in blocks)
        self.blocks[row.first :] = [Block(raw, text, row, linked, cells=True)]
        self._move_into(row, blocks)

    def _move_into(self, row: Element, blocks: list[Block]) -> None:
        """Let the elements inside a joined row point into its one block."""
        offsets = [0]
        for block in blocks:
            offsets.append(offsets[-1] + len(block.raw) + 1)
        for element in reversed(self.layout.elements):
            if element is row:
                return
            element.start += offsets[element.first - row.first]
            end = offsets[element.last - row.first] + element.end
            element.end = end - 1 if element.end == 0 and end else end
            element.first = element.last = row.first


def _cell_of(element: Element, row: Element) -> Element:
    """The child of a row that an element stands in."""
    while element.parent is not None and element.parent is not row:
        element = element.parent
    return element
