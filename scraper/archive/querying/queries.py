"""The named queries of ``sql/queries/``: each a file with its explanation and its parameters.

The head of a file is comment lines: the explanation, then one line for each parameter::

    -- :days integer 30 how many days back

that is name, SQL type, default (``null``: may be left out; ``required``: must be given), meaning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from psycopg import errors

from scraper.database import Pool, sql_folder
from scraper.errors import UsageError

_PARAMETER = re.compile(r"-- :(\w+) (\w+) (\S+) (.+)")
_REQUIRED, _NULL = "required", "null"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a query; ``default`` is as the file writes it."""

    name: str
    type: str
    default: str
    meaning: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query that ships with tonggao."""

    name: str
    explanation: str
    parameters: tuple[Parameter, ...]
    sql: str

    def values(self, given: Mapping[str, str]) -> dict[str, str | None]:
        """The values to run it with.

        Raises:
            UsageError: a parameter is unknown, or one that is required was not given.
        """
        known = {parameter.name: parameter for parameter in self.parameters}
        if unknown := sorted(given.keys() - known.keys()):
            names = ", ".join(known) or "none"
            raise UsageError(f"query {self.name} has no parameter {unknown[0]!r}; it has: {names}")
        values = {name: given.get(name, p.default) for name, p in known.items()}
        if missing := [name for name, value in values.items() if value == _REQUIRED]:
            meaning = known[missing[0]].meaning
            raise UsageError(f"query {self.name} needs --param {missing[0]}=… ({meaning})")
        return {name: None if value == _NULL else value for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Rows:
    """What a query gave: names of columns, and rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@cache
def named_queries() -> Mapping[str, NamedQuery]:
    """All queries by name."""
    files = sorted((sql_folder() / "queries").glob("*.sql"))
    return {file.stem: read_query(file.stem, file.read_text("utf-8")) for file in files}


def find_query(name: str) -> NamedQuery:
    """The query of this name.

    Raises:
        UsageError: there is none; the message names near ones.
    """
    queries = named_queries()
    if name in queries:
        return queries[name]
    near = ", ".join(get_close_matches(name, queries, n=3)) or "see `tonggao query list`"
    raise UsageError(f"there is no query {name!r}; near: {near}")


def read_query(name: str, text: str) -> NamedQuery:
    """The query of one file's text."""
    head = [line for line in text.splitlines() if line.startswith("--")]
    found = [(line, _PARAMETER.fullmatch(line)) for line in head]
    parameters = tuple(Parameter(*match.groups()) for _, match in found if match)
    explanation = " ".join(line.removeprefix("--").strip() for line, match in found if not match)
    body = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return NamedQuery(name, explanation, parameters, body.strip())


async def run_query(pool: Pool, query: NamedQuery, given: Mapping[str, str]) -> Rows:
    """Run it in a transaction that can only read.

    Raises:
        UsageError: a parameter is unknown, missing or not of its type.
    """
    values = query.values(given)
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("SET TRANSACTION READ ONLY")
        try:
            cursor = await connection.execute(_typed(query).encode(), values)
        except (errors.DataError, errors.UndefinedFunction) as error:
            message = f"query {query.name}: {str(error).splitlines()[0]}"
            raise UsageError(message) from error
        columns = tuple(column.name for column in cursor.description or ())
        return Rows(columns, tuple(await cursor.fetchall()))


def _typed(query: NamedQuery) -> str:
    """The statement with each parameter cast to the type that its head states."""
    types = {parameter.name: parameter.type for parameter in query.parameters}
    return re.sub(
        r"%\((\w+)\)s(::\w+)?", lambda m: f"%({m[1]})s::{types.get(m[1], 'text')}", query.sql
    )
