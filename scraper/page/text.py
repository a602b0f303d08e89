"""Texts made comparable: now `scraper.text.plain`, imported from here until the last reader moved."""

from __future__ import annotations

from scraper.text.plain import is_prose, key, plain, sound

__all__ = ["is_prose", "key", "plain", "sound"]
