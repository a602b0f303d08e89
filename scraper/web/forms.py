"""The kinds of file that a search can be taken away as."""

from __future__ import annotations

from importlib.util import find_spec

MOST = 10_000
"""Releases of a file. More is the command's matter: `tonggao export` takes any number."""
MOST_BYTES = 256_000_000
"""Of what a file tells, in UTF-8: lines bring what files say, and these may be long."""
MEDIA_TYPES = {
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def forms() -> list[str]:
    """Those that this installation writes: Parquet needs its extra."""
    return [form for form in MEDIA_TYPES if form != "parquet" or find_spec("pyarrow") is not None]
