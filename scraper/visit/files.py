"""Files of a source's articles: downloaded after the articles, read, and archived."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from scraper.archive.observations.file import DueFile, FileChange, FileContent, Kind, WantedFile
from scraper.archive.observations.file_readings import reading_of_refusal, readings_of
from scraper.archive.writing.file_store import FileArchive
from scraper.errors import FileError
from scraper.fetch import Answer, Fetcher, HostRules, Outcome, Request
from scraper.fetch.disposition import name_in, served_name
from scraper.fetch.exchange import Purpose
from scraper.fetch.guard import Refusal, locate
from scraper.files import FileText, kind_of
from scraper.log import get_logger
from scraper.readers import FileReaders
from scraper.record.release import Release
from scraper.sources import Source
from scraper.sources.file_rules import (
    FILE_BYTES,
    FILES_A_HOST_AND_DAY,
    FilePolicy,
    FileRules,
)

FILES_AT_ONCE = 40
"""Most files that one visit downloads; the others wait for the next."""

log = get_logger(__name__)


def wanted_files(release: Release, rules: FileRules) -> tuple[WantedFile, ...]:
    """Those of a release's files and pictures that its source's rules want fetched."""
    attachments = [each.url for each in release.attachments]
    images = [each.url for each in release.images]
    return (
        *_chosen(attachments, "attachment", rules.attachments, rules.most_attachments),
        *_chosen(images, "image", rules.images, rules.most_images),
    )


def _chosen(urls: list[str], kind: Kind, policy: FilePolicy, most: int) -> list[WantedFile]:
    if policy is FilePolicy.OFF:
        return []
    keep = policy is FilePolicy.KEEP
    distinct = list(dict.fromkeys(urls))[:most]
    return [WantedFile(url, kind, place, keep) for place, url in enumerate(distinct, start=1)]


class FileVisit:
    """Brings the files of one source's articles that are due.

    Args:
        source: whose articles they are.
        files: where they go.
        fetcher: brings them the way of every request: public addresses, robots.txt, the host's turn.
        readers: tells what they say.
        run_id: the run that asks.
    """

    def __init__(
        self,
        source: Source,
        files: FileArchive,
        fetcher: Fetcher,
        readers: FileReaders,
        run_id: int | None,
    ) -> None:
        self._source, self._files, self._fetcher = source, files, fetcher
        self._readers, self._run_id = readers, run_id

    async def all(self, told: Callable[[], Awaitable[None]], most: int = FILES_AT_ONCE) -> int:
        """Bring what is due, until nothing is, or a host wants rest; returns how many were asked.

        Args:
            told: called after each, for whoever wants to know that this goes on.
            most: how many at most.
        """
        for asked in range(most):
            due = await self._files.claim(
                self._source.id, self._fetcher.clock(), host_day=FILES_A_HOST_AND_DAY
            )
            if due is None:
                return asked
            outcome = await self.one(due)
            await told()
            if outcome.rests_host:
                return asked + 1
        return most

    async def one(self, due: DueFile) -> Outcome:
        """Bring a file, or look whether it has changed."""
        answer = await self._fetcher.fetch(self._request(due))
        match answer.outcome:
            case Outcome.OK:
                await self.keep(answer, due.url, due.kind, keep=due.keep)
            case Outcome.NOT_MODIFIED:
                await self._files.unchanged(due.url, answer.fetched_at, answer.outcome)
            case _:
                await self._files.failed(
                    due.url, answer.fetched_at, answer.outcome, answer.detail, answer.retry_at
                )
        return answer.outcome

    async def keep(self, answer: Answer, url: str, kind: Kind, *, keep: bool) -> FileChange:
        """Read and archive what an address gave."""
        content = file_content(answer, url, kind, keep=keep)
        return await self._files.store(await with_readings(content, self._files, self._readers))

    def _request(self, due: DueFile) -> Request:
        digest = due.digest
        return Request(
            url=due.url,
            purpose=Purpose(due.kind),
            source_id=self._source.id,
            run_id=self._run_id,
            rules=rules_for(due.url, self._source.host_rules),
            etag=due.etag if digest else None,
            last_modified=due.last_modified if digest else None,
            body_digest=digest,
            body_at=due.fetched_at if digest else None,
            most_bytes=FILE_BYTES,
        )


def file_content(answer: Answer, url: str, kind: Kind, *, keep: bool) -> FileContent:
    """What an answer brought, as it is archived; nobody has read it yet."""
    return FileContent(
        url=url,
        kind=kind,
        body=answer.body,
        keep=keep,
        fetched_at=answer.fetched_at,
        digest=answer.digest or "",
        media_type=answer.media_type,
        charset=answer.http_charset,
        name=served_name(answer.headers),
        etag=answer.etag,
        last_modified=answer.last_modified,
        run_id=answer.request.run_id,
        clock_doubtful=answer.clock_doubtful,
    )


async def with_readings(
    content: FileContent, files: FileArchive, readers: FileReaders
) -> FileContent:
    """The content with what it says, unless that is known. A picture says nothing until asked to."""
    if content.kind == "image" or await files.is_read(content.digest):
        return content
    name = content.name or name_in(content.url)
    kind = kind_of(content.body, name=name, media_type=content.media_type)
    content = replace(content, format=kind.value)
    try:
        text = await read_text(content, readers)
    except FileError as error:
        log.info("a file's text cannot be read", url=content.url, why=error.refusal.value)
        return replace(content, readings=(reading_of_refusal(error),))
    return replace(content, readings=readings_of(text))


async def read_text(content: FileContent, readers: FileReaders) -> FileText:
    """What a file says.

    Raises:
        FileError: it says nothing; ``refusal`` names why.
    """
    name = content.name or name_in(content.url)
    return await readers.read_file(
        content.body,
        content.url,
        name=name,
        media_type=content.media_type,
        charset=content.charset,
    )


def rules_for(url: str, rules: HostRules) -> HostRules:
    """The source's rules, with the file's own host allowed: files often lie on another one."""
    try:
        host = locate(url).host
    except Refusal:
        return rules  # the fetcher refuses it and says why
    return replace(rules, allowed_hosts=(*rules.allowed_hosts, host))
