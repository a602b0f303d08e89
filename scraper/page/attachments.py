"""Files that an article offers."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from scraper.page.layout import Element
from scraper.page.page import Page
from scraper.release import Attachment

SUFFIXES = (
    ".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ppt", ".pptx", ".zip", ".rar", ".7z", ".ofd",
    ".wps", ".et", ".dps", ".csv", ".txt", ".ceb", ".mp3", ".tif", ".caj",
)  # fmt: skip
_BELOW = 25
_NAME = 200


def attachments_of(page: Page) -> tuple[Attachment, ...]:
    """The files linked in the text and in the lines below it, each once, with the name shown."""
    span = page.span
    if span is None:
        return ()
    found: dict[str, Attachment] = {}
    for element in page.layout.elements:
        if element.tag != "a" or not span.first <= element.first <= span.last + _BELOW:
            continue
        address = _address(element, page.url)
        if address and address not in found:
            found[address] = Attachment(address, _name(page, element))
    return tuple(found.values())


def _address(element: Element, url: str) -> str | None:
    href = (element.attributes.get("href") or "").strip()
    if not href or len(href) > 2000 or element.hidden:
        return None
    try:
        address = urljoin(url, href)
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    wanted = parts.path.lower().endswith(SUFFIXES) or "downfile" in address.lower()
    return address if wanted else None


def _name(page: Page, element: Element) -> str | None:
    text = " ".join(page.layout.text_of(element, " ").split())
    text = text or (element.attributes.get("title") or element.attributes.get("textvalue") or "")
    return text[:_NAME] or None
