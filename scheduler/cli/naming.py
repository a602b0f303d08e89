"""What people call a region or a source, as the commands take it: names beside codes, near ones."""

from __future__ import annotations

from typing import Annotated

import typer

from scheduler.cli.context import Invocation
from scraper.database import Pool, Statements
from scraper.errors import UsageError

_SQL = Statements("health")


def region_code(text: str | None) -> str | None:
    """The code of a region that was given by code or by name.

    Raises:
        UnknownRegion: there is no such place, or several; the message has near ones.
    """
    if not text:
        return None
    from scraper.regions.naming import code_of  # noqa: PLC0415 - three thousand names, rarely asked

    return code_of(text)


RegionOption = Annotated[
    str | None,
    typer.Option(
        "--region",
        callback=region_code,
        help="Region by GB/T 2260 code or name, with all below it: 12, 120000, 天津市, 西青区.",
    ),
]


def kind_named(text: str | None) -> str | None:
    """The kind of publisher that was asked for.

    Raises:
        UsageError: there is no such kind; the message has all.
    """
    if text is None:
        return None
    from scraper.sources.definition import Kind  # noqa: PLC0415 - heavy, and rarely asked

    kinds = [kind.value for kind in Kind]
    if text not in kinds:
        raise UsageError(
            f"there is no kind of publisher {text[:40]!r}; there are {', '.join(kinds)}"
        )
    return text


async def require_source(call: Invocation, pool: Pool, source_id: str | None) -> None:
    """Accept a source that the archive or the catalogue has.

    Raises:
        UnknownSource: neither has it; the message has near ids.
    """
    if source_id is None:
        return
    async with pool.connection() as connection:
        rows = await (await connection.execute(_SQL["registered"])).fetchall()
    if (source_id,) not in rows:
        from scraper.sources import load_catalogue  # noqa: PLC0415 - read only for an unknown one

        load_catalogue(call.settings.own_sources).select(ids=[source_id])
