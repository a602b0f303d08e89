"""Images and attachments kept by their content: the same bytes once, linked to every page.

Nothing is kept unless the source's rules say so. What is fetched goes the way of every request:
public addresses only, the host's budget, robots.txt, limits on size and type.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from psycopg import AsyncConnection
from psycopg.rows import class_row, scalar_row

from scraper.database import Pool, Statements
from scraper.fetch.exchange import Answer, Purpose, Request
from scraper.fetch.fetcher import Fetcher
from scraper.fetch.guard import Refusal, locate
from scraper.fetch.policy import HostRules
from scraper.outcome import Outcome

_STATEMENTS = Statements("files")
Kind = Literal["image", "attachment"]


@dataclass(frozen=True, slots=True)
class FileLink:
    """A file that a page shows or offers."""

    url: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as kept; ``digest`` is the SHA-256 of its bytes in hexadecimal."""

    url: str
    kind: Kind
    digest: str
    media_type: str | None
    size: int
    fetched_at: dt.datetime


@dataclass(frozen=True, slots=True)
class _Held:
    digest: str
    etag: str | None
    last_modified: str | None
    fetched_at: dt.datetime


class FileKeeper:
    """Keeps the files of pages, for sources that are set to keep them."""

    def __init__(self, pool: Pool, fetcher: Fetcher) -> None:
        self._pool, self._fetcher = pool, fetcher

    async def keep(
        self,
        page_url: str,
        links: Iterable[FileLink],
        rules: HostRules,
        source_id: str | None = None,
        run_id: int | None = None,
    ) -> list[Answer]:
        """Bring and store the files of a page that its source wants kept, one after another.

        Args:
            page_url: normal URL of the page: the key under which the files are found again.
            links: the page's images and attachments.
            rules: the source's; without ``keep_images`` or ``keep_attachments`` nothing is done.
            source_id: for the record of attempts.
            run_id: for the record of attempts.

        Returns:
            An answer for each file that was asked for; those that failed tell why.
        """
        wanted = {"image": rules.keep_images, "attachment": rules.keep_attachments}
        chosen = list(dict.fromkeys(link for link in links if wanted[link.kind]))
        answers = []
        for link in chosen[: self._fetcher.policy.files_per_page]:
            request = Request(
                url=link.url,
                purpose=Purpose(link.kind),
                source_id=source_id,
                run_id=run_id,
                rules=_rules_for(link.url, rules),
            )
            answers.append(await self._keep_one(page_url, link, request))
        return answers

    async def of_page(self, page_url: str) -> list[KeptFile]:
        """The files kept of a page, by address."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(KeptFile))
            await cursor.execute(_STATEMENTS["kept_files"], {"page_url": page_url})
            return await cursor.fetchall()

    async def read(self, digest: str) -> bytes | None:
        """The bytes of a kept file, None if there is none with that digest."""
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=scalar_row)
            await cursor.execute(_STATEMENTS["read_file"], {"digest": digest})
            return await cursor.fetchone()

    async def _keep_one(self, page_url: str, link: FileLink, request: Request) -> Answer:
        async with self._pool.connection() as connection:
            held = await _held(connection, page_url, link)
        if held is not None:
            request = replace(
                request,
                etag=held.etag,
                last_modified=held.last_modified,
                body_digest=held.digest,
                body_at=held.fetched_at,
            )
        answer = await self._fetcher.fetch(request)
        if answer.outcome is Outcome.OK:
            async with self._pool.connection() as connection:
                await _store(connection, page_url, link, answer)
        return answer


def _rules_for(url: str, rules: HostRules) -> HostRules:
    """The source's rules, with the file's own host allowed: files often lie on another one."""
    try:
        host = locate(url).host
    except Refusal:
        return rules  # the fetcher refuses it and says why
    return replace(rules, allowed_hosts=(*rules.allowed_hosts, host))


async def _held(connection: AsyncConnection, page_url: str, link: FileLink) -> _Held | None:
    cursor = connection.cursor(row_factory=class_row(_Held))
    arguments = {"page_url": page_url, "url": link.url}
    await cursor.execute(_STATEMENTS["find_kept_file"], arguments)
    return await cursor.fetchone()


async def _store(
    connection: AsyncConnection, page_url: str, link: FileLink, answer: Answer
) -> None:
    content = {
        "digest": answer.digest,
        "media_type": answer.media_type,
        "content": answer.body,
    }
    await connection.execute(_STATEMENTS["store_file"], content)
    place = {
        "page_url": page_url,
        "url": link.url,
        "kind": link.kind,
        "digest": answer.digest,
        "source_id": answer.request.source_id,
        "etag": answer.etag,
        "last_modified": answer.last_modified,
        "fetched_at": answer.fetched_at,
    }
    await connection.execute(_STATEMENTS["link_file"], place)
