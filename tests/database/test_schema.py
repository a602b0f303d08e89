"""``sql/schema.sql`` is the whole schema in one file, for readers; it equals the migrations' sum.

After a change of the migrations: ``TONGGAO_TEST_WRITE_SCHEMA=1 pytest tests/database/test_schema.py``.
"""

from __future__ import annotations

import os
import re
import subprocess

import psycopg
import pytest

from scraper.database import sql_folder
from scraper.database.embedded.binaries import wheel_programs

_HEADER = """-- The whole schema, for reading; the database is made by migrations/ alone.
-- Written by tests/database/test_schema.py, which also proves that both are the same.
-- Partitions, which depend on the day, and the queue's own schema are left out.

"""


def dump(url: str) -> str:
    """The schema as pg_dump writes it, without what differs from one server to the next."""
    command = [str(wheel_programs() / "pg_dump"), "--schema-only", "--no-owner", "--no-privileges"]
    command += ["--schema=tonggao", "--schema=archive", "--exclude-table=*.*_[12][0-9][0-9][0-9]*"]
    done = subprocess.run([*command, url], capture_output=True, text=True, check=True)
    lines = [
        line
        for line in done.stdout.splitlines()
        if not line.startswith(
            ("--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict")
        )
    ]
    return _HEADER + re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def test_the_schema_is_the_sum_of_the_migrations(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        if connection.info.server_version // 10_000 != 18:
            pytest.skip("the file is written by PostgreSQL 18's pg_dump")
    dumped = dump(database_url)
    file = sql_folder() / "schema.sql"
    if os.environ.get("TONGGAO_TEST_WRITE_SCHEMA"):
        file.write_text(dumped, "utf-8")
    assert file.read_text("utf-8") == dumped
