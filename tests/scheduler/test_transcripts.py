"""What ``status`` and ``doctor`` print, whole, for the moments that an operator meets.

The expected texts are in ``transcripts/``; TONGGAO_TEST_WRITE_TRANSCRIPTS=1 writes them anew, to be read.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner

from scheduler.cli.commands import app
from scraper.database import Pool
from tests.scheduler.conftest import add_sources

TEXTS = Path(__file__).with_name("transcripts")
LATER = "UPDATE tonggao.schedule SET next_due_at = now() + interval '1 hour'"
HEALTH = "INSERT INTO tonggao.health (source_id) VALUES ('a.b')"
DONE = """INSERT INTO tonggao.run (source_id, kind, state, worker, started_at, finished_at)
          VALUES ('a.b', 'scheduled', 'done', 'w', now() - interval '1 minute', now())"""
OVERDUE = "UPDATE tonggao.schedule SET next_due_at = now() - interval '2 days'"
DAEMON = """INSERT INTO tonggao.process (process_id, worker, kind, version)
            VALUES (gen_random_uuid(), 'machine:7', 'daemon', '1.0')"""


def failing(cause: str) -> str:
    """The last visit was judged so."""
    return (
        "UPDATE tonggao.health SET state = 'failing', seen_state = 'failing',"
        f" cause = '{cause}', seen_cause = '{cause}'"
    )


MOMENTS = {
    "well": (0, [DAEMON, DONE]),
    "no-daemon": (0, [DONE]),
    "overdue": (4, [DAEMON, OVERDUE]),
    "list-gone": (4, [DAEMON, DONE, failing("list_gone")]),
    "wall": (4, [DAEMON, DONE, failing("wall")]),
    "maintenance": (4, [DAEMON, DONE, failing("maintenance")]),
}
_TIME = re.compile(r"(\d{4}-)?(\d\d-\d\d )?\b\d\d:\d\d(:\d\d(\.\d+)?)?(\+\d\d:\d\d)?")
"""A date stands before the hour where it is not of today."""
_GAP = re.compile(r" {2,}")


@pytest.fixture
def command(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    for name, value in {
        "TONGGAO_DATABASE_URL": database_url,
        "COLUMNS": "100",
        "LC_ALL": "C.UTF-8",
    }.items():
        monkeypatch.setenv(name, value)
    yield CliRunner()
    structlog.reset_defaults()  # the commands log to the runner's standard error, closed by now


async def told(command: CliRunner, code: int, *words: str) -> str:
    """The command as it was typed, what it printed and its exit code."""
    done = await asyncio.to_thread(command.invoke, app, list(words))
    assert done.exit_code == code, done.output
    return f"$ tonggao {' '.join(words)}\n{done.output.rstrip()}\n[exit {done.exit_code}]\n"


@pytest.mark.parametrize("moment", MOMENTS)
async def test_what_is_printed_is_what_was_read(
    pool: Pool, command: CliRunner, moment: str
) -> None:
    code, happened = MOMENTS[moment]
    await add_sources(pool, "a.b")
    async with pool.connection() as connection:
        for statement in (LATER, HEALTH, *happened):
            await connection.execute(statement.encode())
    text = "\n".join(
        [
            await told(command, code, "status"),
            await told(command, code, "doctor"),
            await told(command, code, "doctor", "a.b"),
        ]
    )
    text = _GAP.sub("  ", _TIME.sub("TIME", text)).replace("  \n", "\n")
    expected = TEXTS / f"{moment}.txt"
    if os.environ.get("TONGGAO_TEST_WRITE_TRANSCRIPTS"):
        expected.write_text(text, "utf-8")
    assert text == expected.read_text("utf-8")
