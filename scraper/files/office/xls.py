"""Workbooks before 2007 (.xls, WPS's .et), by xlrd."""

from __future__ import annotations

import io
import struct
from typing import Any

import xlrd
from xlrd.compdoc import CompDocError

from scraper.errors import FileDamaged, FileEncrypted
from scraper.files.allowance import Allowance
from scraper.files.kinds import FileKind
from scraper.files.model import FilePart, FileText
from scraper.files.office.cells import sheet_of, shown
from scraper.files.wording import told

_DAMAGE = (
    xlrd.XLRDError, CompDocError, struct.error, AssertionError, IndexError, KeyError, ValueError,
    TypeError, AttributeError, OverflowError, NotImplementedError, RecursionError,
)  # fmt: skip


def read_xls(data: bytes, allowance: Allowance) -> FileText:
    """A workbook, a part each sheet with its name; hidden ones are marked.

    Raises:
        FileEncrypted: it opens with a password only.
        FileTooLarge: a sheet has more cells than are read.
        FileDamaged: xlrd cannot read it.
    """
    try:
        book = xlrd.open_workbook(
            file_contents=data,
            formatting_info=True,
            ragged_rows=True,
            logfile=io.StringIO(),
        )
        parts = [_sheet(book, each, allowance) for each in book.sheets()]
    except _DAMAGE as error:
        if "encrypted" in str(error).lower():
            raise FileEncrypted("a workbook that opens with a password only") from error
        raise FileDamaged(f"a workbook that cannot be read ({error})") from error
    return told(FileKind.XLS, parts, allowance)


def _sheet(book: Any, sheet: Any, allowance: Allowance) -> FilePart:
    rows = ([_cell(book, cell) for cell in sheet.row(n)] for n in range(sheet.nrows))
    return sheet_of(rows, allowance, name=sheet.name, hidden=sheet.visibility != 0)


def _cell(book: Any, cell: Any) -> str:
    form = book.format_map[book.xf_list[cell.xf_index].format_key].format_str
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return shown(xlrd.xldate.xldate_as_datetime(cell.value, book.datemode), form)
        except (xlrd.xldate.XLDateError, OverflowError):
            return shown(cell.value)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, ""))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return shown(bool(cell.value))
    return shown(cell.value if cell.ctype != xlrd.XL_CELL_EMPTY else None, form)
