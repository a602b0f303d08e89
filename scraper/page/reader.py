"""A page's bytes become a record: the phases, and the order in which the fields are decided.

Decode, DOM and lines (`opening`), the zone of the text (`container`), its paragraphs
(`paragraphs`), then the fields. A phase reads what the ones before it found, and writes into none.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from scraper.collector import CollectorPaused
from scraper.evidence import tells
from scraper.page import verdict
from scraper.page.body.zones import Zones, zones_of
from scraper.page.fields.credited import find_author, find_editor
from scraper.page.fields.headline import find_companions, find_headline
from scraper.page.fields.published import find_published
from scraper.page.fields.source import find_source
from scraper.page.fields.stated import find_stated
from scraper.page.opening import open_page
from scraper.page.rules.page import Article, Layers, Page
from scraper.page.rules.rule import Decision
from scraper.page.rules.selectors import NO_RULES, FieldRules
from scraper.page.scripts import embedded
from scraper.page.version import PARSER_VERSION
from scraper.record.controls import without_steering
from scraper.record.release import Release
from scraper.text.plain import sound

_ALL_LAYERS = Layers()
_LAST = ("url", "line:text")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]+")


def parse_page(
    html: bytes,
    url: str,
    http_charset: str | None = None,
    *,
    rules: FieldRules | None = None,
    received_at: dt.datetime | None = None,
    listed_on: dt.date | None = None,
    layers: Layers = _ALL_LAYERS,
) -> Release:
    """Read an article page.

    Args:
        html: the bytes as delivered.
        url: the page's address; relative links are resolved against it.
        http_charset: ``charset`` of the Content-Type header.
        rules: the source's own selectors; they win over every other layer.
        received_at: aware; when the bytes came. No publication time later than a day after it is
            believed, and a day without a year that nothing else dates is the last such day before.
        listed_on: the day that the list's row states, Asia/Shanghai.
        layers: which layers and rules may answer (for measuring one alone).

    Raises:
        PageError: one of its subclasses, for a page that is no release; nothing else.
    """
    with CollectorPaused():
        page = open_page(
            html, url, http_charset,
            rules=rules or NO_RULES, layers=layers, dated=(received_at, listed_on),
        )  # fmt: skip
        verdict.refuse_empty(page)
        read = _read(page)
        release = read.release
        verdict.refuse_other_kinds(read.page, _evidence(release))
        del page, read  # freed before the collector looks for it
    return without_steering(release)


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a page was read: for people who ask why.

    Attributes:
        release: the record, also of a page that is refused.
        decisions: by field, what won and what else there was.
        page: the page's lines, and where the text is.
        zones: what each of its lines is part of.
        refused: why it is no release; None where it is one.
    """

    release: Release
    decisions: dict[str, Decision]
    page: Page
    zones: Zones
    refused: str | None = None


def explain_page(
    html: bytes,
    url: str,
    http_charset: str | None = None,
    *,
    rules: FieldRules | None = None,
    received_at: dt.datetime | None = None,
    listed_on: dt.date | None = None,
) -> Explanation:
    """Read a page as `parse_page` does, and keep losers and vetoes.

    Raises:
        PageError: there is nothing in it to explain (EmptyPage, TooLarge).
    """
    with CollectorPaused():
        page = open_page(
            html, url, http_charset,
            rules=rules or NO_RULES, layers=_ALL_LAYERS, dated=(received_at, listed_on), asked=True,
        )  # fmt: skip
        read = _read(page)
        error = verdict.kind_of(read.page, _evidence(read.release))
    refused = f"{type(error).__name__}: {error}" if error else None
    return replace(read, release=without_steering(read.release), refused=refused)


def _read(page: Page) -> Explanation:
    title = find_headline(page)
    headline = title.winner.value if title.winner else ""
    zones = zones_of(page, headline)
    page = page.following(cut=Article(headline, tuple(zones.article), zones.texts))
    subtitle, kicker = find_companions(page)
    published = _published(page)
    page = page.following(day=published.winner.value.at.date() if published.winner else None)
    decisions = {
        "title": title,
        "subtitle": subtitle,
        "kicker": kicker,
        "published_at": published,
        "source": _or_outer(page, find_source),
        "author": _or_outer(page, find_author),
        "editor": _or_outer(page, find_editor),
        **find_stated(page),
    }
    return Explanation(_release(page, zones.texts, decisions), decisions, page, zones)


def _or_outer(page: Page, find: Callable[[Page], Decision]) -> Decision:
    """A field of the article in a script, else of the page around it."""
    decision = find(page)
    return find(page.outer) if decision.winner is None and page.outer else decision


def _evidence(release: Release) -> verdict.Evidence:
    texts = [*release.paragraphs, *(image.caption or "" for image in release.images)]
    dated = release.origins.get("published_at") not in (None, *_LAST)
    return verdict.Evidence(
        title=release.title or None,
        size=sum(len("".join(text.split())) for text in texts),
        things=len(release.images) + len(release.attachments),
        files=len(release.attachments),
        dated=dated or release.source is not None,
        told=any((len(text) >= verdict.MIN_TEXT and "。" in text) or tells(text) for text in texts),
    )


def _release(page: Page, texts: tuple[str, ...], decisions: dict[str, Decision]) -> Release:
    won = {name: one.winner for name, one in decisions.items() if one.winner is not None}
    values: dict[str, Any] = {name: _plain(one.value) for name, one in won.items()}
    moment = values.pop("published_at", None)
    title = values.pop("title", None) or ""
    values = {name: value for name, value in values.items() if value not in (None, "", ())}
    origins = {name: one.origin for name, one in won.items() if name in values}
    origins["charset"] = page.decoded.origin
    for name, known in (("title", title), ("published_at", moment)):
        if known:
            origins[name] = won[name].origin
    if page.span and texts:
        origins["paragraphs"] = page.span.origin
    return Release(
        title=title,
        paragraphs=texts,
        url=page.url,
        published_at=moment.at if moment else None,
        published_precision=moment.precision if moment else None,
        origins=origins,
        parser_version=PARSER_VERSION,
        **values,
    )


def _plain(value: Any) -> Any:
    """A text without control characters (a page may hold them, as ``&#31;``); None if empty."""
    if not isinstance(value, str):
        return value
    return _CONTROL.sub(" ", sound(value)).strip() or None


def _published(page: Page) -> Decision:
    decision = find_published(page)
    if decision.winner and decision.winner.origin not in _LAST:
        return decision
    if stated := embedded.published_in_script(page.decoded.text):
        page = page.following(scripts={**page.scripts, "published_at": stated})
        decision = find_published(page)
    if page.outer and (decision.winner is None or decision.winner.origin in _LAST):
        outer = find_published(page.outer)
        return outer if outer.winner else decision
    return decision
