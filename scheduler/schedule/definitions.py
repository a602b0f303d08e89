"""What a source's definition says about when to visit it, as a plan."""

from __future__ import annotations

from scheduler.schedule.plan import Plan, QuietHours
from scraper.sources import Source


def plan_of(source: Source) -> Plan:
    """The plan of a source: ``cron`` before ``every`` before its own pace."""
    quiet = QuietHours(*source.quiet_hours) if source.quiet_hours else None
    jitter = source.jitter.total_seconds()
    if source.cron is not None:
        return Plan("cron", 60.0, 86_400.0, source.cron, jitter, quiet)
    if source.every is not None:
        every = max(1.0, source.every.total_seconds())
        return Plan("interval", every, every, None, min(jitter, every / 10), quiet)
    fastest = max(1.0, source.fastest.total_seconds())
    slowest = max(fastest, source.slowest.total_seconds())
    return Plan("adaptive", fastest, slowest, None, min(jitter, fastest / 10), quiet)
