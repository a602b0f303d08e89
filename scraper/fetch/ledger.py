"""The attempts and the URLs that fail, as PostgreSQL keeps them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from psycopg.rows import class_row, scalar_row

from scraper.batch import Batch
from scraper.clock import now
from scraper.database import Pool, Statements, alone
from scraper.fetch.exchange import Answer, UrlState
from scraper.fetch.retry import Plan

_STATEMENTS = Statements("fetching")
_PURGED_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """The number of an attempt's row, and what was remembered of its URL if it is now in hand."""

    attempt_id: int
    failures: int
    sightings: int
    sighted_at: dt.datetime | None
    failing_since: dt.datetime | None

    @property
    def state(self) -> UrlState:
        """What was remembered of the URL."""
        return UrlState(self.failures, self.sightings, self.sighted_at, self.failing_since)


@dataclass(frozen=True, slots=True)
class DueUrl:
    """A failing URL whose time has come.

    ``address`` is where to ask, where that is not ``url`` itself; ``listed_on`` and ``listed_title``
    are what its list stated.
    """

    url: str
    purpose: str
    outcome: str
    decision: str
    failures: int
    next_try_at: dt.datetime
    address: str | None
    listed_on: dt.date | None
    listed_title: str | None


@dataclass(frozen=True, slots=True)
class FailingUrl:
    """A failing URL as the operator is told of it."""

    source_id: str | None
    url: str
    purpose: str
    outcome: str
    status: int | None
    decision: str
    failures: int
    failing_since: dt.datetime
    tried_at: dt.datetime
    next_try_at: dt.datetime
    detail: str


class Ledger:
    """Writes attempts, and remembers the URLs that fail until they come."""

    def __init__(self, pool: Pool, clock: Callable[[], dt.datetime] = now) -> None:
        self._pool, self._clock = pool, clock
        self._recording: Batch[Answer, Recorded] = Batch(self._record)

    async def record(self, answer: Answer) -> Recorded:
        """Write the row of an attempt; a URL that is in hand is taken off the failing ones."""
        return await self._recording.put(answer)

    async def amend(self, answer: Answer) -> None:
        """Correct the row of an attempt by what reading the page has shown."""
        arguments = {
            "outcome": answer.outcome.value,
            "detail": answer.detail,
            "decision": answer.decision.value,
            "retry_at": answer.retry_at,
            "attempt_id": answer.attempt_id,
            "started_at": answer.fetched_at,
        }
        async with alone(self._pool) as connection:
            await connection.execute(_STATEMENTS["amend_attempt"], arguments)

    async def state(self, url: str) -> UrlState:
        """What is remembered of a URL."""
        async with alone(self._pool) as connection:
            cursor = connection.cursor(row_factory=class_row(UrlState))
            await cursor.execute(_STATEMENTS["find_url_state"], {"url": _storable(url)})
            return await cursor.fetchone() or UrlState()

    async def remember(self, answer: Answer, plan: Plan) -> None:
        """Remember a failing URL and when it is due again."""
        request = answer.request
        arguments = {
            "url": _storable(request.remembered_as),
            "source_id": request.source_id,
            "purpose": request.purpose.value,
            "outcome": answer.outcome.value,
            "status": answer.status,
            "decision": plan.decision.value,
            "failures": plan.state.failures,
            "sightings": plan.state.sightings,
            "sighted_at": plan.state.sighted_at,
            "failing_since": plan.state.failing_since,
            "tried_at": answer.fetched_at,
            "next_try_at": plan.retry_at,
            "detail": _storable(answer.detail),
            "address": _storable(request.url) if request.url != request.remembered_as else None,
            "listed_on": request.listed_on,
        }
        async with alone(self._pool) as connection:
            await connection.execute(_STATEMENTS["store_url_state"], arguments)

    async def note_listed(
        self, source_id: str, links: Sequence[tuple[str, str, dt.date | None, str | None]]
    ) -> None:
        """Remember articles that a list shows until they were asked for: they are due at once.

        Args:
            source_id: whose list it is.
            links: of each article the normal address, the listed one, the day and the headline that
                are stated.
        """
        arguments = {
            "source_id": source_id,
            "urls": [_storable(url) for url, _, _, _ in links],
            "addresses": [_storable(address) for _, address, _, _ in links],
            "dates": [day for _, _, day, _ in links],
            "titles": [_storable(title) if title else None for _, _, _, title in links],
            "now": self._clock(),
        }
        async with self._pool.connection() as connection:
            await connection.execute(_STATEMENTS["note_listed"], arguments)

    async def not_due(
        self, urls: Iterable[str], at: dt.datetime | None = None, *, most: float | None = None
    ) -> set[str]:
        """Those of the URLs that have failed and are not to be tried yet.

        Args:
            urls: as they are remembered.
            at: the present.
            most: seconds after the last try at which a URL is due whatever was planned; for those
                that a list shows, which are worth more looks than those no list shows any more.
        """
        arguments = {"urls": list(urls), "now": at or self._clock(), "most": most}
        async with alone(self._pool) as connection:
            cursor = connection.cursor(row_factory=scalar_row)
            await cursor.execute(_STATEMENTS["not_due"], arguments)
            return set(await cursor.fetchall())

    async def due(
        self,
        source_id: str,
        purpose: str = "article",
        most: int = 50,
        at: dt.datetime | None = None,
    ) -> list[DueUrl]:
        """Failing URLs of a source whose time has come, the longest overdue first."""
        arguments = {
            "source_id": source_id,
            "purpose": purpose,
            "most": most,
            "now": at or self._clock(),
        }
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(DueUrl))
            await cursor.execute(_STATEMENTS["due_urls"], arguments)
            return await cursor.fetchall()

    async def failing(
        self, source_id: str | None = None, least: int = 3, most: int = 100
    ) -> list[FailingUrl]:
        """What has failed at least ``least`` times in a row, the longest failing first."""
        arguments = {"source_id": source_id, "least": least, "most": most}
        async with self._pool.connection() as connection:
            cursor = connection.cursor(row_factory=class_row(FailingUrl))
            await cursor.execute(_STATEMENTS["failing_urls"], arguments)
            return await cursor.fetchall()

    async def purge(self, before: dt.datetime) -> int:
        """Remove attempts older than a moment, in batches; tell how many."""
        arguments = {"before": before, "most": _PURGED_AT_ONCE}
        removed, last = 0, 1
        while last:
            async with self._pool.connection() as connection:
                cursor = await connection.execute(_STATEMENTS["purge_attempts"], arguments)
                last = cursor.rowcount
            removed += last
        return removed

    async def close(self) -> None:
        """Wait until everything is written."""
        await self._recording.drained()

    async def _record(self, answers: list[Answer]) -> Sequence[Recorded]:
        rows = [_row(answer) for answer in answers]
        arguments = {name: [row[name] for row in rows] for name in rows[0]}
        async with alone(self._pool) as connection:
            cursor = connection.cursor(row_factory=class_row(Recorded))
            await cursor.execute(_STATEMENTS["record_attempts"], arguments)
            return await cursor.fetchall()


def _row(answer: Answer) -> dict[str, object]:
    request = answer.request
    return {
        "started_at": answer.fetched_at,
        "source_id": request.source_id,
        "run_id": request.run_id,
        "purpose": request.purpose.value,
        "url": _storable(request.url),
        "key": _storable(request.remembered_as),
        "final_url": _storable(answer.url) if answer.url != request.url else None,
        "outcome": answer.outcome.value,
        "status": answer.status,
        "wall": answer.wall,
        "bytes": answer.wire_bytes,
        "milliseconds": answer.milliseconds,
        "redirects": answer.redirects,
        "decision": answer.decision.value,
        "retry_at": answer.retry_at,
        "detail": _storable(answer.detail),
        "robots_ignored": request.rules.ignore_robots,
        "clock_doubtful": answer.clock_doubtful,
    }


def _storable(text: str) -> str:
    """A text as PostgreSQL can keep it: without NUL, without halves of characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
