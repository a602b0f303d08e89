"""Publications as tables that other programs open: CSV, XLSX and Parquet, row by row, in bounded memory.

The columns and their types are those of the record (`scraper.record.serial.FIELDS`) and of where it stands
in the archive: one schema whatever the data, so that files of different days are one table.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO, get_args, get_origin

from scraper.archive.exchange.output import as_json, cell_of, parquet_library
from scraper.archive.querying.reading import Reading
from scraper.clock import SHANGHAI
from scraper.log import get_logger
from scraper.record.forms import types_of
from scraper.record.release import Release
from scraper.record.serial import FIELDS

Told = Callable[[int], None]
"""Hears how many rows are written."""
Row = dict[str, Any]

OF_THE_ARCHIVE: Mapping[str, type] = {
    "source_id": str,
    "publisher": str,
    "dated_at": dt.datetime,
    "fetched_at": dt.datetime,
    "withdrawn_at": dt.datetime,
    "release_id": int,
    "publication_id": int,
    "revision_id": int,
    "canonical": bool,
    "listed_on": dt.date,
    "brought_by": str,
}
"""Columns beside those of the record, as :meth:`Reading.standing` has them."""
COLUMNS: Mapping[str, Any] = {
    **{part.name: types_of(Release)[part.name][0] for part in FIELDS},
    **OF_THE_ARCHIVE,
}
"""Every column and the type of its values; null beside."""
SHEET_ROWS = 1_048_576
SHEET_CHARACTERS = 32_767
"""What a sheet and a cell of Excel hold (Microsoft, "Excel specifications and limits"); the heading is a row."""
CUT = "…[cut]"
_UNSHEETABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BATCH = 2000
_UNFIT = (TypeError, ValueError, OverflowError, ArithmeticError, AttributeError)
"""What pyarrow raises of a value that is not of a column's type; its own errors are of the first two."""
_log = get_logger(__name__)
_MAPS = frozenset(name for name, kind in COLUMNS.items() if get_origin(kind) in {Mapping, dict})
_FIRST_DATE = dt.date(1900, 3, 1)


class Table(Protocol):
    """What rows are added to."""

    def add(self, row: Row) -> None:
        """Write a row."""

    def close(self) -> None:
        """Write what is left, and the end."""


def silent(_: int) -> None:
    """Tells nobody."""


def row_of(text: Reading) -> Row:
    """A publication's text as a row: values in the types of ``COLUMNS``."""
    record = text.release.to_dict() | {"published_at": text.release.published_at} | text.standing()
    return {name: record.get(name) for name in COLUMNS}


def longest_cell(row: Row) -> int:
    """Characters of the longest value as a sheet shows it."""
    return max(len(str(cell_of(_sheet(name, value), raw=True))) for name, value in row.items())


class CsvTable:
    """RFC 4180 with a heading; lists and objects as JSON."""

    def __init__(self, out: TextIO, *, raw: bool = False, bom: bool = False) -> None:
        """Write the heading; ``bom``: behind the mark by which Excel knows UTF-8."""
        self._writer, self._raw = csv.writer(out), raw
        if bom:
            out.write("\ufeff")
        self._writer.writerow(COLUMNS)

    def add(self, row: Row) -> None:
        """Write a row."""
        self._writer.writerow([cell_of(row[name], raw=self._raw) for name in COLUMNS])

    def close(self) -> None:
        """Nothing is left."""


class XlsxTable:
    """A workbook for Excel; with ``split`` as many sheets as it takes, and long cells cut and counted.

    Times are of Asia/Shanghai, for cells have no zone. Paragraphs are the lines of one cell.
    """

    def __init__(self, path: Path, *, split: bool = False) -> None:
        """Begin a workbook that is written to ``path`` when it is closed."""
        from openpyxl import Workbook  # noqa: PLC0415 - heavy, and rarely needed

        self._path, self._split = path, split
        self._book = Workbook(write_only=True)
        self._rows = SHEET_ROWS
        self._sheet: Any = None
        self.cut = 0

    def add(self, row: Row) -> None:
        """Write a row."""
        if self._sheet is None or self._rows >= SHEET_ROWS:
            self._sheet = self._book.create_sheet(f"releases {len(self._book.sheetnames) + 1}")
            self._rows = 1
            self._sheet.append(list(COLUMNS))
        self._sheet.append([self._cell(_sheet(name, row[name])) for name in COLUMNS])
        self._rows += 1

    def close(self) -> None:
        """Write the file."""
        if self._sheet is None:
            self._book.create_sheet("releases 1").append(list(COLUMNS))
        self._book.save(self._path)

    def _cell(self, value: Any) -> Any:
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

        if not isinstance(value, str):
            return value
        text = _UNSHEETABLE.sub("\ufffd", value)
        if len(text) > SHEET_CHARACTERS:
            text, self.cut = text[: SHEET_CHARACTERS - len(CUT)] + CUT, self.cut + 1
        cell = WriteOnlyCell(self._sheet, text)
        cell.data_type = "s"  # never a formula
        return cell


def _sheet(name: str, value: Any) -> Any:
    """A value as a cell of a sheet."""
    if name == "paragraphs":
        return "\n".join(value)
    if isinstance(value, dt.datetime):
        plain = value.astimezone(SHANGHAI).replace(tzinfo=None) if 1 < value.year < 9999 else value
        return plain if plain.date() >= _FIRST_DATE and plain.tzinfo is None else value.isoformat()
    if isinstance(value, list | tuple | Mapping):
        return json.dumps(as_json(value), ensure_ascii=False) if value else None
    return value


class ParquetTable:
    """Parquet, zstd, with ``arrow_schema()``; some thousand rows in memory."""

    def __init__(self, path: Path) -> None:
        """Begin a file.

        Raises:
            UsageError: the extra ``parquet`` is not installed.
        """
        pa, parquet = parquet_library()
        self._arrow, self._schema = pa, arrow_schema()
        self._writer = parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[Row] = []

    def add(self, row: Row) -> None:
        """Write a row."""
        maps = {
            name: list(value.items())
            for name, value in row.items()
            if isinstance(value, dict) and name in _MAPS
        }
        self._waiting.append(row | maps)
        if len(self._waiting) >= _BATCH:
            self._write()

    def close(self) -> None:
        """Write what is left, and the end."""
        if self._waiting:
            self._write()
        self._writer.close()

    def _write(self) -> None:
        try:
            batch = self._arrow.RecordBatch.from_pylist(self._waiting, schema=self._schema)
        except _UNFIT:
            rows = [self._fitted(row) for row in self._waiting]
            batch = self._arrow.RecordBatch.from_pylist(rows, schema=self._schema)
        self._writer.write_batch(batch)
        self._waiting = []

    def _fitted(self, row: Row) -> Row:
        """A row with what does not fit its column (earlier versions let it in) as text, else as null."""
        fitted = {}
        for column in self._schema:
            value = row[column.name]
            try:
                self._arrow.array([value], column.type)
            except _UNFIT as error:
                kept = json.dumps(as_json(value), ensure_ascii=False)
                value = kept if column.type == self._arrow.string() else None
                _log.warning(
                    "a value does not fit its column" + ("" if value else " and is left out"),
                    publication=row["publication_id"],
                    column=column.name,
                    reason=str(error),
                )
            fitted[column.name] = value
        return fitted


def arrow_schema() -> Any:
    """The Parquet schema of ``COLUMNS``: times in microseconds with a zone, lists, structs, a map."""
    import pyarrow as pa  # noqa: PLC0415 - an extra

    return pa.schema([(name, _arrow_type(pa, kind)) for name, kind in COLUMNS.items()])


def _arrow_type(pa: Any, kind: Any) -> Any:
    plain = {
        bool: pa.bool_(),
        int: pa.int64(),
        dt.datetime: pa.timestamp("us", tz="Asia/Shanghai"),
        dt.date: pa.date32(),
    }
    if kind in plain:
        return plain[kind]
    if get_origin(kind) is tuple:
        return pa.list_(_arrow_type(pa, get_args(kind)[0]))
    if get_origin(kind) in {Mapping, dict}:
        return pa.map_(pa.string(), pa.string())
    if is_dataclass(kind):
        hints = types_of(kind)  # type: ignore[arg-type]
        # Days within a document are text, as in its JSON: pages write them in every form.
        parts = [(part.name, _arrow_inner(pa, hints[part.name][0])) for part in fields(kind)]
        return pa.struct(parts)
    return pa.string()


def _arrow_inner(pa: Any, kind: Any) -> Any:
    return pa.string() if kind is dt.date else _arrow_type(pa, kind)
