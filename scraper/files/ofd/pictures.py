"""The pictures that scanned pages of an OFD file consist of, for recognition."""

from __future__ import annotations

from lxml import etree

from scraper.errors import FileDamaged
from scraper.files.allowance import Allowance
from scraper.files.ofd.objects import numbers
from scraper.files.ofd.reading import Document
from scraper.files.packages import Package, beside, local

_RESOURCES = frozenset({"PublicRes", "DocumentRes"})


def page_picture(data: bytes, number: int, allowance: Allowance) -> bytes:
    """The bytes of the largest picture on a page, counted from 0 over all documents.

    Raises:
        FileDamaged: there is no such page, or no picture on it.
        FileTooLarge, FileEncrypted: see `Package`.
    """
    package = Package(data, allowance)
    for body in package.needed_xml("OFD.xml"):
        if local(body) != "DocBody":
            continue
        document = Document(package, body)
        pages = document.pages()
        if number < len(pages):
            return _largest(package, document, pages[number])
        number -= len(pages)
    raise FileDamaged("an OFD file without that page")


def _largest(package: Package, document: Document, path: str) -> bytes:
    page = package.xml(path)
    objects = (
        [each for each in page.iter() if local(each) == "ImageObject"] if page is not None else []
    )
    media = _media(package, document)
    for each in sorted(objects, key=_area, reverse=True):
        member = package.find(media.get(each.get("ResourceID") or "", ""))
        if member is not None:
            return package.read(member)
    raise FileDamaged("an OFD page without a picture")


def _area(picture: etree._Element) -> float:
    _, _, wide, high = numbers(picture.get("Boundary"), 4)
    return abs(wide * high)


def _media(package: Package, document: Document) -> dict[str, str]:
    """The paths of a document's media files, by the identifiers that pages use."""
    found: dict[str, str] = {}
    for each in document.root.iter():
        if local(each) not in _RESOURCES or not each.text:
            continue
        listing = beside(document.path, each.text.strip())
        root = package.xml(listing)
        if root is None:
            continue
        folder = beside(listing, (root.get("BaseLoc") or ".") + "/x")
        for media in root.iter():
            file = next((child for child in media if local(child) == "MediaFile"), None)
            if local(media) == "MultiMedia" and file is not None and file.text:
                found[media.get("ID") or ""] = beside(folder, file.text.strip())
    return found
