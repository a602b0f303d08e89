"""The container's lines become the release's text: what is no part of the article goes."""

from __future__ import annotations

import re

from scraper.page.body.above import summaries, without_head_lines
from scraper.page.body.below import curtailed, without_notices
from scraper.page.body.furniture import without_noise
from scraper.page.body.pictures import leading_away, pictures_above, without_signs
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


def texts_of(blocks: list[Block]) -> tuple[str, ...]:
    """The paragraphs of an article's blocks in reading order."""
    lines = [block for block in blocks if block.picture is None]
    texts = [text for block in lines for text in split(block) if text]
    if texts and lines[-1].linked and (door := _DOOR_BEHIND.search(texts[-1])):
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
    lines = (" ".join(line.split(" ")).strip() for line in text.split("\n"))
    return "\n".join(line.strip("\u3000\xa0 \u200b\ufeff") for line in lines if line.strip())


def article_blocks(page: Page, title: str) -> list[Block]:
    """The container's blocks, pictures included, that belong to the article."""
    blocks = _unrepeated(_shown(page))
    blocks = without_signs(without_head_lines(page, blocks, key(title)))
    return pictures_above(page) + without_noise(without_notices(curtailed(page, blocks)))


def _shown(page: Page) -> list[Block]:
    """Visible blocks that do not stand in furniture inside the container."""
    inside = page.span.element if page.span else None
    dropped = _dropped(page) | leading_away(page) | summaries(page)
    return [
        block
        for block in page.body
        if not block.hidden
        and not (block.chrome and not (inside is not None and inside.chrome))
        and id(block) not in dropped
    ]


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
