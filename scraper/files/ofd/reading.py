"""An OFD file's text: its documents, their pages, each as people read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from scraper.errors import FileDamaged, FileEncrypted, FileTooLarge
from scraper.files.allowance import Allowance
from scraper.files.archives import shown_name
from scraper.files.kinds import FileKind
from scraper.files.layout.glyphs import BLANKS, distinct
from scraper.files.layout.grids import take_tables
from scraper.files.layout.lines import lines_of
from scraper.files.layout.pages import LaidPage, parts_of
from scraper.files.layout.running import Sheet
from scraper.files.layout.standing import take_standing
from scraper.files.model import FileMember, FilePart, FileText
from scraper.files.ofd.objects import Drawn, gather, numbers
from scraper.files.packages import Package, beside, local
from scraper.files.wording import told
from scraper.refusal import Refusal

_POINTS = 72 / 25.4
_A4 = (210.0, 297.0)
_FEW_SIGNS = 40
_PICTURE = 0.35
_ROOT = "OFD.xml"


def read_ofd(data: bytes, allowance: Allowance) -> FileText:
    """An OFD file's text by pages, document after document, and the files attached to it.

    Raises:
        FileEncrypted: its pages are encrypted (GM/T 0099).
        FileTooLarge: a limit is exceeded.
        FileDamaged: it is no OFD file.
    """
    package = Package(data, allowance)
    root = package.needed_xml(_ROOT)
    if package.find("Encryptions.xml") or _first(root, "Encryptions") is not None:
        raise FileEncrypted("an OFD file whose pages are encrypted")
    parts: list[FilePart] = []
    members: list[FileMember] = []
    heading = None
    bodies = [each for each in root if local(each) == "DocBody"]
    for body in bodies:
        document = Document(package, body)
        pages, title = parts_of([document.page(each) for each in document.pages()])
        heading = heading or title
        name = document.title if len(bodies) > 1 else None
        parts += [replace(page, name=name) for page in pages]
        members += document.attachments()
        if len(parts) > allowance.limits.pages:
            raise FileTooLarge("an OFD file of too many pages", Refusal.TOO_MANY_PAGES)
    if not parts:
        raise FileDamaged("an OFD file without a page")
    text = told(FileKind.OFD, parts, allowance, heading=heading)
    whole = text.complete and all(each.complete for each in members)
    return replace(text, members=tuple(members), complete=whole)


def _first(element: etree._Element, name: str) -> etree._Element | None:
    return next((each for each in element.iter() if local(each) == name), None)


def _text(element: etree._Element | None, name: str) -> str | None:
    found = _first(element, name) if element is not None else None
    return (found.text or "").strip() or None if found is not None else None


class Document:
    """One document of an OFD file."""

    def __init__(self, package: Package, body: etree._Element) -> None:
        self.package = package
        self.title = _text(body, "Title")
        self.path = beside(_ROOT, _text(body, "DocRoot") or "Doc_0/Document.xml")
        self.root = package.needed_xml(self.path)
        self.templates = {
            each.get("ID"): beside(self.path, each.get("BaseLoc") or "")
            for each in self.root.iter()
            if local(each) == "TemplatePage"
        }
        self._loaded: dict[str | None, etree._Element | None] = {}

    def pages(self) -> list[str]:
        """The paths of its pages, in their order."""
        pages = next((each for each in self.root if local(each) == "Pages"), None)
        found = [
            beside(self.path, each.get("BaseLoc") or "")
            for each in (pages if pages is not None else ())
            if local(each) == "Page"
        ]
        if len(found) > self.package.allowance.limits.pages:
            raise FileTooLarge(f"an OFD file of {len(found)} pages", Refusal.TOO_MANY_PAGES)
        return found

    def page(self, path: str) -> LaidPage:
        """One page with what its template draws; a page that is missing is empty."""
        root = self.package.xml(path)
        if root is None:
            return LaidPage(Sheet([], *_A4), cut=True)
        drawn = Drawn()
        most = self.package.allowance.limits.glyphs
        for used in root.iter():
            if local(used) == "Template":
                template = self._template(used.get("TemplateID"))
                if template is not None:
                    gather(template, drawn, most)
        gather(root, drawn, most)
        wide, high = self._size(root)
        return _laid(drawn, wide * _POINTS, high * _POINTS)

    def _template(self, ident: str | None) -> etree._Element | None:
        if ident not in self._loaded:
            path = self.templates.get(ident)
            self._loaded[ident] = self.package.xml(path) if path else None
        return self._loaded[ident]

    def _size(self, page: etree._Element) -> tuple[float, float]:
        """A page's own size, or the document's, or that of A4, in millimetres."""
        for root in (page, self.root):
            box = _first(root, "PhysicalBox")
            if box is not None:
                _, _, wide, high = numbers(box.text, 4)
                if wide > 0 and high > 0:
                    return wide, high
        return _A4

    def attachments(self) -> Iterator[FileMember]:
        """The files that are attached to it."""
        listed = _text(self.root, "Attachments")
        path = beside(self.path, listed) if listed else None
        root = self.package.xml(path) if path else None
        for each in root if root is not None and path else ():
            place = _text(each, "FileLoc")
            member = self.package.find(beside(path, place)) if place and path else None
            if member is None:
                continue
            name = shown_name(each.get("Name") or member.filename)
            suffix = member.filename.rpartition(".")[2].lower()
            if not name.lower().endswith(f".{suffix}") and len(suffix) <= 5:
                name = f"{name}.{suffix}"
            allowance = self.package.allowance
            yield allowance.read_member(name, self.package.read(member), allowance)


def _laid(drawn: Drawn, width: float, height: float) -> LaidPage:
    turns = Counter(turn for turn, _ in drawn.signs)
    main = turns.most_common(1)[0][0] if turns else 0
    upright, standing = take_standing(distinct(each for turn, each in drawn.signs if turn == main))
    rules = (drawn.flat, drawn.upright) if main == 0 else ([], [])
    rest, tables = take_tables(upright, *rules)
    lines = sorted([*lines_of(rest), *tables], key=lambda line: line.top)
    aside = list(standing)
    for turn in [each for each, _ in turns.most_common(8) if each != main]:
        signs = distinct(glyph for angle, glyph in drawn.signs if angle == turn)
        aside += [line.text for line in lines_of(signs)]
    shown = sum(1 for _, each in drawn.signs if each.text not in BLANKS)
    pictured = sum(drawn.pictures) >= _PICTURE * width * height and shown < _FEW_SIGNS
    return LaidPage(Sheet(lines, width, height), aside, pictured=pictured, cut=drawn.cut)
