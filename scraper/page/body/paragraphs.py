"""The container's lines become the release's text: what is no part of the article goes."""

from __future__ import annotations

import re

from scraper.page.body.above import summaries, without_head_lines
from scraper.page.body.below import curtailed, without_furniture, without_notices
from scraper.page.body.pictures import leading_away, pictures_above, without_signs
from scraper.page.body.rule import Zone, Zoning, rule
from scraper.page.layout.lines import EDGE, Block, visible
from scraper.page.rules.page import Page
from scraper.text.plain import is_prose, key

_DOOR_BEHIND = re.compile(
    r"\s{0,3}(?:返回[^\s，。！？]{2,6}[，, ]{1,2})?(?:点击)?(?:查看|阅读|了解|浏览)(?:更多|全文|原文|详情)[>»\s]{0,4}$"
)
"""A link that leads on from the last paragraph's end."""
_INDENTED = ("\u3000\u3000", "\u3000\xa0", "\xa0\u3000", "\xa0\xa0")
_CLOSED = tuple("。！？；：”…!?;")
_BLANKS = " \t\u3000\xa0"


def texts_of(blocks: list[Block], zoning: Zoning) -> tuple[str, ...]:
    """The paragraphs of an article's blocks in reading order."""
    lines = [block for block in blocks if block.picture is None]
    texts = [text for block in lines for text in split(block) if text]
    doors = zoning.on("door-behind")
    if doors and texts and lines[-1].linked and (door := _DOOR_BEHIND.search(texts[-1])):
        texts[-1] = texts[-1][: door.start()]
    return tuple(texts[:-1] if texts and not texts[-1] else texts)


def split(block: Block) -> list[str]:
    """A block's paragraphs, as `parts_of` parts them."""
    raw = visible(block.raw) if not block.cells else block.text
    if "\n" not in raw:
        return [_tidied(raw)]
    return [text for part in parts_of(raw) if (text := _tidied(part))]


def _tidied(text: str) -> str:
    lines = [line.strip() for line in text.split("\n")]
    return "\n".join([line.strip("\u3000\xa0 \u200b\ufeff") for line in lines if line])


def parts_of(raw: str) -> list[str]:
    """A text with line breaks as paragraphs.

    A new one begins after an empty line, at an indented line, and where the line before ends
    with the end of a sentence; any other line break stays inside.
    """
    parts: list[list[str]] = [[]]
    for line in raw.split("\n"):
        bare = line.replace(EDGE, "")
        above = parts[-1][-1].replace(EDGE, "").rstrip(_BLANKS) if parts[-1] else ""
        if not bare.strip(" \t"):
            parts.append([])
        elif above and (bare.startswith(_INDENTED) or above.endswith(_CLOSED)):
            parts.append([line])
        else:
            parts[-1].append(line)
    return ["\n".join(part) for part in parts if part]


def _paragraphs_of(block: Block) -> list[Block]:
    """A text that ``br`` parts, each of its paragraphs as a block: what is the site's among them goes.

    Where links stand is known of the whole only; a text with links stays whole.
    """
    if "\n" not in block.raw or block.linked or block.cells or block.picture is not None:
        return [block]
    parts = parts_of(block.raw)
    return (
        [block.part(raw, prose=is_prose(raw.replace(EDGE, "").strip())) for raw in parts]
        if len(parts) > 1
        else [block]
    )


RULES = (
    rule("hidden", Zone.FURNITURE, "What is never shown: hidden by style or attribute."),
    rule("inner-furniture", Zone.FURNITURE, "Elements named as furniture inside the text's container."),
    rule("leading-away", Zone.FURNITURE, "Pictures that are links to other sites or to columns."),
    rule("handlers", Zone.FURNITURE, "A few signs that are a link to a script: a button."),
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
    buttons = _buttons(page) if zoning.on("handlers") else set()
    hides = zoning.on("hidden")
    shown = []
    for block in page.body:
        if block.hidden and hides:
            zoning.put([block], "hidden")
        elif block.chrome and not framed:
            zoning.put([block], "inner-furniture")
        elif id(block) in away:
            zoning.put([block], "leading-away")
        elif block.number in buttons:
            zoning.put([block], "handlers")
        elif id(block) not in dropped:
            shown += _paragraphs_of(block)
    return shown


_BUTTON = 10


def _buttons(page: Page) -> set[int]:
    """The lines of the container that are nothing but a link to a script, and too short for a headline."""
    if page.span is None:
        return set()
    blocks, inside = page.layout.blocks, range(page.span.first, page.span.last)
    if not any(0 < len(block.text) <= min(_BUTTON, block.linked) for block in page.body):
        return set()
    scripted = (
        link.first
        for link in page.layout.links
        if link.first in inside and link.href[:11].lower().strip() in _SCRIPTED
    )
    return {at for at in scripted if 0 < len(blocks[at].text) <= min(_BUTTON, blocks[at].linked)}


_SCRIPTED = frozenset(("#", "javascript:", ""))


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
