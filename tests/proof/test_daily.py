"""The daemon's duty: a day is sealed soon after it is over, whatever else the process does."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from scheduler.cli.daemon import integrity_duties
from scheduler.settings import Settings
from scraper.archive.proof.proving import roots
from scraper.clock import SHANGHAI
from scraper.database import Pool
from tests.archive.chains import MONDAY, TUESDAY, archived_on, tamper


@pytest.fixture
def crew(pool: Pool) -> Any:
    """What the duties need of one; its clock stands still until a test moves it."""
    clock = SimpleNamespace(time=dt.datetime.combine(MONDAY, dt.time(23, 59), SHANGHAI))
    fetcher = SimpleNamespace(clock=lambda: clock.time.astimezone(dt.UTC), stands=clock)
    return SimpleNamespace(pool=pool, tools=SimpleNamespace(fetcher=fetcher))


async def test_a_day_of_shanghai_is_sealed_by_the_first_look_after_it(crew: Any) -> None:
    await tamper(crew.pool, "INSERT INTO tonggao.file (digest, size, content) VALUES (sha256('a'), 1, 'a')")  # fmt: skip
    await archived_on(crew.pool, MONDAY)
    duties = {duty.name: duty for duty in integrity_duties(Settings(), crew)}
    assert duties.keys() == {"chain", "integrity"}
    assert (duties["chain"].every or 0) < 3600
    await duties["chain"].work()
    assert await roots(crew.pool) == []
    crew.tools.fetcher.stands.time = dt.datetime.combine(TUESDAY, dt.time(0, 1), SHANGHAI)
    await duties["chain"].work()
    await duties["chain"].work()
    assert [root.day for root in await roots(crew.pool)] == [MONDAY]
