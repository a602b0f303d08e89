"""Times as machines write them: whole values of JSON, feeds, sitemaps, heads and scripts."""

from __future__ import annotations

import datetime as dt
import re

from scraper.clock import SHANGHAI
from scraper.record.release import Precision
from scraper.text.forms import MOMENT, MONTHS
from scraper.text.moments import (
    PUBLICATION,
    Clock,
    Moment,
    Years,
    at_midnight,
    clock_of,
    hour_of,
    moment_of,
    numeral,
)
from scraper.text.plain import plain

_FIGURES = re.compile(r"[0-9]{8,19}")
_DECIMAL = re.compile(r"([0-9]{9,19})\.[0-9]{1,9}|([0-9]\.[0-9]{1,12})E\+?(9|1[0-2])")
_DOT_NET = re.compile(r"\\?/Date\((-?[0-9]{9,16})(?:[+-][0-9]{4})?\)\\?/")
_COMPACT = re.compile(
    r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})(?:[T\s]{0,2}(?P<hour>[0-9]{2}):?"
    r"(?P<minute>[0-9]{2})(?::?(?P<second>[0-9]{2})(?:[.,]?[0-9]{1,9})?)?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_ZONE = re.compile(
    r"(?P<gap>\s{0,2})(?P<zone>[A-Z]{0,3}(?:[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)?)"
    r"(?:\[[A-Za-z0-9_/+-]{1,30}\])?"
)
_TOKEN = re.compile(
    r"(?P<zone>(?:GMT|UTC)?[+-]\d{2}:?\d{2}(?!\d))|(?P<weekday>(?:星期|周)[一二三四五六日天])"
    r"|(?P<clock>\d{1,2}[:∶]\d{2}(?:[:∶]\d{2})?(?:[.,]\d{1,9})?)"
    r"|(?P<month>(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月|[A-Za-z]{3,9}(?![A-Za-z]))"
    r"|(?P<number>\d{1,4}(?!\d)(?:st|nd|rd|th|日|年)?)"
    r"|(?P<half>[AaPp]\.?[Mm]\b\.?|上午|下午)|(?P<word>[A-Za-z]{1,3})|(?P<sign>[-,./\s]{1,4})"
)
WEEKDAYS = re.compile("(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}")
_ZONES = {"z": 0, "utc": 0, "gmt": 0, "ut": 0, "cst": 8, "hkt": 8, "jst": 9, "est": -5, "edt": -4,
          "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}  # fmt: skip
"""RFC 822 §5.1 in hours, but ``CST`` is what Java calls China's time on China's servers."""
_BESIDE = re.compile(r"\s{0,3}\([^()]{0,40}\)$")
_LONGEST = 64


def read_stamp(text: str, years: Years = PUBLICATION) -> Moment | None:
    """A value that is nothing but a time as machines write it; None for anything else.

    ISO 8601 in any zone, ``20241115``, ``20241115093000``, seconds and milliseconds since 1970,
    RFC 822, Java's and JavaScript's ``Date`` as text, ``/Date(…)/`` of .NET, SQL Server's and Oracle's.
    """
    text = plain(text).strip() if len(text) <= 2 * _LONGEST else ""
    if not text or len(text) > _LONGEST + 16:
        return None
    if _FIGURES.fullmatch(text):
        return _compact(text, years) or read_since_1970(int(text), years)
    if found := _DECIMAL.fullmatch(text):
        number = int(found[1]) if found[1] else int(float(found[2]) * 10 ** int(found[3]))
        return read_since_1970(number, years)
    if found := _DOT_NET.fullmatch(text):
        return read_since_1970(int(found[1]), years)
    return _compact(text, years) or _dated(text, years) or read_named_month(text, years)


def _compact(text: str, years: Years) -> Moment | None:
    """``20241115``, ``20241115093000`` and ISO 8601's basic form; all its figures must be possible."""
    found = _COMPACT.fullmatch(text)
    if found is None:
        return _to_the_hour(text, years)
    clock = clock_of(found)
    if clock and not (clock.hour < 25 and clock.minute < 60 and (clock.second or 0) < 60):
        return None
    return in_zone(found["zone"], _figures(found), clock, years)


def _to_the_hour(text: str, years: Years) -> Moment | None:
    """``2024111509``, which as seconds would be after 2033."""
    if len(text) != 10 or not text.startswith("20") or not _FIGURES.fullmatch(text):
        return None
    year, month, day, hour = int(text[:4]), int(text[4:6]), int(text[6:8]), int(text[8:])
    return moment_of(year, month, day, Clock(hour, 0), years) if hour < 24 else None


def read_since_1970(number: int, years: Years) -> Moment | None:
    """Seconds, or milli-, micro- or nanoseconds, since 1970; by their size."""
    for _ in range(3):
        if number > 10**11:
            number //= 1000
    if not 0 < number < 10**11:
        return None
    return _shown(dt.datetime.fromtimestamp(number, SHANGHAI), years, "second")


def _dated(text: str, years: Years) -> Moment | None:
    """ISO 8601 and its kin, the value of which is a date and perhaps a time and a zone."""
    found = MOMENT.match(text)
    behind = _ZONE.fullmatch(text, found.end()) if found else None
    if found is None or behind is None:
        return None
    zone = behind["zone"]
    if zone[:1] in {"+", "-"} and not (found["second"] or "T" in text or behind["gap"]):
        return None  # 09:00-11:00 is a range
    return in_zone(zone, _figures(found), clock_of(found), years)


def read_named_month(text: str, years: Years) -> Moment | None:
    """A date whose month has a name: every token must belong to one, in whatever order.

    ``Fri, 15 Nov 2024 09:30:00 +0800``, ``Fri Nov 15 09:30:00 CST 2024``, ``Nov 15, 2024 9:30:00 AM``,
    ``15-11月-24``, ``星期五, 15 十一月 2024 09:30:00 +0800``, ``May 6th, 2019``, ``Nov 15 at 09:30 2024``.
    """
    parts: dict[str, str] = {}
    numbers: list[str] = []
    text, at = _BESIDE.sub("", text), 0
    if len(text) > _LONGEST:
        return None
    while found := _TOKEN.match(text, at):
        at, kind, token = found.end(), found.lastgroup or "", found[0]
        if kind in {"month", "word"}:
            kind = _kind_of_word(token)
        if kind == "number":
            numbers.append("".join(filter(str.isdecimal, token)))
        elif kind not in {"sign", "weekday"} and parts.setdefault(kind, token) is not token:
            return None
    if at < len(text) or len(numbers) != 2 or "month" not in parts or "word" in parts:
        return None
    if "at" in parts and "clock" not in parts:
        return None  # Nov 15 at 2024: a time of day rather than a year
    day, year = sorted(numbers, key=len) if max(map(len, numbers)) == 4 else numbers
    whole = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)
    hour, minute, *second = re.split("[:∶]", parts.get("clock", "").partition(".")[0] or ":")
    clock = None
    if hour:
        clock = Clock(hour_of(int(hour), parts.get("half"), None), int(minute), *map(int, second))
    return in_zone(parts.get("zone"), (whole, month_of(parts["month"]), int(day)), clock, years)


def _kind_of_word(token: str) -> str:
    """What a word is in a date: ``month``, ``weekday``, ``zone``, ``at``, ``sign`` (on, of) or ``word``."""
    word = token.lower()
    if month_of(token):
        return "month"
    if WEEKDAYS.fullmatch(word):
        return "weekday"
    if word in {"on", "of"}:
        return "sign"
    if word == "at":
        return "at"
    return "zone" if word in _ZONES else "word"


def month_of(token: str) -> int:
    """The number of a month's name, English or Chinese, whole or its first letters; 0 for another word."""
    if token.endswith("月"):
        name = token.removesuffix("月")
        return int(name) if name.isascii() else numeral(name)
    word = token.lower()
    written = (i for i, name in enumerate(MONTHS, 1) if word in {name, name[:3], name[:4]})
    return next(written, 0)


def in_zone(
    zone: str | None, date: tuple[int, int, int], clock: Clock | None, years: Years
) -> Moment | None:
    """A moment of a zone (``Z``, ``+0900``, ``CST``; None for Shanghai's) as one of Shanghai."""
    if not zone or clock is None:
        return moment_of(*date, clock, years)
    offset = _offset(zone)
    moment = moment_of(*date, clock, Years(2, 9998))
    if offset is None or moment is None or (moment.precision == "day" and not offset):
        return moment_of(*date, clock, years)  # midnight of UTC: a day without a zone
    at = moment.at.replace(tzinfo=dt.timezone(offset)).astimezone(SHANGHAI)
    return _shown(at, years, "minute" if clock.second is None else "second")


def _figures(found: re.Match[str]) -> tuple[int, int, int]:
    return int(found["year"]), int(found["month"]), int(found["day"])


def _offset(zone: str) -> dt.timedelta | None:
    """What a zone is ahead of UTC; None for one that is not known."""
    name, sign, figures = re.match(r"([A-Za-z]{0,3})([+-]?)([\d:]{0,5})", zone).groups()  # type: ignore[union-attr]
    if not sign:
        return dt.timedelta(hours=_ZONES[name.lower()]) if name.lower() in _ZONES else None
    figures = figures.replace(":", "").ljust(4, "0")
    ahead = dt.timedelta(hours=int(figures[:2]), minutes=int(figures[2:]))
    return (-ahead if sign == "-" else ahead) if ahead < dt.timedelta(hours=15) else None


def _shown(at: dt.datetime, years: Years, precision: Precision) -> Moment | None:
    """A time counted by a machine: exactly midnight in Shanghai is a day."""
    if not years.first <= at.year <= years.last:
        return None
    at = at.replace(microsecond=0)
    if at.time() == dt.time():
        return at_midnight(at.date())
    return Moment(at, precision)
