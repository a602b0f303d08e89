"""The doctor names the rule that no longer matches, beside the last page on which it did."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
import structlog
from typer.testing import CliRunner

from scheduler.cli.commands import app
from scheduler.health.doctor import lost_rules
from scraper.database import Pool
from tests.scheduler.conftest import add_sources, rows

GOOD = {"origins": {"title": "meta:articletitle", "author": "label:作者", "source": "label:来源"}}


@pytest.mark.parametrize(
    ("bad", "lost"),
    [
        ({"origins": {"title": "h1"}}, {"author": "label:作者", "source": "label:来源"}),
        ({"origins": GOOD["origins"]}, {}),
        ({"outcome": "gone"}, {}),
        (None, {}),
    ],
)
def test_only_a_page_that_was_read_can_have_lost_a_rule(
    bad: dict[str, object] | None, lost: dict[str, str]
) -> None:
    assert lost_rules(GOOD, bad) == lost
    assert lost_rules(None, bad) == {}


@pytest.fixture
def command(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("TONGGAO_DATABASE_URL", database_url)
    yield CliRunner()
    structlog.reset_defaults()  # the commands log to the runner's standard error, closed by now


async def test_the_commands_show_what_there_is(pool: Pool, command: CliRunner) -> None:
    await add_sources(pool, "a.b", "c.d")
    async with pool.connection() as connection:
        await connection.execute(
            "INSERT INTO tonggao.health (source_id, state, cause) VALUES ('a.b', 'failing', 'wall')"
        )
        await connection.execute(
            "INSERT INTO tonggao.event (source_id, kind, sentence) VALUES ('a.b', 'health', 'ill')"
        )
    assert await rows(pool, "SELECT count(*) FROM tonggao.schedule") == [(2,)]
    status = await asyncio.to_thread(command.invoke, app, ["status"])
    assert status.exit_code == 4, status.output
    assert "1 failing, 1 ok" in status.output
    assert status.output.index("a.b") < status.output.index("c.d")
    events = await asyncio.to_thread(command.invoke, app, ["health", "events"])
    assert "ill" in events.output
    doctor = await asyncio.to_thread(command.invoke, app, ["doctor"])
    assert "a.b" in doctor.output
    assert "c.d" not in doctor.output
    backfills = await asyncio.to_thread(command.invoke, app, ["backfill", "list", "--json"])
    assert backfills.exit_code == 0, backfills.output


async def test_a_page_that_changes_at_each_look_is_named_restless(
    pool: Pool, command: CliRunner
) -> None:
    await add_sources(pool, "a.b")
    async with pool.connection() as connection, connection.cursor() as cursor:
        await cursor.executemany(
            "INSERT INTO tonggao.release (release_id) VALUES (%s)", [(1,), (2,)]
        )
        await cursor.executemany(
            "INSERT INTO tonggao.publication (url, source_id, release_id, first_seen_at, last_seen_at,"
            " changed_looks) VALUES (%s, 'a.b', %s, now(), now(), %s)",
            [("http://a.test/calm", 1, 2), ("http://a.test/restless", 2, 3)],
        )
    for arguments in (["doctor"], ["doctor", "a.b"]):
        done = await asyncio.to_thread(command.invoke, app, arguments)
        assert "restless" in done.output
        assert "http://a.test/restless" in done.output
        assert "http://a.test/calm" not in done.output
