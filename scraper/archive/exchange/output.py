"""Rows as CSV, JSON lines or Parquet."""

from __future__ import annotations

import csv
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from scraper.controls import visible_json
from scraper.errors import UsageError
from scraper.log import get_logger

_log = get_logger(__name__)


class Format(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a text begins that a spreadsheet may run (OWASP, "CSV injection")."""


def write_csv(
    out: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]], *, raw: bool = False
) -> int:
    """RFC 4180 with a heading; lists and objects as JSON. Returns the number of rows.

    A text that a spreadsheet would run stands behind an apostrophe, unless ``raw``. Numbers stay numbers.
    """
    writer = csv.writer(out)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([cell_of(value, raw=raw) for value in row])
        count += 1
    return count


def write_jsonl(out: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """One JSON object a line; times in ISO 8601, intervals in seconds. Returns the number of rows."""
    count = 0
    for row in rows:
        record = {name: as_json(value) for name, value in zip(columns, row, strict=True)}
        out.write(visible_json(json.dumps(record, ensure_ascii=False)) + "\n")
        count += 1
    return count


def parquet_library() -> tuple[Any, Any]:
    """``pyarrow`` and ``pyarrow.parquet``.

    Raises:
        UsageError: the extra ``parquet`` is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError("Parquet needs pyarrow: install tonggao with its extra parquet") from error
    return pa, parquet


def write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """One Parquet file, zstd, types as the rows have them. Returns the number of rows.

    Raises:
        UsageError: the extra ``parquet`` is not installed.
    """
    pa, parquet = parquet_library()
    table = list(rows)
    arrays = [_array(pa, name, [row[n] for row in table]) for n, name in enumerate(columns)]
    parquet.write_table(pa.table(arrays, names=list(columns)), path, compression="zstd")
    return len(table)


def as_json(value: Any) -> Any:
    """A value of a row in types of JSON."""
    match value:
        case dt.datetime() | dt.date() | dt.time():
            plain: Any = value.isoformat()
        case dt.timedelta():
            plain = value.total_seconds()
        case Decimal():
            plain = int(value) if value == value.to_integral_value() else float(value)
        case bytes():
            plain = value.hex()
        case list() | tuple():
            plain = [as_json(part) for part in value]
        case dict():
            plain = {key: as_json(part) for key, part in value.items()}
        case _:
            plain = value
    return plain


def cell_of(value: Any, *, raw: bool) -> Any:
    """A value as CSV has it; a text that a spreadsheet would run behind an apostrophe, unless ``raw``."""
    if isinstance(value, list | tuple | dict):
        return json.dumps(as_json(value), ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA) and not raw:
        return f"'{value}"
    return "" if value is None else as_json(value)


def _array(pa: Any, name: str, values: Sequence[Any]) -> Any:
    """A column; as JSON in text where its values are of several kinds, which the log then says."""
    try:
        return pa.array([_arrow(value) for value in values])
    except (pa.ArrowException, TypeError, OverflowError, ValueError) as error:
        _log.warning("a column goes out as JSON in text", column=name, reason=str(error))
        return pa.array([_text(value) for value in values], pa.string())


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else json.dumps(as_json(value))


def _arrow(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(as_json(value), ensure_ascii=False)
    if isinstance(value, Decimal):
        return as_json(value)
    return value
