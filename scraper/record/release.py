"""The record: what a press release is once its page has been read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any, Literal, Self

from scraper.record.forms import plain, read_record

Precision = Literal["second", "minute", "day"]
"""How exactly the page states its publication time."""

_EMPTY: Mapping[str, str] = MappingProxyType({})

COLUMN, STATED = "column", "stated"
"""Metadata of a field: its column in the database where that has another name (None: it has none of
its own), and whether the page states it, which makes it part of the record's digest."""


def _of_the_reading(**default: Any) -> Any:
    """A field that tells how the page was read, not what it states."""
    return field(**default, metadata={STATED: False})


@dataclass(frozen=True, slots=True)
class Image:
    """A picture that belongs to the article.

    Attributes:
        url: absolute address.
        caption: the line that explains it, without the credit.
        credit: who took or gave it (供图, 摄, 图源), without the label.
        alt: the ``alt`` text as the page has it, where it says more than the file's name.
    """

    url: str
    caption: str | None = None
    credit: str | None = None
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the article offers (pdf, docx, xlsx, zip, ofd, wps …), with the name shown."""

    url: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """The block that an official document (公文) carries; a line that is not shown is null.

    Attributes:
        issuer: 发文机关. number: 发文字号. written_on: 成文日期. index_number: 索引号.
        topic: 主题分类. validity: 有效性. issued_on: 发布日期.
    """

    issuer: str | None = None
    number: str | None = None
    written_on: dt.date | None = None
    issued_on: dt.date | None = None
    index_number: str | None = None
    topic: str | None = None
    validity: str | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """One press release, as its page states it. What the page does not state is None or empty.

    This is the one list of fields: JSON, digest, columns and statements are derived from it in
    :mod:`scraper.record.serial`. A new field stands last, for callers that give the others by their
    place; it takes a default, a migration that adds its column to
    ``tonggao.revision`` and at the end of ``archive.publications``, and a rule that finds it.

    Attributes:
        title: the headline, without the site's name or the column's.
        subtitle: 副标题 (below the headline); kicker: 引题 (above it).
        source: 来源, the publisher the page names.
        author: 作者, 记者, 通讯员, 文; several names joined by one space.
        editor: 编辑, 责任编辑; several names joined by one space.
        published_at: aware, Asia/Shanghai. At ``published_precision`` "day" the time is 00:00.
        paragraphs: the text in reading order; a table's row is one, its cells joined by tabs.
        column, site_name, site_id: where the page says it stands (ColumnName, SiteName,
            SiteIDCode of 《政府网站发展指引》).
        region: GB/T 2260 codes of the places named, province before county, as they were on the day
            of ``published_at``.
        site_region: the division whose site it is: the first six digits of a SiteIDCode of ten.
        keywords: as the page states them.
        document: the official-document block, None where there is none.
        next_pages: absolute addresses of this article's further pages, in order.
        origins: field name to the rule that gave it; ``charset`` tells how the bytes were read.
        parser_version: changes when the rules change; stored with each revision.
    """

    title: str
    paragraphs: tuple[str, ...] = field(metadata={COLUMN: "body"})
    url: str = field(metadata={COLUMN: None, STATED: False})
    subtitle: str | None = None
    kicker: str | None = None
    source: str | None = field(default=None, metadata={COLUMN: "named_source"})
    author: str | None = None
    editor: str | None = None
    published_at: dt.datetime | None = None
    published_precision: Precision | None = None
    images: tuple[Image, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    column: str | None = field(default=None, metadata={COLUMN: "column_name"})
    site_name: str | None = None
    site_id: str | None = None
    region: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    document: Document | None = None
    next_pages: tuple[str, ...] = ()
    origins: Mapping[str, str] = _of_the_reading(default_factory=lambda: _EMPTY)
    parser_version: str = _of_the_reading(default="")
    site_region: str | None = _of_the_reading(default=None)

    def to_dict(self) -> dict[str, Any]:
        """The record in types of JSON, as a line of the JSONL export has it: times in ISO 8601."""
        return {part.name: plain(getattr(self, part.name)) for part in fields(self)}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The release of :meth:`to_dict`, or of a line of a JSONL export.

        ``title`` and ``url`` are needed, the rest may lack; unknown keys are ignored.

        Raises:
            TypeError, ValueError: it is not such a record; the message names the field.
        """
        whole = {"paragraphs": [], **record} if isinstance(record, dict) else record
        return read_record(cls, whole)
