"""No regular expression of the parser takes more than linear time on hostile text."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
import warnings
from collections.abc import Iterator

import pytest

import scraper.page
import scraper.regions

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it imports sre_parse by its old name
    from regexploit.ast.sre import SreOpParser
    from regexploit.redos import find

HOSTILE = [
    "来源：" * 60_000, "（记者 " * 60_000, "<" * 200_000, " " * 300_000, "\x1f" * 200_000, "2024-" * 60_000,
    "上一" * 100_000, "a-_|" * 80_000, "（" * 200_000, "图 " * 100_000, "来\x1f" * 100_000, "1" * 200_000,
    "\n　" * 100_000, "：：" * 100_000, "张、李" * 80_000, "createPageHTML(" * 20_000, "404 页面" * 50_000,
]  # fmt: skip


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for package in (scraper.page, scraper.regions):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            names = vars(importlib.import_module(module.name))
            for name, value in names.items():
                if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                    yield f"{module.name}.{name}", value


ALL = dict(patterns())


@pytest.mark.parametrize("name", ALL)
def test_regexploit_finds_nothing(name: str) -> None:
    pattern = ALL[name]
    tree = SreOpParser().parse_sre(pattern.pattern, pattern.flags & ~re.UNICODE)
    assert [found.starriness for found in find(tree) if found.starriness > 2] == []


@pytest.mark.parametrize("name", ALL)
def test_hostile_text_is_searched_in_linear_time(name: str) -> None:
    """A quadratic search of these texts takes minutes; the bound is far above a linear one."""
    started = time.process_time()
    for text in HOSTILE:
        for _ in ALL[name].finditer(text):
            pass
        if time.process_time() - started > 30:
            pytest.fail(f"{name} is slow on {text[:12]!r}")
