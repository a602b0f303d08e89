"""The page on sources: its examples are valid, its table names every option and every engine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scraper.listing import ENGINE_NAMES
from scraper.sources import Source, load_catalogue

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text("utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_are_valid(example: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(example, "utf-8")
    assert len(load_catalogue(tmp_path, shipped=tmp_path / "none")) >= 1


def test_every_option_and_engine_is_named() -> None:
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert set(Source.model_fields) <= named
    assert set(ENGINE_NAMES) <= named
