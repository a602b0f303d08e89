"""Workbooks (.xlsx): sheets in their order, rows with tabs, values as last computed."""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from lxml import etree
from openpyxl.utils.exceptions import InvalidFileException

from scraper.errors import FileDamaged
from scraper.files.allowance import Allowance
from scraper.files.kinds import FileKind
from scraper.files.model import FilePart, FileText
from scraper.files.office.cells import sheet_of, shown
from scraper.files.packages import Package
from scraper.files.wording import told

_DAMAGE = (
    ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, EOFError, ParseError,
    zipfile.BadZipFile, InvalidFileException, etree.XMLSyntaxError, AssertionError, NotImplementedError,
)  # fmt: skip
"""What openpyxl raises about files that no program of an office wrote."""


def read_xlsx(data: bytes, allowance: Allowance) -> FileText:
    """A workbook, a part each sheet with its name; hidden ones are marked.

    A merged cell's value stands in its first cell, a formula's is the one last computed.

    Raises:
        FileTooLarge: a limit is exceeded, entities are declared.
        FileDamaged: openpyxl cannot read it.
    """
    Package(data, allowance).refuse_entities()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of each feature that it passes over
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            parts = [_sheet(each, allowance) for each in book.worksheets]
    except _DAMAGE as error:
        raise FileDamaged(f"a workbook that cannot be read ({error})") from error
    return told(FileKind.XLSX, parts, allowance)


def _sheet(sheet: Any, allowance: Allowance) -> FilePart:
    sheet.reset_dimensions()  # what a sheet says of its own size is a claim
    rows = ([shown(cell.value, _form(cell)) for cell in row] for row in sheet.iter_rows())
    hidden = sheet.sheet_state != "visible"
    return sheet_of(rows, allowance, name=sheet.title, hidden=hidden)


def _form(cell: Any) -> str | None:
    form: str | None = cell.number_format if cell.value is not None else None
    return form
