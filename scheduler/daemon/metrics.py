"""Figures for Prometheus, read from the database now and then: each process shows the whole.

States of sources are those of ``status``, totals those of ``stats``: the same statements give them.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Gauge, PlatformCollector, ProcessCollector

from scheduler.health.causes import RANK
from scheduler.health.doctor import state_counts
from scraper.archive.querying.statistics import count_totals
from scraper.clock import now
from scraper.database import Pool, Statements

SQL = Statements("metrics")
COUNTED_SECONDS = 300.0
"""Between two counts of the whole archive, which read every row of an index."""
_TOTALS = {
    "releases": "Releases archived",
    "publications": "Publications archived",
    "revisions": "Texts archived",
    "withdrawn": "Publications withdrawn",
}


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
        self._totals = {
            name: Gauge(
                f"tonggao_{name}", f"{meaning}, as `tonggao stats` counts.", registry=registry
            )
            for name, meaning in _TOTALS.items()
        }
        self._read_at = Gauge(
            "tonggao_figures_read_timestamp_seconds",
            "When the figures were last read from the database.",
            registry=registry,
        )

    async def refresh(self) -> None:
        """Read the figures."""
        states = await state_counts(self._pool)
        async with self._pool.connection() as connection:
            rows = {
                name: await (await connection.execute(SQL[name])).fetchall() for name in SQL.names()
            }
        for gauge in (self._sources, self._jobs, self._slots, self._attempts):
            gauge.clear()
        for state in RANK:
            self._sources.labels(state).set(states.get(state, 0))
        for queue, status, number in rows["jobs"]:
            self._jobs.labels(queue, status).set(number)
        for state, number in rows["slots"]:
            self._slots.labels(state).set(number)
        for outcome, number in rows["attempts"]:
            self._attempts.labels(outcome).set(number)
        self._overdue.set(rows["overdue"][0][0])
        self._read_at.set(now().timestamp())

    async def count(self) -> None:
        """Count what is archived."""
        totals = await count_totals(self._pool)
        for name, gauge in self._totals.items():
            gauge.set(getattr(totals, name))
