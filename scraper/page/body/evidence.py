"""What all parts of the body ask of a line."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scraper.page.layout.lines import Block

SENTENCE = re.compile("[。！？；]")
EVENT = re.compile(r"^(?:\w{0,4}时间|日期)\s{0,2}:[\s\x1f]{0,4}(?:\d{1,2}月\d|每|周|星期)")
"""When something takes place: 时间：9月8日（周五）19:00. A publication has its year."""


_POSTED = re.compile(
    r"\W{0,3}(?:posted|filed|submitted|written|published|by|comments)\b", re.IGNORECASE
)
_TOLD = re.compile(r"(?i)\b(?:by|on|at|in|under|date)\b|:|@|\d{4}")
_POST = 100


def is_posted(text: str) -> bool:
    """Whether a line is a blog's about a post: who put it there, when, under which heading."""
    if len(text) > _POST or not _POSTED.match(text) or not text[-1:].strip('.!?"”’'):
        return False
    return _TOLD.search(text) is not None


def weight(blocks: Iterable[Block]) -> int:
    """How many signs of text, links left out, blocks hold."""
    return sum(len(block.text) - block.linked for block in blocks)


def is_linked(block: Block) -> bool:
    """Whether a line is a link, or nearly."""
    return block.linked > 0.8 * len(block.text)
