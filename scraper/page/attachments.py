"""Files that an article offers."""

from __future__ import annotations

from scraper.page.addresses import Base, absolute
from scraper.page.layout import Link
from scraper.page.page import Page
from scraper.record.release import Attachment

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
    for element in page.layout.links:
        if not span.first <= element.first <= span.last + _BELOW:
            continue
        address = _address(element, page.base)
        if address and address not in found:
            found[address] = Attachment(address, _name(page, element))
    return tuple(found.values())


def _address(element: Link, base: Base) -> str | None:
    href = element.href.strip()
    path = href.partition("?")[0].partition("#")[0].lower()
    if not (path.endswith(SUFFIXES) or "downfile" in href.lower()):
        return None
    if element.owner.hidden:
        return None
    return absolute(base, href)


def _name(page: Page, element: Link) -> str | None:
    text = " ".join(page.layout.text_of(element, " ").split())
    text = text or (element.attributes.get("title") or element.attributes.get("textvalue") or "")
    return text[:_NAME] or None
