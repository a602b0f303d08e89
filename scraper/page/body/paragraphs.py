"""The container's lines become the release's text: what is no part of the article goes."""

from __future__ import annotations

import re

from scraper.page.body.above import summaries, without_head_lines
from scraper.page.body.below import curtailed, without_furniture, without_notices
from scraper.page.body.pictures import leading_away, pictures_above, without_signs
from scraper.page.body.rule import Zone, Zoning, rule
from scraper.page.layout.lines import Block, visible
from scraper.page.rules.page import Page
from scraper.text.plain import key

_DOOR_BEHIND = re.compile(
    r"\s{0,3}(?:返回[^\s，。！？]{2,6}[，, ]{1,2})?(?:点击)?(?:查看|阅读|了解|浏览)(?:更多|全文|原文|详情)[>»\s]{0,4}$"
)
"""A link that leads on from the last paragraph's end."""
_BREAK = re.compile(
    r"\n(?:[ \t]*\n)+|\n(?=[\u3000\xa0]{2})|(?<=[。！？；：”…!?;])[ \u3000\xa0]{0,4}\n"
)


def texts_of(blocks: list[Block], zoning: Zoning) -> tuple[str, ...]:
    """The paragraphs of an article's blocks in reading order."""
    lines = [block for block in blocks if block.picture is None]
    texts = [text for block in lines for text in split(block) if text]
    doors = zoning.on("door-behind")
    if doors and texts and lines[-1].linked and (door := _DOOR_BEHIND.search(texts[-1])):
        texts[-1] = texts[-1][: door.start()]
    return tuple(texts[:-1] if texts and not texts[-1] else texts)


def split(block: Block) -> list[str]:
    """A block's paragraphs.

    A new one begins after an empty line, at an indented line, and where the line before ends
    with the end of a sentence; any other line break stays inside.
    """
    raw = visible(block.raw) if not block.cells else block.text
    if "\n" not in raw:
        return [_tidied(raw)]
    return [text for part in _BREAK.split(raw) if (text := _tidied(part))]


def _tidied(text: str) -> str:
    lines = [line.strip() for line in text.split("\n")]
    return "\n".join([line.strip("\u3000\xa0 \u200b\ufeff") for line in lines if line])


RULES = (
    rule("hidden", Zone.FURNITURE, "What is never shown: hidden by style or attribute."),
    rule("inner-furniture", Zone.FURNITURE, "Elements named as furniture inside the text's container."),
    rule("leading-away", Zone.FURNITURE, "Pictures that are links to other sites or to columns."),
    rule("copies", Zone.FURNITURE, "The second copy of a text, for telephones."),
    rule("signs", Zone.FURNITURE, "Codes to scan, and icons before linked files."),
    rule("slider", Zone.TEXT, "Pictures between the labels and the text's container are the article's."),
    rule("door-behind", Zone.FURNITURE, "A link that leads on from the last paragraph's end."),
    rule("captions", Zone.CAPTION, "The line that explains a picture above it."),
)  # fmt: skip


def article_blocks(page: Page, title: str, zoning: Zoning) -> list[Block]:
    """The container's blocks, pictures included, that belong to the article."""
    blocks = _shown(page, zoning)
    if zoning.on("copies"):
        blocks = _kept(blocks, _unrepeated(blocks), zoning, "copies")
    blocks = without_head_lines(page, blocks, key(title), zoning)
    if zoning.on("signs"):
        blocks = _kept(blocks, without_signs(blocks), zoning, "signs")
    blocks = without_notices(curtailed(page, blocks, zoning), zoning)
    above = pictures_above(page) if zoning.on("slider") else []
    return above + without_furniture(blocks, zoning)


def _kept(before: list[Block], after: list[Block], zoning: Zoning, name: str) -> list[Block]:
    if len(after) < len(before):
        kept = set(map(id, after))
        zoning.put((b for b in before if id(b) not in kept), name)
    return after


def _shown(page: Page, zoning: Zoning) -> list[Block]:
    """Visible blocks that do not stand in furniture inside the container."""
    inside = page.span.element if page.span else None
    framed = (inside is not None and inside.chrome) or not zoning.on("inner-furniture")
    dropped = _dropped(page) | summaries(page, zoning)
    away = leading_away(page) if zoning.on("leading-away") else set()
    hides = zoning.on("hidden")
    shown = []
    for block in page.body:
        if block.hidden and hides:
            zoning.put([block], "hidden")
        elif block.chrome and not framed:
            zoning.put([block], "inner-furniture")
        elif id(block) in away:
            zoning.put([block], "leading-away")
        elif id(block) not in dropped:
            shown.append(block)
    return shown


def _dropped(page: Page) -> set[int]:
    found: set[int] = set()
    for selector in page.rules.drop:
        wanted = {node.mem_id for node in page.tree.css(selector)}
        for element in page.layout.elements:
            if element.node is not None and element.node.mem_id in wanted:
                found.update(id(block) for block in page.layout.inside(element))
    return found


def _unrepeated(blocks: list[Block]) -> list[Block]:
    """The second copy of a text goes: pages hold one article for screens and one for phones.

    A paragraph that merely occurs twice (cmse.gov.cn, 2021) stays: copies count only where they
    make up a good part of everything.
    """
    seen: set[str] = set()
    kept, copied = [], 0
    for block in blocks:
        if len(block.text) > 40 and block.text in seen:
            copied += len(block.text)
            continue
        seen.add(block.text)
        kept.append(block)
    whole = sum(len(block.text) for block in blocks)
    return kept if copied * 3 > whole else blocks
