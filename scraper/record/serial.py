"""A release as JSON, as columns of a row, and as a digest, and back again.

Every form is derived from the fields of :class:`~scraper.record.release.Release` and their types: a
field that is added there is in all of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, get_args, get_origin

from psycopg.types.json import Jsonb

from scraper.record.comparison import resting
from scraper.record.forms import loose, plain, types_of
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
        stated: whether it is what the page states, and not of how it was read.
    """

    name: str
    column: str | None
    type: Any
    stated: bool

    @property
    def as_document(self) -> bool:
        """Whether its column is of type jsonb."""
        inner = get_args(self.type)[0] if get_origin(self.type) is tuple else self.type
        return is_dataclass(inner) or get_origin(self.type) is Mapping


def _fields() -> tuple[RecordField, ...]:
    return tuple(
        RecordField(
            part.name,
            part.metadata.get(COLUMN, part.name),
            types_of(Release)[part.name][0],
            part.metadata.get(STATED, True),
        )
        for part in fields(Release)
    )


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
            value = None if value is None else Jsonb(plain(value))
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
            given[part.name] = loose(part.type, value)
    return Release(**given)


def record_digest(release: Release) -> bytes:
    """SHA-256 of all that the page states and that rests, behind the number of this form of the digest.

    Fields without a value are left out, so that a field which is added later changes no digest; what
    moves from look to look is left out too (:mod:`scraper.record.comparison`).
    """
    return _digest(_stated(release))


def _digest(stated: dict[str, Any]) -> bytes:
    return _VERSION + _sha256(_held(stated))


def _held(stated: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in resting(stated).items() if not _empty(value)}


def agrees(digest: bytes, release: Release) -> bool:
    """Whether a stored digest, of whatever form, is that of this record."""
    return digested_text(digest, release) is not None


def digested_text(digest: bytes, release: Release) -> str | None:
    """The text that a stored digest is the SHA-256 of, behind the number of its form; None: of no such text.

    It is what a proof shows of a record: all that the page states, as JSON.
    """
    for form in _as_told(release):
        covered = _first_form(form) if _has_first_form(digest) else _held(form)
        if covered is not None:
            text = _text(covered)
            if digest == _form(digest) + hashlib.sha256(text.encode()).digest():
                return text
    return None


def _as_told(release: Release) -> Iterator[dict[str, Any]]:
    """What the page states, as it is told and as it was before U+2028 was a line's end."""
    stated = _stated(release)
    yield stated
    lines = body_of(release).split("\n")
    if any(LINE_IN_PARAGRAPH in line for line in lines):
        yield stated | {"paragraphs": lines}


def _first_form(stated: dict[str, Any]) -> dict[str, Any] | None:
    """What the first form covers; None where the record says more."""
    first = {name: stated[name] for name in _FIELDS_OF_THE_FIRST_FORM}
    more = any(not _empty(value) for name, value in stated.items() if name not in first)
    return None if more else first


def _form(digest: bytes) -> bytes:
    """What stands before the SHA-256 in a digest of the same form."""
    return b"" if _has_first_form(digest) else _VERSION


def _has_first_form(digest: bytes) -> bool:
    return len(digest) == hashlib.sha256().digest_size


def convicts(digest: bytes, release: Release) -> bool:
    """Whether a stored digest shows that its record was altered, so that it is not handed on.

    One of the first form does not: it was made before values were brought into the form in which the
    archive gives them back, and many an odd value of then differs from it untouched.
    """
    return not _has_first_form(digest) and not agrees(digest, release)


def _stated(release: Release) -> dict[str, Any]:
    """What the page states, its paragraphs as the archive gives them back: a stored U+2028 is a line's end."""
    stated = {part.name: plain(getattr(release, part.name)) for part in FIELDS if part.stated}
    return stated | {"paragraphs": list(paragraphs_of(body_of(release)))}


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, list | dict) and not value)


def _sha256(stated: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(_text(stated).encode()).digest()


def _text(stated: Mapping[str, Any]) -> str:
    return json.dumps(stated, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
