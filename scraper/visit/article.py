"""One article: fetched, read, archived; whatever comes of it is recorded, nothing is raised."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from scraper.archive import BroughtBy, FurtherPage, Known, Observation
from scraper.archive.observations.file import WantedFile
from scraper.clock import now
from scraper.database import Fault, fault_of
from scraper.errors import (
    AddressErased,
    ErasedPage,
    FetchError,
    PageError,
    ParserCrashed,
    Unstorable,
)
from scraper.fetch import Answer, Outcome, Request
from scraper.fetch.disposition import name_in
from scraper.fetch.verdict import is_document
from scraper.listing import Link
from scraper.log import get_logger
from scraper.page import FieldRules, join_pages
from scraper.page.body.further import MAX_PAGES, continues
from scraper.record.release import Release
from scraper.sources import Source
from scraper.sources.file_rules import FILE_BYTES, FilePolicy, FileRules
from scraper.urls import without_session
from scraper.visit.document import Headlines, document_release
from scraper.visit.files import file_content, wanted_files, with_readings
from scraper.visit.quarantine import set_aside
from scraper.visit.tools import Tools

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ArticleResult:
    """What became of an article.

    Attributes:
        url: its normal address.
        change: new, copy, revision, unchanged, withdrawn, or failed.
        reason: for a failure the `Outcome`, else None.
        detail: a sentence for the operator, where something went wrong.
        publication_id: its row, where it is archived.
        title: the headline, where the page was read.
        fetched: whether a page was delivered (304 counts).
    """

    url: str
    change: str
    reason: Outcome | None = None
    detail: str = ""
    publication_id: int | None = None
    title: str | None = None
    fetched: bool = False


async def archive_article(
    source: Source,
    link: Link,
    tools: Tools,
    run_id: int | None,
    *,
    known: Known | None = None,
    file_rules: FileRules | None = None,
    wall_rest: float | None = None,
    brought_by: BroughtBy = BroughtBy.VISIT,
) -> ArticleResult:
    """Bring one article into the archive, or look whether it has changed there.

    Args:
        source: the source that it is listed by.
        link: the row of the list: its address is asked for as it is listed, its date chooses the
            selectors of its time.
        tools: the surroundings.
        run_id: the run that this belongs to.
        known: what the archive remembers of it: the request is then a conditional one, unless the
            article goes on over several pages, of which a later one may have changed alone.
        file_rules: what is done with the source's files, where the caller has asked the archive.
        wall_rest: seconds that the host is left alone should a wall stand before the article; None
            means the policy's.
        brought_by: what led to it. What a backfill brings may be of any year, so that a day
            without one is never completed from the time of receipt.

    Raises:
        psycopg.Error: the database failed; nothing is lost, the article is as it was before.
    """
    url = source.normal_url(link.url)
    day = known.listed_on if known else link.date
    asked_by = None if known and known.several_pages else known
    rules = file_rules or await tools.file_rules(source)
    request = replace(
        _request(source, link.url, run_id, asked_by), listed_on=link.date, wall_rest=wall_rest
    )
    if rules.attachments is not FilePolicy.OFF:
        request = await _as_document(request, tools, known)
    answer = await tools.fetcher.fetch(request)
    if answer.outcome is Outcome.NOT_MODIFIED:
        return await _unchanged(tools, url, answer, known, rules)
    if not answer.outcome.good:
        return await _not_brought(tools, url, answer, known)
    if request.documents and is_document(answer.headers, answer.body):
        return await _document(source, link, answer, tools, known, rules, brought_by)
    try:
        release, further = await _read(
            source, answer, tools, run_id, day, past=brought_by is BroughtBy.BACKFILL
        )
    except PageError as error:
        if isinstance(error, ParserCrashed):
            await set_aside(tools.pool, source.id, answer, error)
        return await _not_read(tools, url, answer, error, known)
    except FetchError as error:  # of a further page: half an article is not archived
        await tools.fetcher.amend(answer, Outcome.PARSE_ERROR, f"a further page: {error}")
        return ArticleResult(url, "failed", error.outcome, str(error), fetched=True)
    observation = replace(
        _observation(source, url, answer, release, further),
        brought_by=brought_by,
        files=wanted_files(release, rules),
    )
    return await _stored(observation, tools, answer, known)


async def _unchanged(
    tools: Tools, url: str, answer: Answer, known: Known | None, rules: FileRules
) -> ArticleResult:
    await tools.archive.seen(url, answer.fetched_at)
    if answer.request.documents and await tools.files.address(answer.request.url):
        await tools.files.unchanged(answer.request.url, answer.fetched_at, answer.outcome)
    elif rules.fetches:
        await tools.files.look_again(url, answer.fetched_at)
    return ArticleResult(
        url, "unchanged", fetched=True, publication_id=known.publication_id if known else None
    )


async def _as_document(request: Request, tools: Tools, known: Known | None) -> Request:
    """The request of an address that may give a file, with that file's validators where it is known."""
    request = replace(request, documents=True, most_bytes=FILE_BYTES)
    held = await tools.files.address(request.url) if known and not request.body_digest else None
    if held is None:
        return request
    return replace(
        request,
        etag=held.etag,
        last_modified=held.last_modified,
        body_digest=held.digest,
        body_at=held.fetched_at,
    )


async def _document(
    source: Source,
    link: Link,
    answer: Answer,
    tools: Tools,
    known: Known | None,
    rules: FileRules,
    brought_by: BroughtBy,
) -> ArticleResult:
    """A row that leads straight to a file: the file is the release's attachment, and kept as one."""
    url, asked = source.normal_url(link.url), answer.request.url
    keep = rules.attachments is FilePolicy.KEEP
    content = file_content(answer, asked, "attachment", keep=keep)
    content = await with_readings(content, tools.files, tools.file_readers)
    heading = next((each.heading for each in content.readings if each.heading), None)
    heading = heading or await tools.files.heading(content.digest)
    title, origin = await tools.files.title_of(url) if known and not link.title else (None, None)
    told = Headlines(link.title, title, origin, heading, content.name or name_in(asked))
    try:
        release = document_release(asked, told)
    except PageError as error:
        return await _not_read(tools, url, answer, error, known)
    observation = replace(
        _observation(source, url, answer, release, []),
        body=None,
        brought_by=brought_by,
        files=(WantedFile(asked, "attachment", 1, keep),),
    )
    result = await _stored(observation, tools, answer, known)
    if result.reason is None:
        await tools.files.store(content)
    return result


async def _stored(
    observation: Observation, tools: Tools, answer: Answer, known: Known | None
) -> ArticleResult:
    """Archive it; what the database refuses for its own values is told as the page's fault."""
    url, source_id = observation.url, observation.source_id
    try:
        stored = await tools.archive.store(observation)
    except Exception as error:
        if fault_of(error, attempt=2) is not Fault.DOCUMENT:
            raise
        kind = ErasedPage if isinstance(error, AddressErased) else Unstorable
        refused = kind(f"source {source_id}, {url}: {error}".splitlines()[0])
        return await _not_read(tools, url, answer, refused, known)
    title = observation.release.title
    return ArticleResult(
        url, stored.change, publication_id=stored.publication_id, title=title, fetched=True
    )


def field_rules(source: Source, day: dt.date | None) -> FieldRules:
    """The source's selectors for articles of a day; for today's where the day is not known."""
    table = source.field_table(day or now().date())
    stated = table.model_dump(exclude={"since", "until"}) if table else {}
    return FieldRules(**stated, charset=source.charset, default_region=source.region)


def _request(source: Source, url: str, run_id: int | None, known: Known | None) -> Request:
    digest = known.body_digest if known else None
    return Request(
        url=url,
        key=source.normal_url(url),
        source_id=source.id,
        run_id=run_id,
        rules=source.host_rules,
        etag=known.etag if known else None,
        last_modified=known.last_modified if known else None,
        body_digest=bytes(digest).hex() if digest else None,
        body_at=known.body_at if known else None,
    )


async def _read(
    source: Source,
    answer: Answer,
    tools: Tools,
    run_id: int | None,
    day: dt.date | None,
    *,
    past: bool,
) -> tuple[Release, list[FurtherPage]]:
    """The article's record and its further pages, mostly none."""
    rules = field_rules(source, day)

    async def parse(page: Answer) -> Release:
        received = None if past else page.fetched_at
        return await tools.workers.parse(
            page.body, page.url, page.http_charset, rules, received_at=received, listed_on=day
        )

    first = await parse(answer)
    further: list[FurtherPage] = []
    rest: list[Release] = []
    for address in first.next_pages[: MAX_PAGES - 1]:
        later_page = replace(_request(source, address, run_id, None), remembered=False)
        page = await tools.fetcher.fetch(later_page)
        page.require()
        later = await parse(page)
        if not continues(first, later):
            break
        rest.append(later)
        further.append(_further_page(page))
    return (join_pages(first, rest) if rest else first), further


def _further_page(answer: Answer) -> FurtherPage:
    headers = tuple(answer.headers.items())
    return FurtherPage(
        answer.url, answer.fetched_at, answer.body, headers, answer.status, answer.http_charset
    )


def _observation(
    source: Source,
    url: str,
    answer: Answer,
    release: Release,
    further: list[FurtherPage],
) -> Observation:
    asked = without_session(answer.request.url)  # a session has ended by the next look
    return Observation(
        source_id=source.id,
        url=url,
        address=asked if asked != url else None,
        release=release,
        fetched_at=answer.fetched_at,
        body=answer.body,
        headers=tuple(answer.headers.items()),
        status=answer.status,
        http_charset=answer.http_charset,
        etag=answer.etag,
        last_modified=answer.last_modified,
        run_id=answer.request.run_id,
        listed_on=answer.request.listed_on,
        further=tuple(further),
        clock_doubtful=answer.clock_doubtful,
    )


async def _not_brought(
    tools: Tools, url: str, answer: Answer, known: Known | None
) -> ArticleResult:
    """A page that did not come. It is told as withdrawn once: when what was archived is gone."""
    reason = answer.outcome
    if answer.withdrawn and known is not None:
        why = f"{answer.outcome} ({answer.status})"
        told = await tools.archive.withdraw(url, answer.fetched_at, why)
        return ArticleResult(url, "withdrawn" if told else "unchanged", reason, answer.detail)
    return ArticleResult(url, "failed", reason, answer.detail)


async def _not_read(
    tools: Tools, url: str, answer: Answer, error: PageError, known: Known | None
) -> ArticleResult:
    outcome = error.outcome
    amended = await tools.fetcher.amend(answer, outcome, str(error))
    log.info("a page is no release", url=url, outcome=outcome, detail=str(error))
    if amended.withdrawn:
        return await _not_brought(tools, url, amended, known)
    return ArticleResult(url, "failed", outcome, str(error), fetched=True)
