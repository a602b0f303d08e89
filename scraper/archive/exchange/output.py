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

from scraper.errors import UsageError


class Format(StrEnum):
    """How rows are written."""

    table = "table"
    csv = "csv"
    jsonl = "jsonl"
    parquet = "parquet"


def write_csv(out: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """RFC 4180 with a heading; lists and objects as JSON. Returns the number of rows."""
    writer = csv.writer(out)
    writer.writerow(columns)
    count = 0
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        count += 1
    return count


def write_jsonl(out: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """One JSON object a line; times in ISO 8601, intervals in seconds. Returns the number of rows."""
    count = 0
    for row in rows:
        record = {name: as_json(value) for name, value in zip(columns, row, strict=True)}
        out.write(json.dumps(record, ensure_ascii=False) + "\n")
        count += 1
    return count


def write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """One Parquet file, zstd, types as the rows have them. Returns the number of rows.

    Raises:
        UsageError: the extra ``parquet`` is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError("Parquet needs pyarrow: pip install 'tonggao[parquet]'") from error
    table = list(rows)
    arrays = [pa.array([_arrow(row[place]) for row in table]) for place in range(len(columns))]
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


def _cell(value: Any) -> Any:
    if isinstance(value, list | tuple | dict):
        return json.dumps(as_json(value), ensure_ascii=False)
    return "" if value is None else as_json(value)


def _arrow(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(as_json(value), ensure_ascii=False)
    if isinstance(value, Decimal):
        return as_json(value)
    return value
