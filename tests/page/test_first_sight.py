"""Pages of our own in the manner of sites that no rule was made for, with records decided before any parsing.

Publishing systems of Chinese offices and media, old table layouts, blogs, portals and forums, pages whose
text is in a script. A row of ``first_sight.jsonl`` states the fields that its page decides.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from scraper.clock import SHANGHAI
from scraper.page import parse_page
from scraper.record.release import Release

PAGES = Path(__file__).parents[1] / "fixtures" / "first_sight.jsonl"
ROWS: list[dict[str, Any]] = [json.loads(line) for line in PAGES.read_text("utf-8").splitlines()]


def read(row: dict[str, Any]) -> Release:
    listed_on = row.get("listed_on")
    return parse_page(
        row["html"].encode(row.get("encoding", "utf-8")),
        row["url"],
        listed_on=dt.date.fromisoformat(listed_on) if listed_on else None,
    )


def found_in(release: Release, name: str, wanted: Any) -> Any:
    """A field as the rows state it: names in any order, pictures by file, text without blanks."""
    match name:
        case "published_at":
            at = release.published_at
            form = "%Y-%m-%dT%H:%M" if wanted and "T" in wanted else "%Y-%m-%d"
            return at.astimezone(SHANGHAI).strftime(form) if at else None
        case "author" | "editor":
            return sorted((getattr(release, name) or "").split())
        case "body":
            return [squeezed(text) for text in release.paragraphs]
        case "images":
            return sorted(
                image.url.rpartition("/")[2].partition("?")[0] for image in release.images
            )
        case _:
            return getattr(release, name)


def squeezed(text: str) -> str:
    return "".join(text.split())


def wanted_of(row: dict[str, Any], name: str) -> Any:
    """A field of a row in the same form."""
    wanted = row["want"][name]
    match name:
        case "author" | "editor":
            return sorted((wanted or "").split())
        case "body":
            return [squeezed(text) for text in wanted]
        case "images":
            return sorted(wanted)
        case _:
            return wanted


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_page_is_read_right(row: dict[str, Any]) -> None:
    release = read(row)
    for name, stated in row["want"].items():
        assert found_in(release, name, stated) == wanted_of(row, name), name
    for name, stated in row.get("document", {}).items():
        assert getattr(release.document, name, None) == stated, name
