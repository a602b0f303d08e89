"""The definition of a source: one column of one publisher.

A definition is a table of a TOML file; what is not written is the default, so that a column of a
known platform takes a dozen lines at most.
"""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from scraper.fetch import HostRules, TlsException
from scraper.listing.engines import ENGINE_NAMES
from scraper.listing.rules import ListRules, Selector
from scraper.sources.file_rules import (
    FILES_A_RELEASE,
    FILES_A_RELEASE_FORMERLY,
    FilePolicy,
    FileRules,
)
from scraper.sources.schedule import check_cron, check_quiet, parse_duration, quiet_times
from scraper.urls import normal_url


class Kind(StrEnum):
    """Kind of publisher."""

    GOV_PORTAL = "gov-portal"
    PRESS_OFFICE = "press-office"
    GOV_DEPARTMENT = "gov-department"
    CRI_REGION = "cri-region"
    STATE_MEDIA_REGION = "state-media-region"
    PROVINCIAL_NEWS = "provincial-news"


class Confidence(StrEnum):
    """How sure the catalogue is of a column: seen lately, host certain, or old or derived."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from error
    return text


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{text!r} is no absolute http(s) address")
    return text


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _engine(name: str) -> str:
    if name not in ENGINE_NAMES:
        raise ValueError(f"{name!r} is none of the engines {', '.join(ENGINE_NAMES)}")
    return name


Pattern = Annotated[str, AfterValidator(_pattern)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_several)]
Address = Annotated[str, AfterValidator(_address)]
Selectors = Annotated[tuple[Selector, ...], BeforeValidator(_several)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]
Duration = Annotated[dt.timedelta, BeforeValidator(parse_duration)]
Twin = tuple[str, str]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class FieldTable(_Table):
    """Selectors of the article page for a time: old pages keep the rules of their template.

    Attributes:
        since, until: first and last day (of publication) that the selectors are for; written
            ``from`` and ``until``.
        title … drop: CSS selectors in order of preference, as ``FieldRules`` has them.
        url_date, title_suffix: as there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    since: dt.date | None = Field(None, alias="from")
    until: dt.date | None = None
    title: Selectors = ()
    subtitle: Selectors = ()
    kicker: Selectors = ()
    source: Selectors = ()
    author: Selectors = ()
    editor: Selectors = ()
    published_at: Selectors = ()
    body: Selectors = ()
    images: Selectors = ()
    drop: Selectors = ()
    url_date: Pattern | None = None
    title_suffix: Texts = ()

    def covers(self, day: dt.date) -> bool:
        """Whether the selectors are for pages of that day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


class Source(_Table):
    """One column that can be watched.

    Attributes:
        id: stable name, ``place.publisher.column``.
        name, publisher: for people. kind: of the publisher.
        region: GB/T 2260 code of what the column is about; None for the whole country.
        lists: addresses of the list pages.
        engine: how they are read. list: selectors and paths where detection is not enough.
        max_pages: list pages of one visit. backfill_pages: of one walk into the past.
        overlap: pages still read after one whose links are all known.
        hosts: hosts that articles may lie on besides those of ``lists``; ``.gov.cn`` with a
            leading dot means every host below it.
        allow, deny: regular expressions that an article's address must, must not contain.
        twins: hosts (or scheme and host) that show the same articles; see ``normal_url``.
        fields: selectors of the article pages, see ``FieldTable``. charset: where sites lie.
        every, cron: when to look (``cron`` wins; Asia/Shanghai). Neither: at the pace at which it
            publishes, between ``fastest`` and ``slowest``. jitter: at most this much later.
        quiet: hours of the day without visits, ``"23:00-06:00"``.
        minimum_interval: seconds between two requests to a host; override_interval: also where
            the program's own or the site's figure is larger. ignore_robots: by decision.
        tls: weaknesses of the servers put up with; extra_ca: PEM with missing intermediates.
        proxy, cookies, user_agent, headers: for its requests.
        attachments, images: ``off``, ``text`` (fetch and read) or ``keep`` (the bytes too) what the
            articles offer and show; where it says nothing, what the archive has for the source.
        keep_images, keep_attachments: the former spelling of ``keep``.
        tags: free labels. confidence, seen: how sure the catalogue is, and what was last known.
        note: what an operator should know.
    """

    id: str = Field(pattern=r"^[a-z0-9]+(?:[._-][a-z0-9]+)*$", max_length=80)
    name: str = Field(min_length=1)
    publisher: str = Field(min_length=1)
    kind: Kind
    region: str | None = Field(None, pattern=r"^\d{6}$")
    lists: Annotated[tuple[Address, ...], BeforeValidator(_several)] = Field(min_length=1)
    engine: Annotated[str, AfterValidator(_engine)] = "auto"
    list: ListRules = ListRules()
    max_pages: int = Field(10, ge=1, le=1000)
    backfill_pages: int = Field(5000, ge=1, le=100_000)
    overlap: int = Field(1, ge=0, le=10)
    hosts: Texts = ()
    allow: Patterns = ()
    deny: Patterns = ()
    twins: tuple[Twin, ...] = ()
    fields: tuple[FieldTable, ...] = ()
    charset: str | None = None
    every: Duration | None = None
    fastest: Duration = dt.timedelta(minutes=30)
    slowest: Duration = dt.timedelta(days=1)
    cron: Annotated[str, AfterValidator(check_cron)] | None = None
    jitter: Duration = dt.timedelta(minutes=5)
    quiet: Annotated[str, AfterValidator(check_quiet)] | None = None
    minimum_interval: float | None = Field(None, ge=0)
    override_interval: bool = False
    ignore_robots: bool = False
    tls: Annotated[tuple[TlsException, ...], BeforeValidator(_several)] = ()
    extra_ca: Path | None = None
    proxy: str | None = None
    cookies: bool = False
    user_agent: str | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    attachments: FilePolicy | None = None
    images: FilePolicy | None = None
    keep_images: bool = False
    keep_attachments: bool = False
    tags: Texts = ()
    confidence: Confidence | None = None
    seen: str | None = None
    note: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _pairs(cls, values: Any) -> Any:
        if isinstance(values, dict) and isinstance(values.get("twins"), dict):
            return {**values, "twins": tuple(values["twins"].items())}
        return values

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        targets = {there for _, there in self.twins}
        if chained := targets & {here for here, _ in self.twins}:
            raise ValueError(
                f"twins: {', '.join(sorted(chained))} stands for a host and is replaced itself"
            )
        if TlsException.MISSING_INTERMEDIATE in self.tls and self.extra_ca is None:
            raise ValueError(
                "tls: missing_intermediate needs extra_ca, a PEM file with the certificate that the"
                " server leaves out; tonggao fetches none by itself"
            )
        return self

    @property
    def allowed_hosts(self) -> tuple[str, ...]:
        """Hosts that articles may lie on: those of the lists, those named, those of twins."""
        own = (urlsplit(address).hostname or "" for address in self.lists)
        paired = (host.rpartition("://")[2] for pair in self.twins for host in pair)
        return tuple(dict.fromkeys((*own, *self.hosts, *paired)))

    @property
    def quiet_hours(self) -> tuple[dt.time, dt.time] | None:
        """Begin and end of the hours without visits, Asia/Shanghai."""
        return quiet_times(self.quiet) if self.quiet else None

    @property
    def host_rules(self) -> HostRules:
        """What the fetcher is told for every request of this source."""
        return HostRules(
            allowed_hosts=self.allowed_hosts,
            allowed_ports=frozenset(port for each in self.lists if (port := urlsplit(each).port)),
            minimum_interval=self.minimum_interval,
            override_interval=self.override_interval,
            ignore_robots=self.ignore_robots,
            tls=frozenset(self.tls),
            extra_ca=self.extra_ca,
            proxy=self.proxy,
            cookies=self.cookies,
            user_agent=self.user_agent,
            headers=tuple(self.headers.items()),
        )

    def file_rules(self, attachments: FilePolicy, images: FilePolicy) -> FileRules:
        """What is done with files.

        Args:
            attachments: what holds for attachments where the definition does not say.
            images: the same for pictures.
        """
        kept = FilePolicy.KEEP
        former, most = FILES_A_RELEASE_FORMERLY, FILES_A_RELEASE
        return FileRules(
            self.attachments or (kept if self.keep_attachments else attachments),
            self.images or (kept if self.keep_images else images),
            former if self.keep_attachments else most,
            former if self.keep_images else most,
        )

    def accepts(self, url: str) -> bool:
        """Whether an address can be an article of this source; advertisements never are."""
        try:
            host = (urlsplit(url).hostname or "").lower()
        except ValueError:
            return False
        if not any(_is_on(host, allowed) for allowed in self.allowed_hosts):
            return False
        if any(_compiled(each).search(url) for each in self.deny):
            return False
        return not self.allow or any(_compiled(each).search(url) for each in self.allow)

    def normal_url(self, url: str) -> str:
        """The normal form of an address under this source's twins."""
        return normal_url(url, twins=self.twins)

    def field_table(self, on: dt.date) -> FieldTable | None:
        """The selectors for articles of a day; the first that covers it."""
        return next((table for table in self.fields if table.covers(on)), None)


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _is_on(host: str, allowed: str) -> bool:
    """Whether a host is the allowed one, with or without ``www.``, or below ``.allowed``."""
    if allowed.startswith("."):
        return host.endswith(allowed) or host == allowed[1:]
    return host.removeprefix("www.") == allowed.lower().removeprefix("www.")
