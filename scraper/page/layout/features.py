"""What is known of each line once all of them are there; told once, read by every later phase."""

from __future__ import annotations

import re

from scraper.page.layout.elements import STRUCTURE
from scraper.page.layout.lines import Layout
from scraper.text.plain import SHORT, is_prose

_ARTICLE = 120
_SURELY_FURNITURE = re.compile(
    r"foot|copyright|disclaim|mianze|comment|pinglun|nav|menu|crumb|login|recommend"
)


def tell_features(layout: Layout) -> None:
    """Tell of each line its number, and whether it is running text, never shown, the page's furniture."""
    free, furnished = False, 0
    for number, block in enumerate(layout.blocks):
        owner, text = block.owner, block.text
        block.number = number
        block.hidden = owner.hidden
        block.chrome = owner.chrome
        if len(text) > SHORT and is_prose(text):
            block.prose = True
            if not block.linked and not owner.hidden:
                free = free or not owner.chrome
                furnished += len(text)
    if not free and furnished >= _ARTICLE:
        _clear_misnamed(layout)


def _clear_misnamed(layout: Layout) -> None:
    """All running text stands in elements named like furniture: take the mark off them.

    ``js_img_share_area`` was ifeng.com's article in 2014. A footer, comments, menus stay furniture.
    """
    for element in layout.elements:
        above = element.parent.chrome if element.parent else False
        own = element.tag in STRUCTURE or (
            element.says.chrome and _SURELY_FURNITURE.search(element.marks)
        )
        element.chrome = bool(above or own)
    for block in layout.blocks:
        block.chrome = block.owner.chrome
