"""Figures for Prometheus, read from the database now and then: each process shows the whole."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge, PlatformCollector, ProcessCollector

from scheduler.health.doctor import state_counts
from scraper.database import Pool, Statements

SQL = Statements("metrics")


class Metrics:
    """The figures, in a registry of their own."""

    def __init__(self, registry: CollectorRegistry, pool: Pool) -> None:
        self._pool = pool
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        self._sources = Gauge(
            "tonggao_sources", "Watched sources by state.", ["state"], registry=registry
        )
        self._jobs = Gauge(
            "tonggao_jobs",
            "Jobs waiting (todo) and under way (doing).",
            ["queue", "status"],
            registry=registry,
        )
        self._overdue = Gauge(
            "tonggao_overdue_seconds", "Age of the oldest visit that is due.", registry=registry
        )
        self._slots = Gauge(
            "tonggao_slots_last_hour",
            "Visits ended in the last hour.",
            ["state"],
            registry=registry,
        )
        self._attempts = Gauge(
            "tonggao_attempts_last_hour",
            "Requests of the last hour by outcome.",
            ["outcome"],
            registry=registry,
        )
        self._releases = Gauge("tonggao_releases", "Releases archived.", registry=registry)

    async def refresh(self) -> None:
        """Read the figures."""
        states = await state_counts(self._pool)
        async with self._pool.connection() as connection:
            rows = {
                name: await (await connection.execute(SQL[name])).fetchall() for name in SQL.names()
            }
        for gauge in (self._sources, self._jobs, self._slots, self._attempts):
            gauge.clear()
        for state in ("ok", "late", "degraded", "failing"):
            self._sources.labels(state).set(states.get(state, 0))
        for queue, status, number in rows["jobs"]:
            self._jobs.labels(queue, status).set(number)
        for state, number in rows["slots"]:
            self._slots.labels(state).set(number)
        for outcome, number in rows["attempts"]:
            self._attempts.labels(outcome).set(number)
        self._overdue.set(rows["overdue"][0][0])
        self._releases.set(rows["releases"][0][0])
