"""Days as people ask for them: 2026-11-24, 2026-11, 2026, 7d, 昨天, 上个月."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from scraper.errors import UsageError

EXAMPLES = "2026-11-24, 2026-11, 2026, 7d, 2w, 昨天, 上个月"
_DATE = re.compile(r"([0-9]{4})(?:(?:-|/|年)([0-9]{1,2})(?:(?:-|/|月)([0-9]{1,2})日?|月)?|年)?")
_BACK = re.compile(r"([0-9]{1,5})(?:个)?(d|w|m|y|天|日|周|月|年)")
_UNITS = {"天": "d", "日": "d", "周": "w", "月": "m", "年": "y"}
_DAYS_BACK = {"今天": 0, "today": 0, "昨天": 1, "yesterday": 1, "前天": 2}
_WEEKS_BACK = {"本周": 0, "这周": 0, "上周": 1}
_MONTHS_BACK = {"本月": 0, "这个月": 0, "上月": 1, "上个月": 1}
_YEARS_BACK = {"今年": 0, "去年": 1, "前年": 2}
FIRST_YEAR, LAST_YEAR = 1900, 2200

Span = tuple[dt.date, dt.date]


def read_span(text: str, today: dt.date, name: str = "the day") -> Span:
    """The first and the last day that is meant, of Asia/Shanghai as ``today`` is.

    A time back (7d, 2w, 3m, 1y) means from that day until today.

    Raises:
        UsageError: it is no such text; the message has ``name`` and the part that is wrong.
    """
    plain = text.strip().lower()
    if match := _DATE.fullmatch(plain):
        return _of_date(match, text, name)
    if match := _BACK.fullmatch(plain):
        return _back(int(match[1]), _UNITS.get(match[2], match[2]), today, name, text), today
    if plain in _DAYS_BACK:
        day = today - dt.timedelta(days=_DAYS_BACK[plain])
        return day, day
    if plain in _WEEKS_BACK:
        monday = today - dt.timedelta(days=today.weekday() + 7 * _WEEKS_BACK[plain])
        return monday, monday + dt.timedelta(days=6)
    if plain in _MONTHS_BACK:
        return _month(*_months_before(today, _MONTHS_BACK[plain]))
    if plain in _YEARS_BACK:
        year = today.year - _YEARS_BACK[plain]
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    raise UsageError(f"{name}: {text[:40]!r} is no day, month, year or time back ({EXAMPLES})")


def read_range(
    since: str | None, until: str | None, today: dt.date, names: tuple[str, str]
) -> tuple[dt.date | None, dt.date | None]:
    """The first day of ``since`` and the last of ``until``; None where not given.

    Raises:
        UsageError: one cannot be read, or the first is after the last.
    """
    first = read_span(since, today, names[0])[0] if since else None
    last = read_span(until, today, names[1])[1] if until else None
    if first and last and first > last:
        raise UsageError(f"{names[0]} {first} is after {names[1]} {last}: nothing can be between")
    return first, last


def _of_date(match: re.Match[str], text: str, name: str) -> Span:
    year, month, day = (int(part) if part else None for part in match.groups())
    assert year is not None  # noqa: S101 - the pattern has it
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UsageError(f"{name}: {text!r} has the year {year}, outside {FIRST_YEAR}-{LAST_YEAR}")
    if month is None:
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    if not 1 <= month <= 12:
        raise UsageError(f"{name}: {text!r} has the month {month}; there are 12")
    if day is None:
        return _month(year, month)
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        raise UsageError(f"{name}: {text!r} has the day {day}; {year}-{month:02d} has {last}")
    return dt.date(year, month, day), dt.date(year, month, day)


def _back(count: int, unit: str, today: dt.date, name: str, text: str) -> dt.date:
    try:
        if unit in "dw":
            return today - dt.timedelta(days=count * (7 if unit == "w" else 1))
        year, month = _months_before(today, count * (12 if unit == "y" else 1))
        return dt.date(year, month, min(today.day, calendar.monthrange(year, month)[1]))
    except (OverflowError, ValueError) as error:
        raise UsageError(f"{name}: {text!r} is before the calendar begins") from error


def _months_before(day: dt.date, count: int) -> tuple[int, int]:
    months = day.year * 12 + day.month - 1 - count
    return months // 12, months % 12 + 1


def _month(year: int, month: int) -> Span:
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
