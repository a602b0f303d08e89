"""Our own pages in the markup of each family become exactly the records we reviewed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.page.golden import PAGES, as_json, fixtures, read


@pytest.mark.parametrize("page", fixtures(), ids=lambda page: page.stem)
def test_page_becomes_its_golden_record(page: Path) -> None:
    assert as_json(read(page)) == json.loads(page.with_suffix(".json").read_text("utf-8"))


@pytest.mark.shared
def test_the_seed_record_is_read_from_cri_markup(shared: Path) -> None:
    """The record that the project was created from, field by field."""
    wanted = json.loads((shared / "seed" / "record.json").read_text("utf-8"))
    release = read(PAGES / "cri_seed.html")
    found = as_json(release)
    for name in ("title", "source", "published_at", "published_precision", "author", "editor"):
        assert found[name] == wanted[name], name
    assert found["paragraphs"] == wanted["paragraphs"]
    assert found["region"] == wanted["region"]
    assert [{k: v for k, v in i.items() if k != "url"} for i in found["images"]] == wanted["images"]
    text = "\n".join(release.paragraphs)
    assert not [word for word in wanted["not_part_of_the_record"] if f"\n{word}\n" in text]
