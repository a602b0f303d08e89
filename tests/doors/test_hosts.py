"""What a server is called by is compared as requests write it."""

from __future__ import annotations

import pytest

from scraper.access.hosts import LOOPBACK, as_called


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("::1", "[::1]"),
        ("fd00::8477", "[fd00::8477]"),
        ("[::1]", "[::1]"),
        ("archive.example", "archive.example"),
        ("archive.example:8443", "archive.example:8443"),
        ("127.0.0.1", "127.0.0.1"),
    ],
)
def test_an_address_of_ipv6_stands_in_brackets(name: str, called: str) -> None:
    assert as_called(name) == called


def test_this_machine_is_called_by_three_names() -> None:
    assert LOOPBACK == ("localhost", "127.0.0.1", "[::1]")
