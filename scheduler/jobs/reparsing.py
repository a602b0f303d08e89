"""Stored pages of a source read again by today's parser, as a job: it goes on where it was cut short."""

from __future__ import annotations

from scheduler.crew import Crew
from scraper.archive.observations.observation import PageBytes
from scraper.archive.writing.reparsing import ReparseRequest, reparse
from scraper.log import get_logger
from scraper.page import PARSER_VERSION
from scraper.record.release import Release
from scraper.visit import field_rules

log = get_logger(__name__)


async def reparse_source(crew: Crew, source_id: str) -> None:
    """Read every kept page of a source again that another version of the parser read.

    Raises:
        UnknownSource: it left the catalogue.
    """
    source = crew.find(source_id)

    async def parse(page: PageBytes) -> Release:
        rules = field_rules(source, page.day)
        return await crew.tools.workers.parse(
            page.body,
            page.url,
            page.http_charset,
            rules,
            received_at=page.received_at,
            listed_on=page.listed_on,
        )

    request = ReparseRequest(PARSER_VERSION, source_id, None)
    report = await reparse(crew.tools.archive, crew.pool, parse, request)
    log.info("read again", source=source_id, pages=report.pages, changed=report.changed)
