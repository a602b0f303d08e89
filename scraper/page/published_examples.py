"""The examples of the rules for ``published_at``."""

from __future__ import annotations

from scraper.page.rule import Example

EXAMPLES: dict[str, tuple[Example, ...]] = {}
REFUSED: dict[str, tuple[Example, ...]] = {}
VETOED: dict[str, tuple[Example, ...]] = {"ahead": ()}
