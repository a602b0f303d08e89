"""A release as JSON, as columns of a row, and as a digest, and back again.

Every form is derived from the fields of :class:`~scraper.record.release.Release` and their types: a
field that is added there is in all of them.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from psycopg.types.json import Jsonb

from scraper.clock import SHANGHAI
from scraper.record.release import COLUMN, STATED, Release

LINE_IN_PARAGRAPH = "\u2028"
"""LINE SEPARATOR: how a line break inside a paragraph is kept in a body of one paragraph a line."""

_VERSION = b"\x02"
"""First byte of a digest that leaves out fields without a value; the first form has no such byte."""

_FIELDS_OF_THE_FIRST_FORM = (
    *("title", "paragraphs", "subtitle", "kicker", "source", "author", "editor", "published_at"),
    *("published_precision", "images", "attachments", "column", "site_name", "site_id", "region"),
    *("keywords", "document", "next_pages"),
)
"""What the first form of the digest was made of, nulls included (until migration 0012). It changes no
more: digests in old rows are checked by it."""


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field of the record and where else it stands.

    Attributes:
        name: in the dataclass and in JSON.
        column: in ``tonggao.revision``; None for the address, which is the publication's.
        type: as annotated, null left out.
        optional: whether it may be null.
        required: whether JSON must have it.
        stated: whether it is what the page states, and not of how it was read.
    """

    name: str
    column: str | None
    type: Any
    optional: bool
    required: bool
    stated: bool

    @property
    def as_document(self) -> bool:
        """Whether its column is of type jsonb."""
        inner = get_args(self.type)[0] if get_origin(self.type) is tuple else self.type
        return is_dataclass(inner) or get_origin(self.type) is Mapping


def _fields() -> tuple[RecordField, ...]:
    hints = get_type_hints(Release)
    found = []
    for part in fields(Release):
        bare, optional = _without_none(hints[part.name])
        found.append(
            RecordField(
                part.name,
                part.metadata.get(COLUMN, part.name),
                bare,
                optional,
                part.default is MISSING and part.default_factory is MISSING,
                part.metadata.get(STATED, True),
            )
        )
    return tuple(found)


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) not in {Union, types.UnionType}:
        return hint, False
    (inner,) = (part for part in get_args(hint) if part is not types.NoneType)
    return inner, True


FIELDS = _fields()
"""Every field of the record, in order."""


def body_of(release: Release) -> str:
    """The paragraphs, one a line."""
    return "\n".join(part.replace("\n", LINE_IN_PARAGRAPH) for part in release.paragraphs)


def paragraphs_of(body: str) -> tuple[str, ...]:
    """The paragraphs of a stored body."""
    lines = body.split("\n") if body else []
    return tuple(line.replace(LINE_IN_PARAGRAPH, "\n") for line in lines)


def column_names() -> tuple[str, ...]:
    """The record's columns in ``tonggao.revision``: what ``{record}`` stands for in a statement."""
    return tuple(part.column for part in FIELDS if part.column is not None)


def to_columns(release: Release) -> dict[str, Any]:
    """The record's part of a row of ``tonggao.revision``."""
    row: dict[str, Any] = {}
    for part in FIELDS:
        value = getattr(release, part.name)
        if part.column is None:
            continue
        if part.name == "paragraphs":
            value = body_of(release)
        elif part.as_document:
            value = None if value is None else Jsonb(_plain(value))
        elif isinstance(value, tuple):
            value = list(value)
        row[part.column] = value
    return row


def from_columns(url: str, row: Mapping[str, Any]) -> Release:
    """The release of a row, whatever an earlier version let in: what does not fit stays as it is."""
    given: dict[str, Any] = {"url": url}
    for part in FIELDS:
        if part.column is None or row[part.column] is None:
            continue
        value = row[part.column]
        if part.name == "paragraphs":
            given[part.name] = paragraphs_of(value)
        else:
            given[part.name] = _loose(part.type, value)
    return Release(**given)


def as_json(release: Release) -> dict[str, Any]:
    """Every field under its own name, in types of JSON: times in ISO 8601, nulls kept."""
    return {part.name: _plain(getattr(release, part.name)) for part in FIELDS}


def from_json(record: Mapping[str, Any]) -> Release:
    """The release of :func:`as_json`. Missing fields take their defaults; unknown keys are ignored.

    Raises:
        TypeError, ValueError: it is not such a record; the message names the field.
    """
    given = {}
    _checked(dict, record, "a record")
    for part in FIELDS:
        value = record.get(part.name)
        if value is not None:
            given[part.name] = _strict(part.type, value, part.name)
        elif part.required and part.name != "paragraphs":
            raise ValueError(f"{part.name} is missing")
    given.setdefault("paragraphs", ())
    return Release(**given)


def record_digest(release: Release) -> bytes:
    """SHA-256 of all that the page states, behind the number of this form of the digest.

    Fields without a value are left out, so that a field which is added later changes no digest.
    """
    stated = {name: value for name, value in _stated(release).items() if not _empty(value)}
    return _VERSION + _sha256(stated)


def agrees(digest: bytes, release: Release) -> bool:
    """Whether a stored digest, of whatever form, is that of this record."""
    if digest[:1] == _VERSION and len(digest) > hashlib.sha256().digest_size:
        return digest == record_digest(release)
    stated = _stated(release)
    first = {name: stated.pop(name) for name in _FIELDS_OF_THE_FIRST_FORM}
    return digest == _sha256(first) and all(_empty(value) for value in stated.values())


def _stated(release: Release) -> dict[str, Any]:
    return {part.name: _plain(getattr(release, part.name)) for part in FIELDS if part.stated}


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, list | dict) and not value)


def _sha256(stated: Mapping[str, Any]) -> bytes:
    text = json.dumps(stated, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def _plain(value: Any) -> Any:
    """A value in types of JSON; parts of a picture, file or document without a value are left out."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if is_dataclass(value):
        parts = ((part.name, getattr(value, part.name)) for part in fields(value))
        return {name: _plain(part) for name, part in parts if part is not None}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return dict(value) if isinstance(value, Mapping) else value


def _strict(kind: Any, value: Any, name: str) -> Any:
    """A JSON value as its type has it; raises TypeError or ValueError with the field's name."""
    if kind is dt.datetime or kind is dt.date:
        return _moment(kind, value, name)
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(_strict(inner, part, name) for part in _checked(list, value, name))
    if get_origin(kind) is Mapping:
        pairs = _checked(dict, value, name).items()
        return {key: _strict(str, part, f"{name}.{key}") for key, part in pairs}
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise ValueError(f"{name} must be one of {', '.join(get_args(kind))}")
        return value
    if is_dataclass(kind) and isinstance(kind, type):
        return _parts(kind, _checked(dict, value, name), name)
    return _checked(kind, value, name)


def _parts(kind: type, value: Mapping[str, Any], name: str) -> Any:
    given = {}
    for part, (inner, optional) in _types_of(kind).items():
        if value.get(part) is not None:
            given[part] = _strict(inner, value[part], f"{name}.{part}")
        elif not optional:
            raise ValueError(f"{name}.{part} is missing")
    return kind(**given)


def _moment(kind: Any, value: Any, name: str) -> Any:
    text = _checked(str, value, name)
    try:
        moment = kind.fromisoformat(text)
        return _in_shanghai(moment) if kind is dt.datetime else moment
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{name}: {text[:40]!r} is no time of ISO 8601") from error


def _checked(kind: type, value: Any, name: str) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{name} must be of type {_JSON_NAMES.get(kind, kind.__name__)}")
    return value


_JSON_NAMES: Mapping[type, str] = {str: "text", list: "list", dict: "object", int: "number"}


@cache
def _types_of(kind: type) -> Mapping[str, tuple[Any, bool]]:
    """The parts of a dataclass with their types, and whether they may be null."""
    return {name: _without_none(hint) for name, hint in get_type_hints(kind).items()}


def _loose(kind: Any, value: Any) -> Any:
    """A stored value as its type has it; what does not fit is given as it is."""
    try:
        if isinstance(value, dt.datetime):
            return _in_shanghai(value)
        if kind is dt.date and isinstance(value, str):
            return dt.date.fromisoformat(value)
    except (ValueError, OverflowError):  # an end of the calendar, or no day at all
        return value
    if get_origin(kind) is tuple and isinstance(value, list):
        return tuple(_loose(get_args(kind)[0], part) for part in value)
    if is_dataclass(kind) and isinstance(kind, type) and isinstance(value, Mapping):
        parts = _types_of(kind)
        given = {
            name: _loose(parts[name][0], part) for name, part in value.items() if name in parts
        }
        return kind(**(dict.fromkeys(parts) | given))
    return value


def _in_shanghai(moment: dt.datetime) -> dt.datetime:
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
