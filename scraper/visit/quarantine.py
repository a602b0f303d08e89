"""Pages that crashed the parser: set aside with their bytes, shown to the operator."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from psycopg.rows import class_row

from scraper.database import Pool, Statements
from scraper.errors import ParserCrashed
from scraper.page.version import PARSER_VERSION

if TYPE_CHECKING:
    from scraper.fetch import Answer

SQL = Statements("visiting")


@dataclass(frozen=True, slots=True)
class QuarantinedPage:
    """A page that crashed the parser, without its bytes (``tonggao.quarantine.body`` has them)."""

    url: str
    source_id: str | None
    http_charset: str | None
    parser_version: str
    detail: str
    crashes: int
    first_at: dt.datetime
    last_at: dt.datetime
    bytes: int


async def set_aside(pool: Pool, source_id: str, answer: Answer, error: ParserCrashed) -> None:
    """Keep a page that crashed the parser."""
    values = {
        "url": answer.request.remembered_as,
        "source_id": source_id,
        "body": answer.body,
        "http_charset": answer.http_charset,
        "parser_version": PARSER_VERSION,
        "detail": str(error),
    }
    async with pool.connection() as connection:
        await connection.execute(SQL["set_aside"], values)


async def quarantined(pool: Pool, source_id: str | None = None) -> list[QuarantinedPage]:
    """The pages set aside of a source, or of all; the latest first, 100 at most."""
    async with (
        pool.connection() as connection,
        connection.cursor(row_factory=class_row(QuarantinedPage)) as cursor,
    ):
        await cursor.execute(SQL["quarantined"], {"source_id": source_id})
        return await cursor.fetchall()
