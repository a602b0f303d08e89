"""Status, doctor, views and metrics tell one state of a source, whatever made it so."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest
import structlog
from click.testing import Result
from typer.testing import CliRunner

from scheduler.cli.commands import app
from scheduler.health.causes import MEND, Cause
from scheduler.health.doctor import diagnose, state_counts
from scraper.clock import now
from scraper.database import Pool
from tests.scheduler.conftest import add_sources, rows

HEALTH = "INSERT INTO tonggao.health (source_id) VALUES ('a.b')"
WELL = """INSERT INTO tonggao.run (source_id, kind, state, worker, started_at, finished_at)
          VALUES ('a.b', 'scheduled', 'done', 'w', now() - interval '1 minute', now())"""
FAILED_BY_HAND = """INSERT INTO tonggao.run (source_id, kind, state, worker, started_at, finished_at, error, failure)
                    VALUES ('a.b', 'manual', 'failed', 'w', now(), now(), 'the list is gone', 'list')"""
FAILED_BACKFILL = FAILED_BY_HAND.replace("manual", "backfill")
OVERDUE = "UPDATE tonggao.schedule SET next_due_at = now() - interval '2 days'"
SEEN = "UPDATE tonggao.health SET seen_state = 'failing', seen_cause = 'wall'"
ASIDE = """INSERT INTO tonggao.job_start (task, subject, worker, set_aside_at, reason)
           VALUES ('tonggao.visit', 'a.b', 'w', now(), 'it died three times')"""


@pytest.fixture
def command(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("TONGGAO_DATABASE_URL", database_url)
    yield CliRunner()
    structlog.reset_defaults()  # the commands log to the runner's standard error, closed by now


async def told(command: CliRunner, *words: str) -> Result:
    return await asyncio.to_thread(command.invoke, app, list(words))  # type: ignore[arg-type]


async def happen(pool: Pool, *statements: str) -> None:
    async with pool.connection() as connection:
        for statement in statements:
            await connection.execute(statement)


@pytest.mark.parametrize(
    ("happened", "state", "cause", "exit_code"),
    [
        ([HEALTH, WELL], "ok", None, 0),
        ([HEALTH, WELL, FAILED_BY_HAND], "failing", "visit_failed", 4),
        ([HEALTH, WELL, FAILED_BACKFILL], "failing", "visit_failed", 4),
        ([HEALTH, FAILED_BY_HAND, SEEN], "failing", "wall", 4),
        ([HEALTH, WELL, SEEN], "failing", "wall", 4),
        ([HEALTH, OVERDUE], "late", "overdue", 4),
        ([HEALTH, OVERDUE, WELL], "ok", None, 0),
        ([HEALTH, WELL, ASIDE], "failing", "set_aside", 4),
    ],
)
async def test_every_face_tells_the_same(
    pool: Pool,
    command: CliRunner,
    happened: list[str],
    state: str,
    cause: str | None,
    exit_code: int,
) -> None:
    await add_sources(pool, "a.b")
    await happen(pool, "UPDATE tonggao.schedule SET next_due_at = now() + interval '1 hour'")
    await happen(pool, *happened)
    assert await rows(pool, "SELECT state FROM archive.sources_health") == [(state,)]
    assert await state_counts(pool) == {state: 1}
    found = (await diagnose(pool, "a.b", now())).finding
    assert (found.state if found else "ok", found.cause if found else None) == (state, cause)
    status = await told(command, "status", "--json")
    assert status.exit_code == exit_code, status.output
    first = json.loads(status.stdout.splitlines()[0])
    assert (first["state"], first["cause"]) == (state, cause)
    doctor = await told(command, "doctor", "--json")
    assert doctor.exit_code == exit_code, doctor.output
    one = await told(command, "doctor", "a.b")
    assert one.exit_code == exit_code
    assert (f"a.b: {state}: {cause}" if cause else "a.b: as usual") in one.output


async def test_a_visit_by_hand_in_time_is_not_overdue(pool: Pool, command: CliRunner) -> None:
    """People also run ``tonggao run`` from cron, without a daemon."""
    await add_sources(pool, "a.b")
    await happen(pool, HEALTH, OVERDUE, WELL)
    status = await told(command, "status")
    assert status.exit_code == 0, status.output
    assert status.output.startswith("no daemon is running")


async def test_nothing_enabled_is_said_as_that(pool: Pool, command: CliRunner) -> None:
    assert "no source is enabled" in (await told(command, "status")).output
    assert "no source is enabled" in (await told(command, "doctor")).output
    well = await told(command, "doctor", "--json")
    assert json.loads(well.stdout) == {
        "watched": 0,
        "in_trouble": 0,
        "set_aside": 0,
        "failing_watches": [],
    }
    last = json.loads((await told(command, "status", "--json")).stdout.splitlines()[-1])
    assert last == {"processes": [], "states": {}, "set_aside": [], "failing_watches": []}


async def test_the_doctor_examines_any_source_and_knows_near_names(
    pool: Pool, command: CliRunner
) -> None:
    unwatched = await told(command, "doctor", "cri.sd")
    assert unwatched.exit_code == 0, unwatched.output
    assert "tonggao sources enable cri.sd" in unwatched.output
    unknown = await told(command, "doctor", "cri.sdd")
    assert unknown.exit_code != 0
    assert "cri.sd" in str(unknown.exception) + unknown.output


def test_every_cause_that_sql_names_has_a_mend() -> None:
    assert {"set_aside", "visit_failed", "overdue"} <= {cause.value for cause in MEND}
    assert all(Cause(name) for name in ("set_aside", "visit_failed", "overdue"))
