"""A row of a list that leads straight to a file: the release that it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.errors import NoHeadline
from scraper.record.controls import without_steering
from scraper.record.release import Attachment, Release

DOCUMENT_VERSION = "document 1"
"""Stands in the place of the parser's version: no page was parsed."""
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_CUT = ("…", "...", "．．．")
_TELLS = re.compile(r"[\u4e00-\u9fff]")
_LEAST = 4
_LONGEST = 300


@dataclass(frozen=True, slots=True)
class Headlines:
    """What may be a file's headline, in the order in which it is believed.

    Attributes:
        row: as the list shows it.
        known: as the archive has it, of a look at a known release.
        known_by: what gave it then.
        heading: as the document shows it.
        name: the file's name.
    """

    row: str | None = None
    known: str | None = None
    known_by: str | None = None
    heading: str | None = None
    name: str | None = None


def document_release(url: str, headlines: Headlines) -> Release:
    """The release that a file is: its headline, no paragraphs, the file as its attachment.

    What the file says stands beside it, never in the paragraphs; a date that only the row states is
    the row's, and not the page's.

    Args:
        url: address of the file.
        headlines: where its headline may come from; ``origins`` tells which it was.

    Raises:
        NoHeadline: neither the list, nor the document, nor its name tells one.
    """
    title, origin = _headline(headlines)
    if not title:
        raise NoHeadline(
            f"{url}: a file that neither its list nor itself gives a headline; give the source's "
            "list a selector that does"
        )
    name = headlines.name or title
    return without_steering(
        Release(
            title=title[:_LONGEST],
            paragraphs=(),
            url=url,
            attachments=(Attachment(url, name),),
            origins={"title": origin, "attachments": "list row"},
            parser_version=DOCUMENT_VERSION,
        )
    )


def _headline(found: Headlines) -> tuple[str, str]:
    row, heading = _line(found.row), _line(found.heading)
    if row.endswith(_CUT):
        begins = row.rstrip("….．")
        if len(begins) >= _LEAST and heading.startswith(begins):
            return heading, "document heading"
    if row:
        return _SUFFIX.sub("", row) or row, "list row"
    if known := _line(found.known):
        return known, found.known_by or "archive"
    if heading:
        return heading, "document heading"
    name = _SUFFIX.sub("", _line(found.name))
    return (name, "file name") if len(_TELLS.findall(name)) >= _LEAST else ("", "")


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
