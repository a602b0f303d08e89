"""The archive's own documentation: the COMMENT of every view, function and column."""

from __future__ import annotations

from dataclasses import dataclass

from psycopg.rows import class_row

from scraper.database import Pool, Statements


@dataclass(frozen=True, slots=True)
class Description:
    """One object, or one column of it, and what it means."""

    schema: str
    object: str
    kind: str
    column: str | None
    type: str | None
    meaning: str | None


async def describe(pool: Pool, schema: str = "archive") -> list[Description]:
    """Views, tables and functions of a schema with their columns, each object before its columns."""
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(Description)) as cursor,
    ):
        await cursor.execute(Statements("export")["descriptions"], {"schema": schema})
        return await cursor.fetchall()
