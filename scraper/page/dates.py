"""Dates and times as Chinese pages write them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.clock import SHANGHAI
from scraper.page.text import plain
from scraper.record.release import Precision

_SEPARATOR = r"\s{0,3}[-/.年]\s{0,3}"
_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-4])\s{0,2}[:时点]\s{0,2}(?P<minute>[0-5]\d|\d(?=\s{0,2}分))"
    r"(?:\s{0,2}[:分]\s{0,2}(?P<second>[0-5]\d))?"
)
_BETWEEN = (
    r"(?:\s{0,9}T?\s{0,9}(?:\(?(?:星期|周)[一二三四五六日天]\)?\s{0,3})?(?P<noon>上午|下午|晚上)?)"
)
MOMENT = re.compile(
    rf"(?<!\d)(?P<year>(?:19[89]|20\d)\d){_SEPARATOR}(?P<month>0?[1-9]|1[0-2])"
    r"\s{0,3}[-/.月]\s{0,3}(?P<day>3[01]|[12]\d|0?[1-9])(?!\d{3})\s{0,3}[日号]?"
    rf"(?:{_BETWEEN}\s{{0,3}}{_CLOCK})?(?!\d)"
)
"""A full date, perhaps with a time of day."""

SHORT = re.compile(
    r"(?<![\d:/.-])(?P<month>0?[1-9]|1[0-2])[-/月](?P<day>3[01]|[12]\d|0?[1-9])日?\s{1,3}" + _CLOCK
)
"""A day and time of day without a year."""

BRIEF = re.compile(
    r"(?<![\d:/.-])(?P<year>0[5-9]|[1-4]\d)(?P<sign>[-/.])(?P<month>0[1-9]|1[0-2])(?P=sign)"
    rf"(?P<day>0[1-9]|[12]\d|3[01])(?![\d:/.-])(?:\s{{1,3}}{_CLOCK})?"
)
"""A date whose year has two figures: ``14-11-05 10:41``."""

_SPLIT_DAY = re.compile(
    r"^(?P<day>0?[1-9]|[12]\d|3[01])\s{1,3}(?:/\s{1,3})?(?P<year>(?:19[89]|20\d)\d)\s{0,2}[-/.年]\s{0,2}(?P<month>1[0-2]|0?[1-9])\s{0,2}月?$"
)
"""The day in large figures, year and month below it."""
_YEAR_LAST = re.compile(
    r"^(?P<month>1[0-2]|0?[1-9])\s{0,2}[-/.月]\s{0,2}(?P<day>3[01]|[12]\d|0?[1-9])日?\s{1,3}(?P<year>(?:19[89]|20\d)\d)年?$"
)

_AMERICAN = re.compile(
    r"(?<!\d)(?P<month>0?[1-9]|1[0-2])/(?P<day>3[01]|[12]\d|0?[1-9])/(?P<year>(?:19[89]|20\d)\d)"
    rf"(?:\s{{1,3}}{_CLOCK})?(?!\d)"
)
_SPACED = re.compile(
    r"(?<!\d)(?P<year>(?:19[89]|20\d)\d)\s{1,4}(?P<month>0?[1-9]|1[0-2])\s{0,3}[-/.]\s{0,3}"
    rf"(?P<day>3[01]|[12]\d|0?[1-9])(?!\d)(?:\s{{1,4}}{_CLOCK})?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    rf"^(?:(?P<day>[0-3]?\d)\s{{1,3}})?(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?\s{{1,3}}"
    r"(?:(?P<last>[0-3]?\d)(?:st|nd|rd|th)?,?\s{1,3})?(?P<year>(?:19[89]|20\d)\d)$",
    re.IGNORECASE,
)
"""``06 May 2019``, ``May 6, 2019``: companies' press rooms."""
_NUMERALS = re.compile(
    r"(?P<year>[〇○零一二三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,3})月"
    r"(?P<day>[一二三四五六七八九十]{1,3})日"
)
_MONTH_FIRST = re.compile(
    r"(?<![一-鿿])(?P<month>十[一二]?|[一二三四五六七八九])月\s{1,2}(?P<day>\d{1,2})(?:st|nd|rd|th)?,\s{0,2}"
    r"(?P<year>(?:19[89]|20\d)\d)"
)
"""``十一月 6th, 2009``: WordPress with Chinese names of months."""
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0}
_URL = re.compile(
    r"(?<!\d)(?P<year>(?:19[89]|20\d)\d)[-/_]?(?P<month>0[1-9]|1[0-2]|(?<=[-/_])[1-9](?=[-/_]))"
    r"[-/_]?t?(?P<day>3[01]|[12]\d|0[1-9]|(?<=[-/_])[1-9](?=[-/_.]))(?!\d{1,5}(?:[/_.-]|$))"
)
_STAMPED = re.compile(r"[/_]t((?:19[89]|20\d)\d)(0[1-9]|1[0-2])(3[01]|[12]\d|0[1-9])_\d")
_ZONE = re.compile(r"\d(Z|[+-]\d\d:?\d\d)$")


@dataclass(frozen=True, slots=True)
class Moment:
    """A stated time: aware, Asia/Shanghai, with the precision that was written."""

    at: dt.datetime
    precision: Precision

    @property
    def day(self) -> dt.date:
        """The calendar day in Shanghai."""
        return self.at.date()


def moments(text: str) -> Iterator[tuple[int, int, Moment]]:
    """Every full date in a line that went through `plain`: start, end, moment."""
    for found in MOMENT.finditer(text):
        if moment := _moment(found):
            yield found.start(), found.end(), moment


def read_moment(text: str, *, year_of: dt.date | None = None) -> Moment | None:
    """The first date of a text; ``MM-DD HH:mm`` gets its year from ``year_of``.

    "2小时前" and the like tell a time only together with the moment of reading: refused.
    """
    text = plain(text).strip()
    for pattern in (MOMENT, _SPACED, _AMERICAN):
        if (found := pattern.search(text)) and (moment := _moment(found)):
            return _in_shanghai(text, moment)
    if year_of and (found := SHORT.search(text)):
        return _moment(found, year_of.year)
    return _epoch(text)


def read_brief(text: str) -> Moment | None:
    """A date with a year of two figures, where a line is little else or a label says 日期."""
    found = BRIEF.search(text)
    return _moment(found, 2000 + int(found["year"])) if found else None


def read_split(text: str) -> Moment | None:
    """A day set apart from its year: ``19`` ``2023-05``, or ``05-19`` ``2023``, and nothing else."""
    line = " ".join(text.split())
    found = _SPLIT_DAY.match(line) or _YEAR_LAST.match(line) or _SPACED.fullmatch(line)
    if found is None and (named := _ENGLISH.match(line)):
        if bool(named["day"]) == bool(named["last"]):
            return None
        day, month = named["day"] or named["last"], _MONTHS.index(named["month"].lower()) + 1
        return at_midnight(_date(int(named["year"]), month, int(day)))
    return _moment(found) if found else None


def read_day(text: str) -> dt.date | None:
    """A calendar day, in digits or in numerals (成文日期: 二〇二四年十一月十六日)."""
    if moment := read_moment(text):
        return moment.day
    if found := _MONTH_FIRST.search(text):
        return _date(int(found["year"]), _numeral(found["month"]), int(found["day"]))
    found = _NUMERALS.search(text)
    if not found:
        return None
    year = int("".join(str(_DIGITS[c]) for c in found["year"]))
    return _date(year, _numeral(found["month"]), _numeral(found["day"]))


def url_moment(url: str, pattern: str | None = None) -> Moment | None:
    """The day in an article's address (``/2024/11/16/``, ``t20241116_1.html``); day precision."""
    path = url.split("?", 1)[0]
    if pattern:
        found = re.search(pattern, url)
    else:
        found = _STAMPED.search(path)
        if found:
            day = _date(int(found[1]), int(found[2]), int(found[3]))
            return at_midnight(day)
        found = _URL.search(path.split("://", 1)[-1].partition("/")[2])
    if not found:
        return None
    groups = found.groupdict()
    return at_midnight(_date(*(int(groups[part] or 0) for part in ("year", "month", "day"))))


def at_midnight(day: dt.date | None) -> Moment | None:
    """A day as a moment of day precision: 00:00 in Shanghai."""
    if day is None:
        return None
    return Moment(dt.datetime(day.year, day.month, day.day, tzinfo=SHANGHAI), "day")


def _numeral(text: str) -> int:
    if "十" not in text:
        return _DIGITS.get(text, 0)
    tens, _, ones = text.partition("十")
    return _DIGITS.get(tens, 1 if not tens else 0) * 10 + _DIGITS.get(ones, 0)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _moment(found: re.Match[str], year: int | None = None) -> Moment | None:
    part = found.groupdict()
    day = _date(year or int(part.get("year") or 0), int(part["month"]), int(part["day"]))
    if day is None:
        return None
    hour, minute, second = (int(part.get(name) or 0) for name in ("hour", "minute", "second"))
    if part.get("noon") in {"下午", "晚上"} and hour < 12:
        hour += 12
    if part.get("minute") is None or (hour % 24, minute, second) == (0, 0, 0):
        return at_midnight(day)  # 00:00 is what a CMS shows where no time was given
    at = dt.datetime(day.year, day.month, day.day, hour % 24, minute, second, tzinfo=SHANGHAI)
    return Moment(at, "second" if part["second"] else "minute")


def _in_shanghai(text: str, moment: Moment) -> Moment:
    """A stamp with another offset (JSON-LD in UTC) is moved to Shanghai."""
    zone = _ZONE.search(text)
    if not zone or moment.precision == "day":
        return moment
    try:
        at = dt.datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        return moment
    return Moment(at.astimezone(SHANGHAI).replace(microsecond=0), moment.precision)


def _epoch(text: str) -> Moment | None:
    """Seconds or milliseconds since 1970, as embedded JSON has them."""
    if not (text.isascii() and text.isdigit() and len(text) in {10, 13}):
        return None
    at = dt.datetime.fromtimestamp(int(text[:10]), SHANGHAI)
    return Moment(at, "second") if at.year >= 1995 else None
