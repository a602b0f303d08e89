"""Presentations (.pptx): slides in their order, shapes as they stand from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from scraper.errors import FileTooLarge
from scraper.files.allowance import Allowance
from scraper.files.kinds import FileKind
from scraper.files.model import FilePart, FileText
from scraper.files.packages import Package, attribute, local, relations
from scraper.files.wording import told
from scraper.refusal import Refusal

_MAIN = "ppt/presentation.xml"
_FURNITURE = frozenset({"sldNum", "ftr", "dt", "hdr"})
_TITLES = frozenset({"title", "ctrTitle"})
_ROW = 300_000
"""English Metric Units within which shapes stand side by side: a third of an inch."""

Placed = tuple[int, int, list[str]]


def read_pptx(data: bytes, allowance: Allowance) -> FileText:
    """A presentation, a part each slide; slide numbers, footers and speakers' notes are left out.

    Raises:
        FileTooLarge, FileDamaged, FileEncrypted: see `Package`.
    """
    package = Package(data, allowance)
    root, related = package.needed_xml(_MAIN), relations(package, _MAIN)
    paths = [related.get(ident, ("", ""))[1] for ident in _slide_ids(root)]
    if len(paths) > allowance.limits.pages:
        raise FileTooLarge(f"a presentation of {len(paths)} slides", Refusal.TOO_MANY_PAGES)
    parts, heading = [], None
    for path in paths:
        slide = package.xml(path) if path else None
        if slide is None:
            parts.append(FilePart("", cut=True))
            continue
        reader = _Slide(package, path)
        text = "\n".join(reader.lines(slide))
        parts.append(FilePart(text, hidden=slide.get("show") == "0", pictured=reader.is_pictured))
        heading = heading or reader.title
    return told(FileKind.PPTX, parts, allowance, heading=heading)


def _slide_ids(root: etree._Element) -> list[str]:
    return [
        each.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id") or ""
        for each in root.iter()
        if local(each) == "sldId"
    ]


class _Slide:
    """One slide's shapes."""

    def __init__(self, package: Package, path: str) -> None:
        self.package = package
        self.related = relations(package, path)
        self.title: str | None = None
        self.is_pictured = False
        self._said = 0

    def lines(self, slide: etree._Element) -> list[str]:
        """The slide's lines, its title first."""
        tree = next((each for each in slide.iter() if local(each) == "spTree"), slide)
        placed = sorted(self._shapes(tree, 0, 0), key=lambda each: (each[0] // _ROW, each[1]))
        found = [line for _, _, lines in placed for line in lines]
        has_picture = any(local(each) == "pic" for each in tree.iter())
        self.is_pictured = has_picture and sum(map(len, found)) < 20
        return found

    def _shapes(self, tree: etree._Element, top: int, left: int) -> Iterator[Placed]:
        for shape in tree:
            name = local(shape)
            if name in {"grpSp", "AlternateContent", "Choice"}:
                y, x = _place(shape, top, left)
                yield from self._shapes(shape, y, x)
            elif name in {"sp", "cxnSp"}:
                kind = _placeholder(shape)
                if kind in _FURNITURE:
                    continue
                lines = list(_paragraphs(shape))
                y, x = _place(shape, top, left)
                if kind in _TITLES:
                    self.title = self.title or " ".join(lines) or None
                    y = -1
                yield y, x, lines
            elif name == "graphicFrame":
                yield *_place(shape, top, left), self._frame(shape)

    def _frame(self, frame: etree._Element) -> list[str]:
        """A table's rows, or a diagram's texts."""
        rows = [each for each in frame.iter() if local(each) == "tr"]
        if rows:
            return [_row(row) for row in rows]
        found: list[str] = []
        for each in frame.iter():
            if local(each) == "relIds":
                _, path = self.related.get(attribute(each, "dm") or "", ("", ""))
                data = self.package.xml(path) if path else None
                found += _paragraphs(data) if data is not None else ()
        return found


def _placeholder(shape: etree._Element) -> str | None:
    found = next((each for each in shape.iter() if local(each) == "ph"), None)
    return found.get("type") if found is not None else None


def _place(shape: etree._Element, top: int, left: int) -> tuple[int, int]:
    """Where a shape stands; a placeholder without a place stands where its surroundings do."""
    for each in shape.iter():
        if local(each) == "off":
            y, x = each.get("y") or "", each.get("x") or ""
            if y.lstrip("-").isdigit() and x.lstrip("-").isdigit():
                return int(y[:12]), int(x[:12])
    return top, left


def _paragraphs(element: etree._Element) -> Iterator[str]:
    for paragraph in element.iter():
        if local(paragraph) == "p":
            text = "".join(_inline(paragraph)).strip()
            if text:
                yield text


def _inline(paragraph: etree._Element) -> Iterator[str]:
    for each in paragraph:
        name = local(each)
        if name == "br":
            yield "\n"
        elif name == "r" or (name == "fld" and "slidenum" not in (each.get("type") or "")):
            yield from (part.text or "" for part in each if local(part) == "t")


def _row(row: etree._Element) -> str:
    cells = [each for each in row if local(each) == "tc"]
    told_cells = [
        "" if cell.get("hMerge") or cell.get("vMerge") else " ".join(_paragraphs(cell))
        for cell in cells
    ]
    return "\t".join(text.replace("\n", " ") for text in told_cells).rstrip("\t")
