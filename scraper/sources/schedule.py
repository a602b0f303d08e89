"""When a source is looked at, as its definition writes it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from apscheduler.triggers.cron import CronTrigger

_DURATION = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*(s|m|h|d)\s*$")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_QUIET = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$")


def parse_duration(value: Any) -> dt.timedelta:
    """Read ``"90s"``, ``"30m"``, ``"2h"``, ``"1d"``, or a number of seconds.

    Raises:
        ValueError: it is none of these, or negative.
    """
    if isinstance(value, dt.timedelta):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return dt.timedelta(seconds=value)
    found = _DURATION.match(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f'{value!r} is no duration; write for example "30m", "2h" or "1d"')
    return dt.timedelta(seconds=float(found.group(1)) * _UNITS[found.group(2)])


def check_cron(text: str) -> str:
    """Refuse what is no crontab line of five fields.

    Raises:
        ValueError: saying what is wrong with it.
    """
    CronTrigger.from_crontab(text, timezone="Asia/Shanghai")
    return text


def check_quiet(text: str) -> str:
    """Refuse what is no ``HH:MM-HH:MM``.

    Raises:
        ValueError: it is not.
    """
    if not _QUIET.match(text):
        raise ValueError(f'{text!r} is no pair of times; write for example "23:00-06:00"')
    return text


def quiet_times(quiet: str) -> tuple[dt.time, dt.time]:
    """Begin and end of the quiet hours, Asia/Shanghai; they span midnight if the end is earlier."""
    start, _, end = quiet.partition("-")
    return dt.time.fromisoformat(start), dt.time.fromisoformat(end)
