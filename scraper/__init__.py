"""tonggao: the archive of regional press releases of China."""

from __future__ import annotations

from scraper.page import parse_page
from scraper.release import Attachment, Document, Image, Release

__all__ = ["Attachment", "Document", "Image", "Release", "parse_release"]


def parse_release(html: bytes, url: str, http_charset: str | None = None) -> Release:
    """Read an article page of any Chinese news or government site as a record.

    Args:
        html: the page's bytes as delivered.
        url: its address; links and pictures are resolved against it.
        http_charset: ``charset`` of the Content-Type header, if there was one.

    Raises:
        PageError: one of its subclasses, for a page that is no release; nothing else.
    """
    return parse_page(html, url, http_charset)
