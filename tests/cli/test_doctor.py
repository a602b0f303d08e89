"""``tonggao doctor`` shows what must be looked at."""

from __future__ import annotations

import psycopg

from tests.cli.conftest import Tonggao


def test_pages_that_crashed_the_parser_are_shown(tonggao: Tonggao, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO tonggao.quarantine (url, body, parser_version, detail)"
            " VALUES ('http://example.org/bad.html', 'x', 'v', 'the process died (SIGSEGV)')"
        )
    done = tonggao("doctor")
    assert "SIGSEGV" in done.stdout
    assert "http://example.org/bad.html" in done.stdout
