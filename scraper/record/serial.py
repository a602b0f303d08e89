"""A release as one row: columns, JSON and digest, and back again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from scraper.clock import SHANGHAI
from scraper.record.release import Attachment, Document, Image, Release

LINE_IN_PARAGRAPH = "\u2028"
"""LINE SEPARATOR: how a line break inside a paragraph is kept in a body of one paragraph a line."""

_NOT_THE_RECORD = frozenset({"origins", "parser_version", "url"})


def body_of(release: Release) -> str:
    """The paragraphs, one a line."""
    return "\n".join(part.replace("\n", LINE_IN_PARAGRAPH) for part in release.paragraphs)


def paragraphs_of(body: str) -> tuple[str, ...]:
    """The paragraphs of a stored body."""
    lines = body.split("\n") if body else []
    return tuple(line.replace(LINE_IN_PARAGRAPH, "\n") for line in lines)


def as_json(release: Release) -> dict[str, Any]:
    """Every field under its own name, in types of JSON: times in ISO 8601, nulls kept."""
    return {key: _plain(value) for key, value in _shallow(release).items()}


def from_json(record: Mapping[str, Any]) -> Release:
    """The release of :func:`as_json`; fields that are missing take their defaults.

    Raises:
        KeyError, TypeError, ValueError: it is not such a record.
    """
    given = {key: value for key, value in record.items() if key in _FIELDS and value is not None}
    for name in ("paragraphs", "region", "keywords", "next_pages"):
        if name in given:
            given[name] = _strings(name, given[name])
    given["images"] = tuple(Image(**image) for image in given.get("images", ()))
    given["attachments"] = tuple(Attachment(**file) for file in given.get("attachments", ()))
    if "published_at" in given:
        given["published_at"] = _moment(given["published_at"])
    if "document" in given:
        given["document"] = _document(given["document"])
    return Release(**given)


def record_digest(release: Release) -> bytes:
    """SHA-256 of all that the page states; not of how or by which parser it was read."""
    stated = {k: v for k, v in as_json(release).items() if k not in _NOT_THE_RECORD}
    text = json.dumps(stated, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


_FIELDS = frozenset(part.name for part in fields(Release))


def _shallow(release: Release) -> dict[str, Any]:
    return {part.name: getattr(release, part.name) for part in fields(release)}


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Image | Attachment | Document):
        return {key: _plain(part) for key, part in asdict(value).items() if part is not None}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return dict(value) if isinstance(value, Mapping) else value


def _strings(name: str, value: Any) -> tuple[str, ...]:
    if isinstance(value, str) or not all(isinstance(part, str) for part in value):
        raise TypeError(f"{name} must be a list of texts")
    return tuple(value)


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)


def _document(record: Mapping[str, Any]) -> Document:
    dates = {"written_on", "issued_on"}
    given: dict[str, Any] = {
        key: dt.date.fromisoformat(value) if key in dates else value
        for key, value in record.items()
    }
    return Document(**given)
