"""What jobs do to a source, in terms of the scraper: visit it, read its past, keep an article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from psycopg import AsyncConnection

from scheduler.backfill.lists import read_past_page
from scheduler.crew import Kept, PageRead, Summary
from scheduler.health.store import record_visit
from scraper.archive import BroughtBy
from scraper.listing import Link
from scraper.listing.walk import FormFields
from scraper.outcome import Outcome
from scraper.sources import Source
from scraper.visit import RunSummary, Tools, archive_article, read_list_page
from scraper.visit import visit as visit_source


async def visit(source: Source, tools: Tools, slot_at: dt.datetime) -> RunSummary:
    """The visit that was due at ``slot_at``."""
    return await visit_source(source, tools, kind="scheduled", slot_at=slot_at)


async def judge(connection: AsyncConnection, source: Source, summary: Summary) -> None:
    """Compare what a visit saw with what the source is used to."""
    await record_visit(connection, source.id, summary.run_id)


async def read_page(
    source: Source,
    tools: Tools,
    run_id: int | None,
    cursor: Mapping[str, Any] | None,
    since: dt.date | None,
) -> PageRead:
    """One list page of the past."""
    await tools.check_clock()

    async def bring(url: str, form: FormFields | None) -> tuple[bytes, str, str | None]:
        return await read_list_page(source, tools, run_id, url, form)

    return await read_past_page(source, bring, cursor, since, read=tools.workers.read_listing)


async def keep(source: Source, tools: Tools, run_id: int, link: Link) -> Kept:
    """Archive an article of the past; one that is archived already is not asked for again."""
    await tools.check_clock()
    for known in (await tools.archive.known([source.normal_url(link.url)])).values():
        return Kept(Outcome.ERASED if known.erased else "known")
    result = await archive_article(source, link, tools, run_id, brought_by=BroughtBy.BACKFILL)
    if result.change in {"failed", "withdrawn"}:
        return Kept(result.reason or result.change, result.detail or None)
    return Kept(result.change)
