"""What is asked and what comes back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from scraper.errors import FetchError
from scraper.fetch.policy import HostRules, Limit
from scraper.outcome import MEANING, Outcome

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


class Purpose(StrEnum):
    """What a request is for. It decides the limits, the content types and the patience."""

    LISTING = "listing"
    ARTICLE = "article"
    IMAGE = "image"
    ATTACHMENT = "attachment"
    ROBOTS = "robots"

    @property
    def limit(self) -> Limit:
        """Which limit on bytes applies."""
        return _LIMITS.get(self, Limit.PAGE)


_LIMITS = {Purpose.IMAGE: Limit.IMAGE, Purpose.ATTACHMENT: Limit.ATTACHMENT}


class Decision(StrEnum):
    """What is to be done about a URL after an attempt."""

    NONE = "none"
    """Nothing: it is in hand."""
    AGAIN = "again"
    """Try again soon, within the same call."""
    LATER = "later"
    """Try again when ``retry_at`` has come."""
    CONFIRM = "confirm"
    """It seems withdrawn; look again at ``retry_at`` before believing it."""
    WITHDRAWN = "withdrawn"
    """It is withdrawn; still looked at, rarely."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One page to be brought.

    Attributes:
        url: absolute http or https address.
        purpose: what it is for.
        key: the address under which a failure is remembered; None means ``url``. The same page may
            be listed under several addresses that have one normal form.
        source_id, run_id: for the record of attempts.
        listed_on: the day the list states for it; remembered with a failure.
        wall_rest: seconds that the host is left alone after a wall; None means the policy's.
        documents: whether an article may be a document instead of a page, of a file's size at most.
        most_bytes: bytes that may arrive, where fewer than the policy's.
        remembered: whether a failure is remembered as this address's own. Not so for a later page
            of an article: it fails its article, and is no article that could be tried again.
        etag, last_modified: validators of the body that is held, as the server gave them.
        body_digest: SHA-256 of the body that is held, in hexadecimal: the second opinion.
        body_at: when that body was last received whole; see ``FetchPolicy.trust_304``.
        form: fields to POST, in order; None means GET.
        rules: what the source adds to the policy.
        slot_wait: seconds it may wait for its host, where not the policy's.
    """

    url: str
    purpose: Purpose = Purpose.ARTICLE
    key: str | None = None
    source_id: str | None = None
    run_id: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    body_at: dt.datetime | None = None
    form: tuple[tuple[str, str], ...] | None = None
    rules: HostRules = field(default_factory=HostRules)
    slot_wait: float | None = None
    listed_on: dt.date | None = None
    wall_rest: float | None = None
    remembered: bool = True
    documents: bool = False
    most_bytes: int | None = None

    @property
    def remembered_as(self) -> str:
        """The address under which a failure is remembered."""
        return self.key or self.url

    @property
    def conditional(self) -> bool:
        """Whether there is a validator to send."""
        return bool(self.etag or self.last_modified)


@dataclass(frozen=True, slots=True)
class UrlState:
    """What is remembered of a URL that fails; a URL in hand has none.

    Attributes:
        failures: attempts in a row that did not bring it.
        sightings: times in a row that it was gone, each long enough after the one before.
        sighted_at: when the last of them was counted.
        failing_since: when the first failure of the row was.
    """

    failures: int = 0
    sightings: int = 0
    sighted_at: dt.datetime | None = None
    failing_since: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a request; for a network's failure too. Headers have lower-case names.

    Attributes:
        request: what was asked.
        url: the address that answered, after redirects.
        outcome: how it ended.
        fetched_at: aware, Asia/Shanghai; when the last request was begun.
        clock_doubtful: whether ``fetched_at`` is not the wall clock's, which is doubtful.
        status: of the last answer, None where none came.
        headers: of the last answer; repeated fields are joined by ", ".
        body: the bytes after content decoding; empty unless the outcome is ``ok`` (or
            ``not_modified`` by digest).
        http_charset: what Content-Type names, lower case, unverified.
        media_type: Content-Type without parameters, lower case.
        digest: SHA-256 of ``body`` in hexadecimal, None without one.
        milliseconds: from the slot to the last byte, over all redirects, without waiting.
        wire_bytes: bytes of content as they came over the wire.
        redirects: how many were followed.
        wall: the name of the wall, where the outcome is ``wall``.
        detail: a sentence for the operator.
        decision: what is to be done about the URL.
        retry_at: when it is due again, None where nothing is to be done.
        state: what is remembered of the URL, with this time; for a page that came, what was
            remembered until then, for it may yet turn out to be unreadable.
        attempt_id: the row of the last attempt in ``tonggao.attempt``.
    """

    request: Request
    url: str
    outcome: Outcome
    fetched_at: dt.datetime
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: _NO_HEADERS)
    body: bytes = b""
    http_charset: str | None = None
    media_type: str | None = None
    digest: str | None = None
    milliseconds: int = 0
    wire_bytes: int = 0
    redirects: int = 0
    wall: str | None = None
    detail: str = ""
    decision: Decision = Decision.NONE
    retry_at: dt.datetime | None = None
    state: UrlState = UrlState()
    attempt_id: int | None = None
    clock_doubtful: bool = False

    @property
    def etag(self) -> str | None:
        """The validator to send next time, as the server gave it."""
        return self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        """The other validator, as the server gave it."""
        return self.headers.get("last-modified")

    @property
    def failures(self) -> int:
        """How often in a row the URL has failed: with this time, or before it came."""
        return self.state.failures

    @property
    def withdrawn(self) -> bool:
        """Whether the article is confirmed to be withdrawn."""
        return self.decision is Decision.WITHDRAWN

    def require(self) -> Answer:
        """Give the answer back if the page is in hand.

        Raises:
            FetchError: it is not; the message names source, URL and what happened.
        """
        if self.outcome.good:
            return self
        source = f"source {self.request.source_id}: " if self.request.source_id else ""
        message = f"{source}{self.request.url}: {MEANING[self.outcome]}"
        message += f" ({self.detail})" if self.detail else ""
        raise FetchError(message, outcome=self.outcome, url=self.request.url)
