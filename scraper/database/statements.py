"""Where the SQL of the program lies and how a statement is found by its name."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from scraper.record.serial import column_names

_HEADING = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)

_RECORD = re.compile(r"\{(%|\w+\.)?record\}")


@cache
def sql_folder() -> Path:
    """The folder ``sql/``: inside the package in a wheel, beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "sql"
    return installed if installed.is_dir() else package.parent / "sql"


class Statements:
    """The named statements of one file ``sql/statements/<area>.sql``.

    Each statement stands under a line ``-- name: its_name`` and ends where the next one begins.
    They are bytes, for psycopg takes only literal text or bytes as a query that is trusted.
    ``{record}`` stands for the record's columns (:mod:`scraper.record.serial`), ``{v.record}`` for
    those of the table ``v``, ``{%record}`` for their parameters.
    """

    def __init__(self, area: str) -> None:
        self.area = area
        self._statements = _read(area)

    def __getitem__(self, name: str) -> bytes:
        return self._statements[name]

    def __contains__(self, name: object) -> bool:
        return name in self._statements

    def names(self) -> tuple[str, ...]:
        """The statements' names, in the file's order."""
        return tuple(self._statements)


@cache
def _read(area: str) -> dict[str, bytes]:
    text = (sql_folder() / "statements" / f"{area}.sql").read_text("utf-8")
    pieces = _HEADING.split(_RECORD.sub(_columns, text))[1:]
    return {
        name: body.strip().encode() for name, body in zip(pieces[::2], pieces[1::2], strict=True)
    }


def _columns(place: re.Match[str]) -> str:
    prefix = place[1] or ""
    names = (f"%({name})s" if prefix == "%" else f"{prefix}{name}" for name in column_names())
    return ", ".join(names)
