"""``docs/metrics.md``: every figure that ``/metrics`` shows, from the registry itself."""

from __future__ import annotations

from typing import Any

from prometheus_client import CollectorRegistry

from scheduler.daemon.metrics import COUNTED_SECONDS, Metrics
from scheduler.docs.markdown import code, page, table

_METRICS = f"""
`TONGGAO_METRICS_PORT` opens `/metrics` in the format of Prometheus, on loopback unless `TONGGAO_METRICS_HOST`
says otherwise. The figures are read from the database every 15 seconds, totals every {COUNTED_SECONDS:.0f} seconds; so
each process shows the whole archive: take `max`, not `sum`, over processes. While the database cannot be
read they keep their last values, and `tonggao_figures_read_timestamp_seconds` ages.

[monitoring/alerts.yml](monitoring/alerts.yml) has rules for Prometheus, [monitoring/grafana.json](monitoring/grafana.json) a board,
[monitoring/prometheus.yml](monitoring/prometheus.yml) a configuration that scrapes and loads them. `process_…` and `python_…` are
those of every Python program, of the one process.
"""


def metrics_page() -> str:
    """All metrics of ours."""
    rows = [
        (code(name), ", ".join(map(code, labels)), meaning)
        for name, (labels, meaning) in own_metrics().items()
    ]
    return page("Metrics", _METRICS, table(("Metric", "Labels", "Meaning"), rows))


def own_metrics() -> dict[str, tuple[tuple[str, ...], str]]:
    """Each metric of ours with its labels and meaning."""
    unread: Any = None  # nothing is read from a database to tell the names
    gauges = vars(Metrics(CollectorRegistry(), unread)).values()
    flat = [one for each in gauges for one in (each.values() if isinstance(each, dict) else [each])]
    described = [(gauge, next(iter(gauge.describe()))) for gauge in flat if gauge is not None]
    return {about.name: (gauge._labelnames, about.documentation) for gauge, about in described}  # noqa: SLF001  (no other way)
