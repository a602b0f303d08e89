"""Who made a release: source, author, editor."""

from __future__ import annotations

from scraper.page.credited import find_author, find_editor
from scraper.page.source import find_source

__all__ = ["find_author", "find_editor", "find_source"]
