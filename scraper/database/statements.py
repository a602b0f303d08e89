"""Where the SQL of the program lies and how a statement is found by its name."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_HEADING = re.compile(r"^-- name: (\w+)\s*$", re.MULTILINE)


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
    pieces = _HEADING.split(text)[1:]
    return {
        name: body.strip().encode() for name, body in zip(pieces[::2], pieces[1::2], strict=True)
    }
