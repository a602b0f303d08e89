"""What an address states of a day: ``/2024/11/16/``, ``t20241116_1.html``, ``/202411/``.

Only a whole date is a date. What stands where a day would may be a serial (``/202411/1.html``), the
beginning of a digest (``/202310/28beef96….shtml``), the page of a thread (``thread-202512-1-1.html``).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from scraper.text.moments import Moment, at_midnight, day_of
from scraper.text.vocabulary import one_of, words

_Y, _M, _D = r"(?P<year>(?:19[89]|20\d)\d)", r"0[1-9]|1[0-2]", r"3[01]|[12]\d|0[1-9]"
_CLOCK = r"(?:[01]\d|2[0-3])[0-5]\d[0-5]\d"
_STAMPED = re.compile(rf"[/_]t{_Y}(?P<month>{_M})(?P<day>{_D})_")
"""``t20240918_693227.shtml``: TRS names its pages so."""
_IN_ONE = re.compile(
    rf"(?<![0-9A-Za-z])[A-Za-z]{{0,8}}{_Y}(?P<month>{_M})(?P<day>{_D})"
    rf"(?!\d{{1,5}}(?!\d)|(?!{_CLOCK})\d{{10,12}}(?!\d)|(?=\d*[a-f])[0-9a-f]{{12}})"
)
"""``/20241116/``, ``VRB2024111600763800``. No part of a word that has figures before it
(``BSG7HOH20001124J``: at NetEase 0001124J is a column), of a digest, or of a number of another length;
one of 18 to 20 figures, as ids of distributed systems are, goes on with a time of day."""
_JOINED = re.compile(
    rf"(?<!\d)(?<!\d[-_]){_Y}(?P<sign>[-_])(?P<month>{_M}|[1-9])(?P=sign)"
    rf"(?P<day>(?:{_D})(?!\d)|[1-9](?!\d|[-_]\d))"
)
"""``2024-11-16.html``, ``/2020-5-2/``; no part of a longer chain of numbers."""
_FOLDERS = re.compile(
    rf"(?<!\d){_Y}/(?P<month>{_M}|[1-9])/(?P<day>{_D}|[1-9])(?=/|-[0-9a-f]{{16}})"
)
"""``/2024/5/3/``; in a file's name only before a digest (``/2020/4/14-178ff57f4fc847af….html``)."""
_HALVES = re.compile(
    rf"(?<!\d){_Y}(?=[-_]?\d\d/\d\d/|/\d\d[-_]?\d\d/)[-_/]?(?P<month>{_M})[-_/]?(?P<day>{_D})"
)
"""``/2021/0520/``, ``/2022-11/03/``, ``/202408/25/``, ``/2020/11-26/``: two folders."""
_WHOLE = (_IN_ONE, _JOINED, _FOLDERS, _HALVES)

_MONTH = re.compile(
    rf"(?:/|(?<!\d)[_-]){_Y}(?:[-_]?(?P<month>{_M})(?=[/_.-])|[-/_](?P<m>{_M}|[1-9])(?=/))"
)
_YEAR = re.compile(rf"/{_Y}(?=/)")

_COUNTED = re.compile(
    rf"(?<![a-z])(?:{one_of(words('addresses', 'serials'))})([-_/]?)$", re.IGNORECASE
)
_LONGEST_WORD = 16
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")


@dataclass(frozen=True, slots=True)
class AddressDate:
    """What an address states of a date; ``month`` and ``day`` are None where it does not."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def whole(self) -> dt.date | None:
        """The day, if the address states one."""
        return day_of(self.year, self.month, self.day) if self.month and self.day else None


def read_address(url: str, pattern: str | None = None) -> AddressDate | None:
    """The day, month or year that an address states in its path (``/2024/11/16/``, ``/202411/``).

    ``pattern`` is a source's own, for the whole address, with groups ``year``, ``month``, ``day``.
    """
    if pattern:
        found = re.search(pattern, url)
        if not found:
            return None
        year, month, day = (_number(found.groupdict().get(p)) for p in ("year", "month", "day"))
        return AddressDate(year, month or None, day or None) if year else None
    path = url.partition("?")[0].split("://", 1)[-1].partition("/")[2]
    path = "/" + _ESCAPE.sub("%", path)
    return _whole(path) or _month(path) or _year(path)


def url_moment(url: str, pattern: str | None = None) -> Moment | None:
    """The day in an article's address (``/2024/11/16/``, ``t20241116_1.html``); day precision."""
    stated = read_address(url, pattern)
    return at_midnight(stated.whole) if stated else None


def _whole(path: str) -> AddressDate | None:
    """The first whole date; that of TRS before any other."""
    forms = [*_STAMPED.finditer(path)]
    if not forms:
        forms = sorted((one for form in _WHOLE for one in form.finditer(path)), key=re.Match.start)
    for one in forms:
        year, month, day = map(int, one.group("year", "month", "day"))
        if day_of(year, month, day) and not _is_serial(one):
            return AddressDate(year, month, day)
    return None


def _month(path: str) -> AddressDate | None:
    for one in _MONTH.finditer(path):
        if not _is_serial(one):
            return AddressDate(int(one["year"]), int(one["month"] or one["m"]))
    return None


def _year(path: str) -> AddressDate | None:
    found = _YEAR.search(path)
    return AddressDate(int(found["year"])) if found else None


def _is_serial(one: re.Match[str]) -> bool:
    """Whether a word stands before that says what the number counts (``content_20241116``).

    A slash joins them where the number is all that follows (``/details/20130515``), another sign where it
    joins the figures, too: ``show-2024-11-1`` is three numbers, ``show_2024-11-16`` a day.
    """
    start = one.start("year")
    counted = _COUNTED.search(one.string[max(0, start - _LONGEST_WORD) : start])
    if counted is None:
        return False
    if one.re is _JOINED:
        return counted[1] == one["sign"]
    return counted[1] != "/" or (one.re is _IN_ONE and one.string[one.end() : one.end() + 1] != "/")


def _number(text: str | None) -> int:
    return int(text) if text and len(text) <= 4 and text.isdecimal() else 0
