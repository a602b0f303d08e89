"""Records as JSON, for golden files; ``python -m tests.page.golden`` writes those that changed.

Read the difference by eye before it is committed: a golden file says what is right.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from pathlib import Path
from typing import Any

from scraper.clock import SHANGHAI
from scraper.page import parse_page
from scraper.record.release import Release

PAGES = Path(__file__).parents[1] / "fixtures" / "pages"
NOW = dt.datetime(2026, 12, 1, tzinfo=SHANGHAI)


def fixtures() -> list[Path]:
    return sorted(PAGES.glob("*.html"))


def read(page: Path) -> Release:
    request = json.loads(page.with_suffix(".request.json").read_text("utf-8"))
    listed_on = request.get("listed_on")
    return parse_page(
        page.read_bytes(),
        request["url"],
        request["http_charset"],
        received_at=NOW,
        listed_on=dt.date.fromisoformat(listed_on) if listed_on else None,
    )


def as_json(release: Release) -> dict[str, Any]:
    """Every field that says something; the version of the rules is left out."""
    fields = {
        field.name: getattr(release, field.name)
        for field in dataclasses.fields(release)
        if field.name != "parser_version"
    }
    return {name: _plain(value) for name, value in fields.items() if value}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(item) for name, item in dataclasses.asdict(value).items() if item}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    return dict(value) if isinstance(value, dict) else value


def main() -> None:
    for page in fixtures():
        text = json.dumps(as_json(read(page)), ensure_ascii=False, indent=1) + "\n"
        page.with_suffix(".json").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
