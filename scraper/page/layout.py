"""A page as lines: the one walk over the DOM that everything else reads from.

The document is laid out the way a reader meets it: each block element gives lines, inline
elements run on, a ``br`` breaks inside a line's block. Elements remember which blocks, and which
part of them, they cover; so any later question ("the text of #asource", "the sum of text in this
container") is arithmetic on positions instead of another walk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from selectolax.lexbor import LexborNode

EDGE = "\x1f"
"""Stands in a block's raw text where an inline element begins or ends: label and value often
touch there without a blank (``<span>来源</span><span>新华社</span>``)."""

Attributes = dict[str, str | None]


@dataclass(slots=True, eq=False)
class Element:
    """An element that may be asked for: its place in the tree and the blocks it covers.

    ``first``/``start`` is the position (block, offset in raw text) where it begins,
    ``last``/``end`` where it ends; ``marks`` is id and classes, lower case.
    """

    tag: str
    attributes: Attributes
    marks: str
    parent: Element | None
    first: int
    start: int
    hidden: bool
    chrome: bool
    last: int = 0
    end: int = 0
    node: LexborNode | None = None


@dataclass(slots=True, eq=False)
class Block:
    """A run of text between two breaks, or one picture.

    Attributes:
        raw: the text with `EDGE` signs; line breaks of ``br`` and ``pre`` are newlines.
        text: the same as read, without edges and outer blanks.
        owner: the innermost block element it stands in.
        linked: how many characters of it are link text.
        picture: the attributes of the ``img`` if the block is a picture.
    """

    raw: str
    text: str
    owner: Element
    linked: int
    picture: Attributes | None = None
    cells: bool = False

    @property
    def hidden(self) -> bool:
        """Whether it is never shown."""
        return self.owner.hidden

    @property
    def chrome(self) -> bool:
        """Whether it stands in the page's furniture."""
        return self.owner.chrome


@dataclass(slots=True, eq=False)
class Layout:
    """All blocks and elements of a page, in document order."""

    blocks: list[Block] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)
    comments: list[tuple[int, str]] = field(default_factory=list)
    players: int = 0

    def text_of(self, element: Element, joint: str = "\n") -> str:
        """What an element shows, its blocks joined."""
        return joint.join(part for part in self._parts(element) if part)

    def _parts(self, element: Element) -> list[str]:
        first, last = element.first, element.last
        if first == last:
            raw = self.blocks[first].raw if first < len(self.blocks) else ""
            return [visible(raw[element.start : element.end])]
        blocks = self.blocks
        parts = [visible(blocks[first].raw[element.start :])]
        parts += [block.text for block in blocks[first + 1 : last]]
        if element.end and last < len(blocks):
            parts.append(visible(blocks[last].raw[: element.end]))
        return parts

    def inside(self, element: Element) -> list[Block]:
        """The blocks that an element covers, a partly covered last one included."""
        return self.blocks[element.first : element.last + (element.end > 0)]


class Marks:
    """Index from ``#id``, ``.class`` and ``tag`` to the elements that bear them."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    @cached_property
    def _index(self) -> dict[str, list[Element]]:
        index: dict[str, list[Element]] = {}
        for element in self._layout.elements:
            index.setdefault(element.tag, []).append(element)
            attributes = element.attributes
            if ident := attributes.get("id"):
                index.setdefault("#" + ident.lower(), []).append(element)
            if classes := attributes.get("class"):
                for name in classes.lower().split():
                    index.setdefault("." + name, []).append(element)
        return index

    def all(self, mark: str) -> list[Element]:
        """The elements that bear a mark (lower case), in document order."""
        return self._index.get(mark, [])


def visible(raw: str) -> str:
    """A raw text as read: edges removed, blanks at the ends stripped."""
    return raw.replace(EDGE, "").strip() if EDGE in raw else raw.strip()
