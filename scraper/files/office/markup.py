"""Documents that are one piece of XML: Word's and Excel's of 2003, Word's of today unpacked."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from scraper.errors import FileUnsupported
from scraper.files.allowance import Allowance
from scraper.files.kinds import FileKind
from scraper.files.model import FilePart, FileText
from scraper.files.office.cells import sheet_of, shown
from scraper.files.office.docx import document_text
from scraper.files.packages import attribute, local, parse_xml
from scraper.files.wording import told

_MOST_EMPTY = 200
"""Cells that a row may leave out before one that names its place."""
_HIDDEN = frozenset(("SheetHidden", "SheetVeryHidden"))


def read_xml(data: bytes, allowance: Allowance) -> FileText:
    """A document that is one piece of XML.

    Raises:
        FileUnsupported: it is some other program's markup, which is no text.
        FileTooLarge, FileDamaged: see `parse_xml`.
    """
    root = parse_xml(data, allowance)
    name = local(root)
    if name == "Workbook":
        sheets = [each for each in root if local(each) == "Worksheet"]
        return told(FileKind.XML, [_sheet(each, allowance) for each in sheets], allowance)
    parts = {str(attribute(each, "name")): each for each in root if local(each) == "part"}
    body = root if name == "wordDocument" else parts.get("/word/document.xml")
    if body is None:
        raise FileUnsupported(f"XML of {name!r}, which is no document that is known")
    inside = {local(each): each for each in body}
    content = inside.get("body", body)
    styles = inside.get("styles", _first(parts.get("/word/styles.xml"), "styles"))
    numbers = _first(parts.get("/word/numbering.xml"), "numbering")
    return document_text(FileKind.XML, content, allowance, styles, numbers)


def _first(element: etree._Element | None, name: str) -> etree._Element | None:
    found = element.iter() if element is not None else ()
    return next((each for each in found if local(each) == name), None)


def _sheet(sheet: etree._Element, allowance: Allowance) -> FilePart:
    table = _first(sheet, "Table")
    rows = [each for each in (table if table is not None else ()) if local(each) == "Row"]
    visible = _first(_first(sheet, "WorksheetOptions"), "Visible")
    hidden = visible is not None and (visible.text or "").strip() in _HIDDEN
    name = attribute(sheet, "Name") or ""
    return sheet_of((list(_cells(row)) for row in rows), allowance, name=name, hidden=hidden)


def _cells(row: etree._Element) -> Iterator[str]:
    """A row's cells; those before one that names its place are empty."""
    count = 0
    for cell in row:
        if local(cell) != "Cell":
            continue
        place = attribute(cell, "Index") or ""
        missing = int(place) - 1 - count if place.isdecimal() and len(place) < 6 else 0
        empty = min(max(missing, 0), _MOST_EMPTY)
        yield from [""] * empty
        value = _first(cell, "Data")
        yield shown("".join(map(str, value.itertext()))) if value is not None else ""
        count += empty + 1
