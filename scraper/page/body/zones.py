"""The zones of a page: what each of its lines is part of, and the evidence for it.

One phase between lines and fields. The rules of the body say of the container's lines what they
are; of a line outside it its place, links and labels tell. Fields read the article that is left;
``tonggao parse --lines`` shows the zones.
"""

from __future__ import annotations

from dataclasses import dataclass

from scraper.page.body import above, below, furniture, paragraphs
from scraper.page.body.images import captions_in
from scraper.page.body.paragraphs import article_blocks, texts_of
from scraper.page.body.rule import Zone, Zoning
from scraper.page.layout.container import is_footer
from scraper.page.layout.labels import labels_of
from scraper.page.layout.lines import Block
from scraper.page.rules.page import AFTER, BEFORE, Page
from scraper.text.plain import key
from scraper.text.times import MOMENT

_ZONES = {
    one.name: one.zone for one in (*paragraphs.RULES, *above.RULES, *furniture.RULES, *below.RULES)
}
"""What a line is that a rule takes, by the rule's name."""


@dataclass(frozen=True, slots=True)
class Zones:
    """What a page's lines are, once the rules of the body have spoken.

    Attributes:
        article: the blocks of the text, pictures and captions, in order.
        texts: its paragraphs, captions left out.
        captions: identities of the blocks that explain a picture.
        zoning: what the rules said of the container's other lines.
        title: the headline, made comparable.
        span: the container: its first line and the one behind its last; None without one.
        origin: who chose the container; empty without one.
    """

    article: list[Block]
    texts: tuple[str, ...]
    captions: frozenset[int]
    zoning: Zoning
    title: str
    span: tuple[int, int] | None
    origin: str

    def told(self, page: Page, *, given: dict[int, str]) -> list[tuple[Zone, str]]:
        """Zone and evidence of every line of the page.

        Args:
            page: the page that was read.
            given: by number, the lines that gave a field, and what they gave.
        """
        kept = {block.number for block in self.article}
        found = []
        for number, block in enumerate(page.layout.blocks):
            if id(block) in self.captions:
                found.append((Zone.CAPTION, "captions"))
            elif number in kept:
                found.append((Zone.TEXT, self.origin))
            elif told := self.zoning.told.get(id(block)):
                found.append((_ZONES[told], told))
            else:
                found.append(self._outside(number, block, given.get(number)))
        return found

    def _outside(  # noqa: PLR0911 - one answer a kind of evidence
        self, number: int, block: Block, gave: str | None
    ) -> tuple[Zone, str]:
        if block.hidden:
            return Zone.FURNITURE, "hidden"
        if self.title and block.text and key(block.text) == self.title:
            return Zone.HEADLINE, "says the headline"
        if gave:
            return Zone.BYLINE, gave
        above = self.span is None or number < self.span[0]
        if block.chrome:
            named = f"named {block.owner.marks or block.owner.tag}"
            if not above and is_footer(block):
                return Zone.FOOTER, named
            return (Zone.MASTHEAD if above else Zone.FURNITURE), named
        if self._is_near(number) and not block.linked and _is_labelled(block):
            return Zone.BYLINE, "labels or a date"
        if is_footer(block):
            return Zone.FOOTER, "words of a page's foot"
        linked = block.linked * 2 > len(block.text)
        told = f"{block.linked} of {len(block.text)} signs are links" if linked else ""
        if above:
            return Zone.MASTHEAD, told or "above the text"
        return (Zone.OTHERS, told) if linked else (Zone.FURNITURE, "below the text")

    def _is_near(self, number: int) -> bool:
        first, last = self.span or (0, 0)
        return first - BEFORE <= number < last + AFTER


def _is_labelled(block: Block) -> bool:
    return bool(labels_of(block)) or MOMENT.search(block.plain) is not None


def zones_of(page: Page, title: str) -> Zones:
    """The phase: the rules of the body, each once, in order.

    Args:
        page: with its lines and the container chosen.
        title: the headline.
    """
    zoning = Zoning(page.layers.without)
    article = article_blocks(page, title, zoning)
    captions = captions_in(article) if zoning.on("captions") else set()
    texts = texts_of([block for block in article if id(block) not in captions], zoning)
    span = (page.span.first, page.span.last) if page.span else None
    origin = page.span.origin if page.span else ""
    return Zones(article, texts, frozenset(captions), zoning, key(title), span, origin)
