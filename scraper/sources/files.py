"""Reading definition files, with errors that name file and line.

A file describes one publisher. Its first lines hold what its columns share; each column is a
``[[column]]`` table. A file with one column may do without the table.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from scraper.errors import InvalidSource
from scraper.sources.definition import Source

_HEADER = re.compile(r"^\s*\[\[?\s*([\w.-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*(?:\"([^\"]+)\"|([\w-]+))\s*(?:\.\s*[\w-]+\s*)*=")
_UNKNOWN = {"extra_forbidden", "unexpected_keyword_argument"}
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)|\(at end of document\)")

Raw = Mapping[str, Any]


class Entry:
    """One column as a file writes it: raw values, and where they stand.

    Attributes:
        file: the definition file. values: shared values and the column's own, merged.
        index: number of the ``[[column]]`` table in the file, None where there is none.
    """

    __slots__ = ("file", "index", "text", "values")

    def __init__(self, file: Path, text: str, index: int | None, values: dict[str, Any]) -> None:
        self.file = file
        self.text = text
        self.index = index
        self.values = values

    @property
    def id(self) -> str:
        """The column's id; empty when the file forgot it."""
        return str(self.values.get("id", ""))

    def line_of(self, path: Iterable[str | int]) -> int:
        """The line, from 1, where a value is written; of its table where it is not."""
        return _line_of(
            self.text, self.index, [str(part) for part in path if isinstance(part, str)]
        )

    def source(self, below: Raw | None = None) -> Source:
        """The definition, laid over another one of the same id.

        Raises:
            InvalidSource: with ``file:line``, for the first rule that is broken.
        """
        try:
            return Source.model_validate({**(below or {}), **self.values})
        except ValidationError as error:
            first = min(error.errors(), key=lambda each: each["type"] not in _UNKNOWN)
            raise InvalidSource(
                _explain(self, first["loc"], first["msg"], first["type"])
            ) from error


def read_entries(file: Path) -> list[Entry]:
    """The columns of a definition file, not yet validated.

    Raises:
        InvalidSource: the file cannot be read or is no TOML; with ``file:line``.
    """
    try:
        text = file.read_text("utf-8")
        table = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidSource(f"{file}:1: the file cannot be read: {error}") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidSource(
            f"{file}:{_syntax_line(error, text)}: this is no TOML: {error}"
        ) from error
    columns = table.pop("column", None)
    if columns is None:
        return [Entry(file, text, None, table)]
    if not isinstance(columns, list):
        raise InvalidSource(
            f"{file}:{_line_of(text, None, ['column'])}: write [[column]], not [column]"
        )
    return [Entry(file, text, index, {**table, **each}) for index, each in enumerate(columns)]


def _syntax_line(error: tomllib.TOMLDecodeError, text: str) -> int:
    found = _AT_LINE.search(str(error))
    return int(found.group(1)) if found and found.group(1) else text.count("\n") + 1


def _explain(entry: Entry, path: tuple[str | int, ...], message: str, kind: str) -> str:
    key = ".".join(str(part) for part in path)
    if kind in _UNKNOWN:
        near = difflib.get_close_matches(key, Source.model_fields, 1)
        message = f"there is no option {key!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    elif kind == "missing":
        message = f"{key} is missing"
    else:
        message = (
            f"{key}: {message.removeprefix('Value error, ')}"
            if key
            else message.removeprefix("Value error, ")
        )
    name = f"source {entry.id}: " if entry.id else ""
    return f"{entry.file}:{entry.line_of(path)}: {name}{message}"


def _line_of(text: str, column: int | None, path: list[str]) -> int:
    """Find a key's line: in its column's table, else among the values that columns share."""
    seen, inside, best, start = -1, "", 0, 1
    wanted = path[0] if path else ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            inside = header.group(1)
            if inside == "column":
                seen += 1
                start = number if seen == column else start
        in_place = seen in {-1, column} or column is None
        if not in_place:
            continue
        tail = inside.removeprefix("column").lstrip(".")
        key = _KEY.match(line)
        name = (key.group(1) or key.group(2)) if key else None
        if wanted and (tail == wanted or (not tail and name == wanted)):
            best = number if not best or not tail or seen == column else best
        if len(path) > 1 and tail == wanted and name == path[1]:
            return number
    return best or start


def validate_folder(place: Path, below: Path) -> tuple[int, list[str]]:
    """Check every column of a folder, or of one file.

    Args:
        place: the folder or file.
        below: folder of the definitions that those of the user are laid over.

    Returns:
        How many columns there are, and every error, each beginning with ``file:line``.
    """
    if not place.exists():
        return 0, [f"{place}:1: there is no such file or folder"]
    files = [place] if place.is_file() else sorted(place.rglob("*.toml"))
    shipped = {} if place == below else _shipped(below)
    entries, errors = list[Entry](), list[str]()
    for file in files:
        try:
            entries += read_entries(file)
        except InvalidSource as error:
            errors.append(str(error))
    seen: dict[str, Entry] = {}
    for entry in entries:
        if message := _wrong(entry, shipped, seen):
            errors.append(message)
        seen.setdefault(entry.id, entry)
    return len(entries), errors


def _shipped(folder: Path) -> dict[str, Raw]:
    return {
        entry.id: entry.values for file in folder.rglob("*.toml") for entry in read_entries(file)
    }


def _wrong(entry: Entry, shipped: Mapping[str, Raw], seen: Mapping[str, Entry]) -> str | None:
    if other := seen.get(entry.id):
        where = f"{other.file}:{other.line_of(['id'])}"
        return f"{entry.file}:{entry.line_of(['id'])}: the id {entry.id} is taken by {where}"
    try:
        entry.source(shipped.get(entry.id))
    except InvalidSource as error:
        return str(error)
    return None
