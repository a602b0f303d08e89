"""The parser's version covers what can change a record, and nothing that only looks at one."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from scraper.page.version import _NO_RECORD, hashed_sources

ROOT = Path(__file__).parents[2]
LOADED = """
import sys
from scraper.page import parse_page
html = "<html><title>青川市水务局排查内涝点</title><h1>青川市水务局排查内涝点</h1><p>" + "青川市水务局二十四日召开会议，部署整治工作。" * 9
parse_page(html.encode(), "http://www.qc.gov.cn/1.html")
packages = ("scraper.page", "scraper.text", "scraper.regions")
for name, module in sys.modules.items():
    if name.startswith(packages):
        print(module.__file__.replace("\\\\", "/").rpartition("/scraper/")[2])
"""


@pytest.fixture(scope="module")
def loaded() -> frozenset[str]:
    """The modules of the hashed packages that reading a page loads, as paths below ``scraper``."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return frozenset(done.stdout.split())


def place(name: str) -> str:
    """A hashed file as a path below ``scraper``."""
    return name.removeprefix("scraper.")


def test_every_module_that_reads_a_page_is_covered(loaded: frozenset[str]) -> None:
    covered = {place(name) for name in hashed_sources()}
    examples = {place(name) for name in _NO_RECORD if "/examples/" in name}
    assert loaded - covered - examples == frozenset()


def test_a_module_that_no_reading_loads_is_not_covered(loaded: frozenset[str]) -> None:
    modules = {place(name) for name in hashed_sources() if name.endswith(".py")}
    assert modules - loaded == frozenset(), "an upgrade would offer a reparse for nothing"


def test_what_is_left_out_exists() -> None:
    for name in _NO_RECORD:
        assert (ROOT / "scraper" / place(name)).exists(), name


def test_what_reads_pages_takes_nothing_but_examples_from_those_modules() -> None:
    for path in (ROOT / "scraper/page").rglob("*.py"):
        if "examples" not in path.parts:
            for names in _TAKEN.findall(path.read_text("utf-8")):
                assert all(name.strip().isupper() for name in names.split(",")), path


_TAKEN = re.compile(r"from scraper\.page\.examples\.\w+ import ([^\n(]+)")
