"""SQL that a program wrote: one statement, as the reader's login, bounded in time, rows and bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection, Error, errors
from psycopg.abc import Query

from scraper.database import connect
from scraper.errors import UsageError

MOST_ROWS = 1000
MOST_BYTES = 400_000
"""Of an answer, as JSON."""
LONGEST_STATEMENT = 20_000
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
    if len(statement) > LONGEST_STATEMENT or "\x00" in statement:
        raise UsageError(f"a statement has at most {LONGEST_STATEMENT} characters, and no NUL")
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
    rows = [
        json.loads(line, object_pairs_hook=lambda pairs: [v for _, v in pairs]) for line in kept
    ]
    return Answer(columns, rows, len(kept) == len(lines))


async def _one(connection: AsyncConnection, statement: str) -> Any:
    """In the extended protocol, which takes one statement and no more."""
    text: Query = statement.encode()
    return await connection.execute(text, binary=True)
