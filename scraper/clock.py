"""The one time zone of the archive, and the one place that reads the clock."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""Every publication time is stated and kept in this zone (UTC+8; no summer time since 1991)."""


def now() -> dt.datetime:
    """The present, aware, in Asia/Shanghai. Pure code takes it as an argument instead."""
    return dt.datetime.now(SHANGHAI)


def midnight(day: dt.date | None) -> dt.datetime | None:
    """The beginning of a day of Asia/Shanghai; None for none."""
    return dt.datetime.combine(day, dt.time(), SHANGHAI) if day else None
