"""SQL that a program wrote: one statement, as the reader's login, bounded in time, rows and bytes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection, Error, errors
from psycopg.abc import Query

from scraper.database import connect
from scraper.errors import UsageError

LONGEST_NUMBER = 400
"""Digits of a whole number; what has more is given as text, as no reader of JSON takes it for exact."""
DEEPEST = 50
"""Levels of a value within values; what carries an answer to a model ends at some hundreds."""
MOST_ROWS = 1000
MOST_BYTES = 400_000
"""Of an answer, as JSON."""
LONGEST_STATEMENT = 20_000
_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")
_TAIL = " \t\r\n;"


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows of a statement; ``complete`` is False where a bound cut them."""

    columns: list[str]
    rows: list[list[Any]]
    complete: bool


async def ask(url: str, statement: str) -> Answer:
    """Run one statement that reads, in a session of its own.

    Args:
        url: of a login that can write nothing, with a time limit for statements.
        statement: a SELECT, or WITH … SELECT, or VALUES.

    Raises:
        UsageError: it is none, is more than one, the database refuses it, or it takes too long.
        DatabaseUnavailable: no connection could be made.
    """
    if len(statement) > LONGEST_STATEMENT or _UNSENDABLE.search(statement):
        raise UsageError(
            f"a statement has at most {LONGEST_STATEMENT} characters, no NUL and no half of a character"
        )
    async with await connect(url) as connection:
        try:
            return await _answer(connection, statement.strip(_TAIL))
        except errors.QueryCanceled as error:
            raise UsageError(
                "the statement took too long; narrow it by dated_at or by words"
            ) from error
        except Error as error:
            said = (str(error) or type(error).__name__).splitlines()[0]
            raise UsageError(f"the database refuses the statement: {said}") from error


async def _answer(connection: AsyncConnection, statement: str) -> Answer:
    """Whole by itself first, so that nothing in it can end the query that bounds it."""
    await _one(connection, f"PREPARE asked AS {statement}")
    bounded = f"(\n{statement}\n) AS asked"
    shown = await _one(connection, f"SELECT * FROM {bounded} LIMIT 0")  # noqa: S608 - what this is for
    columns = [column.name for column in shown.description or ()]
    found = await _one(
        connection,
        f"""SELECT CASE WHEN so_far <= {MOST_BYTES} THEN line END FROM (
              SELECT line, sum(octet_length(line)) OVER (ROWS UNBOUNDED PRECEDING) AS so_far
              FROM (SELECT row_to_json(asked)::text AS line FROM {bounded} LIMIT {MOST_ROWS + 1}) AS l
            ) AS b WHERE so_far - octet_length(line) <= {MOST_BYTES}""",  # noqa: S608 - as above
    )
    lines = [
        row[0].decode() if isinstance(row[0], bytes) else row[0] for row in await found.fetchall()
    ]
    kept = [line for line in lines[:MOST_ROWS] if line is not None]
    return Answer(columns, [_cells(line) for line in kept], len(kept) == len(lines))


def _cells(line: str) -> list[Any]:
    """The values of a row in their order, of columns of the same name too; objects within them stay objects."""
    outermost: list[tuple[str, Any]] = []

    def take(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        outermost[:] = pairs  # the row itself is closed last
        return dict(pairs)

    too_deep = UsageError("a value is nested too deeply; cast it to text")
    try:
        json.loads(line, object_pairs_hook=take, parse_int=_number)
    except RecursionError as error:
        raise too_deep from error
    cells = [value for _, value in outermost]
    if _deeper_than(DEEPEST, cells):
        raise too_deep
    return cells


def _deeper_than(levels: int, values: list[Any]) -> bool:
    """Whether something stands below so many levels; itself without depth."""
    for _ in range(levels):
        values = [
            inner for value in values if isinstance(value, dict | list)
            for inner in (value.values() if isinstance(value, dict) else value)
        ]  # fmt: skip
    return bool(values)


def _number(digits: str) -> int | str:
    return int(digits) if len(digits) <= LONGEST_NUMBER else digits


async def _one(connection: AsyncConnection, statement: str) -> Any:
    """In the extended protocol, which takes one statement and no more."""
    text: Query = statement.encode()
    return await connection.execute(text, binary=True)
