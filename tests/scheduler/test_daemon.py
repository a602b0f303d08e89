"""The daemon as a whole, in this process: it works, stops in order, and notices a newer schema."""

from __future__ import annotations

import asyncio
import datetime as dt
import faulthandler
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import time_machine
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from prometheus_client import CollectorRegistry

from scheduler.crew import TROUBLE_LASTS_SECONDS, Crew
from scheduler.daemon import service
from scheduler.daemon.clock import Clock, Duty
from scheduler.daemon.daemon import Daemon, Habits
from scheduler.daemon.endpoint import endpoint
from scheduler.daemon.metrics import Metrics
from scheduler.daemon.standstill import ended_at_standstill
from scheduler.daemon.vitals import STALE_SECONDS, Vitals
from scheduler.jobs.recovery import Presence
from scheduler.schedule.plan import Plan
from scraper.archive.querying.statistics import statistics
from scraper.errors import InvalidSource, SchemaMismatch
from tests.scheduler.conftest import Site, add_sources, rows, until

QUICK = Habits(tick=0.05, sweep=0.2, beat=0.1, reread=0.2, stop_limit=5.0)
PLAN = Plan("interval", 1.0, 1.0)


def daemon(crew: Crew, vitals: Vitals, kind: str = "daemon", **more: object) -> Daemon:
    return Daemon(
        crew,
        QUICK,
        plans=lambda ids: dict.fromkeys(ids, PLAN),
        reload=more.pop("reload", lambda: None),  # type: ignore[arg-type]
        presence=Presence(kind, "test"),
        vitals=vitals,
        **more,  # type: ignore[arg-type]
    )


async def test_it_visits_what_is_due_until_it_is_told_to_stop(crew: Crew, site: Site) -> None:
    await add_sources(crew.pool, "a", "b", plan=PLAN)
    vitals = Vitals()
    process = asyncio.create_task(daemon(crew, vitals).run())

    async def three_each() -> bool:
        return all(sum(s == name for s, _ in site.visits) >= 2 for name in "ab")

    await until(three_each)
    assert vitals.ready
    assert len(await rows(crew.pool, "SELECT FROM tonggao.process")) == 1
    os.kill(os.getpid(), signal.SIGTERM)
    await process
    assert not vitals.ready
    assert await rows(crew.pool, "SELECT FROM tonggao.process") == []  # type: ignore[unreachable]
    slots = await rows(crew.pool, "SELECT state, count(*) FROM tonggao.slot GROUP BY 1")
    assert slots == [("done", len(site.visits))]
    assert len(set(site.visits)) == len(site.visits)


async def test_a_stop_waits_for_the_visit_under_way(crew: Crew, site: Site) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def slow(_: str) -> None:
        begun.set()
        await may_end.wait()

    site.on_visit = slow
    await add_sources(crew.pool, "a", plan=PLAN)
    process = asyncio.create_task(daemon(crew, Vitals()).run())
    await begun.wait()
    os.kill(os.getpid(), signal.SIGINT)
    await until(lambda: _is(crew.stopping.is_set()))
    may_end.set()
    await process
    assert await rows(crew.pool, "SELECT state FROM tonggao.slot") == [("done",)]


async def _is(value: bool) -> bool:
    return value


async def test_a_worker_claims_nothing(crew: Crew, site: Site) -> None:
    await add_sources(crew.pool, "a", plan=PLAN)
    process = daemon(crew, Vitals(), kind="worker")
    running = asyncio.create_task(process.run())

    async def known() -> bool:
        return bool(await rows(crew.pool, "SELECT FROM tonggao.process WHERE queue_worker > 0"))

    await until(known)
    process.stop()
    await running
    assert site.visits == []
    assert await rows(crew.pool, "SELECT FROM tonggao.slot") == []


async def test_an_older_daemon_notices_a_newer_schema_and_stops(crew: Crew) -> None:
    async with crew.pool.connection() as connection:
        await connection.execute(
            "INSERT INTO tonggao.migration VALUES (9999, 'later', '', now(), 'later')"
        )
    with pytest.raises(SchemaMismatch, match="newer tonggao"):
        await daemon(crew, Vitals()).run()


async def test_hangup_reloads_and_a_broken_file_changes_nothing(crew: Crew) -> None:
    reloads: list[str] = []

    def reload() -> None:
        reloads.append("asked")
        raise InvalidSource("a.toml:3: no")

    process = daemon(crew, Vitals(), reload=reload)
    running = asyncio.create_task(process.run())
    await asyncio.sleep(0)
    os.kill(os.getpid(), signal.SIGHUP)
    await until(lambda: _is(bool(reloads)))
    process.stop()
    await running


async def test_a_duty_that_fails_comes_again() -> None:
    vitals, calls = Vitals(), []
    clock = Clock(vitals)

    async def fail() -> None:
        calls.append(1)
        raise ValueError("odd")

    clock.add(Duty("odd", fail, every=0.02))
    clock.start()
    await until(lambda: _is(len(calls) > 2))
    clock.stop()
    assert "odd" not in vitals.organs


async def test_a_rare_duty_is_no_organ_that_has_to_be_seen_every_minute() -> None:
    vitals, calls = Vitals(), []
    clock = Clock(vitals)

    async def note() -> None:
        calls.append(1)

    clock.add(Duty("hourly", note, every=3600))
    clock.add(Duty("often", note, every=0.02))
    clock.start()
    await until(lambda: _is(len(calls) > 3 and "often" in vitals.organs))
    clock.stop()
    assert "hourly" not in vitals.organs


async def test_a_clock_set_back_does_not_stop_the_duties() -> None:
    calls: list[dt.datetime] = []
    clock = Clock(Vitals())

    async def note() -> None:
        calls.append(dt.datetime.now(dt.UTC))

    clock.add(Duty("note", note, every=0.05))
    clock.start()
    await until(lambda: _is(len(calls) > 2))
    before = len(calls)
    with time_machine.travel(dt.datetime.now(dt.UTC) - dt.timedelta(hours=1), tick=True):
        clock.reset()
        await until(lambda: _is(len(calls) > before + 2))
    clock.stop()


def test_misfires_are_made_up_for_once() -> None:
    scheduler: AsyncIOScheduler = Clock(Vitals())._scheduler
    assert scheduler._job_defaults == {
        "coalesce": True,
        "max_instances": 1,
        "misfire_grace_time": 3600,
    }


@pytest.fixture
def listening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield manager


def test_the_service_manager_is_told(
    listening: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert service.notify("READY=1", "STATUS=watching")
    assert listening.recv(100) == b"READY=1\nSTATUS=watching"
    assert service.reloading()
    assert listening.recv(100).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    assert service.watchdog_seconds() == 15.0
    monkeypatch.setenv("WATCHDOG_PID", "1")
    assert service.watchdog_seconds() is None


def test_without_a_service_manager_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not service.notify("READY=1")


def asked(port: int | None, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


async def test_a_full_disk_shows_while_it_lasts_and_is_over_when_it_is_over(
    crew: Crew, site: Site
) -> None:
    async def full(_: str) -> None:
        raise psycopg.errors.DiskFull("could not extend file: No space left on device")

    site.on_visit = full
    await add_sources(crew.pool, "a", plan=PLAN)
    vitals = Vitals()

    async def complains() -> bool:
        return any("No space" in words for words in vitals.complaints())

    async def is_ready() -> bool:
        return vitals.ready

    process = daemon(crew, vitals)
    work = asyncio.create_task(process.run())
    with endpoint(0, vitals, CollectorRegistry()) as port:
        await until(complains)
        status, text = asked(port, "/readyz")
        assert status == 503
        assert "No space left on device" in text
        crew.trouble.met_at -= TROUBLE_LASTS_SECONDS
        await until(is_ready)
        assert asked(port, "/readyz") == (200, "ok\n")
    process.stop()
    await work


async def test_probes_and_metrics(crew: Crew) -> None:
    vitals, registry = Vitals(), CollectorRegistry()
    await add_sources(crew.pool, "a")
    await Metrics(registry, crew.pool).refresh()
    with endpoint(0, vitals, registry) as port:
        assert asked(port, "/readyz") == (503, "starting\n")
        vitals.well("database")
        vitals.well("loop")
        assert asked(port, "/readyz") == (200, "ok\n")
        vitals.organs["database"] -= STALE_SECONDS + 1
        assert asked(port, "/readyz") == (503, "database\n")
        assert asked(port, "/healthz") == (200, "ok\n")
        vitals.organs["loop"] -= STALE_SECONDS + 1
        assert asked(port, "/healthz")[0] == 503
        status, text = asked(port, "/metrics")
        assert status == 200
        assert 'tonggao_sources{state="ok"} 1.0' in text
        assert asked(port, "/other")[0] == 404
    with endpoint(None, vitals, registry) as none:
        assert none is None


async def test_metrics_count_what_stats_count(crew: Crew) -> None:
    registry = CollectorRegistry()
    metrics = Metrics(registry, crew.pool)
    async with crew.pool.connection() as connection:  # an estimate of the planner is no figure
        await connection.execute(
            "UPDATE pg_class SET reltuples = 37 WHERE oid = 'tonggao.release'::regclass"
        )
    await metrics.refresh()
    await metrics.count()
    totals = (await statistics(crew.pool, days=1, most=1)).totals
    for name in ("releases", "publications", "revisions", "withdrawn"):
        assert registry.get_sample_value(f"tonggao_{name}") == getattr(totals, name)
    assert totals.releases == 0


def test_the_endpoint_listens_where_it_is_told() -> None:
    with endpoint(0, Vitals(), CollectorRegistry(), host="0.0.0.0") as port:
        assert asked(port or 0, "/healthz")[0] == 200
    with endpoint(0, Vitals(), CollectorRegistry()) as port, socket.socket() as beside:
        beside.bind(("127.0.0.2", port or 0))  # free: only loopback's first address is taken


def test_a_process_that_stands_still_ends_with_the_place() -> None:
    program = """
import asyncio, time
from scheduler.daemon.standstill import ended_at_standstill

async def main():
    async with ended_at_standstill(0.5):
        await asyncio.sleep(0)
        stand_still()

def stand_still():
    time.sleep(60)

asyncio.run(main())
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 1
    assert "in stand_still" in done.stderr


async def test_a_process_that_turns_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    strokes = []
    monkeypatch.setattr(
        faulthandler, "dump_traceback_later", lambda seconds, **_: strokes.append(seconds)
    )
    async with ended_at_standstill(0.01):
        while len(strokes) < 3:
            await asyncio.sleep(0)
    async with ended_at_standstill(None):
        await asyncio.sleep(0)
    assert set(strokes) == {0.01}
