"""One database for all tests of a module: emptying tables is quicker than making databases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import count

import psycopg
import pytest

_numbers = count(1)


@pytest.fixture(scope="module")
def fetch_database(server: str, template: str) -> Iterator[str]:
    """A migrated database that the tests of a module share."""
    name = f"tonggao_fetch_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield f"{server} dbname={name}"
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def database_url(fetch_database: str) -> str:
    """The module's database, with nothing in it yet."""
    with psycopg.connect(fetch_database, autocommit=True) as connection:
        connection.execute(
            "TRUNCATE tonggao.host, tonggao.robots, tonggao.attempt, tonggao.url_state,"
            " tonggao.kept_file, tonggao.file_version, tonggao.file_address, tonggao.file_text, tonggao.file"
            " RESTART IDENTITY"
        )
    return fetch_database
