"""Commands, options, exit codes, errors and names are promises: version 0.1's are all there."""

from __future__ import annotations

import copy
import json

import pytest

from tests.database.servers import ARCHIVES
from tests.structure.surface import broken, surface

RELEASED = json.loads((ARCHIVES / "surface.json").read_text("utf-8"))


def test_what_was_released_is_still_there() -> None:
    assert {kind: len(promised) for kind, promised in RELEASED.items()} == {
        "command": 40,
        "error": 27,
        "exit code": 6,
        "name of scraper": 8,
    }
    assert broken(RELEASED, surface()) == []


@pytest.mark.parametrize(
    ("kind", "name", "part"),
    [
        ("command", "tonggao search", "--region"),
        ("error", "UnknownSource", "SourceError"),
        ("name of scraper", "parse_release", "http_charset"),
    ],
)
def test_a_broken_promise_is_named(kind: str, name: str, part: str) -> None:
    shrunk = copy.deepcopy(surface())
    shrunk[kind][name].remove(part)
    assert broken(RELEASED, shrunk) == [f"{kind} {name}: {part} is gone"]
    del shrunk[kind][name]
    assert broken(RELEASED, shrunk) == [f"{kind} {name} is gone"]


def test_an_argument_that_moved_is_no_longer_what_was_called() -> None:
    """Who gives it by its place would give another."""
    moved = copy.deepcopy(surface())
    moved["name of scraper"]["read_listing"].insert(1, "added")
    assert broken(RELEASED, moved) == [
        "name of scraper read_listing: url is no longer argument 2",
        "name of scraper read_listing: http_charset is no longer argument 3",
        "name of scraper read_listing: engine is no longer argument 4",
        "name of scraper read_listing: rules is no longer argument 5",
    ]
