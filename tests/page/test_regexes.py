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
import scraper.text

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it imports sre_parse by its old name
    from regexploit.ast.sre import SreOpParser
    from regexploit.redos import find

HOSTILE = [
    "来源：" * 15_000, "（记者 " * 15_000, "<" * 50_000, " " * 75_000, "\x1f" * 50_000, "2024-" * 15_000,
    "上一" * 25_000, "a-_|" * 20_000, "（" * 50_000, "图 " * 25_000, "来\x1f" * 25_000, "1" * 50_000,
    "\n　" * 25_000, "：：" * 25_000, "张、李" * 20_000, "createPageHTML(" * 5_000, "404 页面" * 12_000,
    "<meta " * 12_000, "<script " * 10_000, "http-equiv=refresh " * 4_000, "location.href=" * 5_000, "%D2@" * 15_000, ";jsessionid=" * 6_000,
    "/(A(" * 15_000, "/" * 75_000, "<a " * 25_000, "请" * 50_000, "<url" * 15_000,
]  # fmt: skip


OTHERS = (
    *("scraper.evidence", "scraper.fetch.redirect", "scraper.fetch.verdict", "scraper.fetch.walls"),
    *("scraper.listing.document", "scraper.listing.entries", "scraper.listing.engines.sitemap"),
    *("scraper.urls.normal", "scraper.urls.reference"),
)
"""Modules of other rooms that read what others wrote."""


def modules() -> Iterator[str]:
    yield from OTHERS
    for package in (scraper.page, scraper.regions, scraper.text):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            yield module.name


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in modules():
        names = vars(importlib.import_module(module))
        for name, value in names.items():
            found = value if isinstance(value, dict) else {"": value}
            for key, pattern in found.items():
                if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                    yield f"{module}.{name}{key}", pattern


ALL = dict(patterns())


@pytest.mark.parametrize("name", sorted(ALL))
def test_regexploit_finds_nothing(name: str) -> None:
    pattern = ALL[name]
    tree = SreOpParser().parse_sre(pattern.pattern, pattern.flags & ~re.UNICODE)
    assert [found.starriness for found in find(tree) if found.starriness > 2] == []


@pytest.mark.parametrize("name", sorted(ALL))
def test_hostile_text_is_searched_in_linear_time(name: str) -> None:
    """A quadratic search of these texts takes minutes; the bound is far above a linear one."""
    started = time.process_time()
    for text in HOSTILE:
        for _ in ALL[name].finditer(text):
            pass
        if time.process_time() - started > 5:
            pytest.fail(f"{name} is slow on {text[:12]!r}")
