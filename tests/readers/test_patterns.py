"""Every pattern that meets foreign text takes time in proportion to the text, whatever it is."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

import scraper
from tests.readers.hostile import growth, match, search, texts

OURS = {
    "scraper.database.migrations._FILE_NAME": "names of our own files",
}
"""Patterns that never meet a foreign text."""

BOUNDED = {
    "scraper.listing.skeleton._PAGING": 16,
    "scraper.listing.skeleton._MORE": 16,
    "scraper.listing.mainlist._COLUMN": 300,
}
"""Patterns whose text is cut before they see it, and to how many characters."""

MATCHED = {"scraper.page.scripts.script_values._STRING": "_MAX_STARTS"}
"""Patterns that are tried at a few places of a text only, and what says at how many."""

SHORT, SUSPECT, WORST = 2_000, 0.003, 3.2
"""A text of this many characters that takes longer than ``SUSPECT`` seconds is looked at closer: its
time may grow by at most ``WORST`` for each doubling (2 is linear, 4 the square)."""


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    for module in pkgutil.walk_packages(scraper.__path__, "scraper."):
        if module.name.rpartition(".")[2] in {"keeper", "__main__"}:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            yield from _within(f"{module.name}.{name}", value)


def _within(name: str, value: object) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _within(f"{name}[{key}]", each)
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from _within(f"{name}[{number}]", each)


def unique() -> dict[str, re.Pattern[Any]]:
    """Each pattern once, under the name of the module that it is first met in."""
    found: dict[Any, tuple[str, re.Pattern[Any]]] = {}
    for name, each in patterns():
        found.setdefault((each.pattern, each.flags), (name, each))
    return dict(found.values())


ALL = unique()


def test_patterns_were_found() -> None:
    rooms = {name.split(".")[1] for name in ALL}
    assert {"archive", "fetch", "listing", "page", "regions", "sources", "urls"} <= rooms
    assert set(OURS) | set(BOUNDED) <= {name for name, _ in patterns()}


@pytest.mark.parametrize("name", sorted(set(ALL) - set(OURS)))
def test_time_is_in_proportion_to_the_text(name: str) -> None:
    pattern, length = ALL[name], BOUNDED.get(name, SHORT)
    look = match if name in MATCHED else search
    for title, text in texts(pattern, length):
        started = time.process_time()
        look(pattern, text)
        if time.process_time() - started > SUSPECT:
            made = dict(_of_length(pattern, title))
            grown = growth(lambda size, made=made: look(pattern, made[size]), SHORT)  # type: ignore[misc]
            assert grown < WORST, f"{name} on {title}: grows {grown:.1f} times a doubling"


def _of_length(pattern: re.Pattern[Any], title: str) -> Iterator[tuple[int, str]]:
    for size in (SHORT, 2 * SHORT, 4 * SHORT):
        yield size, dict(texts(pattern, size))[title]
